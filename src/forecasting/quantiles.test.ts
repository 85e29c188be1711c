import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { applyCalibration } from './calibration.js';
import {
  blendQuantiles,
  gaussianQuantiles,
  intervalIndices,
  nonNegative,
  type Quantiles,
  quantileInterpolator,
  quantileLevels,
} from './quantiles.js';

/** Fails where a quantile lies above the next one. */
function assertOrdered(quantiles: Quantiles, what: string): void {
  for (let q = 1; q < quantiles.length; q++)
    for (let k = 0; k < quantiles[q].length; k++)
      assert.ok(quantiles[q][k] >= quantiles[q - 1][k], `${what}: quantiles ${q - 1} and ${q} cross at step ${k}`);
}

/** Quantiles in any order-preserving shape: skewed, narrow, wide, equal in places. */
function randomQuantiles(random: Random, count: number, horizon: number): Quantiles {
  const rows = Array.from({ length: count }, () => new Float64Array(horizon));
  for (let k = 0; k < horizon; k++) {
    let value = random.normal(0, 100);
    const size = Math.exp(random.normal(0, 3));
    for (const row of rows) {
      value += random.uniform() < 0.2 ? 0 : size * random.uniform();
      row[k] = value;
    }
  }
  return rows;
}

test('levels of the median and of central intervals', () => {
  assert.deepEqual(quantileLevels([80, 95]), [0.025, 0.1, 0.5, 0.9, 0.975]);
  assert.deepEqual(quantileLevels([95, 80]), quantileLevels([80, 95]));
  assert.deepEqual(quantileLevels([50]), [0.25, 0.5, 0.75]);
  assert.deepEqual(quantileLevels([99.9, 97.5]), [0.0005, 0.0125, 0.5, 0.9875, 0.9995]);
});

test('any levels with two decimals give distinct quantiles inside (0, 1), and each interval its share', () => {
  const levels = [0.01, 0.02, 33.33, 80, 99.98, 99.99];
  const quantiles = quantileLevels(levels);
  quantiles.forEach((level, q) => {
    assert.ok(level > (quantiles[q - 1] ?? 0) && level < 1, `${quantiles}`);
  });
  const widest = [...levels].reverse();
  widest.forEach((level, i) => {
    const [lower, upper] = intervalIndices(i, levels.length);
    assert.ok(Math.abs(quantiles[upper] - quantiles[lower] - level / 100) < 1e-12, `${level}`);
  });
});

test('quantiles of a normal forecast, by the table of the normal distribution', () => {
  const forecast = { mean: Float64Array.of(10, -2), deviation: Float64Array.of(2, 0) };
  const [lo95, lo80, median, hi80, hi95] = gaussianQuantiles(forecast, quantileLevels([80, 95]));
  assert.deepEqual([...median], [10, -2]);
  for (const [quantile, z] of [
    [lo95, -1.959963984540054],
    [lo80, -1.2815515655446004],
    [hi80, 1.2815515655446004],
    [hi95, 1.959963984540054],
  ] as const) {
    assert.ok(Math.abs(quantile[0] - (10 + 2 * z)) < 1e-14);
    assert.equal(quantile[1], -2);
  }
});

test('blending is the weighted mean of each quantile', () => {
  const a = [Float64Array.of(0), Float64Array.of(2), Float64Array.of(4)];
  const b = [Float64Array.of(8), Float64Array.of(10), Float64Array.of(20)];
  assert.deepEqual(blendQuantiles([a, b], [0.75, 0.25]), [Float64Array.of(2), Float64Array.of(4), Float64Array.of(8)]);
  // A forecast without weight has no part, even where it is not a number.
  const broken = a.map(() => Float64Array.of(Number.NaN));
  assert.deepEqual(blendQuantiles([broken, b], [0, 1]), b);
  assert.deepEqual(a[0], Float64Array.of(0), 'the forecasts stay as they are');
});

test('blending normal forecasts gives the normal forecast with mean and deviation averaged', () => {
  // Vincentization keeps a location-scale family: Lichtendahl, Grushka-Cockayne & Winkler 2013, section 3.
  const levels = quantileLevels([50, 80, 95]);
  const normal = (mean: number, deviation: number) =>
    gaussianQuantiles({ mean: Float64Array.of(mean), deviation: Float64Array.of(deviation) }, levels);
  const blended = blendQuantiles([normal(3, 1), normal(9, 5)], [0.25, 0.75]);
  normal(7.5, 4).forEach((quantile, q) => {
    assert.ok(Math.abs(blended[q][0] - quantile[0]) < 1e-12);
  });
});

