/**
 * The plain (Elman) recurrent network over a whole sequence in float64: forward, and below it the complete
 * back-propagation through time. Time-major, row-major: x [T,B,D], states [B,H]; t counts from 1 to T.
 * One bias; PyTorch's two are added up by the caller. Source: Elman 1990; section 2 of docs/math.md.
 */
import { type Nonlinearity, phi, phiSlope } from './activations.js';
import { addBiasGradient, addLinear, addWeightGradient, setBias, setInputGradient } from './linear.js';
import type { SequenceSizes } from './sequence-sizes.js';

export type { Nonlinearity } from './activations.js';

/** Wx [H,D], Wh [H,H], b [H]. */
export interface RnnParameters {
  Wx: Float64Array;
  Wh: Float64Array;
  b: Float64Array;
}

/** dx [T,B,D], dh0 [B,H], dz [T,B,H] (the errors before φ) are overwritten; dWx, dWh, db are added to. */
export interface RnnGradients {
  dx: Float64Array;
  dh0: Float64Array;
  dz: Float64Array;
  dWx: Float64Array;
  dWh: Float64Array;
  db: Float64Array;
}

/**
 * Forward.
 *   z_t = Wx·x_t + Wh·h_{t−1} + b ;  h_t = φ(z_t)
 * Fills h [T+1,B,H]: row 0 is the initial state h0 [B,H], row t is step t.
 */
export function rnnForward(
  h: Float64Array,
  x: Float64Array,
  h0: Float64Array,
  parameters: RnnParameters,
  nonlinearity: Nonlinearity,
  sizes: SequenceSizes,
): void {
  const { Wx, Wh, b } = parameters;
  const { T, B, D, H } = sizes;
  h.set(h0);
  setBias(h, B * H, b, T * B, H);
  addLinear(h, B * H, x, 0, Wx, T * B, H, D);
  for (let t = 1; t <= T; t++) {
    const now = t * B * H;
    const before = now - B * H;
    addLinear(h, now, h, before, Wh, B, H, H);
    for (let unit = now; unit < now + B * H; unit++) h[unit] = phi(h[unit], nonlinearity);
  }
}

/**
 * Backward: the gradient of a loss that sees every h_t through `dy` [T,B,H], and besides the final state through
 * `dhT` [B,H] (zeros where it does not). From t = T down to 1:
 *   δ_h,t = dy_t + Whᵀ·δ_z,t+1 ;  δ_z,t = δ_h,t ⊙ φ′(z_t)
 * with φ′ from the output h_t (activations.ts). Then
 *   dx_t = Wxᵀ·δ_z,t ;  dWx += Σ_t δ_z,t·x_tᵀ ;  dWh += Σ_t δ_z,t·h_{t−1}ᵀ ;  db += Σ_t δ_z,t
 * `dh0` carries the error back from step to step and so ends as ∂L/∂h_0; it may be dhT.
 */
export function rnnBackward(
  gradients: RnnGradients,
  dy: Float64Array,
  dhT: Float64Array,
  h: Float64Array,
  x: Float64Array,
  parameters: RnnParameters,
  nonlinearity: Nonlinearity,
  sizes: SequenceSizes,
): void {
  const { dx, dh0, dz, dWx, dWh, db } = gradients;
  const { Wx, Wh } = parameters;
  const { T, B, D, H } = sizes;
  dh0.set(dhT);
  for (let t = T; t >= 1; t--) {
    const now = t * B * H;
    const before = now - B * H;
    for (let unit = 0; unit < B * H; unit++) {
      const dh = dy[before + unit] + dh0[unit];
      dz[before + unit] = dh * phiSlope(h[now + unit], nonlinearity);
    }
    setInputGradient(dh0, 0, dz, before, Wh, B, H, H);
  }
  setInputGradient(dx, 0, dz, 0, Wx, T * B, H, D);
  addWeightGradient(dWx, dz, x, T * B, H, D);
  addWeightGradient(dWh, dz, h, T * B, H, H);
  addBiasGradient(db, dz, T * B, H);
}
