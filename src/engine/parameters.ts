/** The parameters of every kind of layer: their names and shapes, and where their elements are in packed weights. */
import { type GruSpec, type LayerSpec, recurrentSize } from './layer-spec.js';

/**
 * One matrix of packed weights, [blocks][blockRows][16]. The first `vectors` rows of a block hold one number for each
 * output (biases, leaks, peepholes), which weight decay leaves alone; then comes one row for each input.
 */
export interface PackedMatrix {
  readonly blocks: number;
  readonly blockRows: number;
  readonly vectors: number;
}

/**
 * One parameter of the network: element (n, k), k < `inner`, is at float columns[n] + (row + k)·16 of packed matrix
 * `matrix` of layer `layer`.
 */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly layer: number;
  readonly matrix: number;
  readonly row: number;
  readonly inner: number;
  readonly columns: Int32Array;
}

const sixteens = (n: number): number => Math.ceil(n / 16);
const eights = (n: number): number => Math.ceil(n / 8);

/** Rows of a block before the weights of the inputs. */
function vectorsOf(layer: LayerSpec): number {
  if (layer.kind === 'leaky') return 2;
  if (layer.kind === 'gru') return layer.resetAfter ? 2 : 1;
  return layer.kind === 'lstm' && layer.peephole ? 2 : 1;
}

/** Blocks of 16 outputs of the layer's first matrix; see the kernels for what is in each. */
function blocksOf(layer: LayerSpec): number {
  if (layer.kind === 'linear') return sixteens(layer.outputSize);
  const H = layer.hiddenSize;
  if (layer.kind === 'lstm') return 2 * eights(H);
  return layer.kind === 'gru' ? eights(H) + sixteens(H) : sixteens(H);
}

/** The packed matrices of a layer: the weights of its inputs and its own h, then, for an LSTM, of its projection. */
export function packedMatrices(layer: LayerSpec): PackedMatrix[] {
  const vectors = vectorsOf(layer);
  const recurrent = layer.kind === 'linear' ? 0 : recurrentSize(layer);
  const first = { blocks: blocksOf(layer), blockRows: vectors + layer.inputSize + recurrent, vectors };
  if (layer.kind !== 'lstm' || layer.projSize === undefined) return [first];
  return [first, { blocks: sixteens(layer.projSize), blockRows: 1 + layer.hiddenSize, vectors: 1 }];
}

/** Float offsets of the columns of `count` outputs that fill the blocks from number `first` on. */
const columnsInOrder = (count: number, blockRows: number, first = 0): Int32Array =>
  Int32Array.from({ length: count }, (_, n) => (first + (n >> 4)) * blockRows * 16 + (n & 15));

/** Of the LSTM's gates i f g o, n = gate·H + unit: blocks [i f], [g o] of every eight units. */
const lstmColumns = (H: number, blockRows: number): Int32Array =>
  Int32Array.from({ length: 4 * H }, (_, n) => {
    const gate = Math.floor(n / H);
    const unit = n % H;
    return (2 * (unit >> 3) + (gate >> 1)) * blockRows * 16 + (gate & 1) * 8 + (unit & 7);
  });

/** Of the GRU's gates r z n: a block [r z] of every eight units, then n of every sixteen. */
function gruColumns({ hiddenSize: H }: GruSpec, blockRows: number): Int32Array {
  const gates = Int32Array.from({ length: 2 * H }, (_, n) => {
    const unit = n % H;
    return (unit >> 3) * blockRows * 16 + (n < H ? 0 : 8) + (unit & 7);
  });
  return Int32Array.from([...gates, ...columnsInOrder(H, blockRows, eights(H))]);
}

/** The columns of the first matrix in the order of the rows of weight_ih, or of a linear layer's weight. */
function columnsOf(layer: LayerSpec, blockRows: number): Int32Array {
  if (layer.kind === 'lstm') return lstmColumns(layer.hiddenSize, blockRows);
  if (layer.kind === 'gru') return gruColumns(layer, blockRows);
  return columnsInOrder(layer.kind === 'linear' ? layer.outputSize : layer.hiddenSize, blockRows);
}

function parametersOfLayer(spec: LayerSpec, layer: number): Parameter[] {
  const [{ blockRows, vectors }, projection] = packedMatrices(spec) as [PackedMatrix, PackedMatrix?];
  const all = columnsOf(spec, blockRows);
  const width = all.length;
  const named = { layer, matrix: 0 };
  const matrix = (name: string, inner: number, row: number): Parameter => {
    return { ...named, name: `${layer}.${name}`, shape: [width, inner], row, inner, columns: all };
  };
  const vector = (name: string, shape: readonly number[], row: number, columns: Int32Array): Parameter => {
    return { ...named, name: `${layer}.${name}`, shape, row, inner: 1, columns };
  };
  const bias = vector('bias', [width], 0, all);
  if (spec.kind === 'linear') return [matrix('weight', spec.inputSize, vectors), bias];

  const H = spec.hiddenSize;
  const R = recurrentSize(spec);
  const parameters = [
    matrix('weight_ih', spec.inputSize, vectors),
    matrix('weight_hh', R, vectors + spec.inputSize),
    bias,
  ];
  if (spec.kind === 'gru' && spec.resetAfter) parameters.push(vector('bias_hn', [H], 1, all.subarray(2 * H)));
  if (spec.kind === 'leaky') parameters.push(vector('leak', [H], 1, all));
  if (spec.kind === 'lstm' && spec.peephole) {
    const [i, f, o] = [0, 1, 3].map((gate) => all.subarray(gate * H, (gate + 1) * H)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    parameters.push(vector('peephole', [3, H], 1, Int32Array.from([...i, ...f, ...o])));
  }
  if (projection !== undefined)
    parameters.push({
      layer,
      matrix: 1,
      name: `${layer}.weight_hr`,
      shape: [R, H],
      row: 1,
      inner: H,
      columns: columnsInOrder(R, projection.blockRows),
    });
  return parameters;
}

/** All parameters in order, layer by layer. */
export const parametersOf = (layers: readonly LayerSpec[]): Parameter[] => layers.flatMap(parametersOfLayer);
