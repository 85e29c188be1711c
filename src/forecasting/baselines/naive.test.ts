import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BASELINES } from './index.js';
import { drift, naive, seasonalNaive } from './naive.js';

type Moments = { mean: number[]; se: number[] };
type Reference = { y: number[]; m: number } & Record<'naive' | 'seasonal-naive' | 'drift', Moments>;
/** By R's forecast package; see make_references.R. */
const REFERENCES: Record<string, Reference> = JSON.parse(
  readFileSync(new URL('../../../src/forecasting/fixtures/r-references.json', import.meta.url), 'utf8'),
);

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])),
      `[${i}]: ${actual[i]}, not ${expected[i]}`,
    );
}

for (const [series, reference] of Object.entries(REFERENCES)) {
  for (const name of ['naive', 'seasonal-naive', 'drift'] as const) {
    test(`${name} of ${series}: mean and standard error as in R`, () => {
      const expected = reference[name];
      const { mean, deviation } = BASELINES[name](Float64Array.from(reference.y), expected.mean.length, reference.m);
      close(mean, expected.mean, 1e-12);
      close(deviation, expected.se, 1e-12);
    });
  }
}

test('by hand', () => {
  const y = Float64Array.of(1, 4, 2, 6);
  assert.deepEqual([...naive(y, 2).mean], [6, 6]);
  // Changes 3 −2 4.
  close(naive(y, 2).deviation, [Math.sqrt(29 / 3), Math.sqrt((2 * 29) / 3)], 1e-15);
  assert.deepEqual([...seasonalNaive(y, 5, 2).mean], [2, 6, 2, 6, 2]);
  // Two-step changes 1 2; a new season of errors after each two steps.
  close(
    seasonalNaive(y, 5, 2).deviation,
    [1, 1, 2, 2, 3].map((seasons) => Math.sqrt(2.5 * seasons)),
    1e-15,
  );
  close(drift(y, 3).mean, [6 + 5 / 3, 6 + 10 / 3, 11], 1e-15);
});

test('with less than a season of history the seasonal naive forecast is the last value', () => {
  assert.deepEqual([...seasonalNaive(Float64Array.of(3, 9, 5), 3, 4).mean], [5, 5, 5]);
  assert.deepEqual([...seasonalNaive(Float64Array.of(3, 9, 5), 4, 3).mean], [3, 9, 5, 3]);
});

test('an interval has a width as soon as the series has varied', () => {
  // With exactly one season there is no seasonal error to learn from, yet nothing says that there will be none.
  const { deviation } = seasonalNaive(Float64Array.of(3, 9, 5), 4, 3);
  assert.ok(
    deviation.every((value) => value > 0),
    `${deviation}`,
  );
});

test('a single value, and a constant series, are forecast without spread', () => {
  for (const y of [Float64Array.of(7), new Float64Array(20).fill(7)]) {
    for (const [name, forecast] of Object.entries(BASELINES)) {
      const { mean, deviation } = forecast(y, 6, 4);
      close(mean, new Float64Array(6).fill(7), 1e-12);
      close(deviation, new Float64Array(6), 1e-9);
      assert.equal(mean.length + deviation.length, 12, name);
    }
  }
});

test('every method: finite, no negative deviation, ever wider, and blind to what lies behind its view', () => {
  for (const [name, forecast] of Object.entries(BASELINES)) {
    for (const { y, m } of Object.values(REFERENCES)) {
      for (const n of [1, 2, 3, m, m + 1, 2 * m, y.length]) {
        const series = Float64Array.from(y.slice(0, n));
        const poisoned = Float64Array.of(...series, 1e9, Number.NaN).subarray(0, n);
        const clean = forecast(series, 2 * m + 3, m);
        assert.deepEqual(forecast(poisoned, 2 * m + 3, m), clean);
        clean.mean.forEach((value, k) => {
          const what = `${name}, ${n} values, step ${k}`;
          assert.ok(Number.isFinite(value), what);
          assert.ok(clean.deviation[k] >= 0, what);
          if (k >= m) assert.ok(clean.deviation[k] >= clean.deviation[k - m] * (1 - 1e-12), what);
        });
        assert.deepEqual([...series], y.slice(0, n), 'the series stays as it is');
      }
    }
  }
});

test('every method follows the unit of the series', () => {
  for (const forecast of Object.values(BASELINES)) {
    for (const { y, m } of Object.values(REFERENCES)) {
      const clean = forecast(Float64Array.from(y), 15, m);
      const scaled = forecast(
        Float64Array.from(y, (value) => 1024 * value),
        15,
        m,
      );
      close(
        scaled.mean.map((value) => value / 1024),
        clean.mean,
        1e-7,
      );
      close(
        scaled.deviation.map((value) => value / 1024),
        clean.deviation,
        1e-7,
      );
    }
  }
});
