/** The float32 engine: a stack of layers in one WebAssembly memory, planned once and run without allocation. */
import { usageError } from '../errors.js';
import { TASK_ADAM, TASK_BACKWARD, TASK_CARRY, TASK_FORWARD, TASK_NORM } from './kernels.generated.js';
import { type Capacity, checkLayers, type LayerSpec, outputSize, stateSizes } from './layer-spec.js';
import { type Batch, checkLoss, type Loss, meanLoss, placeBatch, placeLoss } from './loss.js';
import {
  arrange,
  buildMachine,
  checkLength,
  load,
  loadRow,
  type Machine,
  stepRows,
  store,
  storeRow,
} from './machine.js';
import { type AdamOptions, checkAdam, placeAdam } from './optimiser.js';
import { type Parameter, parametersOf } from './parameters.js';
import * as pass from './pass.js';
import type { Slot } from './plan.js';
import { takenSeats } from './task-plan.js';
import { dismissWorkers, possibleThreads } from './team.js';
import { bestTier, checkTier, type Tier } from './tier.js';

export type TrainOptions = Loss &
  AdamOptions & {
    /** Gradients are scaled so that their joint norm is at most this. Default: not clipped. */
    readonly clipNorm?: number;
  };

export interface EngineOptions {
  /** Default: the best that the host can run. */
  readonly tier?: Tier;
  /** Threads at the most, 1 … 64; small tasks use one. The results are the same bits for any number. Default: the host's processors. */
  readonly threads?: number;
  /** Tasks of fewer multiplications than this are done by one thread. Default 1e6: some 20 µs of one. */
  readonly leastShared?: number;
}

const MOST_THREADS = 64;

/**
 * A stack of recurrent and linear layers with its gradients and Adam moments, all starting at zero, but leaks at one.
 *
 * Arrays are row-major and time-major: x [T, B, D], outputs [T, B, O], states [B, H]. Any `steps` and `batch` up to the
 * capacity may be used. Parameters of layer n have PyTorch's shapes and gate order, with one bias for each gate:
 *
 *   linear  n.weight [O, I], n.bias [O]
 *   others  n.weight_ih [G·H, D], n.weight_hh [G·H, R], n.bias [G·H];  R is H, or an LSTM's projSize
 *           rnn, leaky: G = 1;  gru: G = 3, r z n;  lstm: G = 4, i f g o
 *   leaky   n.leak [H]: λ in (0, 1], where Adam keeps it
 *   gru     n.bias_hn [H] with resetAfter: the bias inside r ⊙ (…)
 *   lstm    n.peephole [3, H], i f o;  n.weight_hr [projSize, H]
 *
 * Errors: `bad_layers`, `bad_capacity`, `bad_option`, `network_too_large`, `out_of_memory`, `no_simd`, `bad_tier`, `tier_unavailable` when built; `bad_size`,
 * `bad_option`, `bad_levels`, `unknown_parameter`, `not_training`, `no_forward`, `no_batch` from the methods.
 */
export class Network {
  readonly layers: readonly LayerSpec[];
  readonly capacity: Capacity;
  readonly tier: Tier;
  /** Threads at the most. */
  readonly threads: number;
  /** Name → shape, layer by layer: `0.weight_ih`, `0.weight_hh`, `0.bias`, …, `2.weight`, `2.bias`. */
  readonly parameters: ReadonlyMap<string, readonly number[]>;
  readonly #machine: Machine;
  readonly #parameters: ReadonlyMap<string, Parameter>;
  /** What the activations are good for. The backward pass overwrites what it reads. */
  #phase: 'none' | 'forward' | 'backward' | 'stream' = 'none';
  #placed: Batch | undefined;

