/**
 * Optimisers over named parameters, in place, with the numbers of PyTorch's. Arithmetic in float64; parameters and moments are
 * stored in the array type of the parameters.
 */
import { inputError, usageError } from '../errors.js';
import { power } from '../math/index.js';
import type { FloatArray } from './loss-mean.js';
import { DECAY, FLAG, FUNCTION, NOT_NEGATIVE, POSITIVE, settle } from './option-rules.js';
import { elements, type StateDict } from './state-dict.js';

/** Everything that an optimiser remembers, as copies. */
export interface OptimiserState {
  /** `adam`, `adamw` or `sgd`. */
  kind: string;
  learningRate: number;
  /** Updates done, by parameter. */
  steps: Record<string, number>;
  /** By slot (`moment1`, `moment2`; `momentum`), then by parameter, in its shape. */
  slots: Record<string, StateDict<FloatArray>>;
}

interface CommonOptions {
  learningRate: number;
  /** Which parameters `weightDecay` is for, by name. Default: all, as in PyTorch. */
  decayed?: ((name: string) => boolean) | undefined;
}

/** What all optimisers share: the parameters, and for each of them the arrays that the method remembers. */
export abstract class Optimiser {
  /** May be changed between steps. */
  learningRate: number;
  readonly parameters: StateDict<FloatArray>;
  readonly #kind: string;
  readonly #steps: Record<string, number> = {};
  readonly #slots: Record<string, Record<string, FloatArray>> = {};

  constructor(kind: string, parameters: StateDict<FloatArray>, learningRate: number, slots: readonly string[]) {
    this.#kind = kind;
    this.parameters = parameters;
    this.learningRate = learningRate;
    for (const slot of slots) this.#slots[slot] = {};
    for (const [name, { data, shape }] of Object.entries(parameters)) {
      if (!(data instanceof Float32Array || data instanceof Float64Array) || data.length !== elements(shape))
        throw usageError(
          'bad_parameter',
          `parameter "${name}" needs a Float32Array or Float64Array of ${elements(shape)} numbers for shape [${shape.join(', ')}].`,
        );
      this.#steps[name] = 0;
      for (const slot of slots) this.#slots[slot][name] = emptyLike(data);
    }
  }

