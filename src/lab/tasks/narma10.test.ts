import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { narma10, narma10Error } from './narma10.js';

test('N = 200: NRMSE ≤ 0.25, and far below the linear filter, which has the published 0.40', () => {
  const { nrmse, simple } = narma10Error(200, 1);
  assert.ok(nrmse <= 0.25, `${nrmse}`);
  assert.ok(simple.nrmse > 0.37 && simple.nrmse < 0.43, `linear filter ${simple.nrmse}`);
});

test('the series is the published one', () => {
  const { u, y } = narma10(3000, new Random('b'));
  assert.ok(u.every((value) => value >= 0 && value < 0.5));
  const t = 1234;
  let sum = 0;
  for (let i = 1; i <= 10; i++) sum += y[t - i];
  const next = 0.3 * y[t - 1] + 0.05 * y[t - 1] * sum + 1.5 * u[t - 9] * u[t] + 0.1;
  assert.ok(Math.abs(y[t] - next) < 1e-15);
  assert.ok(y.every((value) => value >= 0 && value < 1.2));
});
