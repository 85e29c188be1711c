/**
 * The eigenvalues of a real upper Hessenberg matrix by the implicit double-shift QR iteration of Francis.
 * Source: Golub & Van Loan, Matrix Computations, 4th ed., algorithm 7.5.2, with the deflation test and the exceptional
 * shifts of EISPACK's `hqr`.
 */

/** Sweeps without a deflation after which the matrix counts as one that the iteration cannot take apart. */
const MAX_SWEEPS = 60;

/**
 * Overwrites `moduli` [n] with the absolute values of the eigenvalues of A [n,n] (row-major, row length `stride`, zero
 * below the first subdiagonal), in the order in which they split off. A is destroyed. Returns whether all were found.
 */
export function hessenbergEigenvalueModuli(
  moduli: Float64Array,
  A: Float64Array,
  n: number,
  stride: number = n,
): boolean {
  let last = n - 1;
  let sweeps = 0;
  /** Sum of the exceptional shifts taken off the diagonal. */
  let shifted = 0;
  while (last >= 0) {
    const first = activeBlock(A, last, stride);
    if (first === last) {
      moduli[last] = Math.abs(A[last * stride + last] + shifted);
      last -= 1;
      sweeps = 0;
    } else if (first === last - 1) {
      pairModuli(moduli, A, last, stride, shifted);
      last -= 2;
      sweeps = 0;
    } else {
      if (sweeps === MAX_SWEEPS) return false;
      const exceptional = sweeps > 0 && sweeps % 10 === 0;
      if (exceptional) shifted += shiftDiagonal(A, last, stride);
      francisSweep(A, first, last, stride, exceptional);
      sweeps += 1;
    }
  }
  return true;
}

/** The first row of the unreduced block that ends at `last`: where a subdiagonal entry is lost in its neighbours' rounding. */
function activeBlock(A: Float64Array, last: number, stride: number): number {
  for (let k = last; k > 0; k--) {
    const at = k * stride + k;
    const neighbours = Math.abs(A[at]) + Math.abs(A[at - stride - 1]);
    if (Math.abs(A[at - 1]) <= Number.EPSILON * neighbours || A[at - 1] === 0) {
      A[at - 1] = 0;
      return k;
    }
  }
  return 0;
}

/** |λ| of both eigenvalues of the 2×2 block that ends at `last`: a conjugate pair has |λ|² = det. */
function pairModuli(moduli: Float64Array, A: Float64Array, last: number, stride: number, shifted: number): void {
  const at = last * stride + last;
  const [a, b] = [A[at - stride - 1], A[at - stride]];
  const [c, d] = [A[at - 1], A[at]];
  const half = (a - d) / 2;
  const discriminant = half * half + b * c;
  if (discriminant < 0) {
    const modulus = Math.hypot((a + d) / 2 + shifted, Math.sqrt(-discriminant));
    moduli[last] = modulus;
    moduli[last - 1] = modulus;
    return;
  }
  // d + λ with λ the roots of λ² − 2·half·λ − b·c: the larger directly, the smaller from their product.
  const larger = half + (half < 0 ? -1 : 1) * Math.sqrt(discriminant);
  moduli[last - 1] = Math.abs(d + larger + shifted);
  moduli[last] = Math.abs((larger === 0 ? d : d - (b * c) / larger) + shifted);
}

/** An exceptional shift, for matrices that the usual shifts map onto themselves: A −= a_nn·I. Returns a_nn. */
function shiftDiagonal(A: Float64Array, last: number, stride: number): number {
  const shift = A[last * stride + last];
  for (let k = 0; k <= last; k++) A[k * stride + k] -= shift;
  return shift;
}

/**
 * One Francis step on the block first … last: with s the sum and p the product of the two shifts, the first column of
 * (A − κ₁I)(A − κ₂I) = A² − s·A + p·I starts a bulge that 3×3 reflections chase down the diagonal.
 */
function francisSweep(A: Float64Array, first: number, last: number, stride: number, exceptional: boolean): void {
  const end = last * stride + last;
  let sum = A[end] + A[end - stride - 1];
  let product = A[end] * A[end - stride - 1] - A[end - stride] * A[end - 1];
  if (exceptional) {
    const size = Math.abs(A[end - 1]) + Math.abs(A[end - stride - 2]);
    sum = 1.5 * size;
    product = size * size;
  }
  const top = first * stride + first;
  const below = A[top + stride];
  let x = A[top] * A[top] + A[top + 1] * below - sum * A[top] + product;
  let y = below * (A[top] + A[top + stride + 1] - sum);
  let z = below * A[top + 2 * stride + 1];
  for (let k = first; k < last; k++) {
    const size = k < last - 1 ? 3 : 2;
    if (size === 2) z = 0;
    const norm = Math.sqrt(x * x + y * y + z * z);
    if (norm !== 0) {
      // H = I − τ·u·uᵀ, u = [1, u1, u2], sends [x, y, z] to [β, 0, 0].
      const beta = x > 0 ? -norm : norm;
      const [u1, u2] = [y / (x - beta), z / (x - beta)];
      const tau = (beta - x) / beta;
      reflectRows(A, k, k > first ? k - 1 : first, last, size, tau, u1, u2, stride);
      reflectColumns(A, k, first, Math.min(k + 3, last), size, tau, u1, u2, stride);
    }
    const next = (k + 1) * stride + k;
    x = A[next];
    y = k + 2 <= last ? A[next + stride] : 0;
    z = k + 3 <= last ? A[next + 2 * stride] : 0;
  }
  for (let k = first + 2; k <= last; k++) {
    A[k * stride + k - 2] = 0;
    if (k > first + 2) A[k * stride + k - 3] = 0;
  }
}

/** Rows k … k+size−1 of A ← H·rows, columns `from` … `to`. */
function reflectRows(
  A: Float64Array,
  k: number,
  from: number,
  to: number,
  size: number,
  tau: number,
  u1: number,
  u2: number,
  stride: number,
): void {
  const [r0, r1] = [k * stride, (k + 1) * stride];
  const r2 = size === 3 ? r1 + stride : r1;
  for (let j = from; j <= to; j++) {
    const s = tau * (A[r0 + j] + u1 * A[r1 + j] + (size === 3 ? u2 * A[r2 + j] : 0));
    A[r0 + j] -= s;
    A[r1 + j] -= s * u1;
    if (size === 3) A[r2 + j] -= s * u2;
  }
}

/** Columns k … k+size−1 of A ← columns·H, rows `from` … `to`. */
function reflectColumns(
  A: Float64Array,
  k: number,
  from: number,
  to: number,
  size: number,
  tau: number,
  u1: number,
  u2: number,
  stride: number,
): void {
  for (let i = from; i <= to; i++) {
    const at = i * stride + k;
    const s = tau * (A[at] + u1 * A[at + 1] + (size === 3 ? u2 * A[at + 2] : 0));
    A[at] -= s;
    A[at + 1] -= s * u1;
    if (size === 3) A[at + 2] -= s * u2;
  }
}
