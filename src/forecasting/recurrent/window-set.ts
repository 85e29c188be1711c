import type { SequenceBatch } from '../../nn/quantile-network.js';
import { fitLocalScale, fromLocal, interpolate, type LocalScale, toLocal } from '../../series/scaling.js';
import { type WindowRun, windowRun } from '../../series/windows.js';
import { FEWEST_VALUES, type RecurrentPlan } from './plan.js';

/** Runs of windows of many series, ready to be sent to a worker: plain typed arrays. */
export interface WindowSet {
  readonly inputSteps: number;
  readonly horizon: number;
  /** Windows in each run. */
  readonly steps: Int32Array;
  /** Index of the first window of each run. */
  readonly start: Int32Array;
  /** [windows][inputSteps] */
  readonly input: Float32Array;
  /** [windows][horizon], NaN where unknown. */
  readonly target: Float32Array;
}

/** Where a forecast starts: what is needed to turn the network's answer into the units of the series. */
export interface Origin {
  readonly scale: LocalScale;
  /** Level of the last window, in local units. */
  readonly level: number;
  /** Values before the origin. */
  readonly length: number;
}

/** Joins runs into one set. */
export function joinRuns(runs: readonly WindowRun[], inputSteps: number, horizon: number): WindowSet {
  const total = runs.reduce((sum, run) => sum + run.steps, 0);
  const set: WindowSet = {
    inputSteps,
    horizon,
    steps: Int32Array.from(runs, (run) => run.steps),
    start: new Int32Array(runs.length),
    input: new Float32Array(total * inputSteps),
    target: new Float32Array(total * horizon),
  };
  let window = 0;
  for (let r = 0; r < runs.length; r++) {
    set.start[r] = window;
    set.input.set(runs[r].input, window * inputSteps);
    set.target.set(runs[r].target, window * horizon);
    window += runs[r].steps;
  }
  return set;
}

/** Everything that can be learnt from the values of one series, as runs of at most `segmentSteps` windows. */
export function trainingRuns(y: Float64Array, season: number, plan: RecurrentPlan): WindowRun[] {
  const complete = interpolate(y);
  const z = toLocal(fitLocalScale(complete, season), complete);
  // The last window has no known target.
  const first = firstWindow(z.length, plan);
  const end = z.length - 1;
  if (end <= first) return [];
  const count = Math.ceil((end - first) / plan.segmentSteps);
  const runs: WindowRun[] = [];
  for (let s = 0; s < count; s++) {
    const from = first + Math.floor(((end - first) * s) / count);
    const to = first + Math.floor(((end - first) * (s + 1)) / count);
    runs.push(windowRun(z, y, from, to, plan.inputSteps, plan.horizon));
  }
  return runs;
}

/**
 * The run that ends at the last value of `y`, from which the next `horizon` values are forecast.
 * @param future the values that came next, where known (validation): targets of the last window only
 */
export function forecastRun(
  y: Float64Array,
  season: number,
  plan: RecurrentPlan,
  future?: ArrayLike<number>,
): { run: WindowRun; origin: Origin } {
  const complete = interpolate(y);
  const scale = fitLocalScale(complete, season);
  const z = toLocal(scale, complete);
  const n = z.length;
  const from = Math.max(firstWindow(n, plan), n - plan.segmentSteps);
  const run = windowRun(z, y, from, n, plan.inputSteps, plan.horizon);
  run.target.fill(Number.NaN);
  const level = run.level[run.steps - 1];
  if (future) {
    const extended = new Float64Array(n + future.length);
    extended.set(complete);
    extended.set(future, n);
    const zFuture = toLocal(scale, extended);
    const last = (run.steps - 1) * plan.horizon;
    for (let k = 0; k < Math.min(future.length, plan.horizon); k++) {
      const target = zFuture[n + k] - level;
      if (Number.isFinite(target)) run.target[last + k] = target;
    }
  }
  return { run, origin: { scale, level, length: n } };
}

/** Network answer for one origin → quantiles in the units of the series, [Q][horizon], ascending in q. */
export function toSeriesUnits(answer: ArrayLike<number>, origin: Origin, plan: RecurrentPlan): Float64Array[] {
  const { horizon, levels } = plan;
  const quantiles = levels.map(() => new Float64Array(horizon));
  const column = new Float64Array(levels.length);
  for (let k = 0; k < horizon; k++) {
    for (let q = 0; q < levels.length; q++) column[q] = answer[q * horizon + k];
    column.sort();
    for (let q = 0; q < levels.length; q++)
      quantiles[q][k] = fromLocal(origin.scale, origin.level + column[q], origin.length + k);
  }
  return quantiles;
}

/** Gathers runs into a time-major batch, all left-aligned: x is 0 and the target unknown after a run's end. */
export function gatherBatch(set: WindowSet, rows: ArrayLike<number>): SequenceBatch {
  const { inputSteps, horizon } = set;
  const batch = rows.length;
  let steps = 0;
  for (let b = 0; b < batch; b++) steps = Math.max(steps, set.steps[rows[b]]);
  const x = new Float32Array(steps * batch * inputSteps);
  const target = new Float32Array(steps * batch * horizon).fill(Number.NaN);
  for (let b = 0; b < batch; b++) {
    const row = rows[b];
    for (let t = 0; t < set.steps[row]; t++) {
      const window = set.start[row] + t;
      x.set(set.input.subarray(window * inputSteps, (window + 1) * inputSteps), (t * batch + b) * inputSteps);
      target.set(set.target.subarray(window * horizon, (window + 1) * horizon), (t * batch + b) * horizon);
    }
  }
  return { x, target, steps, batch };
}

function firstWindow(length: number, plan: RecurrentPlan): number {
  return Math.min(Math.max(0, length - 1), FEWEST_VALUES - 1, plan.inputSteps - 1);
}
