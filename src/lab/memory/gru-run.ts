/** The GRU, reset-after, after reading a sequence. */
import { gruBackward, gruForward } from '../../cells/gru.js';
import { addLinear } from '../../cells/linear.js';
import { gateOf } from './gate-columns.js';
import type { LayerRun } from './layer-run.js';
import type { LayerWeights } from './layer-weights.js';

/**
 * Forward, the derivative of gruForward with p = Wx·vx and q = Wh·v:
 *   ṙ = r ⊙ (1 − r) ⊙ (p_r + q_r) ;  ż = z ⊙ (1 − z) ⊙ (p_z + q_z) ;  ṅ = (1 − n²) ⊙ (p_n + ṙ ⊙ (Whn·h_{t−1} + bhn) + r ⊙ q_n)
 *   v ← (1 − z) ⊙ ṅ + ż ⊙ (h_{t−1} − n) + z ⊙ v
 * Back: gruBackward over one step.
 */
export function gruRun(weights: Extract<LayerWeights, { cell: 'gru' }>, x: Float64Array): LayerRun {
  const { Wx, Wh, hiddenSize: H } = weights;
  const D = Wx.length / (3 * H);
  const T = x.length / D;
  const zero = new Float64Array(H);
  const h = new Float64Array((T + 1) * H);
  const gates = new Float64Array(T * 3 * H);
  const recurrent = new Float64Array(T * 3 * H);
  gruForward({ h, gates, recurrent }, x, zero, weights, { T, B: 1, D, H });
  const zeros = (size: number) => new Float64Array(size);
  const unread = { da: zeros(3 * H), drecurrent: zeros(3 * H), dWx: zeros(3 * H * D), dWh: zeros(3 * H * H) };
  const more = { dbx: zeros(3 * H), dbh: zeros(3 * H) };
  const p = zeros(3 * H);
  const q = zeros(3 * H);
  const [r, z, n] = [0, 1, 2].map((gate) => gateOf(gates, gate, 3, H));
  return {
    ...{
      inputSize: D,
      hiddenSize: H,
      stateSize: H,
      steps: T,
      h,
      c: null,
      gates: { r, z, n },
      kept: z,
      cellError: null,
    },
    pullBack(t, d, dx) {
      const part = (all: Float64Array, width: number) => all.subarray((t - 1) * width, t * width);
      const trace = {
        h: h.subarray((t - 1) * H, (t + 1) * H),
        gates: part(gates, 3 * H),
        recurrent: part(recurrent, 3 * H),
      };
      gruBackward({ dx, dh0: d, ...unread, ...more }, zero, d, trace, part(x, D), weights, { T: 1, B: 1, D, H });
    },
    pushForward(t, v, vx) {
      p.fill(0);
      q.fill(0);
      if (vx) addLinear(p, 0, vx, 0, Wx, 1, 3 * H, D);
      addLinear(q, 0, v, 0, Wh, 1, 3 * H, H);
      const before = (t - 1) * H;
      for (let j = 0; j < H; j++) {
        const at = before + j;
        const dr = r[at] * (1 - r[at]) * (p[j] + q[j]);
        const dz = z[at] * (1 - z[at]) * (p[H + j] + q[H + j]);
        const dn = (1 - n[at] * n[at]) * (p[2 * H + j] + dr * recurrent[3 * before + 2 * H + j] + r[at] * q[2 * H + j]);
        v[j] = (1 - z[at]) * dn + dz * (h[at] - n[at]) + z[at] * v[j];
      }
    },
  };
}
