import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { advance } from '../series/frequency.js';
import { interpolate, observedSpan } from '../series/scaling.js';
import { detectSeason } from '../series/seasonality.js';

/** The observed part of a series: begins and ends with a value, NaN inside where one is missing. */
export interface History {
  readonly id: string;
  /** Where the time axis of the series begins. */
  readonly start: number;
  /** Steps from `start` to y[0]: values before it were missing. Times are counted from `start`, which keeps a clamped month end. */
  readonly offset: number;
  readonly y: Float64Array;
}

/** The histories of a frame; series without any value are an error of the reader already. */
export function historiesOf(frame: SeriesFrame): History[] {
  return frame.series.map((series) => {
    const { first, end } = observedSpan(series.y);
    return { id: series.id, start: series.start, offset: first, y: series.y.slice(first, end) };
  });
}

/** Times of the values y[from] … y[from + count − 1] of a history; from y.length on these are the steps ahead. */
export function timesOf({ start, offset }: History, axis: TimeAxis, from: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => advance(axis.freq, start, offset + from + k));
}

/** Season length, and where it is from: told by the user, known for the frequency, found in the values, or none (1). */
export interface Season {
  readonly length: number;
  readonly source: 'given' | 'frequency' | 'detected' | 'none';
}

/** Decides the season length of a frame. Values are asked only where the time axis does not tell. */
export function seasonFor(frame: SeriesFrame, histories: readonly History[], given?: number): Season {
  if (given !== undefined) return { length: given, source: 'given' };
  if (frame.seasonSource !== 'none') return { length: frame.season, source: frame.seasonSource };
  if (frame.axis.freq.unit !== 'step') return { length: 1, source: 'none' };
  const length = detectSeason(histories.map(({ y }) => interpolate(y)));
  return { length, source: length > 1 ? 'detected' : 'none' };
}
