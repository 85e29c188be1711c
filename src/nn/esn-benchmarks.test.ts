/** What echo state networks are known for, at the sizes that take a second; bench/esn.mjs has the large ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { mackeyGlass, mackeyGlass84, narma10, narma10Error, varianceOf } from './benchmark-series.test.support.js';

test('Mackey–Glass 84 steps ahead, N = 400: NRMSE ≤ 1e-3, and below the 2.8e-4 of Jaeger 2001', () => {
  const errors = [1, 2].map((seed) => mackeyGlass84(400, seed).nrmse);
  assert.ok(
    errors.every((error) => error <= 1e-3),
    `${errors}`,
  );
  assert.ok(Math.min(...errors) <= 2.8e-4, `${errors}`);
});

test('NARMA10, N = 200: NRMSE ≤ 0.25, and far below a linear filter', () => {
  const { esn, linear } = narma10Error(200, 1);
  assert.ok(esn <= 0.25, `${esn}`);
  assert.ok(linear > 0.35 && linear < 0.45, `linear filter ${linear}`);
});

test('the series are the published ones', () => {
  const series = mackeyGlass(3000, new Random('a'));
  // Jaeger 2001, figure 4: the squashed series lies in about (−0.5, 0.3).
  assert.ok(Math.min(...series) > -0.6 && Math.min(...series) < -0.4);
  assert.ok(Math.max(...series) > 0.25 && Math.max(...series) < 0.4);
  assert.ok(Math.abs(Math.sqrt(varianceOf(series)) - 0.22) < 0.03, `${Math.sqrt(varianceOf(series))}`);
  const { u, y } = narma10(3000, new Random('b'));
  assert.ok(u.every((value) => value >= 0 && value < 0.5));
  const t = 1234;
  let sum = 0;
  for (let i = 1; i <= 10; i++) sum += y[t - i];
  const next = 0.3 * y[t - 1] + 0.05 * y[t - 1] * sum + 1.5 * u[t - 9] * u[t] + 0.1;
  assert.ok(Math.abs(y[t] - next) < 1e-15);
  assert.ok(y.every((value) => value >= 0 && value < 1.2));
});
