/** What all losses share: which targets count and how much, the mean over them, and its gradient. */
import { inputError, usageError } from '../errors.js';
import type { Values } from './engine-kind.js';

/** Outputs and gradients: of either engine. */
export type FloatArray = Values<'wasm'> | Values<'reference'>;

/** What counts. A target that is NaN never does. */
export interface LossOptions {
  /** One per target: 0 or false leaves it out. */
  mask?: ArrayLike<number | boolean> | undefined;
  /** One per target, finite and ≥ 0: how much it counts. Default 1. */
  weights?: ArrayLike<number> | undefined;
}

/** The mean loss, and ∂loss/∂output in the array type and layout of the output; exactly 0 where nothing counts. */
export interface LossResult<V extends FloatArray> {
  loss: number;
  dOutput: V;
}

/**
 * How the outputs lie: rows of P·K, K = `targetSize` targets per row (default 1) with P outputs each; output p of target
 * k in column p·K + k. So [N,P] for K = 1, and for P = 1 the same layout as the targets.
 */
export interface OutputLayout {
  perTarget: number;
  targetSize?: number | undefined;
}

/**
 * The loss of one target. Its P outputs are at `at`, at + stride, …; writes ∂loss/∂output to the same places of `d`.
 * May give a weight of the target's own; default 1.
 */
type Term = (target: number, at: number, stride: number, d: Float64Array) => number;

/**
 * loss = Σ_k w_k·term_k / Σ_k w_k over the targets that count; 0 where there are none. With all weights 1 it is PyTorch's
 * reduction `mean`. Sums in float64, whatever the arrays.
 *
 * @param ownWeight a weight that depends on the target, multiplied with the one from the options
 * @throws TidegateError `wrong_array_type`, `wrong_length`, `bad_weight`
 */
export function meanLoss<V extends FloatArray>(
  output: V,
  target: ArrayLike<number>,
  layout: OutputLayout,
  options: LossOptions,
  term: Term,
  ownWeight: (target: number) => number = () => 1,
): LossResult<V> {
  const { perTarget: P, targetSize: K = 1 } = layout;
  checkLengths(output, target, P, K, options);
  const { mask, weights } = options;
  const d = new Float64Array(output.length);
  const scales = new Float64Array(target.length);
  let total = 0;
  let sum = 0;
  for (let k = 0; k < target.length; k++) {
    if (Number.isNaN(target[k]) || (mask !== undefined && !mask[k])) continue;
    const weight = (weights === undefined ? 1 : checkedWeight(weights, k)) * ownWeight(target[k]);
    if (weight === 0) continue;
    const row = Math.floor(k / K);
    sum += weight * term(target[k], row * (P - 1) * K + k, K, d);
    scales[k] = weight;
    total += weight;
  }
  for (let k = 0; k < target.length; k++) {
    const first = Math.floor(k / K) * (P - 1) * K + k;
    const scale = total > 0 ? scales[k] / total : 0;
    for (let p = 0; p < P; p++) d[first + p * K] *= scale;
  }
  const dOutput = (output instanceof Float32Array ? Float32Array.from(d) : d) as V;
  return { loss: total > 0 ? sum / total : 0, dOutput };
}

function checkedWeight(weights: ArrayLike<number>, k: number): number {
  if (!(weights[k] >= 0 && weights[k] < Number.POSITIVE_INFINITY))
    throw inputError('bad_weight', `weight ${k} is ${weights[k]}; weights must be finite and not negative.`);
  return weights[k];
}

function checkLengths(
  output: FloatArray,
  target: ArrayLike<number>,
  P: number,
  K: number,
  { mask, weights }: LossOptions,
): void {
  if (!(output instanceof Float32Array || output instanceof Float64Array)) {
    const got = (output as unknown)?.constructor?.name ?? String(output);
    throw usageError(
      'wrong_array_type',
      `output is ${got}; a loss takes what a layer gives, Float32Array or Float64Array.`,
    );
  }
  if (!(Number.isSafeInteger(K) && K >= 1 && target.length % K === 0))
    throw usageError('wrong_length', `${target.length} targets are no whole number of rows of targetSize ${K}.`);
  if (output.length !== P * target.length)
    throw usageError(
      'wrong_length',
      `got ${output.length} outputs for ${target.length} targets; this loss needs ${P} per target, ${P * target.length}.`,
    );
  for (const [name, array] of Object.entries({ mask, weights }))
    if (array !== undefined && array.length !== target.length)
      throw usageError(
        'wrong_length',
        `got ${array.length} ${name} values for ${target.length} targets; pass one for each.`,
      );
}