  constructor(layers: readonly LayerSpec[], capacity: Capacity, { tier, threads, leastShared }: EngineOptions = {}) {
    checkLayers(layers);
    for (const name of ['steps', 'batch'] as const)
      if (!(Number.isInteger(capacity[name]) && capacity[name] > 0))
        throw usageError('bad_capacity', `capacity has ${name} ${capacity[name]}; it must be a positive integer.`);
    this.layers = layers.map((layer) => ({ ...layer }));
    this.capacity = { ...capacity };
    if (threads !== undefined && !(Number.isInteger(threads) && threads > 0 && threads <= MOST_THREADS))
      throw usageError('bad_option', `threads is ${threads}; it must be an integer from 1 to ${MOST_THREADS}.`);
    this.threads = Math.min(possibleThreads(threads), MOST_THREADS);
    const shared = this.threads > 1;
    this.tier = tier === undefined ? bestTier(shared) : checkTier(tier, shared);
    this.#machine = buildMachine(this.layers, this.capacity, { tier: this.tier, threads: this.threads, leastShared });
    const parameters = parametersOf(this.layers);
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    this.parameters = new Map(parameters.map(({ name, shape }) => [name, shape]));
    for (const [name, shape] of this.parameters)
      if (name.endsWith('.leak')) this.write('value', name, new Float32Array(shape[0]!).fill(1));
  }

  /** A copy of a parameter's value, gradient or Adam moment, row-major in PyTorch's shape; into `out` if given. */
  read(what: Slot, name: string, out?: Float32Array): Float32Array {
    const { columns, base, inner } = this.#locate(what, name);
    const { floats } = this.#machine;
    const result = out ?? new Float32Array(columns.length * inner);
    checkLength('the array for the result', result, columns.length * inner, name);
    for (let n = 0, i = 0; n < columns.length; n++)
      for (let k = 0, at = base + columns[n]!; k < inner; k++, at += 16) result[i++] = floats[at]!;
    return result;
  }

  /** Sets a parameter's value, gradient or Adam moment from a row-major array of PyTorch's shape. */
  write(what: Slot, name: string, data: ArrayLike<number>): void {
    const { columns, base, inner } = this.#locate(what, name);
    const { floats } = this.#machine;
    checkLength(name, data, columns.length * inner, `[${this.parameters.get(name)!.join(', ')}]`);
    for (let n = 0, i = 0; n < columns.length; n++)
      for (let k = 0, at = base + columns[n]!; k < inner; k++, at += 16) floats[at] = data[i++]!;
  }

