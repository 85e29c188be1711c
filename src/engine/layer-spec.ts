/** A network as data: a stack of layers, each feeding the next. */
import { usageError } from '../errors.js';

/** Plain recurrent units: h = φ(W_x·x + W_h·h + b). */
export interface RnnSpec {
  readonly kind: 'rnn';
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly nonlinearity: 'tanh' | 'relu';
}

/** Leaky units: h = (1 − λ) ⊙ h + λ ⊙ φ(W_x·x + W_h·h + b). */
export interface LeakySpec {
  readonly kind: 'leaky';
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly nonlinearity: 'tanh' | 'relu';
}

/** GRU; `resetAfter`: n = tanh(W_nx·x + b + r ⊙ (W_nh·h + b_hn)), else n = tanh(W_nx·x + b + W_nh·(r ⊙ h)). */
export interface GruSpec {
  readonly kind: 'gru';
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly resetAfter: boolean;
}

/** LSTM and its variants, which may be combined. */
export interface LstmSpec {
  readonly kind: 'lstm';
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** `false` is the form of 1997: f ≡ 1; the rows of f are there, unread, with gradient zero. Default true. */
  readonly forgetGate?: boolean;
  /** i and f see C_{t−1}, o sees C_t. Default false. */
  readonly peephole?: boolean;
  /** h = W_hr·(o ⊙ tanh C) has this size instead of hiddenSize. Default: no projection. */
  readonly projSize?: number;
  /** The way back leaves out the path C_t → C_{t+1}: a famous mistake, to be shown (docs/math.md, section 3). Default false. */
  readonly shortBptt?: boolean;
}

export interface LinearSpec {
  readonly kind: 'linear';
  readonly inputSize: number;
  readonly outputSize: number;
}

export type LayerSpec = RnnSpec | LeakySpec | GruSpec | LstmSpec | LinearSpec;

/** The arena is planned once for this; later calls may use any steps and batch up to it. */
export interface Capacity {
  readonly steps: number;
  readonly batch: number;
  /** Whether activations are kept for the backward pass, with gradients and moments. */
  readonly training: boolean;
}

/** The kernels that run recurrent layers. The LSTM's variants have their own, so that the LSTM pays nothing for them. */
export type RecurrentKernel = 'rnn' | 'leaky' | 'gru' | 'lstm' | 'lstmVariant';

export function kernelOf(layer: LayerSpec): RecurrentKernel | 'linear' {
  if (layer.kind !== 'lstm') return layer.kind;
  const { forgetGate = true, peephole, projSize, shortBptt } = layer;
  return !forgetGate || peephole || projSize !== undefined || shortBptt ? 'lstmVariant' : 'lstm';
}

/** Width of a recurrent layer's h, which is also what it gives to the layer above. */
export const recurrentSize = (layer: Exclude<LayerSpec, LinearSpec>): number =>
  (layer.kind === 'lstm' ? layer.projSize : undefined) ?? layer.hiddenSize;

export const outputSize = (layer: LayerSpec): number =>
  layer.kind === 'linear' ? layer.outputSize : recurrentSize(layer);

/** Widths of a layer's states; c is 0 where there is none. */
export const stateSizes = (layer: LayerSpec): { h: number; c: number } | null =>
  layer.kind === 'linear' ? null : { h: recurrentSize(layer), c: layer.kind === 'lstm' ? layer.hiddenSize : 0 };

const SIZES: Readonly<Record<LayerSpec['kind'], readonly string[]>> = {
  rnn: ['inputSize', 'hiddenSize'],
  leaky: ['inputSize', 'hiddenSize'],
  gru: ['inputSize', 'hiddenSize'],
  lstm: ['inputSize', 'hiddenSize'],
  linear: ['inputSize', 'outputSize'],
};
const OPTIONAL_SIZES = ['projSize'];
const FLAGS: readonly string[] = ['forgetGate', 'peephole', 'shortBptt'];

function checkLayer(layer: LayerSpec, at: number): void {
  const refuse = (text: string): never => {
    throw usageError('bad_layers', `layer ${at} ${text}`);
  };
  const values = layer as unknown as Readonly<Record<string, unknown>>;
  const sizes = Object.hasOwn(SIZES, layer.kind)
    ? SIZES[layer.kind]
    : refuse(`is "${values.kind}"; use one of ${Object.keys(SIZES).join(', ')}.`);
  for (const name of [...sizes, ...OPTIONAL_SIZES.filter((option) => values[option] !== undefined)])
    if (!(Number.isInteger(values[name]) && Number(values[name]) > 0))
      refuse(`has ${name} ${values[name]}; it must be a positive integer.`);
  for (const name of layer.kind === 'gru' ? ['resetAfter'] : FLAGS.filter((flag) => values[flag] !== undefined))
    if (typeof values[name] !== 'boolean') refuse(`has ${name} ${values[name]}; it must be true or false.`);
  if ((layer.kind === 'rnn' || layer.kind === 'leaky') && !['tanh', 'relu'].includes(layer.nonlinearity))
    refuse(`has nonlinearity "${layer.nonlinearity}"; use "tanh" or "relu".`);
}

/** Throws `bad_layers` unless there is a layer, all options are in range, and each layer fits the one before. */
export function checkLayers(layers: readonly LayerSpec[]): void {
  if (layers.length === 0) throw usageError('bad_layers', 'a network needs at least one layer; got none.');
  layers.forEach((layer, at) => {
    checkLayer(layer, at);
    const before = layers[at - 1];
    if (before !== undefined && outputSize(before) !== layer.inputSize)
      throw usageError(
        'bad_layers',
        `layer ${at} takes ${layer.inputSize} inputs but layer ${at - 1} gives ${outputSize(before)}; make them equal.`,
      );
  });
}
