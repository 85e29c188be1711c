import { fillLogSpreadLeaks } from '../cells/initialisation.js';
import { spectralRadius } from '../cells/spectral-radius.js';
import { type LayerSpec, Network } from '../engine/index.js';
import { usageError } from '../errors.js';
import type { Random } from '../random.js';

/** Recurrent cells that a quantile network can be made of. `esn`: leaky units whose weights stay as they were drawn; only the head learns. */
export type QuantileCell = 'lstm' | 'gru' | 'rnn' | 'leaky' | 'esn';

/** Sizes of a quantile network; a stack of recurrent layers under one linear layer. */
export interface QuantileNetworkSpec {
  readonly cell: QuantileCell;
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
 * Stacked recurrent layers with a linear head that answers every step with Q quantiles of the next K values, trained by
 * the mean pinball loss over all known targets of all steps. Runs on the float32 engine.
 *
 * Initialisation: weights and biases U(±1/√H), with 1 added to the LSTM's forget-gate bias (Jozefowicz et al. 2015); leaks
 * λ spread evenly on a log scale from 1 to 1/32, kept inside [1/1000, 1]; recurrent weights of an ESN scaled to the spectral
 * radius 0.9; head bias 0. Equal seeds give equal networks.
 */
export class QuantileNetwork {
  readonly spec: QuantileNetworkSpec;
  readonly #network: Network;
  #step = 0;
  /** What an ESN must not learn. */
  readonly #fixed = new Map<string, Float32Array>();

  /**
   * @param capacity the largest steps and batch that will be used, and whether to train: memory is planned for it once; and on
   *   how many threads, 1 when left out
   */
  constructor(
    spec: QuantileNetworkSpec,
    { threads = 1, ...capacity }: { steps: number; batch: number; training: boolean; threads?: number },
  ) {
    this.spec = spec;
    const { cell, inputSize, hiddenSize, layers, horizon, levels } = spec;
    const stack = Array.from({ length: layers }, (_, layer) =>
      layerSpec(cell, layer === 0 ? inputSize : hiddenSize, hiddenSize),
    );
    const head = { kind: 'linear' as const, inputSize: hiddenSize, outputSize: horizon * levels.length };
    this.#network = new Network([...stack, head], capacity, { threads });
  }