  /**
   * One update of every parameter that has a gradient; the others stay as they are, as if they were not there.
   *
   * @param grads ∂loss/∂parameter by name, of the parameters' lengths
   * @throws TidegateError `unknown_parameter`, `wrong_length`; then nothing is changed
   */
  step(grads: StateDict): void {
    for (const [name, { data }] of Object.entries(grads)) {
      if (!Object.hasOwn(this.parameters, name))
        throw usageError(
          'unknown_parameter',
          `gradient "${name}" belongs to no parameter; there are ${Object.keys(this.parameters).join(', ')}.`,
        );
      const needed = this.parameters[name].data.length;
      if (data.length !== needed)
        throw usageError('wrong_length', `gradient "${name}" needs ${needed} numbers, got ${data.length}.`);
    }
    for (const [name, { data }] of Object.entries(grads)) {
      this.#steps[name]++;
      const slots = Object.values(this.#slots).map((byName) => byName[name]);
      this.update(name, this.parameters[name].data, data, this.#steps[name], slots);
    }
  }

  /** A copy of everything that the updates to come depend on, besides parameters and options. */
  state(): OptimiserState {
    const slots = Object.entries(this.#slots).map(([slot, byName]) => {
      const tensors = Object.entries(byName).map(([name, data]) => {
        return [name, { shape: [...this.parameters[name].shape], data: data.slice() }] as const;
      });
      return [slot, Object.fromEntries(tensors)] as const;
    });
    const { learningRate } = this;
    return { kind: this.#kind, learningRate, steps: { ...this.#steps }, slots: Object.fromEntries(slots) };
  }

  /**
   * Goes on from a state: the updates that follow have the same bits as those after `state()`. All or nothing; copies.
   *
   * @throws TidegateError `bad_optimiser_state`
   */
  restore(state: OptimiserState): void {
    this.check(state);
    this.learningRate = state.learningRate;
    Object.assign(this.#steps, state.steps);
    for (const [slot, byName] of Object.entries(this.#slots))
      for (const [name, data] of Object.entries(byName)) data.set(state.slots[slot][name].data);
  }

  /** What `restore` checks, changing nothing. @throws TidegateError `bad_optimiser_state` */
  check({ kind, learningRate, steps, slots }: OptimiserState): void {
    const fail = (problem: string) =>
      inputError(
        'bad_optimiser_state',
        `${problem}. Build the optimiser and the modules as they were when it was saved.`,
      );
    if (kind !== this.#kind) throw fail(`the state is of "${kind}", this optimiser is "${this.#kind}"`);
    if (!(Number.isFinite(learningRate) && learningRate >= 0)) throw fail(`learningRate is ${learningRate}`);
    const names = Object.keys(this.parameters).sort().join(', ');
    for (const [what, byName] of Object.entries({ steps, ...slots })) {
      const got = Object.keys(byName).sort().join(', ');
      if (got !== names) throw fail(`its ${what} are of ${got || 'nothing'}, the parameters are ${names}`);
    }
    for (const [name, count] of Object.entries(steps))
      if (!(Number.isSafeInteger(count) && count >= 0)) throw fail(`its step of "${name}" is ${count}`);
    const wanted = Object.keys(this.#slots).sort().join(', ');
    if (Object.keys(slots).sort().join(', ') !== wanted)
      throw fail(`it has slots ${Object.keys(slots).join(', ') || 'none'}, needed ${wanted || 'none'}`);
    for (const [slot, byName] of Object.entries(slots))
      for (const [name, { data }] of Object.entries(byName)) {
        const own = this.#slots[slot][name];
        if (data.constructor !== own.constructor || data.length !== own.length)
          throw fail(`${slot} of "${name}" is not a ${own.constructor.name} of ${own.length} numbers`);
      }
  }

  /** Changes the values of one parameter and its slots; `step` counts from 1. */
  protected abstract update(
    name: string,
    values: FloatArray,
    gradient: ArrayLike<number>,
    step: number,
    slots: readonly FloatArray[],
  ): void;
}

export interface AdamOptions extends CommonOptions {
  /** Decay of the first moment. Default 0.9. */
  beta1?: number | undefined;
  /** Decay of the second moment. Default 0.999. */
  beta2?: number | undefined;
  /** Added to the root of the second moment. Default 1e-8. */
  epsilon?: number | undefined;
  /** `Adam`: added to the gradient times the parameter (L2; default 0). `AdamW`: share of the parameter, times the learning rate (default 0.01). */
  weightDecay?: number | undefined;
}

const ADAM_RULES = {
  learningRate: NOT_NEGATIVE,
  beta1: DECAY,
  beta2: DECAY,
  epsilon: POSITIVE,
  weightDecay: NOT_NEGATIVE,
  decayed: FUNCTION,
} as const;

type ResolvedAdam = { [K in keyof AdamOptions]-?: Exclude<AdamOptions[K], undefined> };

/** Adam and AdamW, which differ in where the weight decay goes. */
abstract class AdamMethod extends Optimiser {
  readonly #options: ResolvedAdam;
  readonly #decoupled: boolean;

  constructor(name: 'Adam' | 'AdamW', parameters: StateDict<FloatArray>, options: AdamOptions) {
    const decoupled = name === 'AdamW';
    const defaults = {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: decoupled ? 0.01 : 0,
      decayed: () => true,
    };
    const settled = settle<AdamOptions>(name, options, ADAM_RULES, defaults) as ResolvedAdam;
    super(name.toLowerCase(), parameters, settled.learningRate, ['moment1', 'moment2']);
    this.#options = settled;
    this.#decoupled = decoupled;
  }

  protected override update(
    name: string,
    values: FloatArray,
    gradient: ArrayLike<number>,
    step: number,
    [m, v]: readonly FloatArray[],
  ): void {
    const { beta1, beta2, epsilon, weightDecay, decayed } = this.#options;
    const decay = decayed(name) ? weightDecay : 0;
    const [added, kept] = this.#decoupled ? [0, 1 - this.learningRate * decay] : [decay, 1];
    const rate = this.learningRate / (1 - power(beta1, step));
    const spread = Math.sqrt(1 - power(beta2, step));
    for (let k = 0; k < values.length; k++) {
      const g = gradient[k] + added * values[k];
      m[k] = beta1 * m[k] + (1 - beta1) * g;
      v[k] = beta2 * v[k] + (1 - beta2) * g * g;
      values[k] = kept * values[k] - (rate * m[k]) / (Math.sqrt(v[k]) / spread + epsilon);
    }
  }
}

/**
 * Adam:
 *   m ← β₁·m + (1 − β₁)·g ;  v ← β₂·v + (1 − β₂)·g² ;  p ← p − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
 * with g + weightDecay·p in place of g. Source: Kingma & Ba 2015, algorithm 1.
 * It changes `parameters` in place: to train a layer, pass `layer.stateDict()` and load it back after every step.
 *
 * @example
 * const parameters = { w: { shape: [1], data: Float64Array.of(1) } };
 * const optimiser = new Adam(parameters, { learningRate: 0.1 });
 * optimiser.step({ w: { shape: [1], data: [7] } });
 * Math.abs(parameters.w.data[0] - 0.9) < 1e-8; // true
 */
export class Adam extends AdamMethod {
  /** @throws TidegateError `unknown_option`, `invalid_option`, `bad_parameter` */
  constructor(parameters: StateDict<FloatArray>, options: AdamOptions) {
    super('Adam', parameters, options);
  }
}

/**
 * Adam with decoupled weight decay: p ← (1 − η·weightDecay)·p before the step of `Adam`, whose gradient stays as it is.
 * Source: Loshchilov & Hutter 2019, algorithm 2.
 */
export class AdamW extends AdamMethod {
  /** @throws TidegateError `unknown_option`, `invalid_option`, `bad_parameter` */
  constructor(parameters: StateDict<FloatArray>, options: AdamOptions) {
    super('AdamW', parameters, options);
  }
}

export interface SGDOptions extends CommonOptions {
  /** μ: how much of the last direction stays. Default 0. */
  momentum?: number | undefined;
  /** How much of the gradient is held back from the direction, after the first step. Default 0. */
  dampening?: number | undefined;
  /** Steps along g + μ·direction. Needs momentum and no dampening. Default false. */
  nesterov?: boolean | undefined;
  /** Added to the gradient times the parameter. Default 0. */
  weightDecay?: number | undefined;
}

type ResolvedSGD = { [K in keyof SGDOptions]-?: Exclude<SGDOptions[K], undefined> };

const SGD_RULES = {
  learningRate: NOT_NEGATIVE,
  momentum: NOT_NEGATIVE,
  dampening: NOT_NEGATIVE,
  nesterov: FLAG,
  weightDecay: NOT_NEGATIVE,
  decayed: FUNCTION,
} as const;

/**
 * Stochastic gradient descent with momentum, as PyTorch has it:
 *   g ← g + weightDecay·p ;  d ← μ·d + (1 − dampening)·g, the first time d ← g ;  p ← p − η·d, with Nesterov p ← p − η·(g + μ·d)
 * Source: Sutskever et al. 2013.
 */
export class SGD extends Optimiser {
  readonly #options: ResolvedSGD;

  /** @throws TidegateError `unknown_option`, `invalid_option`, `bad_parameter` */
  constructor(parameters: StateDict<FloatArray>, options: SGDOptions) {
    const defaults = { momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, decayed: () => true };
    const settled = settle<SGDOptions>('SGD', options, SGD_RULES, defaults) as ResolvedSGD;
    if (settled.nesterov && (settled.momentum === 0 || settled.dampening !== 0))
      throw usageError(
        'invalid_option',
        `SGD option "nesterov" needs momentum > 0 and dampening 0, got ${settled.momentum} and ${settled.dampening}.`,
      );
    super('sgd', parameters, settled.learningRate, settled.momentum === 0 ? [] : ['momentum']);
    this.#options = settled;
  }

  protected override update(
    name: string,
    values: FloatArray,
    gradient: ArrayLike<number>,
    step: number,
    [direction]: readonly (FloatArray | undefined)[],
  ): void {
    const { momentum, dampening, nesterov, weightDecay, decayed } = this.#options;
    const decay = decayed(name) ? weightDecay : 0;
    for (let k = 0; k < values.length; k++) {
      const g = gradient[k] + decay * values[k];
      let d = g;
      if (direction !== undefined) {
        direction[k] = step === 1 ? g : momentum * direction[k] + (1 - dampening) * g;
        d = nesterov ? g + momentum * direction[k] : direction[k];
      }
      values[k] -= this.learningRate * d;
    }
  }
}

function emptyLike(data: FloatArray): FloatArray {
  return data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length);
}
