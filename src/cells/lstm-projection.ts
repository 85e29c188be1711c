/**
 * The LSTM with a recurrent projection over a whole sequence in float64: forward, and below it the complete
 * back-propagation through time. What leaves the block, m = o ⊙ tanh C [H], is projected to h = Wp·m of a smaller size
 * R, and only h goes on: to the output, and round to the next step. Everything else is lstm.ts.
 * Time-major, row-major: x [T,B,D], h [B,R], C [B,H]; gates in PyTorch's order i f g o along 4H; one bias.
 *
 * Sources: Sak, Senior & Beaufays 2014; PyTorch's proj_size, whose weight_hr is Wp.
 */
import { addBiasGradient, addLinear, addWeightGradient, setBias, setInputGradient } from './linear.js';
import type { LstmGradients, LstmParameters, LstmTrace, LstmVariant } from './lstm.js';
import { blockBackward, blockForward } from './lstm-block.js';
import type { SequenceSizes } from './sequence-sizes.js';

/** R: the size of h, below H. */
export interface ProjectedSizes extends SequenceSizes {
  R: number;
}

/** As the LSTM's, with Wh [4H,R]; Wp [R,H] besides. */
export interface ProjectedLstmParameters extends LstmParameters {
  Wp: Float64Array;
}

/** As the LSTM's, with h [T+1,B,R]; m [T,B,H] besides, what leaves the block. */
export interface ProjectedLstmTrace extends LstmTrace {
  m: Float64Array;
}

/**
 * As the LSTM's, with dh0 [B,R] and dWh [4H,R]; besides dh [T,B,R] (the total error δ_h) and dm [B,H] (δ_m of the step
 * at hand), overwritten, and dWp [R,H], added to.
 */
export interface ProjectedLstmGradients extends LstmGradients {
  dh: Float64Array;
  dm: Float64Array;
  dWp: Float64Array;
}

/**
 * Forward: (7–10) and (1–5) of the LSTM, then
 *   m_t = o ⊙ tanh(C_t) ;  h_t = Wp·m_t
 * Fills `trace`. h0 [B,R], c0 [B,H].
 */
export function projectedLstmForward(
  trace: ProjectedLstmTrace,
  x: Float64Array,
  h0: Float64Array,
  c0: Float64Array,
  parameters: ProjectedLstmParameters,
  sizes: ProjectedSizes,
  variant: LstmVariant = {},
): void {
  const { h, c, gates, m } = trace;
  const { Wx, Wh, b, P, Wp } = parameters;
  const { T, B, D, H, R } = sizes;
  h.fill(0, B * R);
  h.set(h0);
  c.set(c0);
  setBias(gates, 0, b, T * B, 4 * H);
  addLinear(gates, 0, x, 0, Wx, T * B, 4 * H, D);
  for (let t = 1; t <= T; t++) {
    const before = (t - 1) * B;
    addLinear(gates, before * 4 * H, h, before * R, Wh, B, 4 * H, R);
    blockForward(m, before * H, c, gates, P, variant.forgetGate ?? true, t, B, H);
    addLinear(h, t * B * R, m, before * H, Wp, B, R, H);
  }
}

/**
 * Backward: the gradient of a loss that sees every h_t through `dy` [T,B,R], and besides the final state through
 * `dhT` [B,R] and `dcT` [B,H]. From t = T down to 1:
 *   δ_h,t = dy_t + Σ_γ Wh_γᵀ·δ_γ,t+1 ;  δ_m,t = Wpᵀ·δ_h,t
 *   δ_C,t and δ_γ,t as in the LSTM, with δ_m in place of δ_h
 * and then, over all steps, the LSTM's sums and dWp += Σ_t δ_h,t·m_tᵀ.
 * `dh0` and `dc0` end as ∂L/∂h_0 and ∂L/∂C_0; they may be dhT and dcT. `bptt: 'short'`: see lstmBackward.
 */
export function projectedLstmBackward(
  gradients: ProjectedLstmGradients,
  dy: Float64Array,
  dhT: Float64Array,
  dcT: Float64Array,
  trace: ProjectedLstmTrace,
  x: Float64Array,
  parameters: ProjectedLstmParameters,
  sizes: ProjectedSizes,
  variant: LstmVariant = {},
): void {
  const { dx, dh0, dc0, dz, dh, dm, dWx, dWh, db, dP, dWp } = gradients;
  const { h, c, gates, m } = trace;
  const { Wx, Wh, P, Wp } = parameters;
  const { T, B, D, H, R } = sizes;
  const complete = variant.bptt !== 'short';
  dh0.set(dhT);
  dc0.set(dcT);
  for (let t = T; t >= 1; t--) {
    const before = (t - 1) * B;
    for (let k = 0; k < B * R; k++) dh[before * R + k] = dy[before * R + k] + dh0[k];
    setInputGradient(dm, 0, dh, before * R, Wp, B, R, H);
    blockBackward(dz, dc0, dP, dm, c, gates, P, complete || t === T, t, B, H);
    setInputGradient(dh0, 0, dz, before * 4 * H, Wh, B, 4 * H, R);
  }
  setInputGradient(dx, 0, dz, 0, Wx, T * B, 4 * H, D);
  const first = complete ? 0 : Math.max(0, T - 1);
  addWeightGradient(dWx, dz, x, (T - first) * B, 4 * H, D, first * B * 4 * H, first * B * D);
  addWeightGradient(dWh, dz, h, T * B, 4 * H, R);
  addWeightGradient(dWp, dh, m, T * B, R, H);
  addBiasGradient(db, dz, T * B, 4 * H);
}
