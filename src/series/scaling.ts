import { exp, log as ln } from '../math/index.js';
import { isSeasonal, seasonalIndices, showsLonger } from './seasonality.js';

/**
 * The local, reversible change of units that lets one network read series of any size: logarithm where all
 * values are positive (else division by the mean magnitude), minus the seasonal indices where a season is found.
 *   z_t = (log y_t − s_(t mod m))/σ   or   z_t = (y_t/k − s_(t mod m))/σ
 * Fitted on the given values only: it cannot see past the end of what it is handed.
 */
export interface LocalScale {
  readonly log: boolean;
  /** k, the mean of |y|; 1 with the logarithm. */
  readonly divisor: number;
  /** Seasonal indices [m] in the units of the logarithm or the divided values, from the first value on; empty if none. */
  readonly indices: Float64Array;
  /** What is left is divided by this; 1 to leave it. */
  readonly spread: number;
}

/**
 * Fits the local scale on a complete series. Of the `seasons`, the principal one first, the longest that shows in the values is
 * removed; none leaves them in.
 */
export function fitLocalScale(y: ArrayLike<number>, seasons: readonly number[]): LocalScale {
  let log = y.length > 0;
  let magnitude = 0;
  for (let t = 0; t < y.length; t++) {
    if (!(y[t] > 0)) log = false;
    magnitude += Math.abs(y[t]) / y.length;
  }
  const divisor = log || magnitude === 0 ? 1 : magnitude;
  const plain: LocalScale = { log, divisor, indices: new Float64Array(0), spread: 1 };
  const z = toLocal(plain, y);
  const [shortest] = seasons;
  const season = [...seasons]
    .reverse()
    .find((length) => (length === shortest ? isSeasonal(z, length) : showsLonger(z, shortest, length)));
  return season === undefined ? plain : { ...plain, indices: seasonalIndices(z, season, 'additive') };
}

/** y → z; y[0] is at position `first` of the series. */
export function toLocal(scale: LocalScale, y: ArrayLike<number>, first = 0): Float64Array {
  const { log, divisor, indices, spread } = scale;
  const z = new Float64Array(y.length);
  for (let t = 0; t < z.length; t++) {
    const unit = log ? ln(y[t]) : y[t] / divisor;
    z[t] = (indices.length > 0 ? unit - indices[(first + t) % indices.length] : unit) / spread;
  }
  return z;
}

/** z → y for one value at position `t` counted from the first value of the series. Monotone in z. */
export function fromLocal(scale: LocalScale, z: number, t: number): number {
  const { log, divisor, indices, spread } = scale;
  const unit = z * spread + (indices.length > 0 ? indices[t % indices.length] : 0);
  // 700 keeps exp() finite: no forecast is ever infinite.
  return log ? exp(Math.min(unit, 700)) : unit * divisor;
}

/** Least part of a series' own deviation that counts as movement: a season that repeats to the bit has no unit of its own. */
const LEAST_MOVEMENT = 0.01;

/** What a series that has never moved is taken to move by: little, or it would be forecast to swing like the lively ones beside it. */
const NO_MOVEMENT = 0.01;

/** Mean |z_t − z_(t−m)|: how far the values move from season to season, never 0. */
export function seasonalSpread(z: Float64Array, season: number): number {
  const n = z.length;
  const lag = season < n ? season : 1;
  let moved = 0;
  for (let t = lag; t < n; t++) moved += Math.abs(z[t] - z[t - lag]) / (n - lag);
  const mean = z.reduce((sum, value) => sum + value / n, 0);
  const deviation = z.reduce((sum, value) => sum + Math.abs(value - mean) / n, 0);
  return Math.max(moved, LEAST_MOVEMENT * deviation) || NO_MOVEMENT;
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
