import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { applyLinearSkip, bestSkip, fitLinearSkips, type LinearSkip, PENALTIES, skipRemover } from './linear-skip.js';
import type { RecurrentPlan, View } from './plan.js';
import { forecastSet, gatherBatch, inputSize, trainingSet, type WindowSet } from './window-set.js';

const NaNs = Number.NaN;
const EMPTY = new Float32Array(0);
const VIEW: View = { adjusted: false, scaled: false, inputSteps: 4, firstValues: 4 };
const PLAN: RecurrentPlan = {
  cell: 'lstm',
  horizon: 3,
  seasons: [],
  views: [VIEW],
  extraSize: 0,
  levels: [0.1, 0.5, 0.9],
  hiddenSize: 4,
  layers: 1,
  learningRate: 0.01,
  weightDecay: 0,
  clipNorm: 1,
  batchRows: 8,
  segmentSteps: 32,
  maxUpdates: 10,
  rehearsalMembers: 1,
  members: 1,
};
const trainingOf = (series: readonly Float64Array[], view = VIEW, plan = PLAN) =>
  trainingSet(
    series.map((y) => ({ y, extra: EMPTY })),
    view,
    plan,
  );

/** A walk whose steps follow each other with weight φ, in both signs, with heavy tails where asked for. */
function walk(n: number, seed: string, { phi = 0.6, missing = 0, outliers = 0 } = {}): Float64Array {
  const random = new Random(seed);
  let step = 0;
  let level = -1;
  return Float64Array.from({ length: n }, (_, t) => {
    step = phi * step + random.normal() * (random.uniform() < outliers ? 30 : 1);
    level += step;
    if (t === 0) return -1;
    return t < n - 1 && random.uniform() < missing ? NaNs : level;
  });
}

/** Every window of a set: what it shows, what came, and how far that is known without a gap. */
function windowsOf(set: WindowSet) {
  const width = inputSize(set);
  return Array.from(set.steps, (_, row) => {
    const { x, target, steps } = gatherBatch(set, [row]);
    return Array.from({ length: steps }, (_, s) => {
      const y = [...target.slice(s * set.horizon, (s + 1) * set.horizon)];
      const gap = y.findIndex(Number.isNaN);
      return { x: [...x.slice(s * width, (s + 1) * width)], y, known: gap < 0 ? set.horizon : gap };
    });
  }).flat();
}
type Window = ReturnType<typeof windowsOf>[number];

