import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { interpolate } from '../../series/scaling.js';
import type { RecurrentPlan, View } from './plan.js';
import {
  type Example,
  forecastSet,
  gatherBatch,
  inputInto,
  inputSize,
  scaleOf,
  toSeriesUnits,
  trainingSet,
  type WindowSet,
} from './window-set.js';

const NaNs = Number.NaN;
/** The season taken out where there is one. */
const VIEW: View = { adjusted: true, scaled: false, inputSteps: 5, firstValues: 4 };
const PLAIN: View = { ...VIEW, adjusted: false };
const VIEWS: readonly View[] = [VIEW, PLAIN, { ...VIEW, scaled: true }, { ...PLAIN, scaled: true }];
const PLAN: RecurrentPlan = {
  cell: 'lstm',
  horizon: 4,
  seasons: [4],
  views: [VIEW],
  extraSize: 0,
  levels: [0.1, 0.5, 0.9],
  hiddenSize: 4,
  layers: 1,
  learningRate: 0.01,
  weightDecay: 0,
  clipNorm: 1,
  batchRows: 8,
  segmentSteps: 16,
  maxUpdates: 10,
  rehearsalMembers: 1,
  members: 1,
};
const EMPTY = new Float32Array(0);
const example = (y: Float64Array): Example => ({ y, extra: EMPTY });

/** A run as the network is shown it: one row of a set. */
function runOf(set: WindowSet, row: number) {
  const { x, target, steps } = gatherBatch(set, [row]);
  const level = Float64Array.from({ length: steps }, (_, s) => set.z[set.offset[row] + set.from[row] + s]);
  return { input: x, target, level, steps };
}
const runsOf = (set: WindowSet) => Array.from(set.steps, (_, row) => runOf(set, row));
const trainingRuns = (y: Float64Array, view = VIEW, plan = PLAN) => runsOf(trainingSet([example(y)], view, plan));
function forecastRun(y: Float64Array, view = VIEW, future?: ArrayLike<number>, plan = PLAN) {
  const { set, origins } = forecastSet([example(y)], view, plan, future && [future]);
  assert.equal(set.steps.length, 1);
  return { run: runOf(set, 0), origin: origins[0] };
}

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
    const runs = trainingRuns(y, PLAIN);
    assert.ok(runs.every(({ steps }) => steps >= 1 && steps <= PLAN.segmentSteps));
    // From the fourth value, where a window has a shape (earlier in a short series, to have four windows at the most), to the
    // last but one, which has one value after it.
    const first = Math.max(0, Math.min(3, n - 4));
    const steps = runs.reduce((sum, run) => sum + run.steps, 0);
    assert.equal(steps, n - 1 - first);
    const targets = runs.flatMap(({ target, level, steps }) =>
      Array.from({ length: steps }, (_, s) => target[s * PLAN.horizon] + level[s]),
    );
    // Mixed signs: local units are y/k.
    const unit = y.reduce((sum, value) => sum + Math.abs(value) / n, 0);
    targets.forEach((value, s) => {
      assert.ok(Math.abs(value - y[first + 1 + s] / unit) < 1e-6, `window ${s} of ${n}`);
    });
  }
});

test('a series that has no value after another gives no runs', () => {
  for (const y of [[], [1]]) assert.deepEqual(trainingRuns(Float64Array.from(y)), []);
  assert.deepEqual(
    trainingRuns(Float64Array.of(1, 2)).map(({ steps }) => steps),
    [1],
  );
});

test('the first window of a long series ends where its view says, and never reaches before the series where it need not', () => {
  for (const firstValues of [4, 9, 30])
    for (const inputSteps of [2, 5, 20])
      for (const n of [5, 10, 40]) {
        const set = trainingSet([example(seasonal(n))], { ...PLAIN, firstValues, inputSteps }, PLAN);
        const first = set.from[0];
        assert.ok(first >= 0 && first <= n - 4, 'a few windows are left');
        assert.ok(first <= inputSteps - 1 && first <= firstValues - 1);
        assert.ok(first === n - 4 || first === inputSteps - 1 || first === firstValues - 1);
      }
});

