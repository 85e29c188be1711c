/**
 * Moving windows over one series: at every step the network sees the last `inputSteps` values and answers with
 * the whole horizon. Each window is normalised by its own level, its last value, which is subtracted from input
 * and target alike. Source: Hewamalage, Bergmeir & Bandara 2021, section 4.2.
 */

/** A series in local units, inside longer arrays. */
export interface WindowedSeries {
  /** Complete values. */
  readonly z: Float64Array;
  /** 0 where a value was not observed but bridged: no target. */
  readonly observed: Uint8Array;
  /** Where the series begins in these arrays, and its length. */
  readonly offset: number;
  readonly length: number;
}

/**
 * Writes the window that ends at position `end` of the series into out[at …], the oldest value first; before the series
 * begins its first value stands in. Returns the level that was subtracted.
 */
export function windowInto(
  out: Float32Array | Float64Array,
  at: number,
  { z, offset }: WindowedSeries,
  end: number,
  inputSteps: number,
): number {
  const level = z[offset + end];
  const missing = Math.max(0, inputSteps - 1 - end);
  const first = z[offset] - level;
  for (let k = 0; k < missing; k++) out[at + k] = first;
  const from = offset + end - inputSteps + 1;
  for (let k = missing; k < inputSteps; k++) out[at + k] = z[from + k] - level;
  return level;
}

/**
 * Writes what came after position `end`, less its level, into out[at … at + horizon − 1]; what is not known stays as it is.
 * A window that ends in a gap ends on the way to the next observed value: it may not be asked for that.
 */
export function targetInto(
  out: Float32Array | Float64Array,
  at: number,
  { z, observed, offset, length }: WindowedSeries,
  end: number,
  horizon: number,
): void {
  const last = offset + end;
  if (observed[last] === 0) return;
  const known = Math.min(horizon, length - 1 - end);
  for (let k = 0; k < known; k++) if (observed[last + 1 + k] === 1) out[at + k] = z[last + 1 + k] - z[last];
}
