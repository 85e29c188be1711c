import type { SequenceBatch } from '../../nn/quantile-network.js';
import {
  fitLocalScale,
  fromLocal,
  interpolate,
  type LocalScale,
  seasonalSpread,
  toLocal,
} from '../../series/scaling.js';
import { targetInto, type WindowedSeries, windowInto } from '../../series/windows.js';
import { quantileInterpolator } from '../quantiles.js';
import { FEWEST_VALUES, type RecurrentPlan, type View } from './plan.js';

/**
 * Runs of windows of many series, ready to be sent to a worker: plain typed arrays. Windows are cut out of the values when
 * they are needed, so a set takes 9 bytes a value (and 4 for each number beside it), whatever the windows' length.
 */
export interface WindowSet {
  readonly inputSteps: number;
  readonly horizon: number;
  /** All series one after the other, complete, in local units. */
  readonly z: Float64Array;
  /** 0 where a value was not observed. */
  readonly observed: Uint8Array;
  /** [values][extraSize], what the network sees besides the window that ends there. */
  readonly extra: Float32Array;
  readonly extraSize: number;
  /** Of each run: where its series begins, the length of that, the end of the first window, and how many windows there are. */
  readonly offset: Int32Array;
  readonly length: Int32Array;
  readonly from: Int32Array;
  readonly steps: Int32Array;
  /** Whether only the last window of each run has targets. */
  readonly lastOnly: boolean;
}

/** A series as the recurrent model is handed it: it ends where the model may not see further. */
export interface Example {
  readonly y: Float64Array;
  /** [y.length][extraSize] */
  readonly extra: Float32Array;
}

/** Where a forecast starts: what is needed to turn the network's answer into the units of the series. */
export interface Origin {
  readonly scale: LocalScale;
  /** Level of the last window, in local units. */
  readonly level: number;
  /** Values before the origin. */
  readonly length: number;
}

/** The local scale of a series in one view. */
export function scaleOf(complete: Float64Array, view: View, seasons: readonly number[]): LocalScale {
  const scale = fitLocalScale(complete, view.adjusted ? seasons : []);
  return view.scaled ? { ...scale, spread: seasonalSpread(toLocal(scale, complete), seasons[0] ?? 1) } : scale;
}

/** Everything that can be learnt from the values of some series, as runs of at most `segmentSteps` windows. */
export function trainingSet(examples: readonly Example[], view: View, plan: RecurrentPlan): WindowSet {
  const parts: Part[] = examples.map(({ y, extra }) => {
    const complete = interpolate(y);
    const z = toLocal(scaleOf(complete, view, plan.seasons), complete);
    // The last window has no known target.
    const first = firstWindow(z.length, view);
    const end = z.length - 1;
    const count = end > first ? Math.ceil((end - first) / plan.segmentSteps) : 0;
    const border = (s: number) => first + Math.floor(((end - first) * s) / count);
    return {
      z,
      y,
      extra,
      runs: Array.from({ length: count }, (_, s) => ({ from: border(s), steps: border(s + 1) - border(s) })),
    };
  });
  return joined(parts, view, plan, false);
}

/**
 * The runs that end at the last value of each series, from which the next `horizon` values are forecast.
 * @param futures the values that came next, where known (validation): targets of the last window only
 */
export function forecastSet(
  examples: readonly Example[],
  view: View,
  plan: RecurrentPlan,
  futures?: readonly ArrayLike<number>[],
): { set: WindowSet; origins: Origin[] } {
  const origins: Origin[] = [];
  const parts = examples.map(({ y, extra }, i): Part => {
    const complete = interpolate(y);
    const scale = scaleOf(complete, view, plan.seasons);
    const n = y.length;
    const known = futures ? Math.min(futures[i].length, plan.horizon) : 0;
    const extended = new Float64Array(n + known);
    extended.set(complete);
    for (let k = 0; k < known; k++) extended[n + k] = futures![i][k];
    const z = toLocal(scale, extended);
    const from = Math.max(firstWindow(n, view), n - plan.segmentSteps);
    origins.push({ scale, level: z[n - 1], length: n });
    return { z, y, extra, runs: [{ from, steps: n - from }] };
  });
  return { set: joined(parts, view, plan, true), origins };
}