  /** Runs all layers on x [T, B, D] from `state` (one entry per layer; null or none is zero). Ends the current batch. */
  forward(x: Float32Array, steps: number, batch: number, state?: pass.NetworkState): void {
    this.#checkSize(steps, batch);
    checkLength(
      'x',
      x,
      steps * batch * this.layers[0]!.inputSize,
      `[${steps}, ${batch}, ${this.layers[0]!.inputSize}]`,
    );
    this.#checkState(batch, state);
    this.#placed = undefined;
    arrange(this.#machine, steps, batch);
    load(this.#machine, this.#machine.plan.x, stepRows(this.#machine.shape), x);
    pass.placeState(this.#machine, state);
    this.#runTask(TASK_FORWARD, 'forward');
  }

  /** Begins streaming `batch` sequences from `state` (one entry per layer; null or none is zero). Ends the current batch. */
  startStream(batch: number, state?: pass.NetworkState): void {
    this.#checkSize(1, batch);
    this.#checkState(batch, state);
    this.#placed = undefined;
    arrange(this.#machine, 1, batch);
    pass.placeFinalState(this.#machine, state);
    this.#phase = 'stream';
  }

  /** One step of streaming: x [B, D] → [B, O], into `out` if given; the states stay in the arena and go on from step to step. */
  step(x: Float32Array, out?: Float32Array): Float32Array {
    this.#need(this.#phase === 'stream', 'a step', 'startStream', 'once');
    const m = this.#machine;
    const { batch } = m.shape;
    const { inputSize } = this.layers[0]!;
    checkLength('x', x, batch * inputSize, `[${batch}, ${inputSize}]`);
    if (batch === 1) loadRow(m, m.plan.x, x);
    else load(m, m.plan.x, stepRows(m.shape), x);
    pass.runTask(m, TASK_CARRY | TASK_FORWARD);
    const last = m.plan.layers.at(-1)!;
    if (batch > 1) return store(m, last.output, pass.rowsOfOutput(m, last), out);
    return storeRow(m, last.output, pass.rowsOfOutput(m, last), out ?? new Float32Array(last.output.columns));
  }

  /** [T, B, O]: what the last layer gave in the last forward pass. */
  output(out?: Float32Array): Float32Array {
    return this.layerOutput(this.layers.length - 1, out);
  }

  /** [T, B, width of layer `at`]: what that layer gave in the last forward pass. */
  layerOutput(at: number, out?: Float32Array): Float32Array {
    const layer = this.#machine.plan.layers[at];
    if (layer === undefined)
      throw usageError('bad_layers', `there is no layer ${at}; the last is ${this.layers.length - 1}.`);
    this.#need(this.#phase !== 'none', 'an output');
    return store(this.#machine, layer.output, pass.rowsOfOutput(this.#machine, layer), out);
  }

  /** h and c of every recurrent layer after the last step (c null where there is none); null for linear layers. */
  finalState(): (pass.LayerState | null)[] {
    this.#need(this.#phase !== 'none', 'a state');
    return pass.finalState(this.#machine);
  }

  /**
   * Complete back-propagation through time of the last forward pass, once for each: it overwrites the kept activations.
   * `dOutput` [T, B, O] is ∂loss/∂output, `dState` ∂loss/∂(final states). Parameter gradients add to what is there.
   */
  backward(dOutput: Float32Array, dState?: pass.NetworkState): void {
    this.#needTraining();
    this.#need(this.#phase === 'forward', 'a backward pass');
    const { steps, batch } = this.#machine.shape;
    const width = outputSize(this.layers.at(-1)!);
    checkLength('dOutput', dOutput, steps * batch * width, `[${steps}, ${batch}, ${width}]`);
    this.#checkState(batch, dState);
    load(this.#machine, this.#machine.plan.layers.at(-1)!.dOutput!, stepRows(this.#machine.shape), dOutput);
    pass.placeStateGradient(this.#machine, dState);
    this.#runTask(TASK_BACKWARD, 'backward');
  }

  /** ∂loss/∂x [T, B, D] of the last backward pass. */
  inputGradient(): Float32Array {
    this.#need(this.#phase === 'backward', 'an input gradient', 'backward');
    return pass.inputGradient(this.#machine);
  }

  /** ∂loss/∂(initial states) of the last backward pass; null for linear layers. */
  stateGradient(): (pass.LayerState | null)[] {
    this.#need(this.#phase === 'backward', 'a state gradient', 'backward');
    return pass.stateGradient(this.#machine);
  }

  zeroGradients(): void {
    this.#needTraining();
    const { slots, slotBytes } = this.#machine.plan;
    this.#machine.floats.fill(0, slots.gradient >>> 2, (slots.gradient + slotBytes) >>> 2);
  }

  /** The Euclidean norm of all parameter gradients together. */
  gradientNorm(): number {
    this.#needTraining();
    this.#arrangeAny();
    pass.runTask(this.#machine, TASK_NORM);
    return Math.sqrt(pass.squareSum(this.#machine));
  }

  scaleGradients(factor: number): void {
    this.#needTraining();
    const { slots, slotBytes } = this.#machine.plan;
    this.#machine.kernels.scale(slots.gradient, slotBytes, factor);
  }

  /** One step of Adam with decoupled weight decay (AdamW) on weights, not biases. As PyTorch's, in float32. */
  adam(options: AdamOptions): void {
    this.#needTraining();
    checkAdam(options);
    placeAdam(this.#machine, options, 0);
    this.#arrangeAny();
    pass.runTask(this.#machine, TASK_NORM | TASK_ADAM);
  }

  /**
   * Puts a batch into the arena, where it stays for any number of trainStep and evaluate calls: x [T, B, D], targets
   * [T, B, K] of which NaN is masked, and the weight of every row, [B] or [T, B] (default 1).
   */
  setBatch(x: Float32Array, target: Float32Array, steps: number, batch: number, weight?: Float32Array): void {
    this.#needTraining();
    this.#checkSize(steps, batch);
    this.#placed = undefined;
    this.#phase = 'none';
    this.#placed = placeBatch(this.#machine, x, target, steps, batch, weight);
  }

  /**
   * One training step on the current batch from zero states: forward, quantile loss, backward, clipping by norm, Adam.
   * Returns the loss before the step: Σ w·pinball / Σ w over all levels and the targets that are not NaN (0 if there is
   * none). Afterwards the gradients are those of this step, before clipping. If they are not finite, nothing is changed.
   */
  trainStep(options: TrainOptions): number {
    const batch = this.#needBatch();
    const { clipNorm } = options;
    checkLoss(options, batch);
    checkAdam(options);
    if (clipNorm !== undefined && !(clipNorm > 0))
      throw usageError('bad_option', `clipNorm is ${clipNorm}; it must be positive, or left out for no clipping.`);
    const m = this.#machine;
    placeAdam(m, options, clipNorm ?? 0);
    placeLoss(m, batch, options, true);
    pass.placeState(m);
    pass.placeStateGradient(m);
    this.#runTask(pass.TRAINING, 'backward');
    return meanLoss(m, batch);
  }

  /** The loss of the current batch, from zero states, without training. */
  evaluate(loss: Loss): number {
    const batch = this.#needBatch();
    checkLoss(loss, batch);
    placeLoss(this.#machine, batch, loss, false);
    pass.placeState(this.#machine);
    this.#runTask(pass.EVALUATION, 'forward');
    return meanLoss(this.#machine, batch);
  }

  /** Sends the threads home that help this network. They come again when they are needed. */
  rest(): void {
    dismissWorkers(this.#machine);
  }

  /** Threads that wait at this moment to help this network, besides the caller's. They need some time to start. */
  helpers(): number {
    return takenSeats(this.#machine.plan.tasks, this.#machine.words);
  }

  #runTask(task: number, phase: 'forward' | 'backward'): void {
    pass.runTask(this.#machine, task);
    this.#phase = phase;
  }

  /** For tasks that know no batch, before the first one. */
  #arrangeAny(): void {
    if (this.#machine.shape.steps === 0) arrange(this.#machine, 1, 1);
  }

  /** Where a parameter is: float offset of its first row, offsets of its columns, elements along its second axis. */
  #locate(what: Slot, name: string): { columns: Int32Array; base: number; inner: number } {
    if (what !== 'value') this.#needTraining();
    const parameter = this.#parameters.get(name);
    if (parameter === undefined)
      throw usageError(
        'unknown_parameter',
        `there is no parameter "${name}"; there are ${[...this.parameters.keys()].join(', ')}.`,
      );
    const { slots, layers } = this.#machine.plan;
    const { offset } = layers[parameter.layer]!.matrices[parameter.matrix]!;
    const base = ((slots[what] + offset) >>> 2) + parameter.row * 16;
    return { columns: parameter.columns, base, inner: parameter.inner };
  }

  #checkSize(steps: number, batch: number): void {
    const fits = (value: number, limit: number) => Number.isInteger(value) && value > 0 && value <= limit;
    if (!fits(steps, this.capacity.steps) || !fits(batch, this.capacity.batch))
      throw usageError(
        'bad_size',
        `got ${steps} steps and batch ${batch}; the network was built for 1 to ${this.capacity.steps} and 1 to ${this.capacity.batch}.`,
      );
  }

  #checkState(batch: number, state: pass.NetworkState | undefined): void {
    if (state === undefined) return;
    checkLength('state', state as readonly never[], this.layers.length, 'one entry per layer');
    this.layers.forEach((layer, at) => {
      const entry = state[at];
      const sizes = stateSizes(layer);
      if (entry === null || entry === undefined || sizes === null) return;
      checkLength(`h of layer ${at}`, entry.h, batch * sizes.h, `[${batch}, ${sizes.h}]`);
      if (entry.c) checkLength(`c of layer ${at}`, entry.c, batch * sizes.c, `[${batch}, ${sizes.c}]`);
    });
  }

  #need(held: boolean, what: string, call = 'forward', howOften = 'each time'): void {
    if (!held) throw usageError('no_forward', `${what} needs ${call}() before it, ${howOften}; call it first.`);
  }

  #needTraining(): void {
    if (!this.capacity.training)
      throw usageError('not_training', 'the network was built for inference; build it with capacity.training true.');
  }

  #needBatch(): Batch {
    this.#needTraining();
    if (this.#placed === undefined)
      throw usageError('no_batch', 'there is no batch: call setBatch() first, and again after forward().');
    return this.#placed;
  }
}
