/**
 * The GRU over a whole sequence in float64: forward, and below it the complete back-propagation through time.
 * Time-major, row-major: x [T,B,D], states [B,H]; t counts from 1 to T. Gates in PyTorch's order r z n along 3H.
 *
 * This is the reset-after form (PyTorch; Keras by default; ONNX with linear_before_reset = 1): the reset gate multiplies
 * Wnh·h_{t−1} + bnh. That is why it has two biases: of those of r and z only the sum counts, but bnh stands inside the
 * product with r and bnx outside. The original form, reset-before, is in gru-reset-before.ts.
 *
 * Sources: Cho et al. 2014 (the unit; arXiv 1406.1078 resets after in its first version, before in its third); cuDNN, whose
 * form this is; section 2 of docs/math.md.
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

/** Wx [3H,D], Wh [3H,H], bx [3H] (PyTorch's bias_ih), bh [3H] (bias_hh). */
export interface GruParameters {
  Wx: Float64Array;
  Wh: Float64Array;
  bx: Float64Array;
  bh: Float64Array;
}

/**
 * What the forward pass computes and backward needs. h [T+1,B,H]: row 0 is the initial state, row t step t;
 * gates [T,B,3H] = r z n; recurrent [T,B,3H] = Wh·h_{t−1} + bh, of which backward reads the part of n.
 */
export interface GruTrace {
  h: Float64Array;
  gates: Float64Array;
  recurrent: Float64Array;
}

/**
 * dx [T,B,D], dh0 [B,H], da [T,B,3H] (the errors δ before the activations, as the input side sees them) and
 * drecurrent [T,B,3H] (the same as the recurrent side sees them) are overwritten; dWx, dWh, dbx, dbh are added to.
 */
export interface GruGradients {
  dx: Float64Array;
  dh0: Float64Array;
  da: Float64Array;
  drecurrent: Float64Array;
  dWx: Float64Array;
  dWh: Float64Array;
  dbx: Float64Array;
  dbh: Float64Array;
}

/**
 * Forward. With p = Wx·x_t + bx and q = Wh·h_{t−1} + bh, both [3H]:
 *   r = σ(p_r + q_r) ;  z = σ(p_z + q_z)
 *   n = tanh(p_n + r ⊙ q_n)
 *   h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
 * Fills `trace`. h0 [B,H].
 */
export function gruForward(
  trace: GruTrace,
  x: Float64Array,
  h0: Float64Array,
  parameters: GruParameters,
  sizes: SequenceSizes,
): void {
  const { h, gates, recurrent: q } = trace;
  const { Wx, Wh, bx, bh } = parameters;
  const { T, B, D, H } = sizes;
  h.set(h0);
  setBias(gates, 0, bx, T * B, 3 * H);
  addLinear(gates, 0, x, 0, Wx, T * B, 3 * H, D);
  setBias(q, 0, bh, T * B, 3 * H);
  for (let t = 1; t <= T; t++) {
    const now = t * B * H;
    const before = now - B * H;
    addLinear(q, 3 * before, h, before, Wh, B, 3 * H, H);
    for (let row = 0; row < B; row++) {
      for (let j = 0; j < H; j++) {
        const unit = row * H + j;
        const gate = 3 * before + row * 3 * H + j;
        const r = sigmoid(gates[gate] + q[gate]);
        const z = sigmoid(gates[gate + H] + q[gate + H]);
        const n = Math.tanh(gates[gate + 2 * H] + r * q[gate + 2 * H]);
        h[now + unit] = (1 - z) * n + z * h[before + unit];
        gates[gate] = r;
        gates[gate + H] = z;
        gates[gate + 2 * H] = n;
      }
    }
  }
}

/**
 * Backward: the gradient of a loss that sees every h_t through `dy` [T,B,H], and besides the final state through
 * `dhT` [B,H] (zeros where it does not). From t = T down to 1:
 *   δ_h,t = dy_t + δ_h,t+1 ⊙ z_{t+1} + Whᵀ·δ_q,t+1
 *   δ_n = δ_h ⊙ (1 − z) ⊙ (1 − n²) ;  δ_z = δ_h ⊙ (h_{t−1} − n) ⊙ z ⊙ (1 − z)
 *   δ_r = δ_n ⊙ q_n ⊙ r ⊙ (1 − r) ;   δ_q = (δ_r, δ_z, δ_n ⊙ r)
 * and then, over all steps, with δ = (δ_r, δ_z, δ_n),
 *   dx_t = Wxᵀ·δ_t ;  dWx += Σ_t δ_t·x_tᵀ ;  dWh += Σ_t δ_q,t·h_{t−1}ᵀ ;  dbx += Σ_t δ_t ;  dbh += Σ_t δ_q,t
 * `dh0` carries the error back from step to step and so ends as ∂L/∂h_0; it may be dhT.
 */
export function gruBackward(
  gradients: GruGradients,
  dy: Float64Array,
  dhT: Float64Array,
  trace: GruTrace,
  x: Float64Array,
  parameters: GruParameters,
  sizes: SequenceSizes,
): void {
  const { dx, dh0, da, drecurrent: dq, dWx, dWh, dbx, dbh } = gradients;
  const { h, gates, recurrent: q } = trace;
  const { Wx, Wh } = parameters;
  const { T, B, D, H } = sizes;
  dh0.set(dhT);
  for (let t = T; t >= 1; t--) {
    const before = (t - 1) * B * H;
    for (let row = 0; row < B; row++) {
      for (let j = 0; j < H; j++) {
        const unit = row * H + j;
        const gate = 3 * before + row * 3 * H + j;
        const r = gates[gate];
        const z = gates[gate + H];
        const n = gates[gate + 2 * H];
        const dh = dy[before + unit] + dh0[unit];
        const dn = dh * (1 - z) * (1 - n * n);
        da[gate] = dn * q[gate + 2 * H] * r * (1 - r);
        da[gate + H] = dh * (h[before + unit] - n) * z * (1 - z);
        da[gate + 2 * H] = dn;
        dq[gate] = da[gate];
        dq[gate + H] = da[gate + H];
        dq[gate + 2 * H] = dn * r;
        dh0[unit] = dh * z;
      }
    }
    addInputGradient(dh0, 0, dq, 3 * before, Wh, B, 3 * H, H);
  }
  setInputGradient(dx, 0, da, 0, Wx, T * B, 3 * H, D);
  addWeightGradient(dWx, da, x, T * B, 3 * H, D);
  addWeightGradient(dWh, dq, h, T * B, 3 * H, H);
  addBiasGradient(dbx, da, T * B, 3 * H);
  addBiasGradient(dbh, dq, T * B, 3 * H);
}
