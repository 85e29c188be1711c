/** Every kind and variant of recurrent layer, from its sizes: what the engine's tests run over. */
import type { LayerSpec } from './layer-spec.js';

type Make = (inputSize: number, hiddenSize: number) => LayerSpec;

export const KINDS: Readonly<Record<string, Make>> = {
  'rnn tanh': (inputSize, hiddenSize) => ({ kind: 'rnn', inputSize, hiddenSize, nonlinearity: 'tanh' }),
  'rnn relu': (inputSize, hiddenSize) => ({ kind: 'rnn', inputSize, hiddenSize, nonlinearity: 'relu' }),
  'leaky tanh': (inputSize, hiddenSize) => ({ kind: 'leaky', inputSize, hiddenSize, nonlinearity: 'tanh' }),
  'leaky relu': (inputSize, hiddenSize) => ({ kind: 'leaky', inputSize, hiddenSize, nonlinearity: 'relu' }),
  'gru reset-after': (inputSize, hiddenSize) => ({ kind: 'gru', inputSize, hiddenSize, resetAfter: true }),
  'gru reset-before': (inputSize, hiddenSize) => ({ kind: 'gru', inputSize, hiddenSize, resetAfter: false }),
  lstm: (inputSize, hiddenSize) => ({ kind: 'lstm', inputSize, hiddenSize }),
  'lstm of 1997': (inputSize, hiddenSize) => ({ kind: 'lstm', inputSize, hiddenSize, forgetGate: false }),
  'lstm with peepholes': (inputSize, hiddenSize) => ({ kind: 'lstm', inputSize, hiddenSize, peephole: true }),
  'lstm with projection': (inputSize, hiddenSize) => {
    return { kind: 'lstm', inputSize, hiddenSize, projSize: Math.ceil(hiddenSize / 3) };
  },
  // A projection may also widen, and the variants may meet.
  'lstm with all variants': (inputSize, hiddenSize) => {
    return { kind: 'lstm', inputSize, hiddenSize, forgetGate: false, peephole: true, projSize: hiddenSize + 9 };
  },
};
export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** A layer of the kind called `name`. */
export const layerOf = (name: string, inputSize: number, hiddenSize: number): LayerSpec =>
  KINDS[name]!(inputSize, hiddenSize);

/** Layers of the named kinds and these hidden sizes, one on the other, with a linear layer on top. */
export function stackOf(
  kinds: readonly string[],
  inputSize: number,
  hiddenSizes: readonly number[],
  outputSize: number,
): LayerSpec[] {
  const layers: LayerSpec[] = [];
  let width = inputSize;
  hiddenSizes.forEach((hiddenSize, at) => {
    const layer = layerOf(kinds[at % kinds.length]!, width, hiddenSize);
    layers.push(layer);
    width = (layer.kind === 'lstm' ? layer.projSize : undefined) ?? hiddenSize;
  });
  return [...layers, { kind: 'linear', inputSize: width, outputSize }];
}