  /** Draws fresh parameters. */
  initialise(random: Random): void {
    const { cell, hiddenSize, layers } = this.spec;
    const bound = 1 / Math.sqrt(hiddenSize);
    for (const [name, shape] of this.#network.parameters) {
      const size = shape.reduce((product, length) => product * length, 1);
      const stream = random.fork(name);
      const isHeadBias = name === `${layers}.bias`;
      const data = Float32Array.from({ length: size }, () => (isHeadBias ? 0 : stream.uniform(-bound, bound)));
      if (cell === 'lstm' && name.endsWith('.bias') && !isHeadBias)
        for (let j = hiddenSize; j < 2 * hiddenSize; j++) data[j] += 1;
      if (name.endsWith('.leak')) {
        const leaks = new Float64Array(size);
        fillLogSpreadLeaks(leaks, 1, SLOWEST_LEAK);
        data.set(leaks);
      }
      if (cell === 'esn' && name.endsWith('.weight_hh')) scaleToRadius(data, hiddenSize, stream.fork('radius'));
      this.#writeParameter(name, data);
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
    const loss = this.#network.trainStep({ ...options, levels: this.spec.levels, step: this.#step });
    if (this.spec.cell === 'leaky') this.#boundLeaks();
    for (const [name, data] of this.#fixed) this.#network.write('value', name, data);
    return loss;
  }

  /** Mean pinball loss on the current batch. */
  loss(): number {
    return this.#network.evaluate({ levels: this.spec.levels });
  }

  /** Quantiles at every step, [T][B][Q·K], from the given states, one entry per recurrent layer; zero where left out. */
  forward(x: Float32Array, steps: number, batch: number, states?: QuantileState): Float32Array {
    this.#network.forward(x, steps, batch, states ? [...states, null] : undefined);
    return this.#network.output();
  }

  /** Begins a stream of `batch` rows from the given states, one entry per recurrent layer; zero where left out. */
  startStream(batch: number, states?: QuantileState): void {
    this.#network.startStream(batch, states ? [...states, null] : undefined);
  }

  /** One step of the stream: x [B][inputSize] → quantiles [B][Q·K]; the states stay in the engine. */
  step(x: Float32Array): Float32Array {
    return this.#network.step(x);
  }

  /** States of the recurrent layers after the last step of a forward pass or a stream. */
  finalState(): QuantileState {
    return this.#network.finalState().slice(0, -1) as QuantileState;
  }

  /** Copies of all parameters under PyTorch's names: lstm.weight_ih_l0 … head.bias. The second bias of LSTM and RNN is zero; leaky cells have one only. */
  stateDict(): Tensors {
    const { cell, layers } = this.spec;
    const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    for (const [name, shape] of this.#network.parameters) {
      const data = this.#network.read('value', name);
      const publicName = nameOf(name, cell, layers);
      tensors.set(publicName, { shape, data });
      if (publicName.includes('.bias_ih') && cell !== 'leaky' && cell !== 'esn')
        tensors.set(publicName.replace('bias_ih', 'bias_hh'), { shape, data: new Float32Array(data.length) });
      if (publicName.includes('.bias_hn')) {
        const second = tensors.get(publicName.replace('bias_hn', 'bias_hh'))!;
        second.data.set(data, 2 * data.length);
        tensors.delete(publicName);
      }
    }
    return tensors;
  }

  /** Sets all parameters. @throws usage error `bad_state` on a missing name or a wrong shape. */
  loadStateDict(tensors: Tensors): void {
    const { cell, hiddenSize, layers } = this.spec;
    const take = (name: string, shape: readonly number[]): Float32Array => {
      const found = tensors.get(name);
      if (found?.shape.join() === shape.join()) return found.data;
      throw usageError(
        'bad_state',
        `tensor "${name}" is ${found ? `[${found.shape}]` : 'missing'}; this network needs [${shape}]. Load the file that this model was saved to.`,
      );
    };
    for (const [name, shape] of this.#network.parameters) {
      const publicName = nameOf(name, cell, layers);
      this.#writeParameter(name, engineValue(publicName, shape));
    }

    function engineValue(name: string, shape: readonly number[]): Float32Array {
      if (name.includes('.bias_hn'))
        return take(name.replace('bias_hn', 'bias_hh'), [3 * hiddenSize]).slice(2 * hiddenSize);
      const data = take(name, shape);
      const second = tensors.get(name.replace('bias_ih', 'bias_hh'));
      if (!name.includes('.bias_ih') || !second) return data;
      // The GRU keeps the second bias of n apart: it is multiplied by r.
      const shared = cell === 'gru' ? 2 * hiddenSize : second.data.length;
      return data.map((value, i) => (i < shared ? value + second.data[i] : value));
    }
  }

  #writeParameter(name: string, data: Float32Array): void {
    const { cell, layers } = this.spec;
    this.#network.write('value', name, data);
    if (cell === 'esn' && !name.startsWith(`${layers}.`)) this.#fixed.set(name, data.slice());
  }

  /** λ outside (0, 1] is no leak. */
  #boundLeaks(): void {
    for (let layer = 0; layer < this.spec.layers; layer++) {
      const leaks = this.#network.read('value', `${layer}.leak`);
      if (leaks.every((leak) => leak >= 0.001 && leak <= 1)) continue;
      this.#network.write(
        'value',
        `${layer}.leak`,
        leaks.map((leak) => Math.min(1, Math.max(0.001, leak))),
      );
    }
  }
}

/** Slowest unit of a leaky layer at the start: it forgets over 32 steps. */
const SLOWEST_LEAK = 1 / 32;

/** h and, for the LSTM, c [B][H] of each recurrent layer. */
export type QuantileState = readonly { readonly h: Float32Array; readonly c: Float32Array | null }[];

function layerSpec(cell: QuantileCell, inputSize: number, hiddenSize: number): LayerSpec {
  if (cell === 'gru') return { kind: 'gru', inputSize, hiddenSize, resetAfter: true };
  if (cell === 'lstm') return { kind: 'lstm', inputSize, hiddenSize };
  return { kind: cell === 'rnn' ? 'rnn' : 'leaky', inputSize, hiddenSize, nonlinearity: 'tanh' };
}

/** Scales square weights so that their largest eigenvalue has the absolute value 0.9: an echo fades. */
function scaleToRadius(weights: Float32Array, size: number, random: Random): void {
  const multiply = (product: Float64Array, v: Float64Array) => {
    for (let i = 0; i < size; i++) {
      product[i] = 0;
      for (let j = 0; j < size; j++) product[i] += weights[i * size + j] * v[j];
    }
  };
  const factor = 0.9 / spectralRadius(multiply, size, random);
  for (let i = 0; i < weights.length; i++) weights[i] *= factor;
}

/** Engine name → PyTorch name: `0.weight_ih` → `lstm.weight_ih_l0`. */
function nameOf(name: string, cell: QuantileCell, layers: number): string {
  const [index, part] = name.split('.');
  if (Number(index) === layers) return `head.${part}`;
  return part === 'bias' ? `${cell}.bias_ih_l${index}` : `${cell}.${part}_l${index}`;
}
