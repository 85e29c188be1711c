/**
 * What keeps gradients and weights within bounds: clipping by norm and by value, and projections of a weight matrix onto
 * the nearest (or a near) one that obeys a bound. All work in place, all on matrices in row-major order.
 * Allocates, as kernels do not: these run once per update.
 */
import { Random } from '../random.js';
import { addLinear, setInputGradient } from './linear.js';
import { spectralRadius } from './spectral-radius.js';

/** ‖all arrays together‖₂, without overflow or underflow on the way; NaN or ∞ where a number is. */
export function commonNorm(arrays: readonly ArrayLike<number>[]): number {
  return lengthOf(Float64Array.from(arrays, lengthOf));
}

/**
 * Clips every number to [−bound, bound]. On gradients this is clipping by value (Graves 2013; the direction changes), on
 * weights weight clipping. NaN stays NaN.
 */
export function clipByValue(arrays: readonly Float64Array[], bound: number): void {
  for (const values of arrays)
    for (let k = 0; k < values.length; k++) values[k] = Math.max(-bound, Math.min(bound, values[k]));
}

/**
 * Max-norm: every row of W [rows,columns], the weights that come into one unit, longer than maxNorm is shortened to it.
 * Source: Srivastava et al. 2014, section 5.1.
 */
export function projectRowNorms(W: Float64Array, rows: number, columns: number, maxNorm: number): void {
  for (let r = 0; r < rows; r++) {
    const row = W.subarray(r * columns, (r + 1) * columns);
    const norm = lengthOf(row);
    if (norm > maxNorm) scale(row, maxNorm / norm);
  }
}

/**
 * Scales W [rows,columns] down to ‖W‖₂ = maxNorm where it is above: then an error that goes back through a linear
 * recurrence cannot grow faster than maxNorm per step (docs/math.md, section 1). Returns the norm before.
 */
export function projectSpectralNorm(W: Float64Array, rows: number, columns: number, maxNorm: number): number {
  const norm = spectralNorm(W, rows, columns);
  if (norm > maxNorm) scale(W, maxNorm / norm);
  return norm;
}

/**
 * Scales W [n,n] down to ρ(W) = maxRadius where it is above: what bounds the growth over many steps, while single steps
 * may still amplify. Returns the radius before.
 */
export function projectSpectralRadius(W: Float64Array, n: number, maxRadius: number): number {
  const radius = spectralRadius((product, v) => multiply(product, W, v, n, n), n, new Random('start vector'));
  if (radius > maxRadius) scale(W, maxRadius / radius);
  return radius;
}

/** ‖W‖₂, the largest singular value of W [rows,columns]: √ρ(Wᵀ·W). Deterministic; NaN where W is not finite. */
export function spectralNorm(W: Float64Array, rows: number, columns: number): number {
  const between = new Float64Array(rows);
  const gram = (product: Float64Array, v: Float64Array) => {
    multiply(between, W, v, rows, columns);
    setInputGradient(product, 0, between, 0, W, 1, rows, columns);
  };
  return Math.sqrt(spectralRadius(gram, columns, new Random('start vector')));
}

/** product = W·v, W [rows,columns]. */
function multiply(product: Float64Array, W: Float64Array, v: Float64Array, rows: number, columns: number): void {
  product.fill(0);
  addLinear(product, 0, v, 0, W, 1, rows, columns);
}

/** ‖values‖₂ without overflow or underflow on the way. */
function lengthOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < values.length; k++) largest = Math.max(largest, Math.abs(values[k]));
  if (largest === 0 || !(largest < Number.POSITIVE_INFINITY)) return largest;
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += (values[k] / largest) * (values[k] / largest);
  return largest * Math.sqrt(squares);
}

function scale(values: Float64Array, factor: number): void {
  for (let k = 0; k < values.length; k++) values[k] *= factor;
}
