/** The training loop: batches, updates, schedules, early stopping, and going on from a checkpoint to the bit. */
import { inputError, TidegateError, usageError } from '../errors.js';
import { Random } from '../random.js';
import {
  type Checkpoint,
  type Cursor,
  packCheckpoint,
  type ReadCheckpoint,
  type TrainingState,
  unpackCheckpoint,
} from './checkpoint.js';
import { clipGradNorm, clipGradValue, gradNorm } from './clipping.js';
import type { FloatArray } from './loss-mean.js';
import type { Optimiser } from './optimisers.js';
import type { StateDict } from './state-dict.js';
import {
  type Module,
  type ResolvedTrainerOptions,
  type RunOptions,
  resolveTrainerOptions,
  type StepResult,
  type TrainerOptions,
  type TrainingProgress,
  type TrainingReport,
} from './training-options.js';

/**
 * Trains modules together. It takes their parameters over when it is built: from then on only the training and `resume` change
 * them. Equal options, data and seed give equal bits; so does any number of stops and resumes in between, after any step.
 *
 * @example
 * const line = new Linear({ inputSize: 1, outputSize: 1, engine: 'reference' });
 * const data = arrayData([0, 1, 2, 3].map((x) => ({ x, y: 3 * x + 1 })), { batchSize: 2 });
 * const trainer = new Trainer({
 *   modules: { line },
 *   data,
 *   step(batch) {
 *     const { output } = line.forward(Float64Array.from(batch, ({ x }) => x));
 *     const { loss, dOutput } = mse(output, batch.map(({ y }) => y));
 *     return { loss, grads: { line: line.backward({ dOutput }).grads } };
 *   },
 *   optimiser: (parameters) => new Adam(parameters, { learningRate: 0.1 }),
 *   epochs: 200,
 * });
 * const { epochs } = await trainer.run();
 * epochs.length; // 200
 * Math.abs(line.forward(Float64Array.of(10)).output[0] - 31) < 0.1; // true
 */
export class Trainer<B> {
  readonly optimiser: Optimiser;
  readonly #options: ResolvedTrainerOptions<B>;
  readonly #modules: readonly (readonly [string, Module])[];
  /** All parameters, as `<module>.<name>`, which the optimiser changes in place. */
  readonly #parameters: StateDict<FloatArray> = {};
  #best: StateDict<FloatArray> | null = null;
  #cursor: Cursor = { epoch: 0, batch: 0, step: 0, lossSum: 0, epochs: [], best: null, stopped: null };
  #random: Random;
  /** The modules' random streams as of the last finished step. */
  #moduleRandom: Record<string, Uint32Array>;
  #running = false;

