/**
 * Weights for averaging several models, from their errors on the same validation origins.
 *   e_sm = model m's mean absolute error on series s, over the mean of all models' on s
 *   ẽ_sm = (c_s·e_sm + κ·ē_m)/(c_s + κ), ē_m the mean over series, c_s the origins of s
 *   w_sm ∝ ẽ_sm^−4, models below a twentieth dropped
 * One series has few errors of its own, so it leans on all the others. Source: inverse-error weighting after Bates & Granger 1969;
 * shrinkage to the pool after Aiolfi & Timmermann 2006.
 */
export interface BlendWeights {
  /** [series][models], each row sums to 1. */
  readonly perSeries: readonly Float64Array[];
  /** For a series without errors of its own. */
  readonly pooled: Float64Array;
}

/** κ: origins' worth of trust in the pool. */
const POOL_ORIGINS = 10;
const SMALLEST_WEIGHT = 0.05;

/**
 * @param errors [series][models] mean absolute error over the series' origins; NaN rows where there are none
 * @param origins [series] number of origins
 */
export function blendWeights(
  errors: readonly ArrayLike<number>[],
  origins: ArrayLike<number>,
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
    if (origins[s] === 0) continue;
    scored++;
    for (let m = 0; m < models; m++) pooledError[m] += relative[s][m];
  }
  for (let m = 0; m < models; m++) pooledError[m] = scored > 0 ? pooledError[m] / scored : 1;
  const perSeries = relative.map((row, s) => {
    const own = origins[s];
    if (own === 0) return inversePower(pooledError);
    return inversePower(row.map((error, m) => (own * error + POOL_ORIGINS * pooledError[m]) / (own + POOL_ORIGINS)));
  });
  return { perSeries, pooled: inversePower(pooledError) };
}

/** Weights ∝ error⁻⁴, small ones dropped; an error of zero takes everything. */
function inversePower(errors: Float64Array): Float64Array {
  const smallest = Math.min(...errors);
  const weights = errors.map((error) => {
    if (smallest === 0) return error === 0 ? 1 : 0;
    const ratio = smallest / error;
    return ratio * ratio * ratio * ratio;
  });
  return normalised(normalised(weights).map((weight) => (weight < SMALLEST_WEIGHT ? 0 : weight)));
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
