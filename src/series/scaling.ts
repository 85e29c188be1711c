import { isSeasonal, seasonalIndices } from './seasonality.js';

/**
 * The local, reversible change of units that lets one network read series of any size: logarithm where all
 * values are positive (else division by the mean magnitude), minus the seasonal indices where a season is found.
 *   z_t = log y_t − s_(t mod m)   or   z_t = y_t/k − s_(t mod m)
 * Fitted on the given values only: it cannot see past the end of what it is handed.
 */
export interface LocalScale {
  readonly log: boolean;
  /** k, the mean of |y|; 1 with the logarithm. */
  readonly divisor: number;
  /** Seasonal indices [m] in the units of z, from the first value on; empty if none. */
  readonly indices: Float64Array;
}

/** Fits the local scale on a complete series; `season` 1 leaves the season alone. */
export function fitLocalScale(y: ArrayLike<number>, season: number): LocalScale {
  let log = y.length > 0;
  let magnitude = 0;
  for (let t = 0; t < y.length; t++) {
    if (!(y[t] > 0)) log = false;
    magnitude += Math.abs(y[t]) / y.length;
  }
  const divisor = log || magnitude === 0 ? 1 : magnitude;
  const plain: LocalScale = { log, divisor, indices: new Float64Array(0) };
  const z = toLocal(plain, y);
  return isSeasonal(z, season) ? { ...plain, indices: seasonalIndices(z, season, 'additive') } : plain;
}

/** y → z. */
export function toLocal(scale: LocalScale, y: ArrayLike<number>): Float64Array {
  const { log, divisor, indices } = scale;
  const z = new Float64Array(y.length);
  for (let t = 0; t < z.length; t++) {
    const unit = log ? Math.log(y[t]) : y[t] / divisor;
    z[t] = indices.length > 0 ? unit - indices[t % indices.length] : unit;
  }
  return z;
}

/** z → y for one value at position `t` counted from the first value of the series. Monotone in z. */
export function fromLocal(scale: LocalScale, z: number, t: number): number {
  const { log, divisor, indices } = scale;
  const unit = indices.length > 0 ? z + indices[t % indices.length] : z;
  // 700 keeps exp() finite: no forecast is ever infinite.
  return log ? Math.exp(Math.min(unit, 700)) : unit * divisor;
}

/** First and one-past-last position with a value; both 0 if there is none. */
export function observedSpan(y: ArrayLike<number>): { first: number; end: number } {
  let first = 0;
  let end = y.length;
  while (first < end && Number.isNaN(y[first])) first++;
  while (end > first && Number.isNaN(y[end - 1])) end--;
  return first === end ? { first: 0, end: 0 } : { first, end };
}

/**
 * The series with inner gaps bridged by straight lines, for inputs only: a bridged value is never a training
 * target and never enters a score. The ends must be observed (see observedSpan).
 */
export function interpolate(y: ArrayLike<number>): Float64Array {
  const filled = Float64Array.from(y as ArrayLike<number>);
  for (let t = 0; t < filled.length; t++) {
    if (!Number.isNaN(filled[t])) continue;
    let next = t;
    while (next < filled.length && Number.isNaN(filled[next])) next++;
    if (t === 0 || next === filled.length) break;
    const step = (filled[next] - filled[t - 1]) / (next - t + 1);
    for (; t < next; t++) filled[t] = filled[t - 1] + step;
  }
  return filled;
}