test('a missing value is never a target', () => {
  const y = gappy(60, 'targets');
  let position = 3;
  for (const { target, steps } of trainingRuns(y, PLAIN))
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
    trainingRuns(values, PLAIN).flatMap(({ input, target, steps }) =>
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
    for (const view of VIEWS) {
      const training = (y: Float64Array) => trainingSet([example(cut(y))], view, PLAN);
      assert.deepEqual(training(poisoned), training(clean));
      assert.deepEqual(forecastRun(cut(poisoned), view), forecastRun(cut(clean), view));
    }
  }
});

test('the future of a validation cut is target of the last window, and of nothing else', () => {
  const y = seasonal(80);
  const history = y.subarray(0, 60);
  const blind = forecastRun(history);
  const judged = forecastRun(history, VIEW, y.subarray(60, 64));
  const poisoned = forecastRun(history, VIEW, [1e9, NaNs, -1, 0]);
  for (const { run, origin } of [judged, poisoned]) {
    assert.deepEqual(run.input, blind.run.input);
    assert.deepEqual(run.level, blind.run.level);
    assert.deepEqual(origin, blind.origin);
    const last = (run.steps - 1) * PLAN.horizon;
    assert.ok(run.target.subarray(0, last).every((value) => Number.isNaN(value)));
  }
  assert.ok(blind.run.target.every((value) => Number.isNaN(value)));
  const last = judged.run.target.slice(-4);
  const back = toSeriesUnits([...last, ...last, ...last], judged.origin, PLAN, PLAN.levels)[1];
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
    const { run, origin } = forecastRun(y);
    assert.ok(run.steps >= 1 && run.steps <= PLAN.segmentSteps);
    assert.equal(origin.length, n);
    assert.equal(origin.level, run.level[run.steps - 1]);
    assert.equal(run.input[run.steps * 5 - 1], 0, 'the last input is the level itself');
    // The answer "as now" is the last value, in its own season.
    const zeros = new Float64Array(12);
    const [, median] = toSeriesUnits(zeros, origin, PLAN, PLAN.levels);
    const season = origin.scale.indices;
    if (season.length === 0) assert.ok(median.every((value) => Math.abs(value / y[n - 1] - 1) < 1e-12));
    else assert.ok(Math.abs(median[3] / y[n - 1] - 1) < 1e-12, 'four steps ahead is the same season');
  }
});

test('answers are sorted into quantiles and brought to the units of the series', () => {
  const { origin } = forecastRun(Float64Array.of(-2, 2, -2, 2, 4), PLAIN);
  // k = 2.4, the last value 4. Crossing answers at step 0; quantile rows of four steps each.
  const answer = [1, 0, 0, 0, -1, 0, 0, 0, 0.5, 0, 0, 1];
  const [low, median, high] = toSeriesUnits(answer, origin, PLAN, PLAN.levels);
  const close = (actual: Float64Array, expected: number[]) =>
    expected.forEach((value, k) => {
      assert.ok(Math.abs(actual[k] - value) < 1e-12, `${actual}, not ${expected}`);
    });
  close(low, [4 - 2.4, 4, 4, 4]);
  close(median, [4 + 1.2, 4, 4, 4]);
  close(high, [4 + 2.4, 4, 4, 6.4]);
});

test('other levels than those of the network lie between and beyond its own', () => {
  const { origin } = forecastRun(Float64Array.of(-2, 2, -2, 2, 4), PLAIN);
  // Normal about 0: the deviation is 1 local unit, which is 2.4.
  const z = 1.2815515655446004;
  const answer = [-z, -z, -z, -z, 0, 0, 0, 0, z, z, z, z];
  const rows = toSeriesUnits(answer, origin, PLAN, [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]);
  [-1.959963984540054, -z, -0.6744897501960817, 0, 0.6744897501960817, z, 1.959963984540054].forEach(
    (deviations, q) => {
      for (const value of rows[q]) assert.ok(Math.abs(value - (4 + 2.4 * deviations)) < 1e-12, `${q}: ${value}`);
    },
  );
});

test('every view: what came is its own forecast, brought to local units and back', () => {
  const positive = seasonal(84);
  const mixed = positive.map((value, t) => value - 30 - 3 * (t % 4));
  for (const seasons of [[], [4], [4, 12]])
    for (const y of [positive, mixed])
      for (const view of VIEWS) {
        const plan = { ...PLAN, seasons };
        const { run, origin } = forecastRun(y.subarray(0, 80), view, y.subarray(80), plan);
        const last = run.target.slice(-4);
        for (const row of toSeriesUnits([...last, ...last, ...last], origin, plan, [0.1, 0.3, 0.5])) {
          row.forEach((value, k) => {
            // Targets are float32.
            assert.ok(Math.abs(value - y[80 + k]) < 1e-5 * Math.abs(y[79]), `${value}, was ${y[80 + k]}`);
          });
        }
      }
});