/** Network answer for one origin → quantiles of the wanted levels in the units of the series, [levels][horizon], ascending. */
export function toSeriesUnits(
  answer: ArrayLike<number>,
  { scale, level, length }: Origin,
  plan: RecurrentPlan,
  levels: readonly number[],
): Float64Array[] {
  const { horizon } = plan;
  const between = quantileInterpolator(plan.levels, levels);
  const quantiles = levels.map(() => new Float64Array(horizon));
  const column = new Float64Array(plan.levels.length);
  for (let k = 0; k < horizon; k++) {
    for (let q = 0; q < column.length; q++) column[q] = answer[q * horizon + k];
    column.sort();
    between(column).forEach((value, q) => {
      quantiles[q][k] = fromLocal(scale, level + value, length + k);
    });
  }
  return quantiles;
}

/** Numbers that the network is shown at each step. */
export function inputSize({ inputSteps, extraSize }: { inputSteps: number; extraSize: number }): number {
  return inputSteps + extraSize;
}

/** Writes what the network is shown at window `step` of run `row`. */
export function inputInto(
  out: Float32Array | Float64Array,
  at: number,
  set: WindowSet,
  row: number,
  step: number,
): void {
  const { inputSteps, extraSize, extra } = set;
  const end = set.from[row] + step;
  windowInto(out, at, seriesOf(set, row), end, inputSteps);
  const first = (set.offset[row] + end) * extraSize;
  for (let e = 0; e < extraSize; e++) out[at + inputSteps + e] = extra[first + e];
}

/** The series of a run. */
export function seriesOf({ z, observed, offset, length }: WindowSet, row: number): WindowedSeries {
  return { z, observed, offset: offset[row], length: length[row] };
}

/** Gathers runs into a time-major batch, all left-aligned: x is 0 and the target unknown after a run's end. */
export function gatherBatch(set: WindowSet, rows: ArrayLike<number>): SequenceBatch {
  const { horizon } = set;
  const width = inputSize(set);
  const batch = rows.length;
  let steps = 0;
  for (let b = 0; b < batch; b++) steps = Math.max(steps, set.steps[rows[b]]);
  const x = new Float32Array(steps * batch * width);
  const target = new Float32Array(steps * batch * horizon).fill(Number.NaN);
  for (let b = 0; b < batch; b++) {
    const row = rows[b];
    const series = seriesOf(set, row);
    for (let t = 0; t < set.steps[row]; t++) {
      inputInto(x, (t * batch + b) * width, set, row, t);
      if (set.lastOnly && t < set.steps[row] - 1) continue;
      targetInto(target, (t * batch + b) * horizon, series, set.from[row] + t, horizon);
    }
  }
  return { x, target, steps, batch };
}

/** One series on its way into a set: `y` with NaN where nothing was observed, no longer than `z`. */
interface Part {
  readonly z: Float64Array;
  readonly y: Float64Array;
  readonly extra: Float32Array;
  readonly runs: readonly { readonly from: number; readonly steps: number }[];
}

function joined(parts: readonly Part[], view: View, plan: RecurrentPlan, lastOnly: boolean): WindowSet {
  const { extraSize } = plan;
  const values = parts.reduce((sum, { z }) => sum + z.length, 0);
  const runs = parts.reduce((sum, part) => sum + part.runs.length, 0);
  const set: WindowSet = {
    inputSteps: view.inputSteps,
    horizon: plan.horizon,
    z: new Float64Array(values),
    observed: new Uint8Array(values),
    extra: new Float32Array(values * extraSize),
    extraSize,
    offset: new Int32Array(runs),
    length: new Int32Array(runs),
    from: new Int32Array(runs),
    steps: new Int32Array(runs),
    lastOnly,
  };
  let offset = 0;
  let row = 0;
  for (const { z, y, extra, runs } of parts) {
    set.z.set(z, offset);
    set.extra.set(extra.subarray(0, Math.min(extra.length, z.length * extraSize)), offset * extraSize);
    for (let t = 0; t < z.length; t++) {
      const known = t < y.length ? !Number.isNaN(y[t]) : Number.isFinite(z[t]);
      set.observed[offset + t] = known ? 1 : 0;
    }
    for (const { from, steps } of runs) {
      set.offset[row] = offset;
      set.length[row] = z.length;
      set.from[row] = from;
      set.steps[row] = steps;
      row++;
    }
    offset += z.length;
  }
  return set;
}

function firstWindow(length: number, { firstValues, inputSteps }: View): number {
  return Math.max(0, Math.min(length - FEWEST_VALUES, firstValues - 1, inputSteps - 1));
}