  /** @throws TidegateError `unknown_option`, `invalid_option`, and what building the optimiser throws */
  constructor(options: TrainerOptions<B>) {
    this.#options = resolveTrainerOptions(options);
    this.#modules = Object.entries(this.#options.modules);
    for (const [prefix, module] of this.#modules)
      for (const [name, tensor] of Object.entries(module.stateDict())) this.#parameters[`${prefix}.${name}`] = tensor;
    this.optimiser = this.#options.optimiser(this.#parameters);
    this.#random = new Random(this.#options.seed);
    this.#moduleRandom = this.#readModuleRandom();
  }

  /**
   * Trains until the epochs or the patience are at their end, from wherever the training stands. After an error or an abort it
   * stands after the last step that was finished, and `run` may be called again.
   *
   * @throws TidegateError `interrupted` when the signal fires; `diverged` when a loss or gradient is not a finite number;
   *   `already_running`; and what `step`, `validate`, `data` and `onProgress` throw
   */
  async run({ signal, onProgress }: RunOptions = {}): Promise<TrainingReport> {
    this.#refuseWhileRunning('run');
    this.#running = true;
    const eventLoop = new MessageChannel();
    try {
      while (this.#cursor.stopped === null) {
        if (signal?.aborted)
          throw new TidegateError(
            'interrupted',
            'interrupted',
            `stopped after step ${this.#cursor.step}; run() goes on from there, and checkpoint() keeps it.`,
          );
        const epochIsOver = this.#cursor.batch === this.#options.data.batches;
        const progress = epochIsOver ? await this.#endEpoch() : await this.#step();
        await onProgress?.(progress);
        await turnOf(eventLoop);
      }
      const { stopped, step, epochs, best } = structuredClone(this.#cursor);
      return { stopped: stopped as 'epochs' | 'patience', steps: step, epochs, best };
    } catch (error) {
      // A step that broke off may have drawn from the modules' streams; the next try draws the same again.
      this.#writeModuleRandom(this.#moduleRandom);
      throw error;
    } finally {
      eventLoop.port1.close();
      this.#running = false;
    }
  }

  /** Everything that the rest of the training depends on, as of the last finished step. Copies. */
  checkpoint(): Checkpoint {
    return packCheckpoint(this.#state());
  }

  /**
   * Goes on where a checkpoint was taken, by a trainer with the same options over modules of the same sizes and the same data;
   * seed and present parameters do not matter. The training ends in the same bits as the one that was not stopped. A training
   * that had ended stays ended. All or nothing.
   *
   * @throws TidegateError `bad_checkpoint`, `bad_optimiser_state`, `already_running`
   */
  resume(checkpoint: ReadCheckpoint): void {
    this.#refuseWhileRunning('resume');
    const state = unpackCheckpoint(checkpoint, this.#state());
    this.optimiser.check(state.optimiser);
    this.optimiser.restore(state.optimiser);
    this.#cursor = state.cursor;
    this.#best = state.best;
    const { training, ...moduleRandom } = state.random;
    this.#random = Random.restore(training);
    this.#moduleRandom = moduleRandom;
    this.#writeModuleRandom(moduleRandom);
    this.#setParameters(state.parameters);
  }

  /** One batch, one update. Nothing is changed before all that can fail is done. */
  async #step(): Promise<TrainingProgress> {
    const { data, step: compute, schedule, clipValue, clipNorm, project, epochs } = this.#options;
    const { epoch, batch: index, step, lossSum } = this.#cursor;
    const batch = await data.batch(epoch, index, this.#stream('data', epoch));
    const result = await compute(batch, { epoch, step, random: this.#stream('step', step) });
    const grads = this.#joined(result);
    const { loss } = result;
    const gradientNorm = gradNorm(grads);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
      throw inputError(
        'diverged',
        `the loss is ${loss} and the gradient's norm ${gradientNorm} in epoch ${epoch}, batch ${index}. Lower the learning rate, clip the gradients, or look for bad values in that batch.`,
      );
    if (clipValue !== undefined) clipGradValue(grads, clipValue);
    if (clipNorm !== undefined) clipGradNorm(grads, clipNorm);
    if (schedule !== undefined) this.optimiser.learningRate = checkedRate(schedule(step), step);
    this.optimiser.step(grads);
    project?.(this.#parameters);
    this.#loadModules();
    this.#moduleRandom = this.#readModuleRandom();
    this.#cursor = { ...this.#cursor, batch: index + 1, step: step + 1, lossSum: lossSum + loss };
    const { batches } = data;
    return { kind: 'step', epoch, epochs, batch: index + 1, batches, step: step + 1, loss, gradientNorm };
  }

  /** Validation, the best so far, and whether this is the end. */
  async #endEpoch(): Promise<TrainingProgress> {
    const { validate, patience, minDelta, epochs } = this.#options;
    const { batches } = this.#options.data;
    const { epoch, step, lossSum } = this.#cursor;
    const validation = await validate?.({ epoch, step, random: this.#stream('validation', epoch) });
    if (validation !== undefined && !Number.isFinite(validation))
      throw inputError(
        'diverged',
        `the validation loss of epoch ${epoch} is ${validation}. Lower the learning rate, or look for bad values in the validation data.`,
      );
    let { best } = this.#cursor;
    if (validation !== undefined && (best === null || validation < best.validation - minDelta)) {
      best = { epoch, validation };
      this.#best = copyOf(this.#parameters);
    }
    const waited = best === null ? 0 : epoch - best.epoch;
    const ended = epoch + 1 >= epochs ? 'epochs' : null;
    const stopped = patience !== undefined && waited >= patience ? 'patience' : ended;
    const record = { epoch, loss: lossSum / batches, ...(validation === undefined ? {} : { validation }) };
    const records = [...this.#cursor.epochs, record];
    this.#moduleRandom = this.#readModuleRandom();
    this.#cursor = { epoch: epoch + 1, batch: 0, step, lossSum: 0, epochs: records, best, stopped };
    if (stopped !== null && this.#best !== null) this.#setParameters(this.#best);
    return { kind: 'epoch', epochs, batch: batches, batches, step, ...record };
  }

  /** A stream that depends on the training's seed, the purpose and the number only. */
  #stream(purpose: string, number: number): Random {
    return this.#random.fork(`${purpose} ${number}`);
  }

  /** The gradients under the names of the parameters. */
  #joined({ grads }: StepResult): StateDict<FloatArray> {
    const joined: StateDict<FloatArray> = {};
    for (const [module, tensors] of Object.entries(grads))
      for (const [name, tensor] of Object.entries(tensors)) joined[`${module}.${name}`] = tensor;
    return joined;
  }

  #state(): TrainingState {
    const moduleRandom = Object.entries(this.#moduleRandom).map(([name, words]) => [name, words.slice()] as const);
    return {
      cursor: structuredClone(this.#cursor),
      batchesPerEpoch: this.#options.data.batches,
      parameters: copyOf(this.#parameters),
      best: this.#best === null ? null : copyOf(this.#best),
      optimiser: this.optimiser.state(),
      random: { training: this.#random.state(), ...Object.fromEntries(moduleRandom) },
    };
  }

  #setParameters(values: StateDict<FloatArray>): void {
    for (const [name, { data }] of Object.entries(values)) this.#parameters[name].data.set(data);
    this.#loadModules();
  }

  #loadModules(): void {
    for (const [name, module] of this.#modules) {
      const own = Object.entries(this.#parameters).filter(([parameter]) => parameter.startsWith(`${name}.`));
      module.loadStateDict(
        Object.fromEntries(own.map(([parameter, tensor]) => [parameter.slice(name.length + 1), tensor])),
      );
    }
  }

  #readModuleRandom(): Record<string, Uint32Array> {
    return Object.fromEntries(
      this.#modules.flatMap(([name, module]) => {
        const words = module.dropoutState?.();
        return words === undefined ? [] : [[`modules.${name}`, words.slice()]];
      }),
    );
  }

  #writeModuleRandom(states: Record<string, Uint32Array>): void {
    for (const [name, module] of this.#modules) {
      const words = states[`modules.${name}`];
      if (words !== undefined) module.restoreDropoutState?.(words);
    }
  }

  #refuseWhileRunning(what: string): void {
    if (this.#running)
      throw usageError('already_running', `${what} was called during a run; abort that one and await it first.`);
  }
}

/** Lets events in, such as the one that fires the signal: a timer would wait a millisecond or more each time. */
function turnOf({ port1, port2 }: MessageChannel): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}

function checkedRate(rate: number, step: number): number {
  if (!(rate >= 0 && rate < Number.POSITIVE_INFINITY))
    throw usageError(
      'invalid_option',
      `the schedule gave learning rate ${rate} at step ${step}; it must be finite and ≥ 0.`,
    );
  return rate;
}

function copyOf(dict: StateDict<FloatArray>): StateDict<FloatArray> {
  return Object.fromEntries(
    Object.entries(dict).map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
  );
}