test('views: the season is there or not, and the movement is 1 or as it was', () => {
  const y = seasonal(80);
  const movement = (view: View) => {
    const { set } = forecastSet([example(y)], view, PLAN);
    const steps = Array.from({ length: 76 }, (_, t) => Math.abs(set.z[t + 4] - set.z[t]));
    return steps.reduce((sum, value) => sum + value / 76, 0);
  };
  const [, plain, , scaled] = VIEWS.map(movement);
  assert.ok(Math.abs(scaled - 1) < 1e-12, `${scaled}`);
  const { log, indices, spread } = scaleOf(y, { ...PLAIN, scaled: true }, [4]);
  assert.ok(log && indices.length === 0);
  assert.ok(Math.abs(spread - plain) < 1e-12, 'in units of the plain view');
  assert.equal(scaleOf(y, VIEW, [4]).indices.length, 4);
  assert.equal(scaleOf(y, VIEW, []).indices.length, 0);
});

test('a batch holds each run in its own column, unknown after its end', () => {
  const examples = [seasonal(7), seasonal(9), seasonal(5)].map(example);
  const { set } = forecastSet(
    examples,
    PLAIN,
    PLAN,
    examples.map(({ y }) => y.subarray(0, 4)),
  );
  const runs = runsOf(set);
  assert.deepEqual([...set.steps], [4, 6, 4]);
  assert.deepEqual([...set.offset], [0, 11, 24]);
  assert.deepEqual([...set.length], [11, 13, 9]);
  const rows = [1, 0];
  const { x, target, steps, batch } = gatherBatch(set, rows);
  assert.deepEqual([steps, batch, x.length, target.length], [6, 2, 6 * 2 * 5, 6 * 2 * 4]);
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

test('what is shown beside a window is that of its last value, in every run of every series', () => {
  const plan = { ...PLAN, extraSize: 2 };
  // The first tells the series, the second the position: longer than the values, as where covariates go on.
  const examples = [40, 21, 6].map((n, s) => ({
    y: seasonal(n),
    extra: Float32Array.from({ length: 2 * (n + 3) }, (_, i) => (i % 2 === 0 ? s : (i - 1) / 2)),
  }));
  const training = trainingSet(examples, VIEW, plan);
  const { set } = forecastSet(
    examples.map(({ y, extra }) => ({ y, extra: extra.slice(0, 2 * y.length) })),
    VIEW,
    plan,
    examples.map(({ y }) => y.subarray(0, 4)),
  );
  assert.ok(training.steps.length > 3, 'a series of several runs');
  for (const one of [training, set]) {
    assert.equal(inputSize(one), 7);
    const shown = new Float64Array(9).fill(-1);
    for (let row = 0; row < one.steps.length; row++) {
      const s = examples.findIndex(({ y }) => y.length === one.length[row] - (one === set ? 4 : 0));
      const { x } = gatherBatch(one, [row]);
      for (let step = 0; step < one.steps[row]; step++) {
        inputInto(shown, 1, one, row, step);
        assert.deepEqual([...shown.slice(6)], [s, one.from[row] + step, -1]);
        assert.deepEqual([...Float32Array.from(shown.slice(1, 8))], [...x.slice(7 * step, 7 * step + 7)]);
      }
    }
  }
});

test('a set takes 9 bytes a value and 4 for each number beside it, however long its windows', () => {
  const y = seasonal(2000);
  for (const extraSize of [0, 3])
    for (const inputSteps of [2, 500]) {
      const set = trainingSet(
        [{ y, extra: new Float32Array(2000 * extraSize) }],
        { ...VIEW, inputSteps },
        { ...PLAN, extraSize },
      );
      let bytes = 0;
      for (const part of Object.values(set)) if (ArrayBuffer.isView(part)) bytes += part.buffer.byteLength;
      assert.equal(bytes, 2000 * (9 + 4 * extraSize) + 16 * set.steps.length);
    }
});
