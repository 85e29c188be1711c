/**
 * The LSTM over a whole sequence in float64: forward, and below it the complete back-propagation through time.
 * The oracle of the fast engine. Time-major, row-major: x [T,B,D], states [B,H]; t counts from 1 to T, as in the text.
 *
 * Gates in PyTorch's order i f g o along 4H, g being the candidate C̃. One bias; PyTorch's two are added up by the caller.
 *
 * Sources: Hochreiter & Schmidhuber 1997 (the cell), Gers, Schmidhuber & Cummins 2000 (the forget gate); numbers (1)…(15)
 * are those of docs/math.md.
 */
import { sigmoid } from './activations.js';
import { addBiasGradient, addLinear, addWeightGradient, setBias, setInputGradient } from './linear.js';
import type { SequenceSizes } from './sequence-sizes.js';

/** Wx [4H,D], Wh [4H,H], b [4H]. */
export interface LstmParameters {
  Wx: Float64Array;
  Wh: Float64Array;
  b: Float64Array;
}

/** What the forward pass computes and backward needs. h, c [T+1,B,H]: row 0 is the initial state, row t step t; gates [T,B,4H] = i f g o. */
export interface LstmTrace {
  h: Float64Array;
  c: Float64Array;
  gates: Float64Array;
}

/** dx [T,B,D], dh0, dc0 [B,H], dz [T,B,4H] (the errors δ_γ before the activations) are overwritten; dWx, dWh, db are added to. */
export interface LstmGradients {
  dx: Float64Array;
  dh0: Float64Array;
  dc0: Float64Array;
  dz: Float64Array;
  dWx: Float64Array;
  dWh: Float64Array;
  db: Float64Array;
}

/**
 * Forward.
 *   (7–10)  z_γ = Wx_γ·x_t + Wh_γ·h_{t−1} + b_γ            for γ ∈ {i, f, c, o}
 *   (1–3)   i = σ(z_i) ;  f = σ(z_f) ;  o = σ(z_o)
 *   (4)     C̃ = tanh(z_c)
 *   (5)     C_t = f ⊙ C_{t−1} + i ⊙ C̃
 *   (6)     h_t = o ⊙ tanh(C_t)
 * Fills `trace`. h0, c0 [B,H]: for a sequence without a past, zeros.
 */
export function lstmForward(
  trace: LstmTrace,
  x: Float64Array,
  h0: Float64Array,
  c0: Float64Array,
  parameters: LstmParameters,
  sizes: SequenceSizes,
): void {
  const { h, c, gates } = trace;
  const { Wx, Wh, b } = parameters;
  const { T, B, D, H } = sizes;
  h.set(h0);
  c.set(c0);
  setBias(gates, 0, b, T * B, 4 * H);
  addLinear(gates, 0, x, 0, Wx, T * B, 4 * H, D);
  for (let t = 1; t <= T; t++) {
    const now = t * B * H;
    const before = now - B * H;
    const z = (t - 1) * B * 4 * H;
    addLinear(gates, z, h, before, Wh, B, 4 * H, H);
    for (let n = 0; n < B; n++) {
      for (let j = 0; j < H; j++) {
        const unit = n * H + j;
        const gate = z + n * 4 * H + j;
        const i = sigmoid(gates[gate]);
        const f = sigmoid(gates[gate + H]);
        const g = Math.tanh(gates[gate + 2 * H]);
        const o = sigmoid(gates[gate + 3 * H]);
        c[now + unit] = f * c[before + unit] + i * g;
        h[now + unit] = o * Math.tanh(c[now + unit]);
        gates[gate] = i;
        gates[gate + H] = f;
        gates[gate + 2 * H] = g;
        gates[gate + 3 * H] = o;
      }
    }
  }
}

/**
 * Backward: the gradient of a loss that sees every h_t through `dy` [T,B,H], and besides the final state (h_T, C_T)
 * through `dhT`, `dcT` [B,H] (zeros where it does not). From t = T down to 1:
 *   δ_h,t = dy_t + Σ_γ Wh_γᵀ·δ_γ,t+1                                                   (14, 15)
 *   δ_C,t = δ_h,t ⊙ o ⊙ (1 − tanh²C_t) + δ_C,t+1 ⊙ f_{t+1}                             from (5), (6)
 *   δ_i = δ_C ⊙ C̃ ⊙ i ⊙ (1 − i) ;        δ_f = δ_C ⊙ C_{t−1} ⊙ f ⊙ (1 − f)
 *   δ_c = δ_C ⊙ i ⊙ (1 − C̃²) ;           δ_o = δ_h ⊙ tanh C_t ⊙ o ⊙ (1 − o)
 * and then, over all steps,
 *   dx_t = Σ_γ Wx_γᵀ·δ_γ,t ;  dWx_γ += Σ_t δ_γ,t·x_tᵀ ;  dWh_γ += Σ_t δ_γ,t·h_{t−1}ᵀ ;  db_γ += Σ_t δ_γ,t
 * The term δ_C,t+1 ⊙ f_{t+1} is the path on which an LSTM remembers; the short form of many tutorials leaves it out.
 * `dh0` and `dc0` carry the error back from step to step and so end as ∂L/∂h_0 and ∂L/∂C_0; they may be dhT and dcT.
 */
export function lstmBackward(
  gradients: LstmGradients,
  dy: Float64Array,
  dhT: Float64Array,
  dcT: Float64Array,
  trace: LstmTrace,
  x: Float64Array,
  parameters: LstmParameters,
  sizes: SequenceSizes,
): void {
  const { dx, dh0, dc0, dz, dWx, dWh, db } = gradients;
  const { h, c, gates } = trace;
  const { Wx, Wh } = parameters;
  const { T, B, D, H } = sizes;
  dh0.set(dhT);
  dc0.set(dcT);
  for (let t = T; t >= 1; t--) {
    const now = t * B * H;
    const before = now - B * H;
    const z = (t - 1) * B * 4 * H;
    for (let n = 0; n < B; n++) {
      for (let j = 0; j < H; j++) {
        const unit = n * H + j;
        const gate = z + n * 4 * H + j;
        const i = gates[gate];
        const f = gates[gate + H];
        const g = gates[gate + 2 * H];
        const o = gates[gate + 3 * H];
        const tanhC = Math.tanh(c[now + unit]);
        const dh = dy[before + unit] + dh0[unit];
        const dc = dh * o * (1 - tanhC * tanhC) + dc0[unit];
        dz[gate] = dc * g * i * (1 - i);
        dz[gate + H] = dc * c[before + unit] * f * (1 - f);
        dz[gate + 2 * H] = dc * i * (1 - g * g);
        dz[gate + 3 * H] = dh * tanhC * o * (1 - o);
        dc0[unit] = dc * f;
      }
    }
    setInputGradient(dh0, 0, dz, z, Wh, B, 4 * H, H);
  }
  setInputGradient(dx, 0, dz, 0, Wx, T * B, 4 * H, D);
  addWeightGradient(dWx, dz, x, T * B, 4 * H, D);
  addWeightGradient(dWh, dz, h, T * B, 4 * H, H);
  addBiasGradient(db, dz, T * B, 4 * H);
}
