/** The GRU layer with PyTorch's face. */
import type { EngineKind } from './engine-kind.js';
import { gruCell } from './gru-cell.js';
import { FLAG } from './option-rules.js';
import {
  type RecurrentGradients,
  RecurrentLayer,
  type RecurrentResult,
  type RecurrentState,
} from './recurrent-layer.js';
import {
  RECURRENT_DEFAULTS,
  type RecurrentOptions,
  type Rules,
  recurrentRules,
  resolveOptions,
} from './recurrent-options.js';

export interface GRUOptions<E extends EngineKind = EngineKind> extends RecurrentOptions<E> {
  /** Whether the reset gate acts after the product with Wnh (PyTorch, Keras by default) or before. Default true. */
  resetAfter?: boolean | undefined;
}

/** h of all layers [layers·directions,B,H], lowest layer first, forward before reverse. */
export type GRUState<E extends EngineKind = 'wasm'> = RecurrentState<E, 'h'>;
export type GRUResult<E extends EngineKind = 'wasm'> = RecurrentResult<E, 'h'>;
export type GRUGradients<E extends EngineKind = 'wasm'> = RecurrentGradients<E, 'h'>;

const RULES: Rules<GRUOptions> = { ...recurrentRules('default', 'glorot', 'orthogonal', 'chrono'), resetAfter: FLAG };

/**
 * Gated recurrent units over batches of sequences, with complete back-propagation through time.
 *   r, z = σ(Wx·x_t + Wh·h_{t−1} + b) ;  h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
 *   n = tanh(Wnx·x_t + bnx + r ⊙ (Wnh·h_{t−1} + bnh))            `resetAfter: true`, PyTorch's form
 *   n = tanh(Wnx·x_t + bnx + Wnh·(r ⊙ h_{t−1}) + bnh)            `resetAfter: false`, the original
 * (Cho et al. 2014). Parameters have PyTorch's names, shapes and gate order r z n, for each layer l and with `_reverse`
 * at the end for the other direction: `weight_ih_l0` [3H,D or what the layer below gives], `weight_hh_l0` [3H,H], and
 * with biases `bias_ih_l0`, `bias_hh_l0` [3H]. x [T,B,D], output [T,B,H or 2H], state.h [layers·directions,B,H].
 *
 * @example
 * const layer = new GRU({ inputSize: 2, hiddenSize: 4, numLayers: 2, dropout: 0.2, seed: 1, engine: 'reference' });
 * // No dropout from here on.
 * layer.eval();
 * const { output, state } = layer.forward(new Float64Array(6), { steps: 3, batch: 1 });
 * output.length; // 12
 * layer.step(Float64Array.of(0.4, 0.1), state).state.h.length; // 8
 * layer.backward({ dOutput: output }).grads.weight_hh_l1.shape; // [12, 4]
 */
export class GRU<E extends EngineKind = 'wasm'> extends RecurrentLayer<E, 'h'> {
  readonly resetAfter: boolean;

  /** @throws TidegateError `unknown_option`, `invalid_option` */
  constructor(options: GRUOptions<E>) {
    const defaults = { ...RECURRENT_DEFAULTS, resetAfter: true } as Partial<GRUOptions<E>>;
    const resolved = resolveOptions('GRU', options, RULES, defaults);
    super(gruCell(resolved.hiddenSize, resolved.resetAfter, resolved.longest), resolved);
    this.resetAfter = resolved.resetAfter;
  }
}
