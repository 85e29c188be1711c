import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { interpolate } from '../../series/scaling.js';
import type { RecurrentPlan } from './plan.js';
import { forecastRun, gatherBatch, joinRuns, toSeriesUnits, trainingRuns } from './window-set.js';

const NaNs = Number.NaN;
const PLAN: RecurrentPlan = {
  horizon: 4,
  inputSteps: 5,
  levels: [0.1, 0.5, 0.9],
  hiddenSize: 4,
  layers: 1,
  learningRate: 0.01,
  weightDecay: 0,
  clipNorm: 1,
  batchRows: 8,
  segmentSteps: 16,
  maxUpdates: 10,
  members: 1,
};

/** A season of 4 about a rising level, positive. */
function seasonal(n: number): Float64Array {
  const random = new Random('seasonal');
  return Float64Array.from(
    { length: n },
    (_, t) => (20 + 0.5 * t) * [1.3, 0.8, 0.9, 1][t % 4] * (1 + 0.01 * random.normal()),
  );
}

/** A random walk with some values missing; it begins and ends with one. */
function gappy(n: number, seed: string): Float64Array {
  const random = new Random(seed);
  let level = 0;
  return Float64Array.from({ length: n }, (_, t) => {
    level += random.normal();
    return t > 0 && t < n - 1 && random.uniform() < 0.3 ? NaNs : level;
  });
}

test('training runs cover every window with a known target once, in order, in segments of bounded length', () => {
  for (const n of [5, 6, 17, 21, 36, 100]) {
    const y = gappy(n, `${n}`).map((value, t) => (t === 0 ? -2 : Number.isNaN(value) ? t : value));
    const runs = trainingRuns(y, 1, PLAN);
    assert.ok(runs.every(({ steps }) => steps >= 1 && steps <= PLAN.segmentSteps));
    // From the fourth value, where a window has a shape, to the last but one, which has one value after it.
    const steps = runs.reduce((sum, run) => sum + run.steps, 0);
    assert.equal(steps, n - 1 - 3);
    const targets = runs.flatMap(({ target, level, steps }) =>
      Array.from({ length: steps }, (_, s) => target[s * PLAN.horizon] + level[s]),
    );
    // Mixed signs: local units are y/k.
    const unit = y.reduce((sum, value) => sum + Math.abs(value) / n, 0);
    targets.forEach((value, s) => {
      assert.ok(Math.abs(value - y[4 + s] / unit) < 1e-6, `window ${s} of ${n}`);
    });
  }
});

test('a series too short for a window gives no runs', () => {
  for (const y of [[], [1], [1, 2, 3, 4]]) assert.deepEqual(trainingRuns(Float64Array.from(y), 1, PLAN), []);
});

test('a missing value is never a target', () => {
  const y = gappy(60, 'targets');
  let position = 3;
  for (const { target, steps } of trainingRuns(y, 1, PLAN))
    for (let s = 0; s < steps; s++, position++)
      for (let k = 0; k < PLAN.horizon; k++)
        if (!(position + 1 + k < 60) || Number.isNaN(y[position + 1 + k]))
          assert.equal(target[s * PLAN.horizon + k], NaNs);
});

test('no window with a target has seen that target, gaps or not', () => {
  // Signs are mixed and the mean magnitude is kept, so that the local scale of the whole series stays as it is.
  const y = gappy(40, 'leak');
  y[2] = -5;
  const windows = (values: Float64Array) =>
    trainingRuns(values, 1, PLAN).flatMap(({ input, target, steps }) =>
      Array.from({ length: steps }, (_, s) => ({
        input: input.slice(5 * s, 5 * s + 5),
        known: target.slice(4 * s, 4 * s + 4).some((value) => !Number.isNaN(value)),
      })),
    );
  const clean = windows(y);
  for (let end = 3; end < 38; end++) {
    const changed = y.map((value, t) => (t > end ? -value : value));
    // The magnitude of a bridge depends on the signs of its piers: compare in units of the series.
    const ratio = meanMagnitude(changed) / meanMagnitude(y);
    const { input, known } = clean[end - 3];
    if (!known) continue;
    const other = windows(changed)[end - 3].input;
    input.forEach((value, k) => {
      assert.ok(Math.abs(other[k] * ratio - value) < 1e-5, `window ends at ${end}: ${other[k] * ratio}, was ${value}`);
    });
  }
});

function meanMagnitude(y: Float64Array): number {
  return interpolate(y).reduce((sum, value) => sum + Math.abs(value) / y.length, 0);
}

