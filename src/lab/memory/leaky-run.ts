/** The leaky RNN, and as its case λ = 1 the plain one, after reading a sequence. */
import { phiSlope } from '../../cells/activations.js';
import { leakyBackward, leakyForward } from '../../cells/leaky.js';
import { addLinear } from '../../cells/linear.js';
import type { LayerRun } from './layer-run.js';
import type { LayerWeights } from './layer-weights.js';

type LeakyWeights = Extract<LayerWeights, { cell: 'rnn' | 'leaky' }>;

/**
 * Forward: v ← (1 − λ) ⊙ v + λ ⊙ φ′(z_t) ⊙ (Wh·v + Wx·vx), the derivative of leakyForward; back: leakyBackward over one step.
 */
export function leakyRun(
  { cell, Wx, Wh, b, leak, nonlinearity, hiddenSize: H }: LeakyWeights,
  x: Float64Array,
): LayerRun {
  const D = Wx.length / H;
  const T = x.length / D;
  const h = new Float64Array((T + 1) * H);
  const a = new Float64Array(T * H);
  const zero = new Float64Array(H);
  leakyForward({ h, a }, x, zero, { Wx, Wh, b, leak }, nonlinearity, { T, B: 1, D, H });
  const unread = { dz: new Float64Array(H), dWx: new Float64Array(H * D), dWh: new Float64Array(H * H) };
  const more = { db: new Float64Array(H), dleak: new Float64Array(H) };
  const dz = new Float64Array(H);
  return {
    ...{ inputSize: D, hiddenSize: H, stateSize: H, steps: T, h, c: null, gates: {}, cellError: null },
    kept: cell === 'rnn' ? null : Float64Array.from({ length: T * H }, (_, k) => 1 - leak[k % H]),
    pullBack(t, d, dx) {
      const trace = { h: h.subarray((t - 1) * H, (t + 1) * H), a: a.subarray((t - 1) * H, t * H) };
      const input = x.subarray((t - 1) * D, t * D);
      const gradients = { dx, dh0: d, ...unread, ...more };
      leakyBackward(gradients, zero, d, trace, input, { Wx, Wh, b, leak }, nonlinearity, { T: 1, B: 1, D, H });
    },
    pushForward(t, v, vx) {
      dz.fill(0);
      addLinear(dz, 0, v, 0, Wh, 1, H, H);
      if (vx) addLinear(dz, 0, vx, 0, Wx, 1, H, D);
      for (let j = 0; j < H; j++)
        v[j] = (1 - leak[j]) * v[j] + leak[j] * phiSlope(a[(t - 1) * H + j], nonlinearity) * dz[j];
    },
  };
}
