import type { Random } from '../../random.js';
import { emptyBatch, lengthFrom, type SequenceBatch, shareWithin, type TaskDefinition } from './sequence-task.js';

/** Steps at the start that tell the class. */
const INFORMATIVE = 3;
/** Of the noise after them. */
const VARIANCE = 0.2;

/**
 * The two-sequence problem of Bengio, Simard & Frasconi 1994 in the form of 1997: one input. The first three numbers are 1 for one
 * class and −1 for the other; all others are normal noise with mean 0 and variance 0.2. Target at the last step: 1 or 0; right
 * is an error below 0.2.
 */
export const latch: TaskDefinition = {
  name: 'latch',
  summary: 'three numbers tell the class, T numbers of noise follow: say which class it was (two-sequence problem)',
  source: 'Bengio, Simard & Frasconi 1994; Hochreiter & Schmidhuber 1997, experiment 3a, N = 3',
  published: 'LSTM, T = 100: 27 380 sequences until all of 2560 were right',
  length: 100,
  leastLength: 4,
  make: (T) => ({
    ...{ inputSize: 1, outputSize: 1, loss: 'squared', longest: T + Math.floor(T / 10) },
    ...{ measure: 'share right', goal: 0.99, memoryless: 0.5 },
    draw: (random, batch) => drawLatch(random, batch, T),
    score: (output, batch) => shareWithin(output, batch, 0.2),
  }),
};

function drawLatch(random: Random, batch: number, T: number): SequenceBatch {
  const steps = lengthFrom(random, T);
  const drawn = emptyBatch(steps, batch, 1, 1);
  const { x, target } = drawn;
  for (let b = 0; b < batch; b++) {
    const first = random.integer(2) === 0;
    for (let t = 0; t < steps; t++)
      x[t * batch + b] = t < INFORMATIVE ? (first ? 1 : -1) : random.normal(0, Math.sqrt(VARIANCE));
    target[(steps - 1) * batch + b] = first ? 1 : 0;
  }
  return drawn;
}
