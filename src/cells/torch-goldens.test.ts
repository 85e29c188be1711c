/**
 * The cells against PyTorch in float64 (fixtures/make_torch_goldens.py): output, final states and every gradient, to
 * 1e-12 relative per array. A stack is a chain of cells here: the output of one is the input of the next, and its dx
 * the dy of the one below.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lstmBackward, lstmForward } from './lstm.js';
import { type Nonlinearity, rnnBackward, rnnForward } from './rnn.js';
import type { SequenceSizes } from './sequence-sizes.js';

interface Tensor {
  shape: number[];
  data: number[];
}
/** One record of torch-goldens.json; loss = Σ output·wOut + Σ hn·wH + Σ cn·wC. c0, cn, wC, dc0: LSTM only. */
export interface GoldenCase {
  name: string;
  kind: 'RNN' | 'GRU' | 'LSTM';
  options: {
    num_layers?: number;
    bias?: boolean;
    nonlinearity?: Nonlinearity;
    bidirectional?: boolean;
    proj_size?: number;
  };
  T: number;
  B: number;
  inputSize: number;
  hiddenSize: number;
  loss: number;
  params: Record<string, Tensor>;
  dparams: Record<string, Tensor>;
  x: Tensor;
  h0: Tensor;
  c0: Tensor;
  output: Tensor;
  hn: Tensor;
  cn: Tensor;
  wOut: Tensor;
  wH: Tensor;
  wC: Tensor;
  dx: Tensor;
  dh0: Tensor;
  dc0: Tensor;
}

const TOLERANCE = 1e-12;
/** Cases of cells that this folder does not have yet. */
const SKIPPED = ['gru-1-step', 'gru', 'gru-2-layers-bidirectional', 'lstm-bidirectional', 'lstm-projection'];

const { cases } = JSON.parse(
  readFileSync(new URL('../../src/cells/fixtures/torch-goldens.json', import.meta.url), 'utf8'),
) as { cases: GoldenCase[] };

/** max |got − expected| / max |expected| ≤ TOLERANCE, and the same length. */
function assertClose(label: string, got: Float64Array, expected: number[]): void {
  assert.equal(got.length, expected.length, `${label}: length`);
  const scale = Math.max(...expected.map(Math.abs));
  const off = Math.max(...expected.map((value, k) => Math.abs(got[k] - value)));
  assert.ok(off <= TOLERANCE * scale, `${label}: off by ${off} on a scale of ${scale}`);
}

const zeros = (length: number) => new Float64Array(length);
/** Layer `l` of a tensor [layers, …]. */
const layerOf = (tensor: Tensor, l: number) => {
  const size = tensor.data.length / tensor.shape[0];
  return Float64Array.from(tensor.data.slice(l * size, (l + 1) * size));
};

/** One layer of a stack: `forward` returns y [T,B,H]; `backward` takes dy and returns dx. The rest is compared. */
interface Layer {
  forward(x: Float64Array): Float64Array;
  backward(dy: Float64Array): Float64Array;
  /** Golden name → computed array, after both passes. */
  states(): Record<'hn' | 'cn' | 'dh0' | 'dc0', Float64Array>;
  gradients: { dWx: Float64Array; dWh: Float64Array; db: Float64Array };
}

function parametersOf(golden: GoldenCase, l: number) {
  const parameter = (name: string) => Float64Array.from(golden.params[`${name}_l${l}`].data);
  const Wh = parameter('weight_hh');
  const b = zeros(Wh.length / golden.hiddenSize);
  if (golden.options.bias !== false) {
    const other = parameter('bias_hh');
    for (const [k, value] of parameter('bias_ih').entries()) b[k] = value + other[k];
  }
  return { Wx: parameter('weight_ih'), Wh, b };
}

