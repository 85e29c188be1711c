import type { Random } from '../../random.js';
import { emptyBatch, type SequenceBatch, type TaskDefinition } from './sequence-task.js';

/** Symbols 0 … 7 to be remembered, then the blank; the marker occurs in the input only. */
const [SYMBOLS, BLANK, MARKER] = [8, 8, 9];
const [INPUTS, CLASSES] = [10, 9];
/** Symbols in a sequence. */
const WORD = 10;

/**
 * The copying problem: ten of eight symbols, T − 1 blanks, a marker, ten blanks; to be answered by T + 10 blanks and then the
 * ten symbols in their order. The loss is the cross-entropy, the mean over all T + 20 steps. Who remembers nothing but knows
 * where he is says blanks and then each symbol with probability 1/8: 10·ln 8/(T + 20).
 */
export const copy: TaskDefinition = {
  name: 'copy',
  summary: 'ten symbols, then T blanks: repeat the symbols',
  source: 'Hochreiter & Schmidhuber 1997; Arjovsky, Shah & Bengio 2016, section 5.1',
  published: 'memoryless: 10·ln 8/(T + 20), which an LSTM hardly passed at T = 100 and more in Arjovsky et al.',
  length: 100,
  leastLength: 1,
  make: (T) => ({
    ...{ inputSize: INPUTS, outputSize: CLASSES, loss: 'cross-entropy', longest: T + 2 * WORD },
    ...{ measure: 'cross-entropy', goal: memorylessLoss(T) / 2, memoryless: memorylessLoss(T) },
    draw: (random, batch) => drawCopy(random, batch, T),
    score: meanCrossEntropy,
  }),
};

/** 10·ln 8/(T + 20) */
export const memorylessLoss = (T: number): number => (WORD * Math.log(SYMBOLS)) / (T + 2 * WORD);

function drawCopy(random: Random, batch: number, T: number): SequenceBatch {
  const steps = T + 2 * WORD;
  const drawn = emptyBatch(steps, batch, INPUTS, 1);
  const { x, target } = drawn;
  target.fill(BLANK);
  for (let b = 0; b < batch; b++) {
    const show = (t: number, symbol: number) => {
      x[(t * batch + b) * INPUTS + symbol] = 1;
    };
    for (let k = 0; k < WORD; k++) {
      const symbol = random.integer(SYMBOLS);
      show(k, symbol);
      target[(T + WORD + k) * batch + b] = symbol;
    }
    for (let t = WORD; t < steps; t++) show(t, t === T + WORD - 1 ? MARKER : BLANK);
  }
  return drawn;
}

/** ln Σ_c exp(z_c) − z_target, the mean over all steps. */
function meanCrossEntropy(output: Float32Array, { target }: SequenceBatch): number {
  let sum = 0;
  for (let row = 0; row < target.length; row++) {
    const z = output.subarray(row * CLASSES, (row + 1) * CLASSES);
    let largest = z[0];
    for (let c = 1; c < CLASSES; c++) largest = Math.max(largest, z[c]);
    let total = 0;
    for (let c = 0; c < CLASSES; c++) total += Math.exp(z[c] - largest);
    sum += Math.log(total) + largest - z[target[row]];
  }
  return sum / target.length;
}
