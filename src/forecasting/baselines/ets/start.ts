import { seasonalIndices } from '../../../series/seasonality.js';
import type { EtsForm } from './form.js';

/** Where the search for the states before the first value starts. */
export interface Start {
  /** Seasonal states [season]. */
  readonly seasons: Float64Array;
  /** Mean of the first values, seasonally adjusted: the level without a trend. */
  readonly mean: number;
  /** The line through them: its value one step before the first, and its slope. */
  readonly intercept: number;
  readonly slope: number;
}

/** Seasonal states by classical decomposition, the others by least squares on what is left. Source: Hyndman et al. 2008, section 2.6.1. */
export function startOf(y: Float64Array, season: number, kind: EtsForm['season']): Start {
  const seasons = startSeasons(y, season, kind);
  const count = Math.min(y.length, Math.max(10, 2 * season));
  const middle = (count + 1) / 2;
  let mean = 0;
  let covariance = 0;
  let variance = 0;
  for (let t = 1; t <= count; t++) {
    const index = seasons[(t - 1) % season];
    const adjusted = kind === 'M' ? y[t - 1] / index : y[t - 1] - index;
    mean += adjusted / count;
    covariance += (t - middle) * adjusted;
    variance += (t - middle) * (t - middle);
  }
  const slope = variance > 0 ? covariance / variance : 0;
  return { seasons, mean, intercept: mean - slope * middle, slope };
}

function startSeasons(y: Float64Array, season: number, kind: EtsForm['season']): Float64Array {
  // Below two seasons not every position has a moving average: the likelihood has to find the season by itself.
  if (kind === 'N' || y.length < 2 * season) return new Float64Array(season).fill(kind === 'M' ? 1 : 0);
  if (kind === 'A') return seasonalIndices(y, season, 'additive');
  return seasonalIndices(y, season, 'multiplicative').map((index) => Math.max(index, 0.01));
}