test('no quantile is left below zero by nonNegative', () => {
  const cut = nonNegative([Float64Array.of(-5, 1), Float64Array.of(-1, 2), Float64Array.of(3, 4)]);
  assert.deepEqual(cut, [Float64Array.of(0, 1), Float64Array.of(0, 2), Float64Array.of(3, 4)]);
});

test('quantiles never cross: blended, calibrated and cut, whatever the forecasts, weights and factors', () => {
  const random = new Random('crossing');
  for (let trial = 0; trial < 400; trial++) {
    const intervals = 1 + random.integer(4);
    const forecasts = Array.from({ length: 1 + random.integer(4) }, () =>
      randomQuantiles(random, 2 * intervals + 1, 6),
    );
    const raw = forecasts.map(() => random.uniform());
    const sum = raw.reduce((total, weight) => total + weight, 0);
    const blended = blendQuantiles(
      forecasts,
      raw.map((weight) => weight / sum),
    );
    // Rounding of a mean may cross equal quantiles by a bit; calibration puts that right.
    const factors = Array.from({ length: intervals }, () =>
      Array.from({ length: 1 + random.integer(6) }, () => random.uniform(0.5, 3)),
    );
    const calibrated = applyCalibration(blended, { factors, points: 300 });
    assertOrdered(calibrated, `trial ${trial}`);
    assertOrdered(nonNegative(calibrated), `trial ${trial}, cut`);
    assert.deepEqual(calibrated[intervals], blended[intervals], 'the median stays');
  }
});

const NETWORK = [0.025, 0.1, 0.5, 0.9, 0.975];

test('values at a given level stay as they are, to the bit', () => {
  const values = [-7.1, 0.1, 1 / 3, 1e9, 1e10];
  assert.deepEqual([...quantileInterpolator(NETWORK, NETWORK)(values)], values);
  const [only, last] = quantileInterpolator(NETWORK, [0.1, 0.6, 0.975])(values).filter((_, q) => q !== 1);
  assert.deepEqual([only, last], [0.1, 1e10]);
  assert.deepEqual([...quantileInterpolator([0.1, 0.9], [])([1, 2])], []);
});

test('quantiles of a normal distribution at some levels give those at all others, inside and far outside', () => {
  const wanted = quantileLevels([1, 20, 50, 80, 90, 95, 99, 99.9]);
  const normal = (levels: readonly number[]) =>
    gaussianQuantiles({ mean: Float64Array.of(3), deviation: Float64Array.of(2) }, levels).map(([value]) => value);
  for (const known of [NETWORK, [0.4, 0.5], [0.2, 0.3, 0.9]]) {
    const values = quantileInterpolator(known, wanted)(normal(known));
    normal(wanted).forEach((expected, q) => {
      assert.ok(Math.abs(values[q] - expected) < 1e-12, `${wanted[q]} from ${known}: ${values[q]}, not ${expected}`);
    });
  }
});

test('between two levels it is a straight line over normal deviations; beyond, the outermost line goes on', () => {
  // By hand: z of .5, .84134…, .97725… are 0, 1 and 2.
  const known = [0.5, 0.8413447460685429, 0.9772498680518208];
  const wanted = [0.15865525393145707, 0.6914624612740131, 0.9331927987311419, 0.9986501019683699];
  const values = quantileInterpolator(known, wanted)([10, 14, 15]);
  [10 - 4, 12, 14.5, 16].forEach((expected, q) => {
    assert.ok(Math.abs(values[q] - expected) < 1e-9, `${values[q]}, not ${expected}`);
  });
});

test('what ascends stays ascending at any levels', () => {
  const random = new Random('interpolator');
  for (let trial = 0; trial < 300; trial++) {
    const draw = (count: number) =>
      [...new Set(Array.from({ length: count }, () => random.uniform(0.0005, 0.9995)))].sort((a, b) => a - b);
    const known = draw(2 + random.integer(6));
    const wanted = [...draw(20), ...known].sort((a, b) => a - b);
    let value = 0;
    const values = known.map(() => {
      value += random.uniform() < 0.3 ? 0 : Math.exp(random.normal(0, 4));
      return value;
    });
    const got = quantileInterpolator(known, wanted)(values);
    const slack = 1e-12 * Math.max(...got.map(Math.abs));
    for (let q = 1; q < got.length; q++) assert.ok(got[q] >= got[q - 1] - slack, `trial ${trial}: ${got}`);
  }
});