/** A·s = b by elimination with pivoting. */
function solved(A: readonly number[][], b: readonly number[]): number[] {
  const rows = A.map((row, i) => [...row, b[i]]);
  const n = rows.length;
  for (let j = 0; j < n; j++) {
    const pivot = rows.reduce((best, row, i) => (i >= j && Math.abs(row[j]) > Math.abs(rows[best][j]) ? i : best), j);
    [rows[j], rows[pivot]] = [rows[pivot], rows[j]];
    for (let i = 0; i < n; i++) {
      if (i === j) continue;
      const factor = rows[i][j] / rows[j][j];
      for (let c = j; c <= n; c++) rows[i][c] -= factor * rows[j][c];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

interface Line {
  readonly weight: number[];
  readonly bias: number;
}

/** Step k by the equations of the docstring: the mean square of an input times the penalty on the diagonal, bias free. */
function ridge(windows: readonly Window[], weights: readonly number[], k: number, penalty: number): Line {
  const used = windows.map((window, w) => ({ ...window, share: weights[w] })).filter(({ known }) => known > k);
  const N = used[0].x.length + 1;
  const A = Array.from({ length: N }, () => new Array<number>(N).fill(0));
  const b = new Array<number>(N).fill(0);
  for (const { x, y, share } of used) {
    const row = [...x, 1];
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) A[i][j] += share * row[i] * row[j];
      b[i] += share * row[i] * y[k];
    }
  }
  const square = A.slice(0, -1).reduce((sum, row, i) => sum + row[i], 0) / ((N - 1) * A[N - 1][N - 1]);
  const line = solved(
    A.map((row, i) => row.map((value, j) => value + (i === j ? (i < N - 1 ? penalty * square : 0) + 1e-9 : 0))),
    b,
  );
  return { weight: line.slice(0, -1), bias: line[N - 1] };
}

const answer = ({ weight, bias }: Line, x: readonly number[]) => weight.reduce((sum, a, i) => sum + a * x[i], bias);

/** The fits after 0, 1, 2 … reweightings, all of it worked out anew. */
function reweighted(windows: readonly Window[], horizon: number, penalty: number, passes: number): Line[][] {
  let weights = windows.map(() => 1);
  return Array.from({ length: passes + 1 }, () => {
    const lines = Array.from({ length: horizon }, (_, k) => ridge(windows, weights, k, penalty));
    const errors = windows.map(({ x, y, known }) => {
      let sum = 0;
      for (let k = 0; k < known; k++) sum += Math.abs(y[k] - answer(lines[k], x));
      return sum / known;
    });
    const delta = 0.3 * [...errors].sort((a, b) => a - b)[errors.length >> 1];
    weights = errors.map((error) => delta / (error + delta));
    return lines;
  });
}

const distance = (skip: LinearSkip, lines: readonly Line[]) =>
  Math.max(
    ...lines.flatMap(({ weight, bias }, k) => [
      ...weight.map((a, i) => Math.abs(skip.weight[k * weight.length + i] - a)),
      Math.abs(skip.bias[k] - bias),
    ]),
  );

for (const [what, options] of [
  ['complete series', {}],
  ['series with gaps', { missing: 0.2 }],
] as const)
  test(`the fit solves the weighted normal equations, for each step with all windows that know it: ${what}`, () => {
    const set = trainingOf([walk(60, 'a', options), walk(25, 'b', options), walk(9, 'c', options)]);
    const windows = windowsOf(set).filter(({ known }) => known > 0);
    assert.ok(windows.some(({ known }) => known < 3) && windows.some(({ known }) => known === 3));
    for (const penalty of [0.5, 10, 1000]) {
      const [skip] = fitLinearSkips(set, [penalty]);
      const passes = reweighted(windows, 3, penalty, 6).map((lines) => distance(skip, lines));
      assert.ok(Math.min(...passes.slice(1)) < 1e-5, `penalty ${penalty}, after 0, 1, 2 … passes: ${passes}`);
      assert.ok(passes[0] > 1e-3, 'weighted at all');
    }
  });

test('very wide windows: the complete ones are enough, where there are many', () => {
  const view = { ...VIEW, inputSteps: 97 };
  const plan = { ...PLAN, horizon: 2 };
  const set = trainingOf([walk(2200, 'wide')], view, plan);
  const complete = windowsOf(set).filter(({ known }) => known === 2);
  assert.ok(complete.length > 20 * 98);
  const [skip] = fitLinearSkips(set, [100]);
  const passes = reweighted(complete, 2, 100, 3).map((lines) => distance(skip, lines));
  assert.ok(Math.min(...passes.slice(1)) < 1e-4, `${passes}`);
});

test('what is linear in the window is found, whatever the level', () => {
  // z_{t+1} = z_t + 0.5·(z_t − z_{t−1}) without noise: the horizon is exactly linear.
  const y = Float64Array.from({ length: 40 }, (_, t) => 5 * (1 - 0.5 ** (t % 13)) - 2 * (t % 13 === 0 ? 1 : 0));
  const set = trainingOf([y.subarray(0, 12), y.subarray(13, 25).map((value) => 3 - value)]);
  const windows = windowsOf(set);
  const [skip] = fitLinearSkips(set, [1e-7]);
  for (const { x, y: target, known } of windows) {
    const got = applyLinearSkip(skip, x);
    for (let k = 0; k < known; k++) assert.ok(Math.abs(got[k] - target[k]) < 1e-4, `${got[k]}, came ${target[k]}`);
  }
});

test('reweighting goes most of the way from the least squares to the least absolute errors', () => {
  const plan = { ...PLAN, horizon: 1 };
  const view = { ...VIEW, inputSteps: 2 };
  for (const seed of ['x', 'y', 'z']) {
    const set = trainingOf([walk(90, seed, { outliers: 0.15 })], view, plan);
    // What a window of two values shows is one number: the last step. The best line goes through two of the points.
    const points = windowsOf(set)
      .filter(({ known }) => known > 0)
      .map(({ x, y }) => [x[0], y[0]]);
    const error = (slope: number, bias: number) =>
      points.reduce((sum, [x, y]) => sum + Math.abs(y - slope * x - bias), 0);
    let least = Number.POSITIVE_INFINITY;
    for (const [x0, y0] of points)
      for (const [x1, y1] of points) {
        const slope = x1 === x0 ? 0 : (y1 - y0) / (x1 - x0);
        least = Math.min(least, error(slope, y0 - slope * x0));
      }
    const [skip] = fitLinearSkips(set, [0]);
    const own = error(skip.weight[0], skip.bias[0]);
    const { weight, bias } = ridge(
      windowsOf(set),
      points.map(() => 1),
      0,
      0,
    );
    const squares = error(weight[0], bias);
    assert.ok(own >= least - 1e-6 && squares > least);
    assert.ok(own - least < 0.4 * (squares - least), `${seed}: ${own} between ${least} and ${squares}`);
  }
});

test('a larger penalty gives smaller weights, an endless one none at all', () => {
  const set = trainingOf([walk(80, 'penalty')]);
  const penalties = [0, 1, 10, 100, 1e4, 1e8, Number.POSITIVE_INFINITY];
  const skips = fitLinearSkips(set, penalties);
  const size = ({ weight }: LinearSkip) => weight.reduce((sum, value) => sum + value * value, 0);
  skips.forEach((skip, i) => {
    assert.equal(skip.penalty, penalties[i]);
    if (i > 0) assert.ok(size(skip) < size(skips[i - 1]), `${penalties[i]}`);
  });
  const none = skips[skips.length - 1];
  assert.ok(none.weight.every((value) => value === 0) && none.bias.every((value) => value === 0));
  assert.deepEqual([none.weight.length, none.bias.length], [12, 3]);
  assert.ok(PENALTIES.includes(Number.POSITIVE_INFINITY));
});

test('nothing to learn from, or nothing that moves: all zeros, and finite', () => {
  const flat = new Float64Array(30).fill(-2);
  for (const set of [trainingOf([]), trainingOf([Float64Array.of(1)]), trainingOf([flat])])
    for (const skip of fitLinearSkips(set, [0, 10]))
      for (const value of [...skip.weight, ...skip.bias]) assert.ok(Math.abs(value) < 1e-12, `${value}`);
});

test('more windows than can be solved in a moment: an even sample tells the same', () => {
  const plan = { ...PLAN, horizon: 1 };
  const [skip] = fitLinearSkips(trainingOf([walk(150_000, 'long', { phi: 0.6 })], VIEW, plan), [1]);
  // What comes next is 0.6 of the last step; before that nothing counts. Errors ~ 1/√60000.
  const steps = [...skip.weight.slice(0, 3)].map((_, i) =>
    [...skip.weight.slice(0, i + 1)].reduce((sum, a) => sum - a, 0),
  );
  [0, 0, 0.6].forEach((expected, i) => {
    assert.ok(Math.abs(steps[i] - expected) < 0.03, `${steps}`);
  });
});

/** Candidates of which none is like another. */
function candidates(count: number, width: number, horizon: number): LinearSkip[] {
  const random = new Random('candidates');
  return Array.from({ length: count }, (_, penalty) => ({
    weight: Float32Array.from({ length: width * horizon }, () => 0.3 * random.normal()),
    bias: Float32Array.from({ length: horizon }, () => 0.1 * random.normal()),
    penalty,
  }));
}

test('the best path is the one whose forecasts from the ends of the runs err least', () => {
  const series = Array.from({ length: 12 }, (_, s) => walk(20 + s, `judge ${s}`));
  const histories = series.map((y) => ({ y: y.subarray(0, y.length - 3), extra: EMPTY }));
  const futures = series.map((y, s) => y.slice(-3).map((value, k) => ((s + k) % 4 === 0 ? NaNs : value)));
  const { set } = forecastSet(histories, VIEW, PLAN, futures);
  for (let first = 0; first < 20; first++) {
    const some = candidates(40, 4, 3).slice(first, first + 8);
    const errors = some.map((skip) => {
      let sum = 0;
      for (let row = 0; row < set.steps.length; row++) {
        const { x, target, steps } = gatherBatch(set, [row]);
        for (let k = 0; k < 3; k++) {
          let line = skip.bias[k];
          for (let i = 0; i < 4; i++) line += skip.weight[k * 4 + i] * x[(steps - 1) * 4 + i];
          const error = Math.abs(target[(steps - 1) * 3 + k] - line);
          if (!Number.isNaN(error)) sum += error;
        }
      }
      return sum;
    });
    assert.equal(bestSkip(some, set), some[errors.indexOf(Math.min(...errors))]);
  }
});

test('taken off on the engine is what is answered here', () => {
  const set = trainingOf([walk(60, 'engine', { missing: 0.1 }), walk(20, 'engine 2')]);
  const rows = Array.from(set.steps, (_, row) => row);
  for (const skip of candidates(3, 4, 3)) {
    const batch = gatherBatch(set, rows);
    const before = batch.target.slice();
    skipRemover(skip)(batch.target, batch.x);
    for (let at = 0; at < batch.steps * batch.batch; at++) {
      const line = applyLinearSkip(skip, batch.x.subarray(at * 4, at * 4 + 4));
      for (let k = 0; k < 3; k++) {
        const [was, is] = [before[at * 3 + k], batch.target[at * 3 + k]];
        if (Number.isNaN(was)) assert.ok(Number.isNaN(is), 'the unknown stays unknown');
        else assert.ok(Math.abs(was - line[k] - is) < 1e-5 * (1 + Math.abs(was) + Math.abs(line[k])), `${is}`);
      }
    }
  }
  const batch = gatherBatch(set, rows);
  const before = batch.target.slice();
  skipRemover({ weight: new Float32Array(12), bias: new Float32Array(3), penalty: 1 })(batch.target, batch.x);
  assert.deepEqual(batch.target, before);
});

test('numbers beside the window are inputs like all others', () => {
  const plan = { ...PLAN, extraSize: 1, horizon: 1 };
  const random = new Random('extra');
  const extra = Float32Array.from({ length: 200 }, () => random.normal());
  // The next step is twice what is shown, whatever the window says. Mixed signs: local units are y/k.
  const y = new Float64Array(200);
  for (let t = 1; t < 200; t++) y[t] = y[t - 1] + 2 * extra[t - 1];
  const set = trainingSet([{ y, extra }], VIEW, plan);
  const [skip] = fitLinearSkips(set, [1e-6]);
  const unit = y.reduce((sum, value) => sum + Math.abs(value) / 200, 0);
  assert.ok(Math.abs(skip.weight[4] * unit - 2) < 1e-3, `${skip.weight[4] * unit}`);
  for (let i = 0; i < 4; i++) assert.ok(Math.abs(skip.weight[i]) < 1e-3);
});