function lstmLayer(golden: GoldenCase, l: number, sizes: SequenceSizes): Layer {
  const { T, B, D, H } = sizes;
  const parameters = parametersOf(golden, l);
  const trace = { h: zeros((T + 1) * B * H), c: zeros((T + 1) * B * H), gates: zeros(T * B * 4 * H) };
  const gradients = {
    dx: zeros(T * B * D).fill(9),
    dh0: zeros(B * H).fill(9),
    dc0: zeros(B * H).fill(9),
    dz: zeros(T * B * 4 * H).fill(9),
    dWx: zeros(4 * H * D),
    dWh: zeros(4 * H * H),
    db: zeros(4 * H),
  };
  let x: Float64Array;
  return {
    gradients,
    forward(input) {
      x = input;
      lstmForward(trace, x, layerOf(golden.h0, l), layerOf(golden.c0, l), parameters, sizes);
      return trace.h.slice(B * H);
    },
    backward(dy) {
      lstmBackward(gradients, dy, layerOf(golden.wH, l), layerOf(golden.wC, l), trace, x, parameters, sizes);
      return gradients.dx;
    },
    states: () => ({
      hn: trace.h.slice(T * B * H),
      cn: trace.c.slice(T * B * H),
      dh0: gradients.dh0,
      dc0: gradients.dc0,
    }),
  };
}

function rnnLayer(golden: GoldenCase, l: number, sizes: SequenceSizes): Layer {
  const { T, B, D, H } = sizes;
  const parameters = parametersOf(golden, l);
  const nonlinearity = golden.options.nonlinearity ?? 'tanh';
  const h = zeros((T + 1) * B * H);
  const gradients = {
    dx: zeros(T * B * D).fill(9),
    dh0: zeros(B * H).fill(9),
    dz: zeros(T * B * H).fill(9),
    dWx: zeros(H * D),
    dWh: zeros(H * H),
    db: zeros(H),
  };
  let x: Float64Array;
  return {
    gradients,
    forward(input) {
      x = input;
      rnnForward(h, x, layerOf(golden.h0, l), parameters, nonlinearity, sizes);
      return h.slice(B * H);
    },
    backward(dy) {
      rnnBackward(gradients, dy, layerOf(golden.wH, l), h, x, parameters, nonlinearity, sizes);
      return gradients.dx;
    },
    states: () => ({ hn: h.slice(T * B * H), cn: zeros(0), dh0: gradients.dh0, dc0: zeros(0) }),
  };
}

test('the skipped cases are the only ones left out', () => {
  assert.equal(cases.length, 16);
  for (const name of SKIPPED) assert.ok(cases.some((golden) => golden.name === name));
});

for (const golden of cases.filter(({ name }) => !SKIPPED.includes(name))) {
  test(`${golden.name}: output, states and gradients as PyTorch`, () => {
    const { T, B, inputSize, hiddenSize: H } = golden;
    const build = golden.kind === 'LSTM' ? lstmLayer : rnnLayer;
    const layers = Array.from({ length: golden.options.num_layers ?? 1 }, (_, l) =>
      build(golden, l, { T, B, D: l === 0 ? inputSize : H, H }),
    );
    let y: Float64Array = Float64Array.from(golden.x.data);
    for (const layer of layers) y = layer.forward(y);
    assertClose('output', y, golden.output.data);
    let dy: Float64Array = Float64Array.from(golden.wOut.data);
    for (const layer of layers.toReversed()) dy = layer.backward(dy);
    assertClose('dx', dy, golden.dx.data);

    for (const [l, { gradients, states }] of layers.entries()) {
      const named = states();
      for (const name of golden.kind === 'LSTM' ? (['hn', 'cn', 'dh0', 'dc0'] as const) : (['hn', 'dh0'] as const))
        assertClose(`${name} of layer ${l}`, named[name], [...layerOf(golden[name], l)]);
      const ours = { weight_ih: gradients.dWx, weight_hh: gradients.dWh, bias_ih: gradients.db, bias_hh: gradients.db };
      for (const [name, array] of Object.entries(ours)) {
        const expected = golden.dparams[`${name}_l${l}`];
        if (name.startsWith('bias') && golden.options.bias === false) assert.equal(expected, undefined);
        else assertClose(`d${name} of layer ${l}`, array, expected.data);
      }
    }
  });
}
