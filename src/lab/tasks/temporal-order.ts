import type { Random } from '../../random.js';
import {
  emptyBatch,
  lengthFrom,
  type SequenceBatch,
  type SequenceTask,
  shareClassified,
  type TaskDefinition,
} from './sequence-task.js';

/** One input for each of the symbols a b c d, X Y, E (the start) and B (the end). */
const INPUTS = 8;
const [DISTRACTORS, X, START, END] = [4, 4, 6, 7];

/** Where X or Y may stand, in hundredths of T, both ends included. */
type Places = readonly (readonly [from: number, to: number])[];

/** Task 6a: two places, four classes. */
export const temporalOrder: TaskDefinition = {
  name: 'temporal-order',
  summary: 'among T to 1.1·T symbols two are X or Y: say which of the four orders it was',
  source: 'Hochreiter & Schmidhuber 1997, task 6a',
  published: 'LSTM, T = 100: 31 390 sequences',
  length: 100,
  leastLength: 20,
  make: (T) =>
    orderTask(T, [
      [10, 20],
      [50, 60],
    ]),
};

/** Task 6b: three places, eight classes. */
export const temporalOrder6b: TaskDefinition = {
  name: 'temporal-order-6b',
  summary: 'the same with three X or Y and eight orders',
  source: 'Hochreiter & Schmidhuber 1997, task 6b',
  published: 'LSTM, T = 100: 571 100 sequences',
  length: 100,
  leastLength: 20,
  make: (T) =>
    orderTask(T, [
      [10, 20],
      [33, 43],
      [66, 76],
    ]),
};

function orderTask(T: number, places: Places): SequenceTask {
  const classes = 2 ** places.length;
  return {
    ...{ inputSize: INPUTS, outputSize: classes, loss: 'cross-entropy', longest: T + Math.floor(T / 10) },
    ...{ measure: 'share right', goal: 0.99, memoryless: 1 / classes },
    draw: (random, batch) => drawOrder(random, batch, T, places),
    score: (output, batch) => shareClassified(output, batch, classes),
  };
}

/**
 * Sequences of 100 to 110 symbols (T to T + T/10): E first, B last, a b c d at random between them, but X or Y at one step of each of
 * the `places`, 10 to 20 and so on, which go with T. The class is the number that the X and Y spell in binary, X being 0. What
 * was the target of output units then is a class here, with cross-entropy for squared error.
 */
function drawOrder(random: Random, batch: number, T: number, places: Places): SequenceBatch {
  const steps = lengthFrom(random, T);
  const drawn = emptyBatch(steps, batch, INPUTS, 1);
  const { x, target } = drawn;
  for (let b = 0; b < batch; b++) {
    const symbols = Array.from({ length: steps }, () => random.integer(DISTRACTORS));
    symbols[0] = START;
    symbols[steps - 1] = END;
    let order = 0;
    for (const [from, to] of places) {
      const [first, last] = [Math.round((from * T) / 100), Math.round((to * T) / 100)];
      const which = random.integer(2);
      // Places are counted from 1 for the first symbol, as in the paper.
      symbols[first - 1 + random.integer(last - first + 1)] = X + which;
      order = 2 * order + which;
    }
    symbols.forEach((symbol, t) => {
      x[(t * batch + b) * INPUTS + symbol] = 1;
    });
    target[(steps - 1) * batch + b] = order;
  }
  return drawn;
}
