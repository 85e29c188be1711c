/**
 * A training as tensors and texts, in the form of the model file: tensors by name with their dtype, and JSON in the metadata.
 * The modules' tensors under `<module>.<PyTorch name>`, the optimiser's under `optimiser.<slot>.<name>`, random streams (four
 * 32-bit words each) under `random.<whose>`, and the best parameters so far under `best.<name>`.
 */
import { inputError, type TidegateError } from '../errors.js';
import type { FloatArray } from './loss-mean.js';
import type { OptimiserState } from './optimisers.js';
import type { StateDict } from './state-dict.js';

/** One tensor of a checkpoint. */
export interface CheckpointTensor {
  readonly dtype: 'F32' | 'F64' | 'U32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Uint32Array;
}

/** What `Trainer.checkpoint()` gives: encode it as safetensors, or use `saveCheckpoint`. */
export interface Checkpoint {
  readonly tensors: Map<string, CheckpointTensor>;
  readonly metadata: Record<string, string>;
}

/** What `Trainer.resume()` takes: a checkpoint, or what was read from a file. */
export interface ReadCheckpoint {
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: unknown }>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** One epoch that is over. */
export interface EpochRecord {
  /** From 0. */
  epoch: number;
  /** Mean of the losses of its steps, each before its update. */
  loss: number;
  /** What `validate` gave after it. */
  validation?: number;
}

/** Where a training stands. */
export interface Cursor {
  epoch: number;
  /** Batches of this epoch that are done. */
  batch: number;
  /** Updates done, in all epochs. */
  step: number;
  /** Sum of the losses of this epoch's batches so far. */
  lossSum: number;
  epochs: EpochRecord[];
  best: { epoch: number; validation: number } | null;
  stopped: 'epochs' | 'patience' | null;
}

/** Everything that the rest of a training depends on, besides its options and data. */
export interface TrainingState {
  cursor: Cursor;
  batchesPerEpoch: number;
  parameters: StateDict<FloatArray>;
  best: StateDict<FloatArray> | null;
  optimiser: OptimiserState;
  /** The training's own stream, and those of the modules that have one. */
  random: Record<string, Uint32Array>;
}

export const FORMAT = 'tidegate-checkpoint';
const VERSION = 1;

/** The first parts of tensor names that no module may be called. */
export const RESERVED_NAMES: readonly string[] = ['optimiser', 'random', 'best'];

/** The checkpoint of a state. Arrays are not copied. */
export function packCheckpoint(state: TrainingState): Checkpoint {
  const tensors = new Map<string, CheckpointTensor>();
  const add = (prefix: string, dict: StateDict<FloatArray>) => {
    for (const [name, { shape, data }] of Object.entries(dict))
      tensors.set(`${prefix}${name}`, { dtype: data instanceof Float32Array ? 'F32' : 'F64', shape, data });
  };
  add('', state.parameters);
  for (const [slot, dict] of Object.entries(state.optimiser.slots)) add(`optimiser.${slot}.`, dict);
  if (state.best !== null) add('best.', state.best);
  for (const [whose, data] of Object.entries(state.random))
    tensors.set(`random.${whose}`, { dtype: 'U32', shape: [data.length], data });
  const { kind, learningRate, steps } = state.optimiser;
  const recipe = {
    version: VERSION,
    batchesPerEpoch: state.batchesPerEpoch,
    cursor: state.cursor,
    optimiser: { kind, learningRate, steps },
  };
  return { tensors, metadata: { format: FORMAT, tidegate: JSON.stringify(recipe) } };
}

/**
 * The state in a checkpoint, which is not trusted: all that is needed is there, in the shapes and array types of `like`, and
 * nothing else is. Copies.
 *
 * @throws TidegateError `bad_checkpoint`
 */
