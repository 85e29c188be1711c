/** Every recurrent layer and variant behind one face, both engines, and how arrays are compared: max |got − expected| / max |expected|. */
import assert from 'node:assert/strict';
import { Random } from '../random.js';
import type { Numbers } from './cell-runner.js';
import type { EngineKind } from './engine-kind.js';
import { GRU } from './gru.js';
import { LeakyRNN } from './leaky-rnn.js';
import { LSTM } from './lstm.js';
import type { RecurrentOptions } from './recurrent-options.js';
import { RNN } from './rnn.js';
import type { StateDict } from './state-dict.js';

export type States = Record<string, Numbers>;

/** A recurrent layer of any cell on any engine. */
export interface AnyLayer {
  readonly outputSize: number;
  readonly training: boolean;
  train(training?: boolean): AnyLayer;
  eval(): AnyLayer;
  dropoutState(): Uint32Array;
  restoreDropoutState(state: ArrayLike<number>): void;
  stateDict(): StateDict<Numbers>;
  loadStateDict(dict: StateDict): void;
  forward(
    x: Numbers,
    sizes: { steps: number; batch: number; state?: States; lengths?: readonly number[] },
  ): { output: Numbers; state: States };
  backward(errors: { dOutput?: Numbers; dState?: States }): {
    dInput: Numbers;
    dState: States;
    grads: StateDict<Numbers>;
  };
  step(x: Numbers, state?: States): { output: Numbers; state: States };
}

export type AnyOptions = Partial<RecurrentOptions> & Record<string, unknown>;

export interface Variant {
  name: string;
  /** The layer's class. */
  layer: string;
  /** Widths of the states, as options at H = 5 give them. */
  states: Record<string, number>;
  build(options?: AnyOptions): AnyLayer;
}

/** D and H of a variant where the options do not say. */
export const [INPUTS, HIDDEN] = [3, 5];

function variant(
  name: string,
  Layer: new (options: never) => unknown,
  own: Record<string, unknown>,
  states: Record<string, number> = { h: HIDDEN },
): Variant {
  const build = (options: AnyOptions = {}) =>
    new Layer({ inputSize: INPUTS, hiddenSize: HIDDEN, ...own, ...options } as never) as AnyLayer;
  return { name, layer: Layer.name, states, build };
}

const both = { h: HIDDEN, c: HIDDEN };
const projected = { h: 2, c: HIDDEN };

export const VARIANTS: readonly Variant[] = [
  variant('rnn-tanh', RNN, {}),
  variant('rnn-relu', RNN, { nonlinearity: 'relu' }),
  variant('leaky-tanh-one', LeakyRNN, { leak: 0.3 }),
  variant('leaky-tanh-per-unit', LeakyRNN, { leak: [0.1, 0.3, 0.5, 0.7, 0.9] }),
  variant('leaky-relu-per-unit', LeakyRNN, { leak: { fastest: 0.9, slowest: 0.1 }, nonlinearity: 'relu' }),
  variant('gru', GRU, {}),
  variant('gru-reset-before', GRU, { resetAfter: false }),
  variant('lstm', LSTM, {}, both),
  variant('lstm-peepholes', LSTM, { peephole: true }, both),
  variant('lstm-1997', LSTM, { forgetGate: false }, both),
  variant('lstm-1997-peepholes', LSTM, { forgetGate: false, peephole: true }, both),
  variant('lstm-projection', LSTM, { projSize: 2 }, projected),
  variant('lstm-projection-peepholes', LSTM, { projSize: 2, peephole: true }, projected),
  variant('lstm-1997-projection', LSTM, { forgetGate: false, projSize: 2 }, projected),
];

export const ENGINES = [
  { engine: 'reference' as EngineKind, array: Float64Array, tolerance: 1e-12 },
  { engine: 'wasm' as EngineKind, array: Float32Array, tolerance: 1e-5 },
];

/** Normal numbers, the same for the same words on both engines up to rounding. */
export function randomArray(array: new (length: number) => Numbers, words: string, length: number): Numbers {
  const stream = new Random(words);
  const values = new array(length);
  for (let k = 0; k < length; k++) values[k] = stream.normal(0, 0.7);
  return values;
}

/** Random states of `rows` = layers·directions. */
export function randomStates(
  array: new (length: number) => Numbers,
  words: string,
  widths: Record<string, number>,
  rows: number,
  batch: number,
): States {
  return Object.fromEntries(
    Object.entries(widths).map(([name, width]) => [name, randomArray(array, `${words} ${name}`, rows * batch * width)]),
  );
}

export function assertClose(label: string, got: Numbers, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(got.length, expected.length, `${label}: length`);
  let [off, scale] = [0, 0];
  for (let k = 0; k < got.length; k++) {
    const difference = Math.abs(got[k] - expected[k]);
    off = difference >= off || Number.isNaN(difference) ? difference : off;
    scale = Math.max(scale, Math.abs(expected[k]));
  }
  assert.ok(off <= tolerance * scale, `${label}: off by ${off} on a scale of ${scale}`);
}

/** Compares arrays by name; the names must be the same. */
export function assertAllClose(label: string, got: States, expected: States, tolerance: number): void {
  assert.deepEqual(Object.keys(got), Object.keys(expected), label);
  for (const [name, values] of Object.entries(expected)) assertClose(`${label} ${name}`, got[name], values, tolerance);
}

/** The tensors' numbers by name. */
export function dataOf(dict: StateDict<Numbers>): States {
  return Object.fromEntries(Object.entries(dict).map(([name, { data }]) => [name, data]));
}
