/**
 * A training with everything that a checkpoint must keep: shuffled data with a smaller last batch, dropout inside a layer and
 * outside, a schedule, clipping, a projection, validation and patience.
 */
import { Random } from '../random.js';
import {
  Adam,
  arrayData,
  cosineRate,
  type EngineKind,
  type FloatArray,
  Linear,
  LSTM,
  maxNorm,
  mse,
  type Optimiser,
  type StateDict,
  Trainer,
} from './index.js';

const [STEPS, INPUTS, HIDDEN] = [5, 2, 4];

interface Item {
  x: number[];
  y: number[];
}

/** Sums of the inputs so far, to be learned from the inputs. */
function makeItems(count: number, seed: string): Item[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: STEPS * INPUTS }, () => random.normal());
    const y = Array.from({ length: STEPS }, (_, t) => x.slice(0, (t + 1) * INPUTS).reduce((sum, v) => sum + v, 0));
    return { x, y };
  });
}

export interface SmallTraining {
  engine: EngineKind;
  /** Of the layers' start values and of the training. */
  seed?: number;
  optimiser?: (parameters: StateDict<FloatArray>) => Optimiser;
  epochs?: number;
}

export function smallTraining({ engine, seed = 1, epochs = 4, optimiser }: SmallTraining) {
  const lstm = new LSTM<EngineKind>({
    inputSize: INPUTS,
    hiddenSize: HIDDEN,
    numLayers: 2,
    dropout: 0.3,
    seed,
    engine,
  });
  const head = new Linear<EngineKind>({ inputSize: HIDDEN, outputSize: 1, seed, engine });
  const array = engine === 'wasm' ? Float32Array : Float64Array;
  const timeMajor = (items: Item[], part: 'x' | 'y', width: number) =>
    new array(STEPS * items.length * width).map((_, k) => {
      const [t, rest] = [Math.floor(k / (items.length * width)), k % (items.length * width)];
      return items[Math.floor(rest / width)][part][t * width + (rest % width)];
    }) as never;
  const forward = (items: Item[], x: never) =>
    head.forward(lstm.forward(x, { steps: STEPS, batch: items.length }).output).output;
  const validation = makeItems(3, 'validation');
  const trainer = new Trainer<Item[]>({
    modules: { lstm, head },
    data: arrayData(makeItems(7, 'training'), { batchSize: 2 }),
    step(items, { random }) {
      const x: Float64Array = timeMajor(items, 'x', INPUTS);
      for (let k = 0; k < x.length; k++) if (random.uniform() < 0.1) x[k] = 0;
      const { loss, dOutput } = mse(forward(items, x as never), timeMajor(items, 'y', 1));
      const back = head.backward({ dOutput });
      return { loss, grads: { head: back.grads, lstm: lstm.backward({ dOutput: back.dInput }).grads } };
    },
    optimiser: optimiser ?? ((parameters) => new Adam(parameters, { learningRate: 0.05, weightDecay: 0.01 })),
    epochs,
    schedule: cosineRate(0.05, { steps: 20, warmup: 3 }),
    clipValue: 0.5,
    clipNorm: 1,
    project: (parameters) => maxNorm(parameters['lstm.weight_hh_l0'], 0.8),
    validate() {
      lstm.eval();
      const { loss } = mse(forward(validation, timeMajor(validation, 'x', INPUTS)), timeMajor(validation, 'y', 1));
      lstm.train();
      return loss;
    },
    patience: 2,
    seed,
  });
  return { trainer, lstm, head };
}