export function unpackCheckpoint(checkpoint: ReadCheckpoint, like: TrainingState): TrainingState {
  const { batchesPerEpoch, cursor, optimiser } = readRecipe(checkpoint.metadata);
  if (batchesPerEpoch !== like.batchesPerEpoch)
    throw damaged(`its epochs have ${batchesPerEpoch} batches, this training's ${like.batchesPerEpoch}`);
  if (optimiser.kind !== like.optimiser.kind)
    throw damaged(`its optimiser is "${optimiser.kind}", this training's "${like.optimiser.kind}"`);
  if (cursor.batch > batchesPerEpoch) throw damaged(`${cursor.batch} of ${batchesPerEpoch} batches are done`);
  const unused = new Set(checkpoint.tensors.keys());
  const take = <A extends FloatArray | Uint32Array>(name: string, shape: readonly number[], model: A): A => {
    const tensor = checkpoint.tensors.get(name);
    unused.delete(name);
    const needed = `${model.constructor.name} of shape [${shape.join(', ')}]`;
    if (tensor === undefined) throw damaged(`tensor "${name}", a ${needed}, is missing`);
    const { data } = tensor;
    const fits = (data as A | undefined)?.constructor === model.constructor && (data as A).length === model.length;
    if (!fits || tensor.shape.join() !== shape.join())
      throw damaged(
        `tensor "${name}" is a ${(data as A | undefined)?.constructor?.name} of shape [${tensor.shape.join(', ')}], needed a ${needed}`,
      );
    return (data as A).slice() as A;
  };
  const takeAll = (prefix: string, dict: StateDict<FloatArray>): StateDict<FloatArray> =>
    Object.fromEntries(
      Object.entries(dict).map(([name, { shape, data }]) => {
        return [name, { shape: [...shape], data: take(`${prefix}${name}`, shape, data) }];
      }),
    );
  const state = {
    cursor,
    batchesPerEpoch,
    parameters: takeAll('', like.parameters),
    best: cursor.best === null ? null : takeAll('best.', like.parameters),
    optimiser: {
      ...optimiser,
      slots: Object.fromEntries(
        Object.entries(like.optimiser.slots).map(([slot, dict]) => [slot, takeAll(`optimiser.${slot}.`, dict)]),
      ),
    },
    random: Object.fromEntries(
      Object.entries(like.random).map(([whose, words]) => [whose, take(`random.${whose}`, [words.length], words)]),
    ),
  };
  for (const [whose, words] of Object.entries(state.random))
    if (words.every((word) => word === 0)) throw damaged(`random stream "${whose}" is all zero`);
  if (unused.size > 0) throw damaged(`this training has no use for ${[...unused].join(', ')}`);
  return state;
}

interface Recipe {
  batchesPerEpoch: number;
  cursor: Cursor;
  optimiser: Omit<OptimiserState, 'slots'>;
}

function readRecipe(metadata: Readonly<Record<string, string>>): Recipe {
  if (metadata.format !== FORMAT) throw damaged(`its format is ${JSON.stringify(metadata.format)}, needed "${FORMAT}"`);
  let recipe: (Partial<Recipe> & { version?: unknown }) | null;
  try {
    recipe = JSON.parse(metadata.tidegate);
  } catch {
    throw damaged('its metadata are no JSON');
  }
  if (recipe?.version !== VERSION)
    throw damaged(`it has format version ${recipe?.version}, this version reads ${VERSION}`);
  if (!isCount(recipe.batchesPerEpoch) || !isCursor(recipe.cursor) || !isOptimiser(recipe.optimiser))
    throw damaged('its metadata are incomplete or out of range');
  return recipe as Recipe;
}

function isCursor(cursor: Cursor | undefined): boolean {
  if (!isObject(cursor) || ![cursor.epoch, cursor.batch, cursor.step].every(isCount)) return false;
  const { lossSum, epochs, best, stopped } = cursor;
  const isRecord = (record: EpochRecord) =>
    isObject(record) &&
    isCount(record.epoch) &&
    Number.isFinite(record.loss) &&
    (record.validation === undefined || Number.isFinite(record.validation));
  return (
    Number.isFinite(lossSum) &&
    Array.isArray(epochs) &&
    epochs.length === cursor.epoch &&
    epochs.every(isRecord) &&
    (best === null || (isObject(best) && isCount(best.epoch) && Number.isFinite(best.validation))) &&
    (stopped === null || stopped === 'epochs' || stopped === 'patience')
  );
}

/** The rest is for `Optimiser.check`. */
function isOptimiser(optimiser: Recipe['optimiser'] | undefined): boolean {
  return isObject(optimiser) && isObject(optimiser.steps);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

function damaged(problem: string): TidegateError {
  return inputError(
    'bad_checkpoint',
    `${problem}. Resume from a checkpoint of this training: the same modules, optimiser, data and engine.`,
  );
}
