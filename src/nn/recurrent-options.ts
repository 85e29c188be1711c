/** The options that all recurrent layers share, and how options are checked: once, where the layer is built. */
import { usageError } from '../errors.js';
import type { EngineKind } from './engine-kind.js';
import { DECAY, ENGINE, FLAG, type OptionRule, optional, SEED, SIZE, settle } from './option-rules.js';
import type { Initialisation } from './recurrent-init.js';

export interface RecurrentOptions<E extends EngineKind = EngineKind> {
  /** D: numbers per step and sequence. */
  inputSize: number;
  /** H: hidden units of every layer. */
  hiddenSize: number;
  /** Layers on top of each other, each fed by the output of the one below. Default 1. */
  numLayers?: number | undefined;
  /** Whether there are biases (two per layer, as in PyTorch). Default true. */
  bias?: boolean | undefined;
  /** Whether a second stack of cells reads every sequence from its end; outputs stand side by side. Default false. */
  bidirectional?: boolean | undefined;
  /** Rate in [0, 1) at which outputs between layers are dropped in training. Default 0. */
  dropout?: number | undefined;
  /**
   * Rate in [0, 1) at which units of h_{t−1} are dropped in training where the recurrent weights read it, the same units
   * at all steps of a sequence (Gal & Ghahramani 2016). Every sequence then runs by itself: in training a batch of B takes
   * about as long as B batches of one. Default 0.
   */
  recurrentDropout?: number | undefined;
  /** How parameters start. Default `default`: uniform in ±1/√H, as PyTorch. */
  init?: Initialisation | undefined;
  /** With `init: 'chrono'`, and needed there: the longest dependency expected, in steps; above 2. */
  longest?: number | undefined;
  /** Seed of start values and dropout; equal seeds, equal layers, on either engine (rounded to float32 on `wasm`). Default 0. */
  seed?: number | string | undefined;
  /** Default `wasm`. */
  engine?: E | undefined;
}

/** Options with their defaults filled in; those without a default may be undefined. */
export type Resolved<O, Optional extends keyof O = never> = {
  readonly [K in keyof O]-?: K extends Optional ? O[K] : Exclude<O[K], undefined>;
};

/** What each option must be. */
export type Rules<O> = { readonly [K in keyof O]-?: OptionRule };

export const RECURRENT_DEFAULTS = {
  numLayers: 1,
  bias: true,
  bidirectional: false,
  dropout: 0,
  recurrentDropout: 0,
  init: 'default',
  seed: 0,
  engine: 'wasm',
} as const;

/** One of some words. */
export function oneOf(...words: string[]): OptionRule {
  const quoted = words.map((word) => `'${word}'`);
  return [(value) => words.includes(value as string), `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`];
}

/** The rules of the shared options; `inits`: the initialisations that make sense for the cell. */
export function recurrentRules(...inits: Initialisation[]): Rules<RecurrentOptions> {
  return {
    inputSize: SIZE,
    hiddenSize: SIZE,
    numLayers: SIZE,
    bias: FLAG,
    bidirectional: FLAG,
    dropout: DECAY,
    recurrentDropout: DECAY,
    init: oneOf(...inits),
    longest: optional([(value) => Number.isFinite(value) && (value as number) > 2, 'a number above 2']),
    seed: SEED,
    engine: ENGINE,
  };
}

/**
 * Fills in the defaults and checks every option and what must fit together; one that is undefined counts as left out.
 *
 * @throws TidegateError `unknown_option`, `invalid_option`
 */
export function resolveOptions<O extends RecurrentOptions>(
  layer: string,
  options: O,
  rules: Rules<NoInfer<O>>,
  defaults: Partial<NoInfer<O>>,
): Resolved<O, 'longest'> {
  const resolved = settle(layer, options, rules, defaults) as Resolved<O, 'longest'>;
  const { init, longest, bias } = resolved;
  if ((init === 'chrono') !== (longest !== undefined))
    throw invalidOption(layer, 'longest', "a number above 2 together with init 'chrono', and only then", longest);
  if (init === 'chrono' && !bias)
    throw invalidOption(layer, 'bias', "true with init 'chrono', which sets biases", bias);
  return resolved;
}

/** The error for an option that does not fit another one. */
export function invalidOption(layer: string, name: string, needed: string, value: unknown): Error {
  return usageError('invalid_option', `${layer} option "${name}" needs ${needed}, got ${value ?? 'nothing'}.`);
}
