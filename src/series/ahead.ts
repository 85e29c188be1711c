/** Whether the future covariates reach as far as a forecast needs them. */
import type { SeriesFrame } from './frame.js';
import { advance } from './frequency.js';
import { formatTimestamp } from './timestamp.js';

/** A value that is not there, in words for a message. */
export interface MissingAhead {
  readonly id: string;
  readonly column: string;
  /** The time of the step, written like the stamps of the input. */
  readonly stamp: string;
}

/**
 * The first value of a future covariate that is missing in the `horizon` steps after the last y of its series; null
 * where all are there.
 */
export function missingAhead({ series, axis, covariates }: SeriesFrame, horizon: number): MissingAhead | null {
  for (const { id, start, y, future } of series) {
    let end = y.length;
    while (end > 0 && Number.isNaN(y[end - 1])) end--;
    for (let step = end; step < end + horizon; step++) {
      const c = future.findIndex((values) => step >= values.length || Number.isNaN(values[step]));
      if (c >= 0)
        return { id, column: covariates.future[c], stamp: formatTimestamp(axis, advance(axis.freq, start, step)) };
    }
  }
  return null;
}
