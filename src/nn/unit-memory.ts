/** How long the units of a trained recurrent network remember, on the sequences that it is used for. */

import { gruForward } from '../cells/gru.js';
import { leakyForward } from '../cells/leaky.js';
import { lstmForward } from '../cells/lstm.js';
import { rnnForward } from '../cells/rnn.js';
import { log } from '../math/index.js';
import type { QuantileCell, QuantileNetworkSpec, Tensors } from './quantile-network.js';

/** What holds a memory: a gate that depends on the data, a fixed leak, or nothing but the recurrent weights. */
export type MemoryKind = 'forget-gate' | 'update-gate' | 'leak' | 'recurrent-weights';

export const MEMORY_KIND: Readonly<Record<QuantileCell, MemoryKind>> = {
  lstm: 'forget-gate',
  gru: 'update-gate',
  leaky: 'leak',
  esn: 'leak',
  rnn: 'recurrent-weights',
};

/**
 * Steps after which half of a unit's state is left, one number for each unit of each layer, from the share f_t that is kept at
 * step t of the sequences:
 *   half-life = ln ½ / mean_t ln f_t
 * LSTM: f, the forget gate (C_t = f ⊙ C_{t−1} + …); GRU: z (h_t = z ⊙ h_{t−1} + …); leaky: 1 − λ. So it is the memory of the
 * unit itself; what units tell each other may last longer.
 *
 * A plain RNN keeps no share of anything: all it remembers went round through its weights. It gets one number for the whole
 * network, from the gain of the recurrent Jacobian, i.e. the largest Lyapunov exponent along the sequences:
 *   half-life = ln ½ / mean_t ln(|J_t·v_t| / |v_t|) ,  v_{t+1} = J_t·v_t
 * Infinity means that nothing is forgotten. All in float64 by the textbook cells.
 *
 * @param sequences [T][inputSize] each, read from a zero state
 */
export function halfLives(
  spec: QuantileNetworkSpec,
  tensors: Tensors,
  sequences: readonly Float64Array[],
): Float64Array {
  const { cell, layers, hiddenSize: H } = spec;
  if (cell === 'rnn') return Float64Array.of(halfLifeOf(meanOf(sequences.map((x) => logGain(spec, tensors, x)))));
  const kept = sequences.map((x) => logKept(spec, tensors, x));
  return Float64Array.from({ length: layers * H }, (_, unit) =>
    halfLifeOf(meanOf(kept.map(({ sums, steps }) => ({ sum: sums[unit], steps })))),
  );
}

/** ln of the share that is kept, per step → steps to one half. */
function halfLifeOf(logShare: number): number {
  return logShare < 0 ? log(0.5) / logShare : Number.POSITIVE_INFINITY;
}

function meanOf(parts: readonly { readonly sum: number; readonly steps: number }[]): number {
  const steps = parts.reduce((total, part) => total + part.steps, 0);
  return parts.reduce((total, { sum }) => total + sum / steps, 0);
}

/** Σ_t ln f_t of every unit along one sequence. */
function logKept(spec: QuantileNetworkSpec, tensors: Tensors, sequence: Float64Array) {
  const { cell, layers, hiddenSize: H } = spec;
  const steps = sequence.length / spec.inputSize;
  const sums = new Float64Array(layers * H);
  let x = sequence;
  for (let layer = 0; layer < layers; layer++) {
    const { output, share } = runLayer(cell, weightsOf(tensors, cell, layer), x, steps, H);
    for (let t = 0; t < steps; t++) for (let j = 0; j < H; j++) sums[layer * H + j] += log(share(t, j));
    x = output;
  }
  return { sums, steps };
}

