/**
 * The spectral radius ρ(A) = max |λ| of a real square matrix that is known by its products only. Power iteration does not
 * converge where the largest eigenvalues are a complex pair, the usual case for a random matrix; the Arnoldi process does:
 *   A·V_m = V_m·H_m + h_{m+1,m}·v_{m+1}·e_mᵀ ,   V_mᵀ·V_m = I
 * The largest eigenvalues of the small Hessenberg matrix H_m settle on those of A long before m = n, and at m = n they
 * are those of A. Source: Saad, Numerical Methods for Large Eigenvalue Problems, 2nd ed., section 6.2.
 */
import type { Random } from '../random.js';
import { hessenbergEigenvalueModuli } from './hessenberg-eigenvalues.js';

/** Up to this size all eigenvalues are computed. */
const SMALL = 96;
/** The subspace grows by this factor between two looks at its largest eigenvalue. */
const GROWTH = 1.3;
/** Settled: two looks in a row changed by no more than this, relatively. */
const SETTLED = 1e-9;

/**
 * ρ(A) of A [n,n], to about 1e-9 relative for a well-conditioned largest eigenvalue. `multiply` overwrites its first argument [n] with
 * A times its second. `random` gives the start vector. NaN when the eigenvalues of H_m cannot be found or A is not finite.
 */
export function spectralRadius(
  multiply: (product: Float64Array, v: Float64Array) => void,
  n: number,
  random: Random,
): number {
  const basis = [randomUnitVector(n, [], random)];
  const H = new Float64Array(n * n);
  let radius = 0;
  let settled = 0;
  let nextLook = Math.min(n, SMALL);
  for (let m = 1; m <= n; m++) {
    const w = new Float64Array(n);
    multiply(w, basis[m - 1]);
    const size = norm(w);
    orthogonalise(w, basis, (i, overlap) => {
      H[i * n + m - 1] += overlap;
    });
    const rest = norm(w);
    if (m < n) {
      // An invariant subspace (rest 0): its block is split off, and the search goes on outside of it.
      const split = rest <= n * Number.EPSILON * size;
      H[m * n + m - 1] = split ? 0 : rest;
      basis.push(split ? randomUnitVector(n, basis, random) : scaled(w, 1 / rest));
    }
    if (m < nextLook) continue;
    const before = radius;
    radius = largestModulus(H, m, n);
    settled = Math.abs(radius - before) <= SETTLED * radius ? settled + 1 : 0;
    if (Number.isNaN(radius) || (settled >= 2 && radius > 0)) return radius;
    nextLook = Math.min(n, Math.ceil(m * GROWTH));
  }
  return radius;
}

/** max |λ| of the leading [m,m] block of H. */
function largestModulus(H: Float64Array, m: number, n: number): number {
  const block = new Float64Array(m * m);
  for (let i = 0; i < m; i++) block.set(H.subarray(i * n, i * n + m), i * m);
  const moduli = new Float64Array(m);
  return hessenbergEigenvalueModuli(moduli, block, m) ? moduli.reduce((a, b) => Math.max(a, b), 0) : Number.NaN;
}

/** w −= Σ_i (v_iᵀw)·v_i, twice (once leaves a rest of the size of the rounding times the cancellation). */
function orthogonalise(
  w: Float64Array,
  basis: readonly Float64Array[],
  overlapFound: (i: number, overlap: number) => void = () => {},
): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < basis.length; i++) {
      const v = basis[i];
      let overlap = 0;
      for (let k = 0; k < w.length; k++) overlap += v[k] * w[k];
      for (let k = 0; k < w.length; k++) w[k] -= overlap * v[k];
      overlapFound(i, overlap);
    }
  }
}

/** A random direction orthogonal to `basis`. */
function randomUnitVector(n: number, basis: readonly Float64Array[], random: Random): Float64Array {
  const v = new Float64Array(n).map(() => random.normal());
  orthogonalise(v, basis);
  return scaled(v, 1 / norm(v));
}

function scaled(v: Float64Array, factor: number): Float64Array {
  return v.map((value) => value * factor);
}

function norm(v: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < v.length; k++) sum += v[k] * v[k];
  return Math.sqrt(sum);
}
