/** The adding problem: two of many numbers are marked; say their sum at the end. In the form of 1997 and in the one used since 2015. */
import type { Random } from '../../random.js';
import {
  emptyBatch,
  lengthFrom,
  meanSquaredError,
  type SequenceBatch,
  type SequenceTask,
  shareWithin,
  type TaskDefinition,
} from './sequence-task.js';

/** x [T,B,2]: the number and its marker. */
const INPUTS = 2;

/**
 * The modern form. Each step has a value U[0,1) and a marker: 1 at one step of each half, 0 elsewhere. The target, at the last
 * step, is the sum of the two marked values. Always to say 1 has the error 1/6, the variance of that sum (0.167 in Arjovsky et
 * al.; Le et al. print 0.1767).
 */
export const adding: TaskDefinition = {
  name: 'adding',
  summary: 'of T numbers two are marked: say their sum at the end',
  source: 'Le, Jaitly & Hinton 2015, section 4.1; Arjovsky, Shah & Bengio 2016, section 5.2',
  published: 'always to say 1: MSE 0.1767 (exactly 1/6)',
  length: 100,
  leastLength: 2,
  make: (T) => ({
    ...{ inputSize: INPUTS, outputSize: 1, loss: 'squared', longest: T },
    ...{ measure: 'MSE', goal: 0.01, memoryless: 1 / 6 },
    draw: (random, batch) => drawAdding(random, batch, T),
    score: meanSquaredError,
  }),
};

function drawAdding(random: Random, batch: number, T: number): SequenceBatch {
  const drawn = emptyBatch(T, batch, INPUTS, 1);
  const { x, target } = drawn;
  const half = Math.floor(T / 2);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < T; t++) x[(t * batch + b) * INPUTS] = random.uniform();
    let sum = 0;
    for (const t of [random.integer(half), half + random.integer(T - half)]) {
      x[(t * batch + b) * INPUTS + 1] = 1;
      sum += x[(t * batch + b) * INPUTS];
    }
    target[(T - 1) * batch + b] = sum;
  }
  return drawn;
}

/** How the two tasks of 1997 with marked numbers differ. */
interface MarkedForm {
  readonly low: number;
  /** What X1 is when the first pair of the sequence is marked. */
  readonly first: number;
  readonly target: (X1: number, X2: number) => number;
}

/** Experiment 4: values U[−1,1), target 0.5 + (X1 + X2)/4; right is an error below 0.04. */
export const adding1997: TaskDefinition = {
  name: 'adding-1997',
  summary: 'the same as it was first put: T to 1.1·T numbers, marked early on, an error below 0.04 is right',
  source: 'Hochreiter & Schmidhuber 1997, experiment 4',
  published: 'LSTM: 74 000 sequences for T = 100, 209 000 for 500, 853 000 for 1000',
  length: 100,
  leastLength: 24,
  make: (T) => markedTask(T, { low: -1, first: 0, target: (X1, X2) => 0.5 + (X1 + X2) / 4 }, 0.1536),
};

/** Experiment 5: values U[0,1), target X1·X2; right is an error below 0.04. */
export const multiplication: TaskDefinition = {
  name: 'multiplication',
  summary: 'of T to 1.1·T numbers two are marked: say their product at the end',
  source: 'Hochreiter & Schmidhuber 1997, experiment 5',
  published: 'LSTM, T = 100: 482 000 sequences until fewer than 140 of 2000 were wrong, 1 273 000 until fewer than 13',
  length: 100,
  leastLength: 24,
  make: (T) => markedTask(T, { low: 0, first: 1, target: (X1, X2) => X1 * X2 }, 0.2821),
};

/** @param memoryless share of right answers of the best constant answer, see the tests */
function markedTask(T: number, form: MarkedForm, memoryless: number): SequenceTask {
  return {
    ...{ inputSize: INPUTS, outputSize: 1, loss: 'squared', longest: T + Math.floor(T / 10) },
    ...{ measure: 'share right', goal: 0.99, memoryless },
    draw: (random, batch) => drawMarked(random, batch, T, form),
    score: (output, batch) => shareWithin(output, batch, 0.04),
  };
}

/**
 * Sequences of T to T + T/10 pairs. One of the first ten is marked by 1 (its value is X1), then one of the first T/2 − 1 that is
 * not (X2). All other markers are 0, but −1 for the first and the last pair. Where the first pair is marked, its value is
 * replaced by `first`: it then counts for nothing.
 */
function drawMarked(random: Random, batch: number, T: number, form: MarkedForm): SequenceBatch {
  const steps = lengthFrom(random, T);
  const drawn = emptyBatch(steps, batch, INPUTS, 1);
  const { x, target } = drawn;
  const marked = Math.floor(T / 2) - 1;
  for (let b = 0; b < batch; b++) {
    const at = (t: number) => (t * batch + b) * INPUTS;
    for (let t = 0; t < steps; t++) x[at(t)] = random.uniform(form.low, 1);
    const one = random.integer(10);
    // Evenly over the others: a number below one fewer, moved past the one that is taken.
    const drawnTwo = random.integer(marked - 1);
    const two = drawnTwo < one ? drawnTwo : drawnTwo + 1;
    for (const t of [0, steps - 1]) x[at(t) + 1] = -1;
    for (const t of [one, two]) {
      if (t === 0) x[at(t)] = form.first;
      x[at(t) + 1] = 1;
    }
    target[(steps - 1) * batch + b] = form.target(x[at(one)], x[at(two)]);
  }
  return drawn;
}
