import { Network } from '../engine/index.js';
import type { Random } from '../random.js';
import { crossEntropy } from './losses.js';
import type { RecurrentCell } from './recurrent-cell.js';
import { type Initialisation, startValues } from './recurrent-init.js';
import { computedValues, partShapes } from './recurrent-parameters.js';

/** Sizes of a network that answers every step of a sequence: one recurrent layer under one linear layer. */
export interface SequenceNetworkSpec {
  readonly cell: RecurrentCell;
  readonly inputSize: number;
  readonly outputSize: number;
  /** Of the recurrent layer. The linear layer starts in ±1/√H with bias 0. */
  readonly init: Initialisation;
  /** Squared: targets [T,B,O], the mean of (y − target)². Cross-entropy: class numbers [T,B], of softmax outputs. NaN asks nothing. */
  readonly loss: 'squared' | 'cross-entropy';
}

/** x [T,B,D] and its targets. */
export interface SequenceData {
  readonly x: Float32Array;
  readonly target: Float32Array;
  readonly steps: number;
  readonly batch: number;
}

/** Leaks that leave it are put back: λ outside (0, 1] is none. */
const LEAST_LEAK = 0.001;
/** The one layer that there is, in the names of its parameters. */
const PART = { suffix: '_l0', inputSize: 0, reversed: false };

/**
 * Any cell under a linear readout, trained by Adam on the float32 engine: what the memory lab compares cells with. A step with
 * squared loss is one call of the engine; cross-entropy is computed here, between its forward and its backward pass.
 */
export class SequenceNetwork {
  readonly #spec: SequenceNetworkSpec;
  readonly #network: Network;
  #step = 0;

  /** @param capacity the largest steps and batch that will be used; threads, 1 when left out, never change a result */
  constructor(
    spec: SequenceNetworkSpec,
    random: Random,
    { threads = 1, ...capacity }: { steps: number; batch: number; threads?: number },
  ) {
    const { cell, inputSize, outputSize } = spec;
    const head = { kind: 'linear' as const, inputSize: cell.states.h, outputSize };
    this.#spec = spec;
    this.#network = new Network([cell.spec(inputSize), head], { ...capacity, training: true }, { threads });
    this.#initialise(random);
  }

  #initialise(random: Random): void {
    const { cell, inputSize, init } = this.#spec;
    const start = partShapes(cell, inputSize, true).map(([name, shape]) => [
      `${name}${PART.suffix}`,
      startValues(cell, name, shape, init, random.fork(name)),
    ]);
    const values = computedValues(cell, Object.fromEntries(start), PART, (length) => new Float64Array(length));
    for (const [name, data] of Object.entries(values)) this.#network.write('value', `0.${name}`, data);
    const bound = 1 / Math.sqrt(cell.states.h);
    const [rows, columns] = this.#network.parameters.get('1.weight')!;
    const stream = random.fork('readout');
    const readout = Float32Array.from({ length: rows * columns }, () => stream.uniform(-bound, bound));
    this.#network.write('value', '1.weight', readout);
  }

  /** One step of Adam on the gradient, clipped to a norm of at most `clipNorm`. Returns the loss before it. */
  trainStep(data: SequenceData, { learningRate, clipNorm }: { learningRate: number; clipNorm: number }): number {
    this.#step += 1;
    const options = { learningRate, clipNorm, step: this.#step };
    const loss = this.#spec.loss === 'squared' ? this.#squaredStep(data, options) : this.#entropyStep(data, options);
    if (this.#network.parameters.has('0.leak')) this.#boundLeaks();
    return loss;
  }

  /** Outputs [T,B,O] from zero states. */
  forward({ x, steps, batch }: SequenceData): Float32Array {
    this.#network.forward(x, steps, batch);
    return this.#network.output();
  }

  /** Copies of the parameters by the engine's names: `0.weight_ih` … of the recurrent layer, `1.weight`, `1.bias` of the readout. */
  parameters(): Map<string, Float32Array> {
    return new Map(Array.from(this.#network.parameters.keys(), (name) => [name, this.#network.read('value', name)]));
  }

  #squaredStep({ x, target, steps, batch }: SequenceData, options: StepOptions): number {
    this.#network.setBatch(x, target, steps, batch);
    return this.#network.trainStep({ ...options, loss: 'squared' });
  }

  #entropyStep(data: SequenceData, { clipNorm, ...options }: StepOptions): number {
    const { loss, dOutput } = crossEntropy(this.forward(data), data.target);
    this.#network.zeroGradients();
    this.#network.backward(dOutput);
    const norm = this.#network.gradientNorm();
    if (!Number.isFinite(norm)) return loss;
    if (norm > clipNorm) this.#network.scaleGradients(clipNorm / norm);
    this.#network.adam(options);
    return loss;
  }

  #boundLeaks(): void {
    const leaks = this.#network.read('value', '0.leak');
    if (leaks.every((leak) => leak >= LEAST_LEAK && leak <= 1)) return;
    const bounded = leaks.map((leak) => Math.min(1, Math.max(LEAST_LEAK, leak)));
    this.#network.write('value', '0.leak', bounded);
  }
}

interface StepOptions {
  readonly learningRate: number;
  readonly clipNorm: number;
  readonly step: number;
}
