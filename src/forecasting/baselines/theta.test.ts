import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { fitSmoothing } from './ses.js';
import { theta } from './theta.js';

interface Reference {
  readonly y: number[];
  readonly m: number;
  readonly theta: {
    readonly mean: number[];
    readonly se: number[];
    readonly factors: number[];
    readonly alpha: number;
    readonly squares: number;
    readonly variance: number;
  };
}
/** By R's forecast package; see make_references.R. */
const REFERENCES: Record<string, Reference> = JSON.parse(
  readFileSync(new URL('../../../src/forecasting/fixtures/r-references.json', import.meta.url), 'utf8'),
);

for (const [name, { y, m, theta: expected }] of Object.entries(REFERENCES)) {
  test(`${name}: the forecast of R's thetaf`, () => {
    const { mean, deviation } = theta(Float64Array.from(y), expected.mean.length, m);
    const { factors } = expected;
    for (let k = 0; k < mean.length; k++) {
      const factor = factors.length > 0 ? factors[(y.length + k) % m] : 1;
      // R stops its search for α early, ours goes on: a few ten-thousandths of a deviation.
      const off = Math.abs(mean[k] - expected.mean[k]) / expected.se[k];
      assert.ok(off < 5e-4, `step ${k}: ${mean[k]}, not ${expected.mean[k]}`);
      const spread = deviation[k] / (expected.se[k] * factor);
      assert.ok(Math.abs(spread - 1) < 5e-4, `step ${k}: deviation ${deviation[k]}`);
    }
  });

  test(`${name}: the smoothing is at least as good a fit as R's`, () => {
    const { factors } = expected;
    const adjusted = Float64Array.from(y, (value, t) => (factors.length > 0 ? value / factors[t % m] : value));
    const fit = fitSmoothing(adjusted);
    const squares = fit.variance * (y.length - 2);
    assert.ok(squares <= expected.squares * (1 + 1e-9), `${squares}, R has ${expected.squares}`);
    assert.ok(squares >= expected.squares * (1 - 1e-4));
    assert.ok(Math.abs(fit.alpha - expected.alpha) < 0.01, `α ${fit.alpha}, R has ${expected.alpha}`);
  });
}

/** Σ e² of simple exponential smoothing by its recursion, and the last level. */
function smoothed(y: Float64Array, alpha: number, start: number): { squares: number; level: number } {
  let level = start;
  let squares = 0;
  for (const value of y) {
    const error = value - level;
    squares += error * error;
    level += alpha * error;
  }
  return { squares, level };
}

test('no weight and start on a grid fit better than fitSmoothing', () => {
  const random = new Random('smoothing');
  for (let trial = 0; trial < 10; trial++) {
    let level = 0;
    const y = Float64Array.from({ length: 30 }, () => {
      level += 0.3 * trial * random.normal();
      return level + random.normal();
    });
    const fit = fitSmoothing(y);
    const squares = fit.variance * 28;
    assert.ok(fit.alpha >= 1e-4 && fit.alpha <= 0.9999);
    for (let a = 1; a < 100; a++)
      for (let start = -4; start <= 4; start += 0.25)
        assert.ok(smoothed(y, a / 100, start).squares >= squares * (1 - 1e-9), `α ${a / 100}, start ${start}`);
  }
});

test('a level that never moves is averaged, a random walk is followed', () => {
  const random = new Random('levels');
  const still = Float64Array.from({ length: 400 }, () => 10 + random.normal());
  const mean = still.reduce((sum, value) => sum + value / 400, 0);
  const quiet = fitSmoothing(still);
  assert.ok(quiet.alpha < 0.1, `${quiet.alpha}`);
  assert.ok(Math.abs(quiet.level - mean) < 0.3);
  let level = 0;
  const walk = Float64Array.from({ length: 400 }, () => {
    level += random.normal();
    return level;
  });
  const lively = fitSmoothing(walk);
  assert.ok(lively.alpha > 0.85, `${lively.alpha}`);
  assert.ok(Math.abs(lively.variance - 1) < 0.2, `${lively.variance}`);
});

test('half the slope of a straight line is added', () => {
  // On a noiseless line the smoothing follows the values, and each step ahead adds half the slope.
  const y = Float64Array.from({ length: 50 }, (_, t) => 10 + 4 * t);
  const { mean } = theta(y, 5, 1);
  for (let k = 1; k < 5; k++) assert.ok(Math.abs(mean[k] - mean[k - 1] - 2) < 1e-9, `${mean}`);
});

test('a series with zeros or negative values has no multiplicative season, and still a forecast', () => {
  const zeros = Float64Array.from({ length: 48 }, (_, t) => (t % 4 === 0 ? 0 : 5 + (t % 4)));
  const negative = Float64Array.from({ length: 48 }, (_, t) => [-3, 1, 4, -2][t % 4]);
  const allZero = new Float64Array(48);
  for (const y of [zeros, negative, allZero])
    for (const value of theta(y, 8, 4).mean) assert.ok(Number.isFinite(value) && Math.abs(value) < 20, `${value}`);
});

test('a noiseless multiplicative season on a constant level is continued exactly', () => {
  const factors = [0.5, 1.2, 1.3, 1];
  const y = Float64Array.from({ length: 24 }, (_, t) => 80 * factors[t % 4]);
  const { mean, deviation } = theta(y, 6, 4);
  for (let k = 0; k < 6; k++) {
    assert.ok(Math.abs(mean[k] - 80 * factors[k % 4]) < 1e-9, `${mean}`);
    assert.ok(deviation[k] < 1e-9);
  }
});
