import { inputError } from '../errors.js';
import type { Series, SeriesFrame, TimeAxis } from '../series/frame.js';
import { advance } from '../series/frequency.js';
import { interpolate, observedSpan } from '../series/scaling.js';
import { detectSeason, longerSeason } from '../series/seasonality.js';

/** The observed part of a series: begins and ends with a value, NaN inside where one is missing. */
export interface History {
  readonly id: string;
  /** Where the time axis of the series begins. */
  readonly start: number;
  /** Steps from `start` to y[0]: values before it were missing. Times are counted from `start`, which keeps a clamped month end. */
  readonly offset: number;
  readonly y: Float64Array;
  /** Past covariates, each as long as y. */
  readonly past: readonly Float64Array[];
  /** Future covariates, from y[0] on as far ahead as they are known: as long as y or longer. */
  readonly future: readonly Float64Array[];
  readonly static: readonly (number | string)[];
}

/** The histories of a frame; series without any value are an error of the reader already. */
export function historiesOf(frame: SeriesFrame): History[] {
  return frame.series.map(historyOf);
}

export function historyOf(series: Series): History {
  const { first, end } = observedSpan(series.y);
  return {
    id: series.id,
    start: series.start,
    offset: first,
    y: series.y.slice(first, end),
    past: series.past.map((values) => values.slice(first, end)),
    future: series.future.map((values) => values.slice(first)),
    static: series.static,
  };
}

/** Squares of larger values would leave the range of numbers. */
const LARGEST = 1e100;

/** @throws input error `value_too_large` */
export function checkValues(
  series: readonly { readonly id: string; readonly y: Float64Array }[],
  source: string,
): void {
  for (const { id, y } of series) {
    const huge = y.find((value) => Math.abs(value) > LARGEST);
    if (huge !== undefined)
      throw inputError(
        'value_too_large',
        `${source}: series "${id}" has the value ${huge}; values up to ${LARGEST} can be forecast. Use a larger unit, or correct it.`,
      );
  }
}

/** Times of the values y[from] … y[from + count − 1] of a history; from y.length on these are the steps ahead. */
export function timesOf({ start, offset }: History, axis: TimeAxis, from: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => advance(axis.freq, start, offset + from + k));
}

/** What was observed of a series of a frame, by its position there: from its first to its last value, NaN where one is missing. */
export function observedOf(
  frame: SeriesFrame,
  series: number,
): { readonly time: Float64Array; readonly y: Float64Array } {
  const history = historyOf(frame.series[series]);
  return { time: timesOf(history, frame.axis, 0, history.y.length), y: history.y };
}

/** The seasons of a frame. */
export interface Season {
  /** Steps in the principal season; 1 for none. */
  readonly length: number;
  /** Longer seasons that show as well: the week of hourly data. */
  readonly longer: readonly number[];
  /** Where the length is from: told by the user, known for the frequency, found in the values, or none. */
  readonly source: 'given' | 'frequency' | 'detected' | 'none';
}

/** Decides the seasons of a frame. Values are asked where the time axis does not tell, and for the longer ones. */
export function seasonFor(frame: SeriesFrame, histories: readonly History[], given?: readonly number[]): Season {
  if (given !== undefined) return { length: given[0], longer: given.slice(1), source: 'given' };
  const complete = histories.map(({ y }) => interpolate(y));
  const withLonger = (length: number, source: Season['source']): Season => {
    const week = length > 1 ? longerSeason(complete, length) : 1;
    return { length, longer: week > 1 ? [week] : [], source };
  };
  if (frame.seasonSource !== 'none') return withLonger(frame.season, frame.seasonSource);
  if (frame.axis.freq.unit !== 'step') return withLonger(1, 'none');
  const length = detectSeason(complete);
  return withLonger(length, length > 1 ? 'detected' : 'none');
}

/** All season lengths, the principal one first; empty for none. */
export function seasonLengths({ length, longer }: Season): number[] {
  return [length, ...longer].filter((steps) => steps > 1);
}
