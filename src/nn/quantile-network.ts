import { Network } from '../engine/index.js';
import { usageError } from '../errors.js';
import type { Random } from '../random.js';

/** Sizes of a quantile network; a stack of LSTM layers under one linear layer. */
export interface QuantileNetworkSpec {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  /** Values predicted at once, K: the whole horizon. */
  readonly horizon: number;
  /** Quantile levels in (0, 1), Q of them; the output at [q·K + k] is quantile q of step k. */
  readonly levels: readonly number[];
}

/** Named float32 tensors, row-major, under PyTorch's names. */
export type Tensors = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/** A batch of sequences: x [T][B][inputSize]; target [T][B][K], NaN where unknown (no part of the loss). */
export interface SequenceBatch {
  readonly x: Float32Array;
  readonly target: Float32Array;
  readonly steps: number;
  readonly batch: number;
}

/** One training step: Adam (decoupled weight decay) after clipping the gradient to a norm of at most `clipNorm`. */
export interface TrainingStep {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
}

/**
 * Stacked LSTM with a linear head that answers every step with Q quantiles of the next K values, trained by the
 * mean pinball loss over all known targets of all steps. Runs on the float32 engine.
 *
 * Initialisation: LSTM weights and biases U(±1/√H) with 1 added to the forget-gate bias (Jozefowicz et al. 2015),
 * head weights U(±1/√H), head bias 0. Equal seeds give equal networks.
 */
export class QuantileNetwork {
  readonly spec: QuantileNetworkSpec;
  readonly #network: Network;
  #step = 0;

  /**
   * @param capacity the largest steps and batch that will be used, and whether to train: memory is planned for it once; and on
   *   how many threads, 1 when left out
   */
  constructor(
    spec: QuantileNetworkSpec,
    { threads = 1, ...capacity }: { steps: number; batch: number; training: boolean; threads?: number },
  ) {
    this.spec = spec;
    const { inputSize, hiddenSize, layers, horizon, levels } = spec;
    const stack = Array.from({ length: layers }, (_, layer) => ({
      kind: 'lstm' as const,
      inputSize: layer === 0 ? inputSize : hiddenSize,
      hiddenSize,
    }));
    const head = { kind: 'linear' as const, inputSize: hiddenSize, outputSize: horizon * levels.length };
    this.#network = new Network([...stack, head], capacity, { threads });
  }

  /** Draws fresh parameters. */
  initialise(random: Random): void {
    const { hiddenSize, layers } = this.spec;
    const bound = 1 / Math.sqrt(hiddenSize);
    for (const [name, shape] of this.#network.parameters) {
      const size = shape.reduce((product, length) => product * length, 1);
      const stream = random.fork(name);
      const isHeadBias = name === `${layers}.bias`;
      const data = Float32Array.from({ length: size }, () => (isHeadBias ? 0 : stream.uniform(-bound, bound)));
      if (name.endsWith('.bias') && !isHeadBias) for (let j = hiddenSize; j < 2 * hiddenSize; j++) data[j] += 1;
      this.#network.write('value', name, data);
    }
    this.#step = 0;
  }

  /** The batch that trainStep and loss work on, until the next call. */
  setBatch(batch: SequenceBatch): void {
    this.#network.setBatch(batch.x, batch.target, batch.steps, batch.batch);
  }

  /** Forward, loss, backward through time and one optimiser step. Returns the mean pinball loss before the step. */
  trainStep(options: TrainingStep): number {
    this.#step++;
    return this.#network.trainStep({ ...options, levels: this.spec.levels, step: this.#step });
  }

  /** Mean pinball loss on the current batch. */
  loss(): number {
    return this.#network.evaluate({ levels: this.spec.levels });
  }

  /** Quantiles at every step, [T][B][Q·K]. */
  forward(x: Float32Array, steps: number, batch: number): Float32Array {
    this.#network.forward(x, steps, batch);
    return this.#network.output();
  }

  /** Copies of all parameters under PyTorch's names: lstm.weight_ih_l0 … head.bias. The second LSTM bias is zero. */
  stateDict(): Tensors {
    const { hiddenSize, layers } = this.spec;
    const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    for (const [name, shape] of this.#network.parameters) {
      const data = this.#network.read('value', name);
      for (const publicName of publicNames(name, layers)) tensors.set(publicName, { shape, data });
      const layer = Number.parseInt(name, 10);
      if (layer < layers && name.endsWith('.bias'))
        tensors.set(`lstm.bias_hh_l${layer}`, { shape, data: new Float32Array(4 * hiddenSize) });
    }
    return tensors;
  }

  /** Sets all parameters. @throws usage error `bad_state` on a missing name or a wrong shape. */
  loadStateDict(tensors: Tensors): void {
    const { layers } = this.spec;
    for (const [name, shape] of this.#network.parameters) {
      const [publicName] = publicNames(name, layers);
      const found = tensors.get(publicName);
      if (!found || found.shape.join() !== shape.join())
        throw usageError(
          'bad_state',
          `tensor "${publicName}" is ${found ? `[${found.shape}]` : 'missing'}; this network needs [${shape}]. Load the file that this model was saved to.`,
        );
      const second = tensors.get(publicName.replace('bias_ih', 'bias_hh'));
      const isLstmBias = publicName.startsWith('lstm.bias');
      this.#network.write('value', name, isLstmBias && second ? sum(found.data, second.data) : found.data);
    }
  }
}

/** Engine name → PyTorch name. */
function publicNames(name: string, layers: number): [string] {
  const [index, part] = name.split('.');
  if (Number(index) === layers) return [`head.${part}`];
  return [part === 'bias' ? `lstm.bias_ih_l${index}` : `lstm.${part}_l${index}`];
}

function sum(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + b[i]);
}
