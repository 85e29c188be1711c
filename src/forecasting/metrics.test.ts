import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../random.js';
import {
  bias,
  coverage,
  crps,
  intervalScore,
  mae,
  mase,
  mse,
  naiveError,
  owa,
  pinball,
  rmse,
  rmsse,
  smape,
  wql,
} from './metrics.js';

interface Reference {
  readonly y: number[];
  readonly m: number;
  readonly scores: Record<string, { mean: number[]; mae: number; rmse: number; mase: number; smape: number }>;
}
/** By R's forecast package and the M4 organisers' code; see make_references.R. */
const REFERENCES: Record<string, Reference> = JSON.parse(
  readFileSync(new URL('../../src/forecasting/fixtures/r-references.json', import.meta.url), 'utf8'),
);
const NaNs = Number.NaN;

function close(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual}, not ${expected}`);
}

for (const [name, { y, m, scores }] of Object.entries(REFERENCES)) {
  test(`${name}: mae, rmse, mase and smape as in R`, () => {
    for (const expected of Object.values(scores)) {
      const horizon = expected.mean.length;
      const history = y.slice(0, -horizon);
      const actual = y.slice(-horizon);
      close(mae(actual, expected.mean), expected.mae);
      close(rmse(actual, expected.mean), expected.rmse);
      close(mase(actual, expected.mean, history, m), expected.mase);
      close(smape(actual, expected.mean), expected.smape);
    }
  });
}

test('by hand: errors of 1, 0 and 4', () => {
  const [y, yhat] = [
    [2, 5, -3],
    [3, 5, 1],
  ];
  close(mae(y, yhat), 5 / 3);
  close(mse(y, yhat), 17 / 3);
  close(rmse(y, yhat), Math.sqrt(17 / 3));
  close(bias(y, yhat), -5 / 3);
  close(smape(y, yhat), (200 / 5 + 0 + 800 / 4) / 3);
  // History 1 3 6 10: one-step changes 2 3 4, two-step changes 5 7.
  close(mase(y, yhat, [1, 3, 6, 10], 1), 5 / 3 / 3);
  close(mase(y, yhat, [1, 3, 6, 10], 2), 5 / 3 / 6);
  close(rmsse(y, yhat, [1, 3, 6, 10]), Math.sqrt(17 / 3 / (29 / 3)));
  close(naiveError([1, 3, 6, 10], 2), 6);
  close(rmsse(y, yhat, [1, 3, 6, 10], 2), Math.sqrt(17 / 3 / (74 / 2)));
  close(owa({ smape: 8, mase: 3 }, { smape: 10, mase: 2 }), 1.15);
});

test('values that were not observed are left out of every mean', () => {
  const y = [NaNs, 2, 5, NaNs, -3, NaNs];
  const yhat = [7, 3, 5, 1e9, 1, NaNs];
  const lo = [0, 3, 4, 0, -4, NaNs];
  const hi = [0, 4, 6, 0, 0, NaNs];
  const observed = (row: number[]) => [row[1], row[2], row[4]];
  const [known, forecast, lower, upper] = [y, yhat, lo, hi].map(observed);
  assert.equal(mae(y, yhat), mae(known, forecast));
  assert.equal(rmse(y, yhat), rmse(known, forecast));
  assert.equal(smape(y, yhat), smape(known, forecast));
  assert.equal(pinball(y, yhat, 0.3), pinball(known, forecast, 0.3));
  assert.equal(coverage(y, lo, hi), 2 / 3);
  assert.equal(intervalScore(y, lo, hi, 80), intervalScore(known, lower, upper, 80));
  // History 1 . 6 10 with a gap: the only one-step change is 4, the only two-step change 5.
  close(mase(y, yhat, [1, NaNs, 6, 10], 1), 5 / 3 / 4);
  close(mase(y, yhat, [1, NaNs, 6, 10], 2), 5 / 3 / 5);
  close(rmsse(y, yhat, [1, NaNs, 6, 10]), Math.sqrt(17 / 3 / 16));
});

test('a forecast that is not a number is not left out', () => {
  for (const score of [mae, rmse, smape]) assert.equal(score([1, 2], [1, NaNs]), NaNs);
});

test('a measure without data is not a number', () => {
  for (const score of [mae, rmse, smape]) {
    assert.equal(score([], []), NaNs);
    assert.equal(score([NaNs], [1]), NaNs);
  }
  assert.equal(mase([1], [2], [3, 4, 5], 3), NaNs, 'history of one season');
  assert.equal(mase([1], [2], [], 1), NaNs);
  assert.equal(mase([1], [2], [4, 7, 4, 7], 2), NaNs, 'history that repeats exactly');
  assert.equal(rmsse([1], [2], [5, 5, 5]), NaNs);
  assert.equal(coverage([NaNs], [0], [1]), NaNs);
});

test('smape is 0 where both are 0, at most 200, and symmetric', () => {
  assert.equal(smape([0, 0], [0, 0]), 0);
  assert.equal(smape([0, 4], [0, 4]), 0);
  assert.equal(smape([0], [5]), 200);
  assert.equal(smape([-5], [5]), 200);
  assert.equal(smape([3, 9], [5, 1]), smape([5, 1], [3, 9]));
});

test('pinball: by hand, half the absolute error at the median, least at the empirical quantile', () => {
  close(pinball([5], [3], 0.9), 1.8);
  close(pinball([3], [5], 0.9), 0.2);
  const random = new Random('pinball');
  const y = Array.from({ length: 200 }, () => random.normal(10, 3));
  const constant = (value: number) => y.map(() => value);
  close(pinball(y, constant(9), 0.5), mae(y, constant(9)) / 2);
  const sorted = [...y].sort((a, b) => a - b);
  for (const level of [0.025, 0.3, 0.9]) {
    const quantile = sorted[Math.ceil(level * y.length) - 1];
    const least = pinball(y, constant(quantile), level);
    for (const shift of [-1, -0.1, 0.1, 1]) assert.ok(pinball(y, constant(quantile + shift), level) > least);
  }
});

test('crps over many levels is the closed form for a normal forecast', () => {
  // Gneiting & Raftery 2007, eq. 21: CRPS(N(0,1), 1.3) = y(2Φ(y) − 1) + 2φ(y) − 1/√π; Φ(1.3) from tables.
  const y = 1.3;
  const exact =
    y * (2 * 0.9031995154 - 1) + (2 * Math.exp(-(y * y) / 2)) / Math.sqrt(2 * Math.PI) - 1 / Math.sqrt(Math.PI);
  const points: [number, number][] = JSON.parse(
    readFileSync(new URL('../../src/forecasting/fixtures/normal-quantiles.json', import.meta.url), 'utf8'),
  );
  // The evenly spaced part of the table: 0.001 … 0.999 in 200 levels.
  const grid = points.filter(
    ([p]) =>
      p >= 0.001 &&
      p <= 0.999 &&
      Math.abs((p - 0.001) / (0.998 / 199) - Math.round((p - 0.001) / (0.998 / 199))) < 1e-9,
  );
  assert.equal(grid.length, 200);
  const score = crps(
    [y],
    grid.map(([, quantile]) => [quantile]),
    grid.map(([p]) => p),
  );
  close(score, exact, 0.005);
});

test('crps of a point forecast is its absolute error', () => {
  const levels = [0.1, 0.5, 0.9];
  const [y, yhat] = [
    [1, 5, 2],
    [2, 2, 4],
  ];
  close(crps(y, [yhat, yhat, yhat], levels), mae(y, yhat));
});

test('wql: by hand, by its points, and of a point forecast', () => {
  const quantiles = [
    [8, 20],
    [10, 25],
  ];
  // Level .1: 0.1·2 and 0; level .5: 0 and 0.5·5. Twice their sum over 30, mean of two levels.
  close(wql([10, 20], quantiles, [0.1, 0.5]), (2 * (0.2 + 2.5)) / 30 / 2);
  close(
    wql(
      [NaNs, 10, 20],
      [
        [1, ...quantiles[0]],
        [1, ...quantiles[1]],
      ],
      [0.1, 0.5],
    ),
    0.09,
  );
  // The same point at every level: Σ|y − f| / Σ|y|, GluonTS' ND.
  const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const point = [3, -1, 4];
  close(
    wql(
      [1, -5, 2],
      deciles.map(() => point),
      deciles,
    ),
    (2 + 4 + 2) / 8,
  );
  assert.equal(wql([0, 0], quantiles, [0.1, 0.5]), NaNs);
});

test('coverage counts the bounds as inside', () => {
  assert.equal(coverage([1, 2, 3, 4], [1, 2.5, 0, 0], [2, 3, 3, 3]), 0.5);
  assert.equal(coverage([1], [1], [1]), 1);
});

test('the interval score: by hand, and by the pinball losses of its two bounds', () => {
  // 80 %: α = 0.2, width 4, and ten times the distance outside.
  close(intervalScore([5], [1], [5], 80), 4);
  close(intervalScore([6], [1], [5], 80), 14);
  close(intervalScore([-1], [1], [5], 80), 24);
  // IS_α = (2/α)(pinball_{α/2}(lo) + pinball_{1−α/2}(hi)): Bracher, Ray, Gneiting & Reich 2021, section 2.2.
  const random = new Random('interval');
  const y = Array.from({ length: 50 }, () => random.normal());
  const lo = y.map(() => -1 + 0.2 * random.normal());
  const hi = lo.map((value) => value + 2);
  for (const level of [50, 80, 95]) {
    const alpha = 1 - level / 100;
    const sum = pinball(y, lo, alpha / 2) + pinball(y, hi, 1 - alpha / 2);
    close(intervalScore(y, lo, hi, level), (2 / alpha) * sum);
  }
});
