/** The LSTM, with its forget gate or in the form of 1997, after reading a sequence. */
import { addLinear, setInputGradient } from '../../cells/linear.js';
import { lstmForward } from '../../cells/lstm.js';
import { blockBackward } from '../../cells/lstm-block.js';
import { gateOf } from './gate-columns.js';
import type { LayerRun } from './layer-run.js';
import type { LayerWeights } from './layer-weights.js';

/**
 * Forward, the derivative of lstmForward, with ż_γ = Wh_γ·v_h + Wx_γ·vx:
 *   v_C ← f ⊙ v_C + C_{t−1} ⊙ f ⊙ (1 − f) ⊙ ż_f + C̃ ⊙ i ⊙ (1 − i) ⊙ ż_i + i ⊙ (1 − C̃²) ⊙ ż_c
 *   v_h ← tanh C_t ⊙ o ⊙ (1 − o) ⊙ ż_o + o ⊙ (1 − tanh²C_t) ⊙ v_C
 * Back: blockBackward and the recurrent weights, one step of lstmBackward without its parameter gradients.
 */
export function lstmRun(
  { Wx, Wh, b, forgetGate, hiddenSize: H }: Extract<LayerWeights, { cell: 'lstm' }>,
  x: Float64Array,
): LayerRun {
  const D = Wx.length / (4 * H);
  const T = x.length / D;
  const zero = new Float64Array(H);
  const h = new Float64Array((T + 1) * H);
  const c = new Float64Array((T + 1) * H);
  const gates = new Float64Array(T * 4 * H);
  lstmForward({ h, c, gates }, x, zero, zero, { Wx, Wh, b }, { T, B: 1, D, H }, { forgetGate });
  const dz = new Float64Array(T * 4 * H);
  const zdot = new Float64Array(4 * H);
  const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gateOf(gates, gate, 4, H));
  return {
    ...{ inputSize: D, hiddenSize: H, stateSize: 2 * H, steps: T, h, c, gates: { i, f, g, o }, kept: f },
    pullBack(t, d, dx, carry) {
      const dh = d.subarray(0, H);
      const dC = d.subarray(H);
      blockBackward(dz, dC, undefined, dh, c, gates, undefined, carry, t, 1, H);
      if (!carry) dC.fill(0);
      setInputGradient(dh, 0, dz, (t - 1) * 4 * H, Wh, 1, 4 * H, H);
      setInputGradient(dx, 0, dz, (t - 1) * 4 * H, Wx, 1, 4 * H, D);
    },
    pushForward(t, v, vx) {
      zdot.fill(0);
      addLinear(zdot, 0, v, 0, Wh, 1, 4 * H, H);
      if (vx) addLinear(zdot, 0, vx, 0, Wx, 1, 4 * H, D);
      for (let j = 0; j < H; j++) {
        const at = (t - 1) * H + j;
        const tanhC = Math.tanh(c[at + H]);
        const vC =
          f[at] * v[H + j] +
          c[at] * f[at] * (1 - f[at]) * zdot[H + j] +
          g[at] * i[at] * (1 - i[at]) * zdot[j] +
          i[at] * (1 - g[at] * g[at]) * zdot[2 * H + j];
        v[H + j] = vC;
        v[j] = tanhC * o[at] * (1 - o[at]) * zdot[3 * H + j] + o[at] * (1 - tanhC * tanhC) * vC;
      }
    },
    cellError(t, d, out) {
      for (let j = 0; j < H; j++) {
        const tanhC = Math.tanh(c[t * H + j]);
        out[j] = d[H + j] + d[j] * o[(t - 1) * H + j] * (1 - tanhC * tanhC);
      }
    },
  };
}
