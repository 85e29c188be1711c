/**
 * What keeps gradients and weights within bounds, in place on named tensors of either engine: clipping as in
 * torch.nn.utils, and projections after an update. The mathematics of the projections is in cells/bounds.ts.
 */
import {
  clipByValue,
  commonNorm,
  projectRowNorms,
  projectSpectralNorm,
  projectSpectralRadius,
} from '../cells/bounds.js';
import { usageError } from '../errors.js';
import type { FloatArray } from './loss-mean.js';
import type { StateDict, Tensor } from './state-dict.js';

/** √Σ g² over all tensors, in float64; NaN or ∞ where a number is. */
export function gradNorm(grads: StateDict): number {
  return commonNorm(Object.values(grads).map(({ data }) => data));
}

/**
 * Clips by the common norm of all gradients: g ← g·min(1, maxNorm / (norm + 1e-6)), so that the direction stays. Returns the
 * norm before. Where that is not finite nothing is changed, and the caller sees it.
 * Source: Pascanu, Mikolov & Bengio 2013, algorithm 1; the 1e-6 is PyTorch's.
 *
 * @throws TidegateError `invalid_option`
 *
 * @example
 * const grads = { w: { shape: [2], data: Float64Array.of(30, 40) } };
 * clipGradNorm(grads, 5); // 50
 * Math.abs(grads.w.data[0] - 3) < 1e-6; // true
 */
export function clipGradNorm(grads: StateDict<FloatArray>, maxNorm: number): number {
  checkBound('clipGradNorm', 'maxNorm', maxNorm);
  const norm = gradNorm(grads);
  const factor = maxNorm / (norm + 1e-6);
  if (factor < 1 && norm < Number.POSITIVE_INFINITY)
    for (const { data } of Object.values(grads)) for (let k = 0; k < data.length; k++) data[k] *= factor;
  return norm;
}

/**
 * Clips every number of every gradient to [−bound, bound]; the direction changes. NaN stays NaN. Source: Graves 2013.
 *
 * @throws TidegateError `invalid_option`
 */
export function clipGradValue(grads: StateDict<FloatArray>, bound: number): void {
  checkBound('clipGradValue', 'bound', bound);
  for (const { data } of Object.values(grads)) inFloat64(data, (values) => clipByValue([values], bound));
}

/**
 * Weight clipping: every number of the tensor to [−bound, bound], after an update.
 *
 * @throws TidegateError `invalid_option`
 */
export function clipWeights({ data }: Tensor<FloatArray>, bound: number): void {
  checkBound('clipWeights', 'bound', bound);
  inFloat64(data, (values) => clipByValue([values], bound));
}

/**
 * Max-norm: every row of W [rows,columns], the weights into one unit, is shortened to `bound` where it is longer.
 * Source: Srivastava et al. 2014, section 5.1.
 *
 * @throws TidegateError `invalid_option`, `not_a_matrix`
 */
export function maxNorm(tensor: Tensor<FloatArray>, bound: number): void {
  checkBound('maxNorm', 'bound', bound);
  const [rows, columns] = matrixShape('maxNorm', tensor);
  inFloat64(tensor.data, (values) => projectRowNorms(values, rows, columns, bound));
}

/**
 * Scales W down to ‖W‖₂ = `bound` where it is above. Returns the norm before.
 *
 * @throws TidegateError `invalid_option`, `not_a_matrix`
 */
export function limitSpectralNorm(tensor: Tensor<FloatArray>, bound: number): number {
  checkBound('limitSpectralNorm', 'bound', bound);
  const [rows, columns] = matrixShape('limitSpectralNorm', tensor);
  return inFloat64(tensor.data, (values) => projectSpectralNorm(values, rows, columns, bound));
}

/**
 * Scales the square W down to spectral radius ρ(W) = `bound` where it is above. Returns the radius before.
 *
 * @throws TidegateError `invalid_option`, `not_a_matrix`
 */
export function limitSpectralRadius(tensor: Tensor<FloatArray>, bound: number): number {
  checkBound('limitSpectralRadius', 'bound', bound);
  const [rows, columns] = matrixShape('limitSpectralRadius', tensor);
  if (rows !== columns)
    throw usageError('not_a_matrix', `limitSpectralRadius needs a square matrix, got [${rows}, ${columns}].`);
  return inFloat64(tensor.data, (values) => projectSpectralRadius(values, rows, bound));
}

/** Runs `change` on the numbers in float64 and puts what it left there back. */
function inFloat64<R>(data: FloatArray, change: (values: Float64Array) => R): R {
  if (data instanceof Float64Array) return change(data);
  const values = Float64Array.from(data);
  const result = change(values);
  data.set(values);
  return result;
}

function matrixShape(what: string, { shape }: Tensor): [number, number] {
  if (shape.length !== 2)
    throw usageError('not_a_matrix', `${what} needs a matrix, got a tensor of shape [${shape.join(', ')}].`);
  return [shape[0], shape[1]];
}

function checkBound(what: string, option: string, bound: number): void {
  if (!(bound > 0)) throw usageError('invalid_option', `${what} needs ${option} > 0, got ${bound}.`);
}
