/**
 * The LSTM over a whole sequence in float64: forward, and below it the complete back-propagation through time.
 * The oracle of the fast engine. Time-major, row-major: x [T,B,D], states [B,H]; t counts from 1 to T, as in the text.
 *
 * Gates in PyTorch's order i f g o along 4H, g being the candidate C̃. One bias; PyTorch's two are added up by the caller.
 * What happens inside a step is in lstm-block.ts, peepholes and the form of 1997 included; this file is the network
 * around it and its course through time.
 *
 * Sources: Hochreiter & Schmidhuber 1997 (the cell), Gers, Schmidhuber & Cummins 2000 (the forget gate); numbers (1)…(15)
 * are those of docs/math.md.
 */
import { addBiasGradient, addLinear, addWeightGradient, setBias, setInputGradient } from './linear.js';
import { blockBackward, blockForward } from './lstm-block.js';
import type { SequenceSizes } from './sequence-sizes.js';

/** Wx [4H,D], Wh [4H,H], b [4H]; P [3H], the peepholes in the order i f o, where there are any. */
export interface LstmParameters {
  Wx: Float64Array;
  Wh: Float64Array;
  b: Float64Array;
  P?: Float64Array | undefined;
}

/** What the forward pass computes and backward needs. h, c [T+1,B,H]: row 0 is the initial state, row t step t; gates [T,B,4H] = i f g o. */
export interface LstmTrace {
  h: Float64Array;
  c: Float64Array;
  gates: Float64Array;
}

/**
 * dx [T,B,D], dh0, dc0 [B,H], dz [T,B,4H] (the errors δ_γ before the activations) are overwritten; dWx, dWh, db and
 * dP [3H] (left out: not computed) are added to.
 */
export interface LstmGradients {
  dx: Float64Array;
  dh0: Float64Array;
  dc0: Float64Array;
  dz: Float64Array;
  dWx: Float64Array;
  dWh: Float64Array;
  db: Float64Array;
  dP?: Float64Array | undefined;
}

/** What may differ from the standard LSTM. */
export interface LstmVariant {
  /** `false`: the form of 1997, f ≡ 1. The rows of f in Wx, Wh, b, P stay where they are, unread, with gradient 0. Default: true. */
  forgetGate?: boolean | undefined;
  /** How far back-propagation goes; `'short'` is a famous mistake, see lstmBackward. Default: `'complete'`. */
  bptt?: Bptt | undefined;
}

export type Bptt = 'complete' | 'short';

/**
 * Forward.
 *   (7–10)  z_γ = Wx_γ·x_t + Wh_γ·h_{t−1} + b_γ            for γ ∈ {i, f, c, o}
 *   (1–3)   i = σ(z_i) ;  f = σ(z_f) ;  o = σ(z_o)
 *   (4)     C̃ = tanh(z_c)
 *   (5)     C_t = f ⊙ C_{t−1} + i ⊙ C̃
 *   (6)     h_t = o ⊙ tanh(C_t)
 * with peepholes P_γ added in (1–3), or f ≡ 1: blockForward. Fills `trace`. h0, c0 [B,H]: for a sequence without a
 * past, zeros.
 */
export function lstmForward(
  trace: LstmTrace,
  x: Float64Array,
  h0: Float64Array,
  c0: Float64Array,
  parameters: LstmParameters,
  sizes: SequenceSizes,
  variant: LstmVariant = {},
): void {
  const { h, c, gates } = trace;
  const { Wx, Wh, b, P } = parameters;
  const { T, B, D, H } = sizes;
  h.set(h0);
  c.set(c0);
  setBias(gates, 0, b, T * B, 4 * H);
  addLinear(gates, 0, x, 0, Wx, T * B, 4 * H, D);
  for (let t = 1; t <= T; t++) {
    const now = t * B * H;
    const before = now - B * H;
    addLinear(gates, 4 * before, h, before, Wh, B, 4 * H, H);
    blockForward(h, now, c, gates, P, variant.forgetGate ?? true, t, B, H);
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
 * `dh0` and `dc0` carry the error back from step to step and so end as ∂L/∂h_0 and ∂L/∂C_0; they may be dhT and dcT.
 *
 * The term δ_C,t+1 ⊙ f_{t+1} is the path on which an LSTM remembers. **`bptt: 'short'` leaves it out**, as many
 * tutorials print it (δ_h ⊙ o ⊙ (1 − tanh²C) in place of δ_C), and takes dWx from the last step alone, as they do. It
 * is here to be compared with, never to train with: right for T = 1 only; from T = 2 on its gradients of the input gate
 * and the candidate are off by tens of per cent, and the error dies on its way back (docs/math.md, section 3).
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
  variant: LstmVariant = {},
): void {
  const { dx, dh0, dc0, dz, dWx, dWh, db, dP } = gradients;
  const { h, c, gates } = trace;
  const { Wx, Wh, P } = parameters;
  const { T, B, D, H } = sizes;
  const complete = variant.bptt !== 'short';
  dh0.set(dhT);
  dc0.set(dcT);
  for (let t = T; t >= 1; t--) {
    const before = (t - 1) * B * H;
    for (let unit = 0; unit < B * H; unit++) dh0[unit] += dy[before + unit];
    blockBackward(dz, dc0, dP, dh0, c, gates, P, complete || t === T, t, B, H);
    setInputGradient(dh0, 0, dz, 4 * before, Wh, B, 4 * H, H);
  }
  setInputGradient(dx, 0, dz, 0, Wx, T * B, 4 * H, D);
  const first = complete ? 0 : Math.max(0, T - 1);
  addWeightGradient(dWx, dz, x, (T - first) * B, 4 * H, D, first * B * 4 * H, first * B * D);
  addWeightGradient(dWh, dz, h, T * B, 4 * H, H);
  addBiasGradient(db, dz, T * B, 4 * H);
}
