/** The plain recurrent layer with PyTorch's face. */
import type { Nonlinearity } from '../cells/rnn.js';
import type { EngineKind } from './engine-kind.js';
import {
  type RecurrentGradients,
  RecurrentLayer,
  type RecurrentResult,
  type RecurrentState,
} from './recurrent-layer.js';
import {
  oneOf,
  RECURRENT_DEFAULTS,
  type RecurrentOptions,
  type Rules,
  recurrentRules,
  resolveOptions,
} from './recurrent-options.js';
import { rnnCell } from './rnn-cell.js';

export interface RNNOptions<E extends EngineKind = EngineKind> extends RecurrentOptions<E> {
  /** φ. Default `tanh`. */
  nonlinearity?: Nonlinearity | undefined;
}

/** h of all layers [layers·directions,B,H], lowest layer first, forward before reverse. */
export type RNNState<E extends EngineKind = 'wasm'> = RecurrentState<E, 'h'>;
export type RNNResult<E extends EngineKind = 'wasm'> = RecurrentResult<E, 'h'>;
export type RNNGradients<E extends EngineKind = 'wasm'> = RecurrentGradients<E, 'h'>;

const RULES: Rules<RNNOptions> = {
  ...recurrentRules('default', 'glorot', 'orthogonal', 'identity'),
  nonlinearity: oneOf('tanh', 'relu'),
};

/**
 * Plain (Elman) recurrent units over batches of sequences, with complete back-propagation through time.
 *   h_t = φ(Wx·x_t + Wh·h_{t−1} + b) ,  φ tanh or ReLU
 * (Elman 1990). Parameters have PyTorch's names and shapes, for each layer l and with `_reverse` at the end for the other
 * direction: `weight_ih_l0` [H,D or what the layer below gives], `weight_hh_l0` [H,H], and with biases `bias_ih_l0`,
 * `bias_hh_l0` [H]. x [T,B,D], output [T,B,H or 2H], state.h [layers·directions,B,H]. With ReLU and
 * `init: 'identity'` this is the IRNN of Le, Jaitly & Hinton 2015.
 *
 * @example
 * const layer = new RNN({ inputSize: 1, hiddenSize: 4, bidirectional: true, engine: 'reference' });
 * // Two sequences, of 3 steps and of 2.
 * const x = Float64Array.of(0.5, -0.1, 0.2, 0.4, 0.3, 0);
 * const { output, state } = layer.forward(x, { steps: 3, batch: 2, lengths: [3, 2] });
 * output.length; // 48
 * state.h.length; // 16
 * output.slice(40).every((value) => value === 0); // true
 */
export class RNN<E extends EngineKind = 'wasm'> extends RecurrentLayer<E, 'h'> {
  readonly nonlinearity: Nonlinearity;

  /** @throws TidegateError `unknown_option`, `invalid_option` */
  constructor(options: RNNOptions<E>) {
    const defaults = { ...RECURRENT_DEFAULTS, nonlinearity: 'tanh' } as Partial<RNNOptions<E>>;
    const resolved = resolveOptions('RNN', options, RULES, defaults);
    super(rnnCell(resolved.hiddenSize, resolved.nonlinearity), resolved);
    this.nonlinearity = resolved.nonlinearity;
  }
}
