import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lstmBackward, lstmForward } from '../../cells/lstm.js';
import { GRU, LeakyRNN, LSTM, RNN } from '../../nn/index.js';
import { Random } from '../../random.js';
import { gradientByLag } from './gradient-by-lag.js';
import { layerWeights, type MemoryCell } from './layer-weights.js';
import { NetworkRun } from './network-run.js';

const [D, H, T] = [2, 4, 6];
const draws = (count: number, seed: string) => {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

type Arrays = Readonly<Record<string, { data: Float64Array }>>;
/** The face of a layer of tidegate/nn: a forward pass that shares no code with the Jacobians here. */
interface Layer {
  stateDict(): Arrays;
  step(x: Float64Array, state: Record<string, Float64Array>): { state: Record<string, Float64Array> };
}

const common = { inputSize: D, hiddenSize: H, seed: 3, engine: 'reference' as const };
const CASES: { name: string; cell: MemoryCell; layers: number; form: object; layer: unknown }[] = [
  { name: 'tanh RNN', cell: 'rnn', layers: 1, form: {}, layer: new RNN(common) },
  {
    name: 'ReLU RNN',
    cell: 'rnn',
    layers: 1,
    form: { nonlinearity: 'relu' },
    layer: new RNN({ ...common, nonlinearity: 'relu' }),
  },
  {
    name: 'leaky RNN',
    cell: 'leaky',
    layers: 1,
    form: {},
    layer: new LeakyRNN({ ...common, leak: [0.1, 0.3, 0.6, 1] }),
  },
  { name: 'GRU', cell: 'gru', layers: 1, form: {}, layer: new GRU(common) },
  { name: 'LSTM', cell: 'lstm', layers: 1, form: {}, layer: new LSTM(common) },
  {
    name: 'LSTM of 1997',
    cell: 'lstm',
    layers: 1,
    form: { forgetGate: false },
    layer: new LSTM({ ...common, forgetGate: false }),
  },
  { name: 'two GRUs', cell: 'gru', layers: 2, form: {}, layer: new GRU({ ...common, numLayers: 2 }) },
  { name: 'three LSTMs', cell: 'lstm', layers: 3, form: {}, layer: new LSTM({ ...common, numLayers: 3 }) },
];

for (const { name, cell, layers, form, layer } of CASES) {
  const { stateDict, step } = layer as Layer;
  const arrays = stateDict.call(layer);
  const weights = Array.from({ length: layers }, (_, l) =>
    layerWeights(cell, H, (part) => arrays[`${part}_l${l}`]?.data, form),
  );
  const x = draws(T * D, `x/${name}`);
  const run = new NetworkRun(weights, x);
  const hasC = cell === 'lstm';

  /** s_{t−1} → s_t by the layer itself; states lie layer by layer here, and kind by kind there. */
  const advance = (s: Float64Array, t: number): Float64Array => {
    const state: Record<string, Float64Array> = {
      h: new Float64Array(layers * H),
      ...(hasC && { c: new Float64Array(layers * H) }),
    };
    const kinds = Object.values(state);
    const width = kinds.length * H;
    kinds.forEach((all, k) => {
      for (let l = 0; l < layers; l++) all.set(s.subarray(l * width + k * H, l * width + (k + 1) * H), l * H);
    });
    const after = step.call(layer, x.subarray((t - 1) * D, t * D), state).state;
    const result = new Float64Array(s.length);
    Object.keys(state).forEach((key, k) => {
      for (let l = 0; l < layers; l++) result.set(after[key].subarray(l * H, (l + 1) * H), l * width + k * H);
    });
    return result;
  };

  test(`${name}: the Jacobian of a step, forward and back, is that of central differences`, () => {
    let s = new Float64Array(run.stateSize);
    for (let t = 1; t < T; t++) s = new Float64Array(advance(s, t));
    const S = run.stateSize;
    for (let column = 0; column < S; column++) {
      const epsilon = 1e-6;
      const moved = (by: number) =>
        advance(
          s.map((value, k) => (k === column ? value + by : value)),
          T,
        );
      const [above, below] = [moved(epsilon), moved(-epsilon)];
      const numeric = above.map((value, k) => (value - below[k]) / (2 * epsilon));
      const pushed = new Float64Array(S).fill(1, column, column + 1);
      run.pushForward(T, pushed);
      const pulled = Float64Array.from({ length: S }, (_, row) => {
        const d = new Float64Array(S).fill(1, row, row + 1);
        run.pullBack(T, d);
        return d[column];
      });
      for (let row = 0; row < S; row++) {
        assert.ok(
          Math.abs(pushed[row] - numeric[row]) < 1e-8,
          `push ${row},${column}: ${pushed[row]} for ${numeric[row]}`,
        );
        assert.ok(
          Math.abs(pulled[row] - numeric[row]) < 1e-8,
          `pull ${row},${column}: ${pulled[row]} for ${numeric[row]}`,
        );
      }
    }
  });
}

for (const bptt of ['complete', 'short'] as const) {
  test(`LSTM, ${bptt} form: the walk back ends where lstmBackward of the whole sequence does`, () => {
    const arrays: Arrays = new LSTM(common).stateDict();
    const weights = layerWeights('lstm', H, (part) => arrays[`${part}_l0`]?.data);
    assert.ok(weights.cell === 'lstm');
    const x = draws(T * D, 'whole');
    const u = draws(H, 'u');
    const run = new NetworkRun([weights], x);
    const sizes = { T, B: 1, D, H };
    const zeros = (size: number) => new Float64Array(size);
    const trace = { h: zeros((T + 1) * H), c: zeros((T + 1) * H), gates: zeros(T * 4 * H) };
    lstmForward(trace, x, zeros(H), zeros(H), weights, sizes);
    for (let lag = 1; lag < T; lag++) {
      // The last `lag` steps as a sequence of their own.
      const from = T - lag;
      const tail = {
        h: trace.h.subarray(from * H),
        c: trace.c.subarray(from * H),
        gates: trace.gates.subarray(from * 4 * H),
      };
      const gradients = {
        dx: zeros(lag * D),
        dh0: zeros(H),
        dc0: zeros(H),
        dz: zeros(lag * 4 * H),
        dWx: zeros(4 * H * D),
        dWh: zeros(4 * H * H),
        db: zeros(4 * H),
      };
      lstmBackward(
        gradients,
        zeros(lag * H),
        u,
        zeros(H),
        tail,
        x.subarray(from * D),
        weights,
        { ...sizes, T: lag },
        { bptt },
      );
      const expected = Math.log10(Math.hypot(...gradients.dh0));
      assert.ok(Math.abs(gradientByLag(run, u, lag, bptt).h[lag] - expected) < 1e-12);
    }
  });
}
