/** The LSTM layer with PyTorch's face. */
import type { EngineKind } from './engine-kind.js';
import { lstmCell } from './lstm-cell.js';
import { FLAG } from './option-rules.js';
import {
  type RecurrentGradients,
  RecurrentLayer,
  type RecurrentResult,
  type RecurrentState,
} from './recurrent-layer.js';
import {
  invalidOption,
  oneOf,
  RECURRENT_DEFAULTS,
  type RecurrentOptions,
  type Rules,
  recurrentRules,
  resolveOptions,
} from './recurrent-options.js';

export interface LSTMOptions<E extends EngineKind = EngineKind> extends RecurrentOptions<E> {
  /**
   * Added to the forget gate's part of every `bias_ih` at the start; no effect without biases, without a forget gate and
   * with `init: 'chrono'`. Default 1; PyTorch's start is 0.
   */
  forgetBias?: number | undefined;
  /** `false`: the form of 1997, f ≡ 1. The rows of f stay in the parameters, unread, with gradient 0. Default true. */
  forgetGate?: boolean | undefined;
  /** Whether i and f see C_{t−1} and o sees C_t. Default false. */
  peephole?: boolean | undefined;
  /** R: h is projected to this size, below hiddenSize; 0 is no projection. Default 0. */
  projSize?: number | undefined;
  /**
   * `short`: the widespread mistake of leaving out the path C_t → C_{t+1} on the way back,
   * to be compared with and never to train with (docs/math.md, section 3). Default `full`.
   */
  bptt?: 'full' | 'short' | undefined;
}

/** h [layers·directions,B,R] and c [layers·directions,B,H] of all layers, lowest layer first, forward before reverse. */
export type LSTMState<E extends EngineKind = 'wasm'> = RecurrentState<E, 'h' | 'c'>;
export type LSTMResult<E extends EngineKind = 'wasm'> = RecurrentResult<E, 'h' | 'c'>;
export type LSTMGradients<E extends EngineKind = 'wasm'> = RecurrentGradients<E, 'h' | 'c'>;

const DEFAULTS = {
  ...RECURRENT_DEFAULTS,
  ...{ forgetBias: 1, forgetGate: true, peephole: false, projSize: 0, bptt: 'full' },
};

const RULES: Rules<LSTMOptions> = {
  ...recurrentRules('default', 'glorot', 'orthogonal', 'chrono'),
  forgetBias: [Number.isFinite, 'a finite number'],
  forgetGate: FLAG,
  peephole: FLAG,
  projSize: [(value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number ≥ 0'],
  bptt: oneOf('full', 'short'),
};

/**
 * Long short-term memory over batches of sequences, with complete back-propagation through time.
 *   i, f, o = σ(Wx·x_t + Wh·h_{t−1} + b) ;  g = tanh(…) ;  C_t = f ⊙ C_{t−1} + i ⊙ g ;  h_t = o ⊙ tanh(C_t)
 * (Hochreiter & Schmidhuber 1997; Gers et al. 2000). Variants, which may be combined: without forget gate, f ≡ 1; with
 * peepholes, P_i ⊙ C_{t−1}, P_f ⊙ C_{t−1} and P_o ⊙ C_t inside the gates (Gers et al. 2002); with a projection,
 * h_t = W_hr·(o ⊙ tanh(C_t)) of size R = projSize (Sak et al. 2014), otherwise R = H.
 *
 * Parameters have PyTorch's names, shapes and gate order i f g o, for each layer l and with `_reverse` at the end for the
 * other direction: `weight_ih_l0` [4H,D or what the layer below gives], `weight_hh_l0` [4H,R], with biases `bias_ih_l0`,
 * `bias_hh_l0` [4H], with a projection `weight_hr_l0` [R,H], and, not in PyTorch, with peepholes `peephole_l0` [3,H],
 * i f o. x [T,B,D], output [T,B,R or 2R], states h [layers·directions,B,R] and c [layers·directions,B,H].
 *
 * @example
 * const layer = new LSTM({ inputSize: 1, hiddenSize: 8, seed: 1, engine: 'reference' });
 * const { output, state } = layer.forward(Float64Array.of(0.5, -0.1, 0.2), { steps: 3, batch: 1 });
 * output.length; // 24
 * layer.step(Float64Array.of(0.4), state).output.length; // 8
 * const { dInput, grads } = layer.backward({ dOutput: new Float64Array(24).fill(1) });
 * dInput.length; // 3
 * grads.weight_ih_l0.shape; // [32, 1]
 */
export class LSTM<E extends EngineKind = 'wasm'> extends RecurrentLayer<E, 'h' | 'c'> {
  readonly forgetGate: boolean;
  readonly peephole: boolean;
  readonly projSize: number;
  readonly bptt: 'full' | 'short';

  /** @throws TidegateError `unknown_option`, `invalid_option` */
  constructor(options: LSTMOptions<E>) {
    const resolved = resolveOptions('LSTM', options, RULES, DEFAULTS as Partial<LSTMOptions<E>>);
    const { hiddenSize, forgetGate, peephole, projSize, bptt, init } = resolved;
    if (projSize >= hiddenSize)
      throw invalidOption('LSTM', 'projSize', `a size below hiddenSize = ${hiddenSize}`, projSize);
    if (init === 'chrono' && !forgetGate)
      throw invalidOption('LSTM', 'forgetGate', "true with init 'chrono', which sets forget gates", forgetGate);
    super(lstmCell(hiddenSize, resolved), resolved);
    this.forgetGate = forgetGate;
    this.peephole = peephole;
    this.projSize = projSize;
    this.bptt = bptt;
  }
}
