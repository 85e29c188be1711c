/**
 * The GRU in its original form over a whole sequence in float64: forward, and below it the complete back-propagation
 * through time. Time-major, row-major: x [T,B,D], states [B,H]; t counts from 1 to T. Gates in the order r z n along 3H.
 *
 * Reset-before (ONNX by default; Keras with reset_after = False): the reset gate multiplies h_{t−1} before the product
 * with Wnh, so that this product has to wait for r. One bias; two are added up by the caller. PyTorch's form, which
 * resets after the product, is in gru.ts. Here z = 1 keeps the state, as in the paper, PyTorch, Keras and ONNX; others,
 * from Chung et al. 2014 on, write 1 − z for z.
 *
 * Sources: Cho et al. 2014, eq. 5–8; section 2 of docs/math.md.
 */
import { sigmoid } from './activations.js';
import {
  addBiasGradient,
  addInputGradient,
  addLinear,
  addWeightGradient,
  setBias,
  setInputGradient,
} from './linear.js';
import type { SequenceSizes } from './sequence-sizes.js';

/** Wx [3H,D], Wh [3H,H], b [3H]. */
export interface GruResetBeforeParameters {
  Wx: Float64Array;
  Wh: Float64Array;
  b: Float64Array;
}

/**
 * What the forward pass computes and backward needs. h [T+1,B,H]: row 0 is the initial state, row t step t;
 * gates [T,B,3H] = r z n; resetState [T,B,H] = r ⊙ h_{t−1}.
 */
export interface GruResetBeforeTrace {
  h: Float64Array;
  gates: Float64Array;
  resetState: Float64Array;
}

/**
 * dx [T,B,D], dh0 [B,H], da [T,B,3H] (the errors δ before the activations), dresetState [B,H] (of the step at hand) are
 * overwritten; dWx, dWh, db are added to.
 */
export interface GruResetBeforeGradients {
  dx: Float64Array;
  dh0: Float64Array;
  da: Float64Array;
  dresetState: Float64Array;
  dWx: Float64Array;
  dWh: Float64Array;
  db: Float64Array;
}

/**
 * Forward.
 *   r = σ(Wrx·x_t + Wrh·h_{t−1} + b_r) ;  z = σ(Wzx·x_t + Wzh·h_{t−1} + b_z)
 *   n = tanh(Wnx·x_t + Wnh·(r ⊙ h_{t−1}) + b_n)
 *   h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
 * Fills `trace`. h0 [B,H].
 */
export function gruResetBeforeForward(
  trace: GruResetBeforeTrace,
  x: Float64Array,
  h0: Float64Array,
  parameters: GruResetBeforeParameters,
  sizes: SequenceSizes,
): void {
  const { h, gates, resetState } = trace;
  const { Wx, Wh, b } = parameters;
  const { T, B, D, H } = sizes;
  const Wnh = Wh.subarray(2 * H * H);
  h.set(h0);
  setBias(gates, 0, b, T * B, 3 * H);
  addLinear(gates, 0, x, 0, Wx, T * B, 3 * H, D);
  // One sequence at a time: the rows of r, z and of n are not side by side in a batch of them.
  for (let row = 0; row < T * B; row++) {
    const before = row * H;
    const now = before + B * H;
    const gate = row * 3 * H;
    addLinear(gates, gate, h, before, Wh, 1, 2 * H, H);
    for (let j = 0; j < H; j++) {
      const r = sigmoid(gates[gate + j]);
      gates[gate + j] = r;
      gates[gate + H + j] = sigmoid(gates[gate + H + j]);
      resetState[before + j] = r * h[before + j];
    }
    addLinear(gates, gate + 2 * H, resetState, before, Wnh, 1, H, H);
    for (let j = 0; j < H; j++) {
      const z = gates[gate + H + j];
      const n = Math.tanh(gates[gate + 2 * H + j]);
      gates[gate + 2 * H + j] = n;
      h[now + j] = (1 - z) * n + z * h[before + j];
    }
  }
}

/**
 * Backward: the gradient of a loss that sees every h_t through `dy` [T,B,H], and besides the final state through
 * `dhT` [B,H] (zeros where it does not). s = r ⊙ h_{t−1} is the state after the reset. From t = T down to 1:
 *   δ_h,t = dy_t + δ_h,t+1 ⊙ z_{t+1} + δ_s,t+1 ⊙ r_{t+1} + Wrhᵀ·δ_r,t+1 + Wzhᵀ·δ_z,t+1
 *   δ_n = δ_h ⊙ (1 − z) ⊙ (1 − n²) ;  δ_z = δ_h ⊙ (h_{t−1} − n) ⊙ z ⊙ (1 − z)
 *   δ_s = Wnhᵀ·δ_n ;                  δ_r = δ_s ⊙ h_{t−1} ⊙ r ⊙ (1 − r)
 * and then, over all steps, with δ = (δ_r, δ_z, δ_n),
 *   dx_t = Wxᵀ·δ_t ;  dWx += Σ_t δ_t·x_tᵀ ;  db += Σ_t δ_t
 *   dWrh += Σ_t δ_r,t·h_{t−1}ᵀ ;  dWzh += Σ_t δ_z,t·h_{t−1}ᵀ ;  dWnh += Σ_t δ_n,t·s_tᵀ
 * `dh0` carries the error back from step to step and so ends as ∂L/∂h_0; it may be dhT.
 */
export function gruResetBeforeBackward(
  gradients: GruResetBeforeGradients,
  dy: Float64Array,
  dhT: Float64Array,
  trace: GruResetBeforeTrace,
  x: Float64Array,
  parameters: GruResetBeforeParameters,
  sizes: SequenceSizes,
): void {
  const { dx, dh0, da, dresetState: ds, dWx, dWh, db } = gradients;
  const { h, gates, resetState } = trace;
  const { Wx, Wh } = parameters;
  const { T, B, D, H } = sizes;
  const Wnh = Wh.subarray(2 * H * H);
  const dWnh = dWh.subarray(2 * H * H);
  dh0.set(dhT);
  for (let row = T * B - 1; row >= 0; row--) {
    const before = row * H;
    const gate = row * 3 * H;
    const own = (row % B) * H;
    for (let j = 0; j < H; j++) {
      const z = gates[gate + H + j];
      const n = gates[gate + 2 * H + j];
      const dh = dy[before + j] + dh0[own + j];
      da[gate + H + j] = dh * (h[before + j] - n) * z * (1 - z);
      da[gate + 2 * H + j] = dh * (1 - z) * (1 - n * n);
      dh0[own + j] = dh * z;
    }
    setInputGradient(ds, own, da, gate + 2 * H, Wnh, 1, H, H);
    for (let j = 0; j < H; j++) {
      const r = gates[gate + j];
      da[gate + j] = ds[own + j] * h[before + j] * r * (1 - r);
      dh0[own + j] += ds[own + j] * r;
    }
    addInputGradient(dh0, own, da, gate, Wh, 1, 2 * H, H);
    addWeightGradient(dWh, da, h, 1, 2 * H, H, gate, before);
    addWeightGradient(dWnh, da, resetState, 1, H, H, gate + 2 * H, before);
  }
  setInputGradient(dx, 0, da, 0, Wx, T * B, 3 * H, D);
  addWeightGradient(dWx, da, x, T * B, 3 * H, D);
  addBiasGradient(db, da, T * B, 3 * H);
}
