import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { applyCalibration, calibrate } from './calibration.js';
import { coverage } from './metrics.js';
import { gaussianQuantiles, intervalIndices, type Quantiles, quantileLevels } from './quantiles.js';

const row = (...values: number[]) => Float64Array.from(values);

/** A forecast of one interval: median 10, lower 8, upper 14, for each of the actual values. */
const oneInterval = (...actual: number[]) => ({
  quantiles: [8, 10, 14].map((value) => new Float64Array(actual.length).fill(value)),
  actual,
});

test('the factor is the ⌈(n+1)·level⌉-th smallest stretch, each side by its own half-width', () => {
  // Above the median the half-width is 4, below it 2: stretches of (i + 1)/150 for i = 0 … 298, the 240th is 1.6.
  for (const half of [4, -2]) {
    const spread = Array.from({ length: 299 }, (_, i) => 10 + (half * (i + 1)) / 150);
    const { factors, points } = calibrate([oneInterval(...spread)], [80]);
    assert.equal(points, 299);
    assert.ok(Math.abs(factors[0][0] - 1.6) < 1e-12, `${factors}`);
  }
});

test('enough errors narrow an interval, down to half', () => {
  // Stretches of (i + 1)/400: the 240th of 299 is 0.6.
  const near = Array.from({ length: 299 }, (_, i) => 10 + (4 * (i + 1)) / 400);
  assert.ok(Math.abs(calibrate([oneInterval(...near)], [80]).factors[0][0] - 0.6) < 1e-12);
  const exact = oneInterval(...new Array<number>(299).fill(10));
  assert.deepEqual(calibrate([exact], [80]), { factors: [[0.5]], points: 299 });
});

test('few errors never narrow an interval, and none leave it', () => {
  assert.deepEqual(calibrate([oneInterval(10.1, 9.9, 10)], [80]), { factors: [[1]], points: 3 });
  assert.deepEqual(calibrate([], [95, 80]), { factors: [[1], [1]], points: 0 });
  assert.deepEqual(calibrate([oneInterval(Number.NaN)], [80]), { factors: [[1]], points: 0 });
});

test('a value that was not observed is no error', () => {
  const { points, factors } = calibrate([oneInterval(18, Number.NaN, 18)], [80]);
  assert.equal(points, 2);
  assert.deepEqual(factors, [[2]]);
});

test('one wild error does not stretch an interval without bounds, nor does an interval without width', () => {
  const { factors } = calibrate([oneInterval(1e9)], [80]);
  assert.ok(factors[0][0] > 1 && factors[0][0] < 10, `${factors}`);
  const flat = { quantiles: [row(5), row(5), row(5)], actual: [6] };
  assert.ok(Number.isFinite(calibrate([flat], [80]).factors[0][0]));
  assert.deepEqual(calibrate([{ ...flat, actual: [5] }], [80]).factors, [[1]]);
});

test('intervals are stretched about the median, each side in proportion', () => {
  const quantiles = [row(6), row(8), row(10), row(14), row(20)];
  assert.deepEqual(applyCalibration(quantiles, { factors: [[1.5], [0.5]], points: 500 }), [
    row(4),
    row(9),
    row(10),
    row(12),
    row(25),
  ]);
  assert.deepEqual(applyCalibration(quantiles, { factors: [[1], [1]], points: 0 }), quantiles);
  assert.deepEqual(quantiles[0], row(6), 'the forecast stays as it is');
});

test('bands of steps have factors of their own', () => {
  // Five steps in two bands: the first two and a half, and the rest.
  const quantiles = [8, 10, 14].map((value) => new Float64Array(5).fill(value));
  assert.deepEqual(applyCalibration(quantiles, { factors: [[2, 0.5]], points: 900 }), [
    row(6, 6, 6, 9, 9),
    row(10, 10, 10, 10, 10),
    row(18, 18, 18, 12, 12),
  ]);
  // As many steps as bands, and fewer.
  assert.deepEqual(applyCalibration([row(8), row(10), row(14)], { factors: [[2, 0.5]], points: 900 })[2], row(18));
});

test('where errors are many each band of steps is stretched by its own; where few all by one', () => {
  const random = new Random('bands');
  /** The error of step k has the deviation ratios[k], the forecast claims 1. */
  const forecasts = (count: number, ratios: readonly number[]) =>
    Array.from({ length: count }, () => ({
      quantiles: gaussianQuantiles(
        { mean: new Float64Array(ratios.length), deviation: new Float64Array(ratios.length).fill(1) },
        quantileLevels([80]),
      ),
      actual: ratios.map((ratio) => ratio * random.normal()),
    }));
  const ratios = [0.7, 1, 1.5, 2];
  const many = calibrate(forecasts(2000, ratios), [80]);
  assert.equal(many.factors[0].length, 4);
  ratios.forEach((ratio, k) => {
    // The 80 % quantile of |error| over z₀.₉ is the ratio; its deviation with 2000 values is below 3 %.
    assert.ok(Math.abs(many.factors[0][k] / ratio - 1) < 0.09, `step ${k}: ${many.factors[0]}`);
  });
  const few = calibrate(forecasts(50, ratios), [80]);
  assert.equal(few.factors[0].length, 1);
});

test('a wider interval contains every narrower one', () => {
  const quantiles = [row(6), row(8), row(10), row(14), row(20)];
  const [lo95, lo80, , hi80, hi95] = applyCalibration(quantiles, { factors: [[0.5], [3]], points: 500 });
  assert.deepEqual([lo80[0], hi80[0]], [4, 22]);
  assert.ok(lo95[0] <= 4 && hi95[0] >= 22);
});

/** Forecasts that claim a deviation of `claimed[i]` where the errors have that times `ratio`, skewed if asked. */
function sample(random: Random, count: number, ratio: number, skewed: boolean) {
  const levels = quantileLevels([80, 95]);
  return Array.from({ length: count }, () => {
    const size = Math.exp(random.normal());
    const mean = Float64Array.from({ length: 2 }, () => random.normal(0, 10));
    const quantiles: Quantiles = gaussianQuantiles({ mean, deviation: new Float64Array(2).fill(size) }, levels);
    const actual = mean.map((value) => {
      const error = random.normal();
      return value + size * ratio * (skewed && error > 0 ? 2 * error : error);
    });
    return { quantiles, actual };
  });
}

for (const [what, ratio, skewed] of [
  ['too narrow', 1.8, false],
  ['right', 1, false],
  ['too wide', 0.65, false],
  ['skewed', 0.8, true],
] as const) {
  test(`calibrated intervals cover the promised share of new data: forecasts ${what}`, () => {
    const random = new Random(what);
    const past = sample(random, 1500, ratio, skewed);
    const future = sample(random, 3000, ratio, skewed);
    const calibration = calibrate(past, [95, 80]);
    assert.equal(calibration.points, 3000);
    [95, 80].forEach((level, i) => {
      const [lower, upper] = intervalIndices(i, 2);
      const inside = future.map(({ quantiles, actual }) => {
        const calibrated = applyCalibration(quantiles, calibration);
        return coverage(actual, calibrated[lower], calibrated[upper]);
      });
      const share = inside.reduce((sum, value) => sum + value / inside.length, 0);
      // Binomial error of 3000 past and 6000 future values; 3.5 of its standard deviations.
      const p = level / 100;
      const error = 3.5 * Math.sqrt(p * (1 - p) * (1 / 3000 + 1 / 6000));
      assert.ok(Math.abs(share - p) < error, `${level} % covers ${share}, allowed ±${error}`);
    });
  });
}
