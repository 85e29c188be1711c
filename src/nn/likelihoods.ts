/**
 * Negative log likelihoods of forecasts that are distributions: the layer's outputs are raw numbers, made into parameters
 * here. Outputs [N, 2·K] for targets [N, K], K = `targetSize` (default 1): first parameter of target k in column k, second in
 * column K + k. All give the weighted mean over the targets that count (loss-mean.ts) and ∂loss/∂output.
 */

import { inputError, usageError } from '../errors.js';
import { exp, log, log1p } from '../math/index.js';
import { HALF_LOG_TWO_PI, logGamma } from './log-gamma.js';
import { type FloatArray, type LossOptions, type LossResult, meanLoss } from './loss-mean.js';
import { log1pMinus, risingSlope, scaledRising } from './rising-factorial.js';

export interface GaussianOptions extends LossOptions {
  targetSize?: number | undefined;
  /** Added to every standard deviation, so that no target can be hit infinitely well. Default 1e-6. */
  leastScale?: number | undefined;
  /** Whether the loss contains the constant ½·ln 2π. Default false, as in PyTorch's GaussianNLLLoss. */
  full?: boolean | undefined;
}

/**
 * Gaussian negative log likelihood of a mean and a raw scale:
 *   σ = softplus(raw) + leastScale ;  loss = ln σ + ½·((y − μ)/σ)²
 *
 * @throws TidegateError `invalid_option`, `wrong_array_type`, `wrong_length`, `bad_weight`
 *
 * @example
 * const { dOutput } = gaussianNll(Float64Array.of(3, 0.5), [3]);
 * dOutput[0]; // 0
 * dOutput[1] > 0; // true
 */
export function gaussianNll<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  options: GaussianOptions = {},
): LossResult<V> {
  const { targetSize, full = false } = options;
  const least = checkedLeast('gaussianNll', 'leastScale', options.leastScale ?? 1e-6);
  return meanLoss(output, target, { perTarget: 2, targetSize }, options, (y, at, stride, d) => {
    const raw = output[at + stride];
    const scale = softplus(raw) + least;
    const z = (output[at] - y) / scale;
    d[at] = z / scale;
    d[at + stride] = ((1 - z * z) / scale) * softplusSlope(raw);
    return log(scale) + 0.5 * z * z + (full ? HALF_LOG_TWO_PI : 0);
  });
}

export interface NegativeBinomialOptions extends LossOptions {
  targetSize?: number | undefined;
  /** Added to every mean and every dispersion. Default 1e-6. */
  least?: number | undefined;
}

/**
 * Negative log likelihood of counts under a negative binomial distribution, of a raw mean and a raw dispersion:
 *   μ = softplus(raw₁) + least ;  α = softplus(raw₂) + least ;  r = 1/α ;  variance μ + α·μ²
 *   loss = ln Γ(r) + ln Γ(y+1) − ln Γ(y+r) + (y + r)·ln(1 + α·μ) − y·ln(α·μ)
 * Source: Salinas et al. 2020 (DeepAR), section 3.1. Computed so that small dispersions lose no digits: with
 * A(r, y) = ln Γ(r+y) − ln Γ(r) − y·ln r, the loss is ln Γ(y+1) − A − y·ln μ + (y + r)·ln(1 + α·μ), Poisson's for α → 0.
 *
 * @throws TidegateError `bad_target` unless every target is a whole number ≥ 0; `invalid_option`, `wrong_array_type`,
 *   `wrong_length`, `bad_weight`
 *
 * @example
 * // Mean 1 and dispersion 1: a geometric distribution, P(2) = 1/8.
 * const one = Math.log(Math.E - 1);
 * Math.abs(negativeBinomialNll(Float64Array.of(one, one), [2]).loss - Math.log(8)) < 1e-6; // true
 */
export function negativeBinomialNll<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  options: NegativeBinomialOptions = {},
): LossResult<V> {
  const least = checkedLeast('negativeBinomialNll', 'least', options.least ?? 1e-6);
  return meanLoss(output, target, { perTarget: 2, targetSize: options.targetSize }, options, (y, at, stride, d) => {
    if (!(Number.isSafeInteger(y) && y >= 0))
      throw inputError('bad_target', `target ${y} is no count; the negative binomial loss needs whole numbers ≥ 0.`);
    const [rawMean, rawDispersion] = [output[at], output[at + stride]];
    const mean = softplus(rawMean) + least;
    const dispersion = softplus(rawDispersion) + least;
    const product = dispersion * mean;
    const r = 1 / dispersion;
    d[at] = ((mean - y) / (mean * (1 + product))) * softplusSlope(rawMean);
    // ∂/∂α of (y + r)·ln(1 + αμ): the terms of order r cancel in exact arithmetic and are left out here.
    const dSum = -r * r * log1pMinus(product) + (mean * (y - mean)) / (1 + product);
    d[at + stride] = (dSum - risingSlope(dispersion, y)) * softplusSlope(rawDispersion);
    const sum = (y + r) * log1p(product);
    return logGamma(y + 1) - scaledRising(r, y) - y * log(mean) + sum;
  });
}

/** ln(1 + eˣ): positive, x for large x. */
export function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}

/** d softplus/dx = σ(x). */
function softplusSlope(x: number): number {
  return 1 / (1 + exp(-x));
}

function checkedLeast(what: string, option: string, value: number): number {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw usageError('invalid_option', `${what} option "${option}" needs a finite number > 0, got ${value}.`);
  return value;
}
