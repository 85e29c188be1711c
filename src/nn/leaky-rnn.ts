/** The leaky-integrator layer with PyTorch's face. */
import { fillLogSpreadLeaks } from '../cells/initialisation.js';
import type { Nonlinearity } from '../cells/rnn.js';
import type { EngineKind } from './engine-kind.js';
import { leakyCell } from './leaky-cell.js';
import { SHARE } from './option-rules.js';
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

export interface LeakyRNNOptions<E extends EngineKind = EngineKind> extends RecurrentOptions<E> {
  /**
   * λ at the start, in (0, 1]: one for all units of a layer, one for each, or spread evenly on a log scale. Default 0.5.
   * It is a parameter like any other: `leak_l0`, [1] where one number was given and [H] otherwise.
   */
  leak?: number | readonly number[] | { fastest: number; slowest: number } | undefined;
  /** φ. Default `tanh`. */
  nonlinearity?: Nonlinearity | undefined;
}

/** h of all layers [layers·directions,B,H], lowest layer first, forward before reverse. */
export type LeakyRNNState<E extends EngineKind = 'wasm'> = RecurrentState<E, 'h'>;
export type LeakyRNNResult<E extends EngineKind = 'wasm'> = RecurrentResult<E, 'h'>;
export type LeakyRNNGradients<E extends EngineKind = 'wasm'> = RecurrentGradients<E, 'h'>;

const [isLeak] = SHARE;
const LEAKS = 'a number in (0, 1], one for each hidden unit, or { fastest, slowest }';

const RULES: Rules<LeakyRNNOptions> = {
  ...recurrentRules('default', 'glorot', 'orthogonal', 'identity'),
  leak: [(value) => leaksGiven(value).every(isLeak), LEAKS],
  nonlinearity: oneOf('tanh', 'relu'),
};

/**
 * Leaky-integrator units over batches of sequences, with complete back-propagation through time.
 *   h_t = (1 − λ) ⊙ h_{t−1} + λ ⊙ φ(Wx·x_t + Wh·h_{t−1} + b)
 * (Jaeger et al. 2007). A unit forgets half of what it holds in ln 2 / −ln(1 − λ) steps; λ = 1 is `RNN`. Parameters and
 * shapes as those of `RNN`, and `leak_l0` [1] or [H], which is learned with the rest. Nothing here keeps it in (0, 1]:
 * that is for whoever changes it.
 *
 * @example
 * const layer = new LeakyRNN({ inputSize: 1, hiddenSize: 3, leak: { fastest: 1, slowest: 0.25 }, engine: 'reference' });
 * layer.stateDict().leak_l0.data; // Float64Array.of(1, 0.5, 0.25)
 * const { output } = layer.forward(new Float64Array(5), { steps: 5, batch: 1 });
 * layer.backward({ dOutput: output }).grads.leak_l0.shape; // [3]
 */
export class LeakyRNN<E extends EngineKind = 'wasm'> extends RecurrentLayer<E, 'h'> {
  readonly nonlinearity: Nonlinearity;

  /** @throws TidegateError `unknown_option`, `invalid_option` */
  constructor(options: LeakyRNNOptions<E>) {
    const defaults = { ...RECURRENT_DEFAULTS, leak: 0.5, nonlinearity: 'tanh' } as Partial<LeakyRNNOptions<E>>;
    const resolved = resolveOptions('LeakyRNN', options, RULES, defaults);
    const { hiddenSize, nonlinearity, leak } = resolved;
    super(leakyCell(hiddenSize, nonlinearity, startLeaks(leak, hiddenSize)), resolved);
    this.nonlinearity = nonlinearity;
  }
}

/** The numbers in a `leak` option, of whatever form; NaN where there are none. */
function leaksGiven(leak: unknown): unknown[] {
  if (Array.isArray(leak)) return leak;
  if (typeof leak !== 'object' || leak === null) return [leak];
  const { fastest, slowest } = leak as Record<string, unknown>;
  return [fastest, slowest];
}

/** λ at the start: [1] for all units, or [H]. */
export function startLeaks(leak: NonNullable<LeakyRNNOptions['leak']>, hiddenSize: number): Float64Array {
  if (typeof leak === 'number') return Float64Array.of(leak);
  if ('fastest' in leak) {
    const leaks = new Float64Array(hiddenSize);
    fillLogSpreadLeaks(leaks, leak.fastest, leak.slowest);
    return leaks;
  }
  if (leak.length !== hiddenSize)
    throw invalidOption('LeakyRNN', 'leak', `${hiddenSize} numbers for ${hiddenSize} units`, `${leak.length} numbers`);
  return Float64Array.from(leak);
}
