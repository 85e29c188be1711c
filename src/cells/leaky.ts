/**
 * The leaky-integrator network over a whole sequence in float64: forward, and below it the complete back-propagation
 * through time. Time-major, row-major: x [T,B,D], states [B,H]; t counts from 1 to T.
 *
 * Every unit keeps (1 − λ) of what it was: a memory of its own, with a half-life of ln 2 / −ln(1 − λ) steps. λ is in
 * (0, 1]; λ = 1 is the plain RNN, bit for bit. Sources: Jaeger, Lukoševičius, Popovici & Siewert 2007, eq. 2; section 2
 * of docs/math.md.
 */
import { type Nonlinearity, phi, phiSlope } from './activations.js';
import {
  addBiasGradient,
  addInputGradient,
  addLinear,
  addWeightGradient,
  setBias,
  setInputGradient,
} from './linear.js';
import type { SequenceSizes } from './sequence-sizes.js';

/** Wx [H,D], Wh [H,H], b [H]; leak is λ: [1] for all units, or [H]. */
export interface LeakyParameters {
  Wx: Float64Array;
  Wh: Float64Array;
  b: Float64Array;
  leak: Float64Array;
}

/** What the forward pass computes and backward needs. h [T+1,B,H]: row 0 is the initial state, row t step t; a [T,B,H] = φ(z_t). */
export interface LeakyTrace {
  h: Float64Array;
  a: Float64Array;
}

/** dx [T,B,D], dh0 [B,H], dz [T,B,H] (the errors before φ) are overwritten; dWx, dWh, db, dleak ([1] or [H], as leak) are added to. */
export interface LeakyGradients {
  dx: Float64Array;
  dh0: Float64Array;
  dz: Float64Array;
  dWx: Float64Array;
  dWh: Float64Array;
  db: Float64Array;
  dleak: Float64Array;
}

/**
 * Forward.
 *   z_t = Wx·x_t + Wh·h_{t−1} + b ;  a_t = φ(z_t) ;  h_t = (1 − λ) ⊙ h_{t−1} + λ ⊙ a_t
 * Fills `trace`. h0 [B,H].
 */
export function leakyForward(
  trace: LeakyTrace,
  x: Float64Array,
  h0: Float64Array,
  parameters: LeakyParameters,
  nonlinearity: Nonlinearity,
  sizes: SequenceSizes,
): void {
  const { h, a } = trace;
  const { Wx, Wh, b, leak } = parameters;
  const { T, B, D, H } = sizes;
  const perUnit = leak.length === 1 ? 0 : 1;
  h.set(h0);
  setBias(a, 0, b, T * B, H);
  addLinear(a, 0, x, 0, Wx, T * B, H, D);
  for (let t = 1; t <= T; t++) {
    const now = t * B * H;
    const before = now - B * H;
    addLinear(a, before, h, before, Wh, B, H, H);
    for (let unit = 0; unit < B * H; unit++) {
      const lambda = leak[(unit % H) * perUnit];
      const at = phi(a[before + unit], nonlinearity);
      a[before + unit] = at;
      h[now + unit] = (1 - lambda) * h[before + unit] + lambda * at;
    }
  }
}

/**
 * Backward: the gradient of a loss that sees every h_t through `dy` [T,B,H], and besides the final state through
 * `dhT` [B,H] (zeros where it does not). From t = T down to 1:
 *   δ_h,t = dy_t + (1 − λ) ⊙ δ_h,t+1 + Whᵀ·δ_z,t+1 ;  δ_z,t = δ_h,t ⊙ λ ⊙ φ′(z_t)
 * and then, over all steps,
 *   dx_t = Wxᵀ·δ_z,t ;  dWx += Σ_t δ_z,t·x_tᵀ ;  dWh += Σ_t δ_z,t·h_{t−1}ᵀ ;  db += Σ_t δ_z,t
 *   dλ += Σ_t δ_h,t ⊙ (a_t − h_{t−1})            summed over the units as well where they share one λ
 * `dh0` carries the error back from step to step and so ends as ∂L/∂h_0; it may be dhT.
 */
export function leakyBackward(
  gradients: LeakyGradients,
  dy: Float64Array,
  dhT: Float64Array,
  trace: LeakyTrace,
  x: Float64Array,
  parameters: LeakyParameters,
  nonlinearity: Nonlinearity,
  sizes: SequenceSizes,
): void {
  const { dx, dh0, dz, dWx, dWh, db, dleak } = gradients;
  const { h, a } = trace;
  const { Wx, Wh, leak } = parameters;
  const { T, B, D, H } = sizes;
  const perUnit = leak.length === 1 ? 0 : 1;
  dh0.set(dhT);
  for (let t = T; t >= 1; t--) {
    const before = (t - 1) * B * H;
    for (let unit = 0; unit < B * H; unit++) {
      const own = (unit % H) * perUnit;
      const lambda = leak[own];
      const at = a[before + unit];
      const dh = dy[before + unit] + dh0[unit];
      dz[before + unit] = dh * lambda * phiSlope(at, nonlinearity);
      dleak[own] += dh * (at - h[before + unit]);
      dh0[unit] = (1 - lambda) * dh;
    }
    addInputGradient(dh0, 0, dz, before, Wh, B, H, H);
  }
  setInputGradient(dx, 0, dz, 0, Wx, T * B, H, D);
  addWeightGradient(dWx, dz, x, T * B, H, D);
  addWeightGradient(dWh, dz, h, T * B, H, H);
  addBiasGradient(db, dz, T * B, H);
}

/**
 * After how many steps a unit of leak λ that gets nothing new has lost half of what it held: ln 2 / −ln(1 − λ).
 * λ = 1 gives 0, λ = ½ gives 1; toward 0 it grows like 0.69 / λ.
 */
export function halfLifeOfLeak(leak: number): number {
  return Math.LN2 / -Math.log1p(-leak);
}

/** The λ whose half-life is so many steps: 1 − 2^(−1/steps), the inverse of halfLifeOfLeak. 0 steps give λ = 1. */
export function leakOfHalfLife(steps: number): number {
  return -Math.expm1(-Math.LN2 / steps);
}
