/**
 * The reservoir of an echo state network: a leaky recurrent layer whose weights are random and stay as they are. Only a
 * linear readout of [1; x; h] is learned (ridge.ts in one go, rls.ts online), so there is no backward pass.
 * Source: Jaeger 2001, GMD report 148; Jaeger et al. 2007; Lukoševičius 2012. Section 2 of docs/math.md.
 */
import { tanh } from '../math/index.js';
import { addSparseProduct, type SparseMatrix } from './sparse-matrix.js';

/** Wx [N,D], Wh [N,N] sparse, b [N], Wfb [N,O] (undefined: no feedback). Row-major. */
export interface EsnWeights {
  Wx: Float64Array;
  Wh: SparseMatrix;
  b: Float64Array;
  Wfb: Float64Array | undefined;
}

/**
 * One step of the reservoir.
 *   z = Wx·x + Wh·h₋ + Wfb·y₋ + b + ν ;  h = (1 − λ)·h₋ + λ·tanh(z)
 * h [N] holds h₋ on entry and h on return; z [N] is overwritten; x [D] at x[xAt …]; y₋ [O] is the output (or target) of
 * the step before; ν [N] is noise (undefined: none); λ in (0, 1] is the leak.
 */
export function esnStep(
  h: Float64Array,
  z: Float64Array,
  x: Float64Array,
  xAt: number,
  y: Float64Array,
  weights: EsnWeights,
  leak: number,
  noise: Float64Array | undefined,
): void {
  const { Wx, Wh, b, Wfb } = weights;
  const N = h.length;
  const D = Wx.length / N;
  z.set(b);
  if (noise !== undefined) for (let i = 0; i < N; i++) z[i] += noise[i];
  for (let d = 0; d < D; d++) {
    const value = x[xAt + d];
    for (let i = 0, at = d; i < N; i++, at += D) z[i] += Wx[at] * value;
  }
  if (Wfb !== undefined) {
    const O = y.length;
    for (let i = 0; i < N; i++) {
      for (let o = 0; o < O; o++) z[i] += Wfb[i * O + o] * y[o];
    }
  }
  addSparseProduct(z, Wh, h);
  for (let i = 0; i < N; i++) h[i] = (1 - leak) * h[i] + leak * tanh(z[i]);
}
