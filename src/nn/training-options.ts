/** What a training needs to be told, and what it tells. */

import { usageError } from '../errors.js';
import type { Random } from '../random.js';
import type { EpochRecord } from './checkpoint.js';
import { RESERVED_NAMES } from './checkpoint.js';
import type { FloatArray } from './loss-mean.js';
import type { Optimiser } from './optimisers.js';
import { FUNCTION, NOT_NEGATIVE, type OptionRule, optional, POSITIVE, SEED, SIZE, settle } from './option-rules.js';
import type { Schedule } from './schedules.js';
import type { StateDict } from './state-dict.js';
import type { TrainingData } from './training-data.js';

/** Anything with parameters: every layer of this package. */
export interface Module {
  stateDict(): StateDict<FloatArray>;
  loadStateDict(dict: StateDict): void;
  /** The four words of the random stream of a module with dropout, and back to them. */
  dropoutState?(): Uint32Array;
  restoreDropoutState?(state: ArrayLike<number>): void;
}

/** Where the training is when it asks for a loss. */
export interface StepContext {
  /** From 0. */
  epoch: number;
  /** Updates done so far. */
  step: number;
  /** A stream for this step alone (of `validate`: this epoch's), the same when the step is done again after a resume. */
  random: Random;
}

/** What a step computed: the loss, and ∂loss/∂parameter by module. Parameters without a gradient stay as they are. */
export interface StepResult {
  loss: number;
  grads: Record<string, StateDict<FloatArray>>;
}

export interface TrainerOptions<B> {
  /** What is trained, by name: the tensors of module `lstm` are `lstm.weight_ih_l0`, … here and in the checkpoint. */
  modules: Record<string, Module>;
  data: TrainingData<B>;
  /** Forward, loss and backward of one batch. Must draw random numbers from the context or a module only. */
  step: (batch: B, context: StepContext) => StepResult | Promise<StepResult>;
  /** Builds the optimiser over all parameters, such as `(parameters) => new Adam(parameters, { learningRate: 1e-3 })`. */
  optimiser: (parameters: StateDict<FloatArray>) => Optimiser;
  /** The most epochs there will be. */
  epochs: number;
  /** Learning rate by step. Default: the optimiser's own. */
  schedule?: Schedule | undefined;
  /** Gradients are clipped by value, then by their common norm, where these are given. */
  clipValue?: number | undefined;
  clipNorm?: number | undefined;
  /** Called after each update with all parameters, to bound them in place (`maxNorm`, `clipWeights`, …). */
  project?: ((parameters: StateDict<FloatArray>) => void) | undefined;
  /** A loss on data that is not trained on, after each epoch (layers with dropout: `eval()` before, `train()` after). The training ends with the parameters that were best in it. */
  validate?: ((context: StepContext) => number | Promise<number>) | undefined;
  /** Stops when so many epochs in a row have not bettered the best validation loss. Default: never. */
  patience?: number | undefined;
  /** By how much a validation loss must be lower than the best to be better. Default 0. */
  minDelta?: number | undefined;
  /** Seed of the order of the data and of the streams in the contexts. Default 0. */
  seed?: number | string | undefined;
}

/** After a step, and once more after the end of an epoch. */
export interface TrainingProgress {
  kind: 'step' | 'epoch';
  /** The epoch that this belongs to, from 0, and how many there are at the most. */
  epoch: number;
  epochs: number;
  /** Batches done in it. */
  batch: number;
  batches: number;
  /** Updates done so far. */
  step: number;
  /** Of `step`: that batch's loss. Of `epoch`: the mean. */
  loss: number;
  /** Norm of all gradients before clipping; of steps only. */
  gradientNorm?: number;
  /** Of epochs, with `validate`. */
  validation?: number;
}

export interface RunOptions {
  signal?: AbortSignal | undefined;
  /** The training waits for what it returns; a checkpoint taken here is of after this step. */
  onProgress?: ((progress: TrainingProgress) => void | Promise<void>) | undefined;
}

export interface TrainingReport {
  /** `epochs`: all were done. `patience`: stopped early. */
  stopped: 'epochs' | 'patience';
  /** Updates done. */
  steps: number;
  epochs: EpochRecord[];
  /** With `validate`: the epoch whose parameters the modules have now. */
  best: { epoch: number; validation: number } | null;
}

const OBJECT: OptionRule = [(value) => typeof value === 'object' && value !== null, 'an object'];
const RULES: { readonly [K in keyof TrainerOptions<unknown>]-?: OptionRule } = {
  modules: OBJECT,
  data: OBJECT,
  step: FUNCTION,
  optimiser: FUNCTION,
  epochs: SIZE,
  schedule: optional(FUNCTION),
  clipValue: optional(POSITIVE),
  clipNorm: optional(POSITIVE),
  project: optional(FUNCTION),
  validate: optional(FUNCTION),
  patience: optional(SIZE),
  minDelta: NOT_NEGATIVE,
  seed: SEED,
};

/**
 * Fills in the defaults.
 *
 * @throws TidegateError `unknown_option`, `invalid_option`
 */
export function resolveTrainerOptions<B>(options: TrainerOptions<B>): ResolvedTrainerOptions<B> {
  const resolved = settle('Trainer', options as TrainerOptions<unknown>, RULES, { minDelta: 0, seed: 0 });
  const { modules, data, validate, patience } = resolved;
  const names = Object.keys(modules);
  const bad = names.find((name) => name === '' || name.includes('.') || RESERVED_NAMES.includes(name));
  if (names.length === 0 || bad !== undefined)
    throw usageError(
      'invalid_option',
      bad === undefined
        ? 'Trainer option "modules" is empty; name what is to be trained: { lstm, head }.'
        : `Trainer module "${bad}" needs a name without a dot that is none of ${RESERVED_NAMES.join(', ')}.`,
    );
  if (!(Number.isSafeInteger(data.batches) && data.batches >= 1))
    throw usageError('invalid_option', `Trainer needs data of one or more batches per epoch, got ${data.batches}.`);
  if (patience !== undefined && validate === undefined)
    throw usageError('invalid_option', 'Trainer option "patience" needs "validate", whose losses it watches.');
  return resolved as unknown as ResolvedTrainerOptions<B>;
}

export type ResolvedTrainerOptions<B> = TrainerOptions<B> & { minDelta: number; seed: number | string };
