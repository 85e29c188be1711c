/**
 * Runs a case of fixtures/torch-goldens.json through the cells. A stack is a chain of cells here: the output of one is
 * the input of the next, and its dx the dy of the one below; a layer in both directions is two cells, one of which gets
 * everything in reverse.
 */
import { Random } from '../random.js';
import {
  type Arrays,
  type Build,
  type CellUnderTest,
  gru,
  lstm,
  projectedLstm,
  rnn,
} from './cell-under-test.test.support.js';
import * as gruCell from './gru.js';
import * as lstmCell from './lstm.js';
import * as projectionCell from './lstm-projection.js';
import * as rnnCell from './rnn.js';

export interface Tensor {
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
    nonlinearity?: rnnCell.Nonlinearity;
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

/** What was computed for an array, and what PyTorch says. */
export interface Comparison {
  label: string;
  got: ArrayLike<number>;
  expected: readonly number[];
}

/** max |got − expected| / max |expected|; ∞ where the lengths differ. NaN where a number is NaN. */
export function relativeError({ got, expected }: Comparison): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  const off = Math.max(...expected.map((value, k) => Math.abs(got[k] - value)));
  return off === 0 ? 0 : off / Math.max(...expected.map(Math.abs));
}

/** One direction of one layer. `row` is its place in PyTorch's states, `suffix` the end of its parameters' names. */
interface Direction {
  cell: CellUnderTest;
  row: number;
  suffix: string;
  reversed: boolean;
}

/** Row `at` of a tensor [rows, …]. */
function rowOf(tensor: Tensor, at: number): Float64Array {
  const size = tensor.data.length / tensor.shape[0];
  return Float64Array.from(tensor.data.slice(at * size, (at + 1) * size));
}

/** The steps of a sequence [T, …] in the opposite order. */
function reverse(values: Float64Array, T: number): Float64Array {
  const size = values.length / T;
  const result = new Float64Array(values.length);
  for (let t = 0; t < T; t++) result.set(values.subarray(t * size, (t + 1) * size), (T - 1 - t) * size);
  return result;
}

function builderOf({ kind, options: { nonlinearity = 'tanh', proj_size } }: GoldenCase): Build {
  if (kind === 'RNN') return rnn(rnnCell, nonlinearity);
  if (kind === 'GRU') return gru(gruCell);
  return proj_size === undefined ? lstm(lstmCell) : projectedLstm(projectionCell, () => proj_size);
}

/** PyTorch's parameters and initial states by the cells' names. Where the cell has one bias, it is the sum of PyTorch's two. */
function valuesOf(golden: GoldenCase, suffix: string, row: number): Arrays {
  const parameter = (name: string) => Float64Array.from(golden.params[`${name}${suffix}`].data);
  const Wh = parameter('weight_hh');
  const gates = { RNN: 1, GRU: 3, LSTM: 4 }[golden.kind];
  const none = () => new Float64Array(gates * golden.hiddenSize);
  const [bx, bh] = golden.options.bias === false ? [none(), none()] : [parameter('bias_ih'), parameter('bias_hh')];
  return {
    Wx: parameter('weight_ih'),
    Wh,
    ...(golden.kind === 'GRU' ? { bx, bh } : { b: bx.map((value, k) => value + bh[k]) }),
    ...(golden.options.proj_size !== undefined && { Wp: parameter('weight_hr') }),
    h0: rowOf(golden.h0, row),
    ...(golden.kind === 'LSTM' && { c0: rowOf(golden.c0, row) }),
  };
}

function layersOf(golden: GoldenCase): Direction[][] {
  const { T, B, inputSize, hiddenSize: H, options } = golden;
  const build = builderOf(golden);
  const directions = options.bidirectional ? [false, true] : [false];
  let D = inputSize;
  return Array.from({ length: options.num_layers ?? 1 }, (_, l) => {
    const layer = directions.map((reversed, direction) => {
      const row = l * directions.length + direction;
      const suffix = `_l${l}${reversed ? '_reverse' : ''}`;
      const cell = build({ T, B, D, H }, new Random(0), valuesOf(golden, suffix, row));
      return { cell, row, suffix, reversed };
    });
    D = layer.length * layer[0].cell.outputSize;
    return layer;
  });
}

/** Forward and backward; every array that the golden has, compared. */
export function compare(golden: GoldenCase): Comparison[] {
  const { T, B } = golden;
  const layers = layersOf(golden);
  const all: Comparison[] = [];
  const add = (label: string, got: Float64Array, expected: ArrayLike<number>) =>
    all.push({ label, got: got.slice(), expected: Array.from(expected) });

  let y: Float64Array = Float64Array.from(golden.x.data);
  for (const layer of layers) {
    const parts = layer.map(({ cell, row, suffix, reversed }) => {
      const result = cell.forward(reversed ? reverse(y, T) : y);
      for (const [name, state] of Object.entries(result.ends))
        add(`${name}n${suffix}`, state, rowOf(golden[`${name as 'h' | 'c'}n`], row));
      return reversed ? reverse(result.y, T) : result.y.slice();
    });
    y = interleave(parts, T * B);
  }
  add('output', y, golden.output.data);

  let dy: Float64Array = Float64Array.from(golden.wOut.data);
  for (const layer of layers.toReversed()) {
    const parts = layer.map(({ cell, row, suffix, reversed }, direction) => {
      const own = part(dy, direction, layer.length, T * B);
      const ends = { h: rowOf(golden.wH, row), ...(golden.kind === 'LSTM' && { c: rowOf(golden.wC, row) }) };
      const { dx, parameters, states } = cell.backward(reversed ? reverse(own, T) : own, ends);
      for (const [name, error] of Object.entries(states))
        add(`d${name}0${suffix}`, error, rowOf(golden[`d${name as 'h' | 'c'}0`], row));
      const { Wx, Wh, b, bx = b, bh = b, Wp } = parameters;
      const ours = { weight_ih: Wx, weight_hh: Wh, bias_ih: bx, bias_hh: bh, weight_hr: Wp };
      for (const [name, gradient] of Object.entries(ours)) {
        const expected = golden.dparams[`${name}${suffix}`];
        if (expected !== undefined) add(`d${name}${suffix}`, gradient, expected.data);
      }
      return reversed ? reverse(dx, T) : dx.slice();
    });
    dy = parts[0].map((value, k) => parts.slice(1).reduce((sum, other) => sum + other[k], value));
  }
  add('dx', dy, golden.dx.data);
  return all;
}

/** Outputs [rows, width] of the directions side by side. */
function interleave(parts: Float64Array[], rows: number): Float64Array {
  const width = parts[0].length / rows;
  const result = new Float64Array(parts.length * rows * width);
  for (const [p, values] of parts.entries())
    for (let row = 0; row < rows; row++)
      result.set(values.subarray(row * width, (row + 1) * width), (row * parts.length + p) * width);
  return result;
}

/** Part `p` of `count` of what interleave put side by side. */
function part(values: Float64Array, p: number, count: number, rows: number): Float64Array {
  const width = values.length / rows / count;
  const result = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = (row * count + p) * width;
    result.set(values.subarray(from, from + width), row * width);
  }
  return result;
}
