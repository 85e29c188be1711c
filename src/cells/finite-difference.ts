/**
 * Is this gradient right? Compares it with central differences of the loss itself, in float64.
 *   n_k = (L(p + ε·e_k) − L(p − ε·e_k)) / 2ε ;   error = ‖a − n‖ / (‖a‖ + ‖n‖) per array, a the analytic gradient
 * ε = 1e-6 leaves about 1e-10·|L| of rounding in n_k: a right gradient of norm 1 or so shows 1e-10 to 1e-8, a wrong one
 * 1e-3 and more. Keep the loss near 1 and away from kinks (ReLU at 0).
 */
import { usageError } from '../errors.js';

/** Arrays by name: parameters, or their gradients. */
export type NamedArrays = Readonly<Record<string, Float64Array>>;

export interface GradientCheck {
  /** The largest of `errors`; NaN as soon as one is. */
  worst: number;
  /** ‖a − n‖ / (‖a‖ + ‖n‖) for each array; where both norms are ≤ 1e-10 the gradient is 0 and so is the error. */
  errors: Record<string, number>;
}

/**
 * Checks an analytic gradient against central differences.
 *
 * @param loss computes L from `parameters`; called twice per number, with one number of one array moved by ±ε
 * @param parameters moved in place, and put back to the bit before this returns or throws
 * @param gradients ∂L/∂p by the same names and of the same lengths
 * @throws TidegateError `gradient_mismatch` when a name or a length of `gradients` does not fit `parameters`
 *
 * @example
 * const p = { w: Float64Array.of(3, -2) };
 * const loss = () => p.w[0] * p.w[0] + p.w[1];
 * gradCheck(loss, p, { w: Float64Array.of(6, 1) }).worst < 1e-7; // true
 */
export function gradCheck(
  loss: (parameters: NamedArrays) => number,
  parameters: NamedArrays,
  gradients: NamedArrays,
  options: { epsilon?: number } = {},
): GradientCheck {
  checkNames(parameters, gradients);
  const errors: Record<string, number> = {};
  let worst = 0;
  for (const [name, values] of Object.entries(parameters)) {
    const numeric = centralDifferences(() => loss(parameters), values, options.epsilon ?? 1e-6);
    errors[name] = gradientError(gradients[name], numeric);
    worst = Math.max(worst, errors[name]);
  }
  return { worst, errors };
}

/** The numeric gradient of `loss` by `values`, which it moves in place and puts back. */
function centralDifferences(loss: () => number, values: Float64Array, epsilon: number): Float64Array {
  const numeric = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const kept = values[k];
    const above = kept + epsilon;
    const below = kept - epsilon;
    try {
      values[k] = above;
      const lossAbove = loss();
      values[k] = below;
      // above − below, not 2ε: what was really moved after rounding.
      numeric[k] = (lossAbove - loss()) / (above - below);
    } finally {
      values[k] = kept;
    }
  }
  return numeric;
}

function gradientError(analytic: Float64Array, numeric: Float64Array): number {
  const a = norm(analytic);
  const n = norm(numeric);
  if (a <= 1e-10 && n <= 1e-10) return 0;
  return norm(analytic.map((value, k) => value - numeric[k])) / (a + n);
}

function norm(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}

function checkNames(parameters: NamedArrays, gradients: NamedArrays): void {
  for (const name of new Set([...Object.keys(parameters), ...Object.keys(gradients)])) {
    const needed = parameters[name]?.length;
    const got = gradients[name]?.length;
    if (needed !== got)
      throw usageError(
        'gradient_mismatch',
        `"${name}" has ${got ?? 'no'} gradient values for ${needed ?? 'no'} parameter values; pass one gradient array per parameter array, of the same length.`,
      );
  }
}
