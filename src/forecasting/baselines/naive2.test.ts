import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { naive } from './naive.js';
import { naive2 } from './naive2.js';

/** By R; see make_references.R. The factors are those of R's decompose, where thetaf found a season. */
const REFERENCES: Record<string, { y: number[]; m: number; theta: { factors: number[] } }> = JSON.parse(
  readFileSync(new URL('../../../src/forecasting/fixtures/r-references.json', import.meta.url), 'utf8'),
);

for (const [name, { y, m, theta }] of Object.entries(REFERENCES)) {
  test(`${name}: the last value at the season's factors by R`, () => {
    const n = y.length;
    const { mean, deviation } = naive2(Float64Array.from(y), 2 * m + 1, m);
    // M4 looks for a season from three on.
    const factors = n >= 3 * m && theta.factors.length > 0 ? theta.factors : new Array(m).fill(1);
    mean.forEach((value, k) => {
      const expected = (y[n - 1] / factors[(n - 1) % m]) * factors[(n + k) % m];
      assert.ok(Math.abs(value - expected) < 1e-9 * Math.abs(expected), `step ${k}: ${value}, not ${expected}`);
    });
    if (theta.factors.length === 0) assert.deepEqual(deviation, naive(Float64Array.from(y), 2 * m + 1).deviation);
  });
}

test('a series that is not all positive has no multiplicative season', () => {
  const y = Float64Array.from({ length: 48 }, (_, t) => [0, 3, 9, 5][t % 4]);
  assert.deepEqual(naive2(y, 5, 4), naive(y, 5));
});

test('a noiseless season goes on without spread', () => {
  const y = Float64Array.from({ length: 24 }, (_, t) => 80 * [0.5, 1.2, 1.3, 1][t % 4]);
  const { mean, deviation } = naive2(y, 4, 4);
  mean.forEach((value, k) => {
    assert.ok(Math.abs(value - y[k]) < 1e-10);
    assert.ok(deviation[k] < 1e-10);
  });
});
