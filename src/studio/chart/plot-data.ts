/** One series as uPlot takes it: a common time axis, and a column for each line; null where a line is not. */
import type { SeriesView } from '../work/views.js';

export interface PlotData {
  /** The times; then history, baseline and median; then the lower and upper bound of each band, the widest first. */
  readonly columns: [number[], ...(number | null)[][]];
  /** Percent, in the order of the bands. */
  readonly levels: readonly number[];
  /** Points of history. */
  readonly known: number;
}

/** Columns of the lines. */
export const HISTORY = 1;
export const BASELINE = 2;
export const MEDIAN = 3;
export const FIRST_BAND = 4;

export function plotData({ time, y, forecast }: SeriesView): PlotData {
  const steps = forecast?.time.length ?? 0;
  const known = time.length;
  const times = new Array<number>(known + steps);
  for (let k = 0; k < known; k++) times[k] = time[k];
  for (let k = 0; k < steps; k++) times[known + k] = forecast!.time[k];
  const history = column(known + steps);
  for (let k = 0; k < known; k++) history[k] = Number.isNaN(y[k]) ? null : y[k];
  if (!forecast) return { columns: [times, history], levels: [], known };
  // What is ahead begins where the history ends, so that the lines meet.
  const ahead = (values: Float64Array) => {
    const line = column(known + steps);
    line[known - 1] = y[known - 1];
    for (let k = 0; k < steps; k++) line[known + k] = values[k];
    return line;
  };
  const bands = [...forecast.bands].reverse();
  return {
    columns: [
      times,
      history,
      ahead(forecast.baseline),
      ahead(forecast.median),
      ...bands.flatMap(({ lo, hi }) => [ahead(lo), ahead(hi)]),
    ],
    levels: bands.map(({ level }) => level),
    known,
  };
}

const column = (length: number): (number | null)[] => new Array<number | null>(length).fill(null);

/** The part that is shown at first: the forecast, and eight times as much of the history, at least 60 steps. */
export function firstWindow({ time, forecast }: SeriesView): [number, number] {
  const steps = forecast?.time.length ?? 0;
  const shown = steps > 0 ? Math.max(60, 8 * steps) : time.length;
  const from = time[Math.max(0, time.length - shown)];
  return [from, steps > 0 ? forecast!.time[steps - 1] : time[time.length - 1]];
}
