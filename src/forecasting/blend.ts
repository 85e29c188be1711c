import { exp, log } from '../math/index.js';

/**
 * Weights for averaging several models, from their errors on the same validation origins: by the size of the errors, series by
 * series, then moved towards the shares that would have been best for all series together.
 *   e_sm = model m's mean absolute error on series s, over the mean of all models' on s
 *   ẽ_sm = (n_s·e_sm + κ·ē_m)/(n_s + κ), ē_m the mean over series, n_s the values of s that were forecast
 *   w_sm ∝ ẽ_sm^−p , p = 6·N/(N + κ), N the values of all series: little evidence leaves the models nearly equal; models
 *   below a twentieth dropped
 * One series has few errors of its own, so it leans on all the others. Source: inverse-error weighting after Bates & Granger 1969;
 * shrinkage to the pool after Aiolfi & Timmermann 2006.
 */
export interface BlendWeights {
  /** [series][models], each row sums to 1. */
  readonly perSeries: readonly Float64Array[];
  /** For a series without errors of its own. */
  readonly pooled: Float64Array;
}

/** κ: values' worth of doubt in the errors: of a series against those of all, and of all against none. */
const DOUBT_VALUES = 60;
const STEEPEST_POWER = 6;
const SMALLEST_WEIGHT = 0.05;

/**
 * @param errors [series][models] mean absolute error over the series' origins; NaN rows where there are none
 * @param values [series] number of values that were forecast at them
 */
export function blendWeights(
  errors: readonly ArrayLike<number>[],
  values: ArrayLike<number>,
  models: number,
): BlendWeights {
  const relative = errors.map((row) => {
    let mean = 0;
    for (let m = 0; m < models; m++) mean += row[m] / models;
    return Float64Array.from({ length: models }, (_, m) => (mean > 0 ? row[m] / mean : 1));
  });
  const pooledError = new Float64Array(models);
  let scored = 0;
  for (let s = 0; s < relative.length; s++) {
    if (values[s] === 0) continue;
    scored++;
    for (let m = 0; m < models; m++) pooledError[m] += relative[s][m];
  }
  for (let m = 0; m < models; m++) pooledError[m] = scored > 0 ? pooledError[m] / scored : 1;
  const counted = Array.from(values).reduce((sum, count) => sum + count, 0);
  const power = (STEEPEST_POWER * counted) / (counted + DOUBT_VALUES);
  const perSeries = relative.map((row, s) => {
    const own = values[s];
    if (own === 0) return inversePower(pooledError, power);
    const leaned = row.map((error, m) => (own * error + DOUBT_VALUES * pooledError[m]) / (own + DOUBT_VALUES));
    return inversePower(leaned, power);
  });
  return { perSeries, pooled: inversePower(pooledError, power) };
}

/** What several models said at one origin, and what came. */
export interface StackingCut {
  /** [models][horizon] */
  readonly forecasts: readonly ArrayLike<number>[];
  /** [horizon], NaN where not observed. */
  readonly actual: ArrayLike<number>;
}

const STACKING_STEPS = 200;
const STEP_SIZE = 0.3;
const SMALLEST_STACKED = 1e-4;
const MOST_STACKED = 600;

/**
 * The shares, one for all series, whose mean forecast would have erred least at the given origins: unlike weights by error
 * they know that two models which err alike are worth no more than one.
 *   min over the simplex Σ_cuts (1/s_c)·Σ_k |y_k − Σ_m w_m·f_mk| ,  s_c the models' mean error there
 * by exponentiated gradients: w_m ← w_m·exp(−η·(g_m − ḡ)), which keeps shares positive with sum 1. Sources: Breiman 1996
 * (stacked regressions); Kivinen & Warmuth 1997.
 */
export function stackedShares(cuts: readonly StackingCut[], models: number): Float64Array {
  const stride = Math.max(1, Math.ceil(cuts.length / MOST_STACKED));
  const scaled = cuts
    .filter((_, i) => i % stride === 0)
    .map((cut) => ({ ...cut, scale: meanError(cut) }))
    .filter(({ scale }) => scale > 0);
  let shares = new Float64Array(models).fill(1 / models);
  if (scaled.length === 0) return shares;
  for (let step = 0; step < STACKING_STEPS; step++) {
    const gradient = new Float64Array(models);
    for (const { forecasts, actual, scale } of scaled) {
      for (let k = 0; k < actual.length; k++) {
        if (Number.isNaN(actual[k])) continue;
        let mean = 0;
        for (let m = 0; m < models; m++) mean += shares[m] * forecasts[m][k];
        const sign = Math.sign(mean - actual[k]) / (scale * actual.length * scaled.length);
        for (let m = 0; m < models; m++) gradient[m] += sign * (forecasts[m][k] - actual[k]);
      }
    }
    const mean = gradient.reduce((sum, slope, m) => sum + slope * shares[m], 0);
    const rate = STEP_SIZE / Math.sqrt(1 + step / 10);
    shares = shares.map((share, m) => Math.max(SMALLEST_STACKED, share * exp(-rate * (gradient[m] - mean))));
    const sum = shares.reduce((total, share) => total + share, 0);
    shares = shares.map((share) => share / sum);
  }
  return shares;
}

/** Series' worth of doubt in the stacked shares, and how far they are followed at the most. */
const STACKING_DOUBT = 10;
const STACKING_TRUST = 0.6;

/** Weights moved towards shares that were found from so many series. */
export function towards({ perSeries, pooled }: BlendWeights, shares: Float64Array, series: number): BlendWeights {
  const trust = (STACKING_TRUST * series) / (series + STACKING_DOUBT);
  const moved = (row: Float64Array) => withoutSmall(row.map((weight, m) => (1 - trust) * weight + trust * shares[m]));
  return { perSeries: perSeries.map(moved), pooled: moved(pooled) };
}

/** The models' mean absolute error at one origin; 0 where nothing was observed. */
function meanError({ forecasts, actual }: StackingCut): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < actual.length; k++) {
    if (Number.isNaN(actual[k])) continue;
    for (const forecast of forecasts) sum += Math.abs(forecast[k] - actual[k]);
    count += forecasts.length;
  }
  return count > 0 ? sum / count : 0;
}

/** Weights ∝ 1/errorᵖ, small ones dropped; an error of zero takes everything. */
function inversePower(errors: Float64Array, power: number): Float64Array {
  const smallest = Math.min(...errors);
  const weights = errors.map((error) => {
    if (smallest === 0) return error === 0 ? 1 : 0;
    return exp(power * log(smallest / error));
  });
  return withoutSmall(normalised(weights));
}

function withoutSmall(weights: Float64Array): Float64Array {
  return normalised(weights.map((weight) => (weight < SMALLEST_WEIGHT ? 0 : weight)));
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