/** One layer over one sequence: h [T][H], and the share that unit j keeps at step t. */
function runLayer(cell: QuantileCell, weights: LayerWeights, x: Float64Array, T: number, H: number) {
  const { Wx, Wh, bx, bh, leak } = weights;
  const sizes = { T, B: 1, D: Wx.length / (Wh.length / H), H };
  const zero = new Float64Array(H);
  const h = new Float64Array((T + 1) * H);
  const b = bx.map((value, i) => value + (bh?.[i] ?? 0));
  if (cell === 'lstm') {
    const trace = { h, c: new Float64Array((T + 1) * H), gates: new Float64Array(T * 4 * H) };
    lstmForward(trace, x, zero, zero, { Wx, Wh, b }, sizes);
    return { output: h.subarray(H), share: (t: number, j: number) => trace.gates[t * 4 * H + H + j] };
  }
  if (cell === 'gru') {
    const trace = { h, gates: new Float64Array(T * 3 * H), recurrent: new Float64Array(T * 3 * H) };
    gruForward(trace, x, zero, { Wx, Wh, bx, bh: bh ?? new Float64Array(3 * H) }, sizes);
    return { output: h.subarray(H), share: (t: number, j: number) => trace.gates[t * 3 * H + H + j] };
  }
  const leaks = leak ?? new Float64Array(H).fill(1);
  leakyForward({ h, a: new Float64Array(T * H) }, x, zero, { Wx, Wh, b, leak: leaks }, 'tanh', sizes);
  return { output: h.subarray(H), share: (_: number, j: number) => 1 - leaks[j] };
}

/** Σ_t ln of how much a small difference of the states grows along one sequence; it starts the same in all units. */
function logGain(spec: QuantileNetworkSpec, tensors: Tensors, sequence: Float64Array) {
  const { layers, hiddenSize: H } = spec;
  const steps = sequence.length / spec.inputSize;
  const weights = Array.from({ length: layers }, (_, layer) => weightsOf(tensors, 'rnn', layer));
  let x = sequence;
  const states = weights.map(({ Wx, Wh, bx, bh }) => {
    const h = new Float64Array((steps + 1) * H);
    const b = bx.map((value, i) => value + (bh?.[i] ?? 0));
    rnnForward(h, x, new Float64Array(H), { Wx, Wh, b }, 'tanh', { T: steps, B: 1, D: Wx.length / H, H });
    x = h.subarray(H);
    return x;
  });
  let sum = 0;
  let v = states.map(() => new Float64Array(H).fill(1 / Math.sqrt(layers * H)));
  for (let t = 0; t < steps; t++) {
    const next: Float64Array[] = [];
    states.forEach((h, layer) => {
      const { Wx, Wh } = weights[layer];
      const moved = new Float64Array(H);
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < H; j++) moved[i] += Wh[i * H + j] * v[layer][j];
        if (layer > 0) for (let j = 0; j < H; j++) moved[i] += Wx[i * H + j] * next[layer - 1][j];
        moved[i] *= 1 - h[t * H + i] ** 2;
      }
      next.push(moved);
    });
    const size = Math.sqrt(next.reduce((total, part) => total + part.reduce((s, value) => s + value * value, 0), 0));
    if (size === 0) return { sum: Number.NEGATIVE_INFINITY, steps };
    sum += log(size);
    v = next.map((part) => part.map((value) => value / size));
  }
  return { sum, steps };
}

interface LayerWeights {
  readonly Wx: Float64Array;
  readonly Wh: Float64Array;
  readonly bx: Float64Array;
  readonly bh: Float64Array | null;
  readonly leak: Float64Array | null;
}

function weightsOf(tensors: Tensors, cell: QuantileCell, layer: number): LayerWeights {
  const find = (name: string) => tensors.get(`${cell}.${name}_l${layer}`)?.data;
  const take = (name: string) => Float64Array.from(find(name) ?? []);
  const optional = (name: string) => (find(name) ? take(name) : null);
  return {
    Wx: take('weight_ih'),
    Wh: take('weight_hh'),
    bx: take('bias_ih'),
    bh: optional('bias_hh'),
    leak: optional('leak'),
  };
}
