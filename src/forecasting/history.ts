import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { advance } from '../series/frequency.js';
import { interpolate, observedSpan } from '../series/scaling.js';
import { detectSeason } from '../series/seasonality.js';

/** The observed part of a series: begins and ends with a value, NaN inside where one is missing. */
export interface History {
  readonly id: string;
  /** Time of y[0]. */
  readonly start: number;
  readonly y: Float64Array;
}

/** The histories of a frame; series without any value are an error of the reader already. */
export function historiesOf(frame: SeriesFrame): History[] {
  return frame.series.map((series) => {
    const { first, end } = observedSpan(series.y);
    return {
      id: series.id,
      start: advance(frame.axis.freq, series.start, first),
      y: series.y.slice(first, end),
    };
  });
}

/** Times of the `horizon` steps after a history. */
export function futureTimes(history: History, axis: TimeAxis, horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, k) => advance(axis.freq, history.start, history.y.length + k));
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