test('nothing behind the cutoff reaches a run: poison in the same memory changes no bit', () => {
  const clean = seasonal(80);
  for (const poison of [1e9, NaNs, -1]) {
    const poisoned = clean.map((value, t) => (t >= 60 ? poison : value));
    const cut = (y: Float64Array) => y.subarray(0, 60);
    assert.deepEqual(trainingRuns(cut(poisoned), 4, PLAN), trainingRuns(cut(clean), 4, PLAN));
    assert.deepEqual(forecastRun(cut(poisoned), 4, PLAN), forecastRun(cut(clean), 4, PLAN));
  }
});

test('the future of a validation cut is target of the last window, and of nothing else', () => {
  const y = seasonal(80);
  const history = y.subarray(0, 60);
  const blind = forecastRun(history, 4, PLAN);
  const judged = forecastRun(history, 4, PLAN, y.subarray(60, 64));
  const poisoned = forecastRun(history, 4, PLAN, [1e9, NaNs, -1, 0]);
  for (const { run, origin } of [judged, poisoned]) {
    assert.deepEqual(run.input, blind.run.input);
    assert.deepEqual(run.level, blind.run.level);
    assert.deepEqual(origin, blind.origin);
    const last = (run.steps - 1) * PLAN.horizon;
    assert.ok(run.target.subarray(0, last).every((value) => Number.isNaN(value)));
  }
  assert.ok(blind.run.target.every((value) => Number.isNaN(value)));
  const last = judged.run.target.slice(-4);
  const back = toSeriesUnits([...last, ...last, ...last], judged.origin, PLAN)[1];
  back.forEach((value, k) => {
    assert.ok(Math.abs(value / y[60 + k] - 1) < 1e-6, `${value}, was ${y[60 + k]}`);
  });
  // The unknown and the impossible (a negative value of a positive series) are no targets.
  assert.deepEqual(
    [...poisoned.run.target.slice(-4)].map((value) => Number.isNaN(value)),
    [false, true, true, true],
  );
});

test('a forecast run ends at the last value and is no longer than a segment', () => {
  for (const n of [1, 2, 5, 16, 20, 80]) {
    const y = seasonal(n);
    const { run, origin } = forecastRun(y, 4, PLAN);
    assert.ok(run.steps >= 1 && run.steps <= PLAN.segmentSteps);
    assert.equal(origin.length, n);
    assert.equal(origin.level, run.level[run.steps - 1]);
    assert.equal(run.input[run.steps * 5 - 1], 0, 'the last input is the level itself');
    // The answer "as now" is the last value, in its own season.
    const zeros = new Float64Array(12);
    const [, median] = toSeriesUnits(zeros, origin, PLAN);
    const season = origin.scale.indices;
    if (season.length === 0) assert.ok(median.every((value) => Math.abs(value / y[n - 1] - 1) < 1e-12));
    else assert.ok(Math.abs(median[3] / y[n - 1] - 1) < 1e-12, 'four steps ahead is the same season');
  }
});

test('answers are sorted into quantiles and brought to the units of the series', () => {
  const { origin } = forecastRun(Float64Array.of(-2, 2, -2, 2, 4), 1, PLAN);
  // k = 2.4, the last value 4. Crossing answers at step 0; quantile rows of four steps each.
  const answer = [1, 0, 0, 0, -1, 0, 0, 0, 0.5, 0, 0, 1];
  const [low, median, high] = toSeriesUnits(answer, origin, PLAN);
  const close = (actual: Float64Array, expected: number[]) =>
    expected.forEach((value, k) => {
      assert.ok(Math.abs(actual[k] - value) < 1e-12, `${actual}, not ${expected}`);
    });
  close(low, [4 - 2.4, 4, 4, 4]);
  close(median, [4 + 1.2, 4, 4, 4]);
  close(high, [4 + 2.4, 4, 4, 6.4]);
});

test('a batch holds each run in its own column, unknown after its end', () => {
  const runs = [seasonal(7), seasonal(9), seasonal(5)].map((y) => forecastRun(y, 1, PLAN, y.subarray(0, 4)).run);
  const set = joinRuns(runs, 5, 4);
  assert.deepEqual([...set.steps], [4, 6, 2]);
  assert.deepEqual([...set.start], [0, 4, 10]);
  const rows = [2, 0];
  const { x, target, steps, batch } = gatherBatch(set, rows);
  assert.deepEqual([steps, batch, x.length, target.length], [4, 2, 4 * 2 * 5, 4 * 2 * 4]);
  for (let t = 0; t < steps; t++)
    rows.forEach((row, b) => {
      const run = runs[row];
      const inside = t < run.steps;
      const at = t * batch + b;
      assert.deepEqual(x.slice(5 * at, 5 * at + 5), inside ? run.input.slice(5 * t, 5 * t + 5) : new Float32Array(5));
      assert.deepEqual(
        target.slice(4 * at, 4 * at + 4),
        inside ? run.target.slice(4 * t, 4 * t + 4) : new Float32Array(4).fill(NaNs),
      );
    });
});
