import { inputError } from '../errors.js';
import type { Series, SeriesFrame } from '../series/frame.js';
import { observedSpan } from '../series/scaling.js';
import { type History, timesOf } from './history.js';

/** One forecast of one series that can be compared with what came. */
export interface BacktestCut {
  /** Position of the series in the frame. */
  readonly series: number;
  readonly id: string;
  /** 0 the earliest. */
  readonly window: number;
  /** Time of the last value that a model may see. */
  readonly cutoff: number;
  /** Times of the steps ahead [horizon]. */
  readonly times: Float64Array;
  /** Observed values up to the cutoff: begins and ends with one. */
  readonly history: Float64Array;
  /** What came [horizon]; NaN where not observed. */
  readonly actual: Float64Array;
}

/** What the models are handed at one origin, and what they are to be compared with: one cut per series of the frame. */
export interface BacktestWindow {
  /** Made anew at every call. Ends at the cutoffs: no later value is in it. Future covariates go on for the horizon. */
  frame(): SeriesFrame;
  readonly cuts: readonly BacktestCut[];
}

export interface BacktestWindows {
  /** The earliest first; only windows in which there is a series. */
  readonly windows: readonly BacktestWindow[];
  /** Id → windows that the series is too short for, or in which it has no value to compare with. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/**
 * Rolling origins over a frame, expanding window: the k-th last origin of a series lies k·step + horizon before its own
 * last observed value, or at the last observed value before that. A series takes part in a window if its history there
 * is as long as the horizon. Source: Tashman 2000.
 * @throws input error `series_too_short` if no series is long enough for one window
 */
export function backtestWindows(
  frame: SeriesFrame,
  { horizon, windows, step }: { readonly horizon: number; readonly windows: number; readonly step: number },
): BacktestWindows {
  const least = Math.max(2, horizon);
  const leftOut = new Map<string, number>();
  const kept = Array.from({ length: windows }, () => ({ ends: [] as number[], cuts: [] as BacktestCut[] }));
  frame.series.forEach((series, position) => {
    const { first, end: last } = observedSpan(series.y);
    const ends = new Set<number>();
    for (let window = windows - 1; window >= 0; window--) {
      const end = lastObserved(series.y, last - horizon - (windows - 1 - window) * step);
      const actual = series.y.slice(Math.max(0, end), Math.max(0, end) + horizon);
      // Behind a long gap two origins fall on one value: the later window has it.
      if (end - first < least || ends.has(end) || actual.every(Number.isNaN)) {
        leftOut.set(series.id, (leftOut.get(series.id) ?? 0) + 1);
        continue;
      }
      ends.add(end);
      const grid: History = { ...series, offset: 0 };
      const times = timesOf(grid, frame.axis, end - 1, horizon + 1);
      const history = series.y.subarray(first, end);
      const cut = { series: position, id: series.id, window, cutoff: times[0], times: times.slice(1), history, actual };
      kept[window].ends.push(end);
      kept[window].cuts.push(cut);
    }
  });
  if (kept.every(({ cuts }) => cuts.length === 0)) throw tooShort(frame, horizon, least);
  const used = kept.filter(({ cuts }) => cuts.length > 0);
  return {
    windows: used.map(({ cuts, ends }) => ({
      cuts,
      frame: () =>
        frameOf(
          frame,
          cuts.map(({ series }, i) => endingAt(frame.series[series], ends[i], horizon)),
        ),
    })),
    leftOut,
  };
}

/**
 * A copy of the series that ends before position `end`. Past covariates end there too; with future ones the grid goes on for
 * the horizon, without values of y.
 */
function endingAt(series: Series, end: number, horizon: number): Series {
  const length = series.future.length > 0 ? end + horizon : end;
  const known = (values: Float64Array) => {
    const copy = new Float64Array(length).fill(Number.NaN);
    copy.set(values.subarray(0, end));
    return copy;
  };
  return {
    ...series,
    y: known(series.y),
    past: series.past.map(known),
    future: series.future.map((values) => values.slice(0, length)),
  };
}

function frameOf(frame: SeriesFrame, series: readonly Series[]): SeriesFrame {
  let rows = 0;
  let missing = 0;
  for (const { y } of series) {
    const { first, end } = observedSpan(y);
    rows += end - first;
    for (let t = first; t < end; t++) if (Number.isNaN(y[t])) missing++;
  }
  return { ...frame, series, rows, missing };
}

/** One past the last observed value before position `end`; 0 or less if there is none. */
function lastObserved(y: Float64Array, end: number): number {
  let last = end;
  while (last > 0 && Number.isNaN(y[last - 1])) last--;
  return last;
}

function tooShort(frame: SeriesFrame, horizon: number, least: number): Error {
  const lengths = frame.series.map(({ y }) => observedSpan(y).end - observedSpan(y).first);
  const longest = Math.max(...lengths);
  const which =
    frame.series.length === 1
      ? `series "${frame.series[0].id}"`
      : `the longest series, "${frame.series[lengths.indexOf(longest)].id}",`;
  return inputError(
    'series_too_short',
    `${frame.source}: ${which} has ${longest} values; a back-test with horizon ${horizon} needs at least ${least + horizon}. Shorten the horizon or add history.`,
  );
}
