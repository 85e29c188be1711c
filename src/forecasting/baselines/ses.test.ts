import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFERENCES, seriesOf } from './ets/references.test.support.js';
import { fitSmoothing, ses } from './ses.js';

for (const { series, alpha, mean, se } of REFERENCES.ses) {
  test(`${series}: the forecast of R's ses`, () => {
    const y = seriesOf(series);
    const forecast = ses(y, mean.length);
    assert.ok(Math.abs(fitSmoothing(y).alpha - alpha) < 0.002);
    // R stops its search early.
    mean.forEach((value, k) => {
      assert.ok(Math.abs(forecast.mean[k] - value) < 1e-3 * se[k], `step ${k}: ${forecast.mean[k]}, R ${value}`);
      assert.ok(Math.abs(forecast.deviation[k] / se[k] - 1) < 1e-3, `step ${k}: ${forecast.deviation[k]}, R ${se[k]}`);
    });
  });
}
