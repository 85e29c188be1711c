/** A network as data: a stack of layers, each feeding the next, and the shapes of their parameters. */
import { usageError } from '../errors.js';

export type LayerSpec =
  | { readonly kind: 'lstm'; readonly inputSize: number; readonly hiddenSize: number }
  | { readonly kind: 'linear'; readonly inputSize: number; readonly outputSize: number };

/** The arena is planned once for this; later calls may use any steps and batch up to it. */
export interface Capacity {
  readonly steps: number;
  readonly batch: number;
  /** Whether activations are kept for the backward pass, with gradients and moments. */
  readonly training: boolean;
}

/**
 * One parameter of the network, and where its elements are in the layer's packed weights [blocks][blockRows][16]:
 * element (n, k) at float columns[n] + (firstRow + k)·16.
 */
export interface Parameter {
  readonly name: string;
  /** As in PyTorch: weight_ih [4H, D], weight_hh [4H, H], bias [4H], weight [O, I], bias [O]. Gate order i f g o. */
  readonly shape: readonly number[];
  readonly layer: number;
  readonly firstRow: number;
  readonly columns: Int32Array;
}

export const outputSize = (layer: LayerSpec): number => (layer.kind === 'lstm' ? layer.hiddenSize : layer.outputSize);

/** Blocks of 16 packed columns: two for eight LSTM units (i f, g o), one for sixteen outputs. */
export const blocksOf = (layer: LayerSpec): number =>
  layer.kind === 'lstm' ? 2 * Math.ceil(layer.hiddenSize / 8) : Math.ceil(layer.outputSize / 16);

/** Rows of a block: the bias, the inputs, and for an LSTM the units of the step before. */
export const blockRowsOf = (layer: LayerSpec): number =>
  1 + layer.inputSize + (layer.kind === 'lstm' ? layer.hiddenSize : 0);

/** Throws `bad_layers` unless there is a layer, all sizes are positive integers, and each layer fits the one before. */
export function checkLayers(layers: readonly LayerSpec[]): void {
  if (layers.length === 0) throw usageError('bad_layers', 'a network needs at least one layer; got none.');
  layers.forEach((layer, at) => {
    if (layer.kind !== 'lstm' && layer.kind !== 'linear')
      throw usageError('bad_layers', `layer ${at} is "${(layer as { kind: string }).kind}"; use "lstm" or "linear".`);
    for (const [name, size] of Object.entries(layer))
      if (name !== 'kind' && !(Number.isInteger(size) && Number(size) > 0))
        throw usageError('bad_layers', `layer ${at} has ${name} ${size}; it must be a positive integer.`);
    const before = layers[at - 1];
    if (before !== undefined && outputSize(before) !== layer.inputSize)
      throw usageError(
        'bad_layers',
        `layer ${at} takes ${layer.inputSize} inputs but layer ${at - 1} gives ${outputSize(before)}; make them equal.`,
      );
  });
}

/** Float offset of output n's column within packed weights. LSTM: n = gate·H + unit, gates i f g o. */
function packedColumns(layer: LayerSpec): Int32Array {
  const block = blockRowsOf(layer) * 16;
  if (layer.kind === 'linear')
    return Int32Array.from({ length: layer.outputSize }, (_, n) => (n >> 4) * block + (n & 15));
  const H = layer.hiddenSize;
  return Int32Array.from({ length: 4 * H }, (_, n) => {
    const gate = Math.floor(n / H);
    const unit = n % H;
    return (2 * (unit >> 3) + (gate >> 1)) * block + (gate & 1) * 8 + (unit & 7);
  });
}

/** All parameters in order, layer by layer. */
export function parametersOf(layers: readonly LayerSpec[]): Parameter[] {
  return layers.flatMap((spec, layer): Parameter[] => {
    const columns = packedColumns(spec);
    const width = columns.length;
    const parameter = (name: string, shape: readonly number[], firstRow: number): Parameter => ({
      name: `${layer}.${name}`,
      shape,
      layer,
      firstRow,
      columns,
    });
    if (spec.kind === 'linear') return [parameter('weight', [width, spec.inputSize], 1), parameter('bias', [width], 0)];
    return [
      parameter('weight_ih', [width, spec.inputSize], 1),
      parameter('weight_hh', [width, spec.hiddenSize], 1 + spec.inputSize),
      parameter('bias', [width], 0),
    ];
  });
}
