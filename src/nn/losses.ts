/**
 * Losses of point forecasts and quantiles. All give the weighted mean over the targets that count (loss-mean.ts) and
 * ∂loss/∂output, ready for a layer's `backward`. At a kink the gradient is 0, which lies between its two sides.
 */

import { usageError } from '../errors.js';
import { exp, log } from '../math/index.js';
import { type FloatArray, type LossOptions, type LossResult, meanLoss } from './loss-mean.js';

export type { FloatArray, LossOptions, LossResult } from './loss-mean.js';

/**
 * Mean squared error: (ŷ − y)². Output and target have the same shape.
 *
 * @throws TidegateError `wrong_array_type`, `wrong_length`, `bad_weight`
 *
 * @example
 * const { loss, dOutput } = mse(Float64Array.of(1, 5, 2), [0, NaN, 4]);
 * loss; // 2.5
 * dOutput; // Float64Array.of(1, 0, -2)
 */
export function mse<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  options: LossOptions = {},
): LossResult<V> {
  return meanLoss(output, target, { perTarget: 1 }, options, (y, at, _, d) => {
    const error = output[at] - y;
    d[at] = 2 * error;
    return error * error;
  });
}

/**
 * Mean absolute error: |ŷ − y|. Output and target have the same shape.
 *
 * @throws TidegateError `wrong_array_type`, `wrong_length`, `bad_weight`
 */
export function mae<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  options: LossOptions = {},
): LossResult<V> {
  return meanLoss(output, target, { perTarget: 1 }, options, (y, at, _, d) => {
    d[at] = Math.sign(output[at] - y);
    return Math.abs(output[at] - y);
  });
}

/**
 * Huber's loss: ½e² for |e| ≤ δ, δ·(|e| − ½δ) beyond; e = ŷ − y. `delta` δ > 0, default 1. Output and target have the same
 * shape. Source: Huber 1964; as PyTorch's HuberLoss.
 *
 * @throws TidegateError `invalid_option`, `wrong_array_type`, `wrong_length`, `bad_weight`
 */
export function huber<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  options: LossOptions & { delta?: number | undefined } = {},
): LossResult<V> {
  const delta = options.delta ?? 1;
  if (!(delta > 0 && delta < Number.POSITIVE_INFINITY))
    throw usageError('invalid_option', `huber option "delta" needs a finite number > 0, got ${delta}.`);
  return meanLoss(output, target, { perTarget: 1 }, options, (y, at, _, d) => {
    const error = output[at] - y;
    d[at] = Math.max(-delta, Math.min(delta, error));
    return Math.abs(error) <= delta ? 0.5 * error * error : delta * (Math.abs(error) - 0.5 * delta);
  });
}

/**
 * Pinball loss of Q quantiles: max(τ·(y − q̂), (τ − 1)·(y − q̂)), the mean over the levels τ too.
 * Outputs [N, Q·K] for targets [N, K], K = `targetSize` (default 1): level q of target k in column q·K + k.
 * Source: Koenker & Bassett 1978.
 *
 * @throws TidegateError `bad_levels` unless every level is in (0, 1); `wrong_array_type`, `wrong_length`, `bad_weight`
 *
 * @example
 * pinball(Float64Array.of(1, 4), [2], { levels: [0.5, 0.9] }).dOutput; // Float64Array.of(-0.25, 0.5 * (1 - 0.9))
 */
export function pinball<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  options: LossOptions & { levels: readonly number[]; targetSize?: number | undefined },
): LossResult<V> {
  const { levels, targetSize } = options;
  const Q = levels.length;
  if (Q === 0 || !levels.every((level) => level > 0 && level < 1))
    throw usageError('bad_levels', `levels [${levels.join(', ')}] must be one or more numbers between 0 and 1.`);
  return meanLoss(output, target, { perTarget: Q, targetSize }, options, (y, at, stride, d) => {
    let sum = 0;
    for (let q = 0; q < Q; q++) {
      const place = at + q * stride;
      const short = y - output[place];
      d[place] = (short > 0 ? -levels[q] : short < 0 ? 1 - levels[q] : 0) / Q;
      sum += Math.max(levels[q] * short, (levels[q] - 1) * short);
    }
    return sum / Q;
  });
}

/**
 * Cross-entropy of logits [N,C] against class numbers [N] from 0 on: ln Σ_c exp(z_c) − z_target.
 * `classWeights` [C] multiply with a target's weight. Targets equal to `ignoreIndex` (default −100) do not count, nor do NaN.
 * As PyTorch's CrossEntropyLoss, whose mean also divides by the sum of the weights.
 *
 * @throws TidegateError `bad_target` for a class that there is not; `invalid_option`, `wrong_array_type`, `wrong_length`,
 *   `bad_weight`
 *
 * @example
 * crossEntropy(Float64Array.of(0, 0), [1]).dOutput; // Float64Array.of(0.5, -0.5)
 */
export function crossEntropy<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  options: LossOptions & { classWeights?: ArrayLike<number> | undefined; ignoreIndex?: number | undefined } = {},
): LossResult<V> {
  const { classWeights, ignoreIndex = -100 } = options;
  // How many classes there are follows from the lengths; meanLoss refuses what is no whole number.
  const C = Math.max(1, Math.floor(output.length / Math.max(1, target.length)));
  if (
    classWeights !== undefined &&
    (classWeights.length !== C || !Array.from(classWeights).every((w) => w >= 0 && w < Infinity))
  )
    throw usageError(
      'invalid_option',
      `crossEntropy option "classWeights" needs ${C} finite numbers ≥ 0, one per class.`,
    );
  const weightOf = (y: number) => {
    if (y === ignoreIndex) return 0;
    if (!(Number.isInteger(y) && y >= 0 && y < C))
      throw usageError(
        'bad_target',
        `target ${y} is no class; the ${C} outputs per target are the classes 0 to ${C - 1}.`,
      );
    return classWeights?.[y] ?? 1;
  };
  const term = (y: number, at: number, _: number, d: Float64Array) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < C; c++) largest = Math.max(largest, output[at + c]);
    let sum = 0;
    for (let c = 0; c < C; c++) {
      d[at + c] = exp(output[at + c] - largest);
      sum += d[at + c];
    }
    for (let c = 0; c < C; c++) d[at + c] /= sum;
    d[at + y] -= 1;
    return log(sum) + largest - output[at + y];
  };
  return meanLoss(output, target, { perTarget: C }, options, term, weightOf);
}
