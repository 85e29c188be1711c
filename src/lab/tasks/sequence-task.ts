/** What a task of the memory lab is: sequences that can be drawn without end, and a measure of what a network makes of them. */
import type { Random } from '../../random.js';

/**
 * B sequences of one length T, time-major: x [T,B,D]. Lengths that a task draws at random are drawn once for a batch, so no step is
 * padding, except in strings of a grammar, which end when they end.
 */
export interface SequenceBatch {
  readonly steps: number;
  readonly batch: number;
  readonly x: Float32Array;
  /** NaN: nothing is asked of this step. Real targets [T,B,O] for a squared loss, class numbers [T,B] for cross-entropy. */
  readonly target: Float32Array;
}

/** A task with its sizes chosen. */
export interface SequenceTask {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly loss: 'squared' | 'cross-entropy';
  /** The longest sequence that `draw` gives: what memory is planned for, and the chrono initialisation. */
  readonly longest: number;
  /** Draws new sequences to learn from. */
  draw(random: Random, batch: number): SequenceBatch;
  /** What is tested on; left out: new sequences, drawn as those to learn from. */
  test?(random: Random): SequenceBatch[];
  /** How good the outputs [T,B,O] are, the mean over the batch. */
  score(output: Float32Array, batch: SequenceBatch): number;
  readonly measure: 'MSE' | 'cross-entropy' | 'share right';
  /** The score that counts as solved: at most, or for `share right` at least. */
  readonly goal: number;
  /** The score of the best answer that remembers nothing. */
  readonly memoryless: number;
}

/** A task under its name, for lists and help. */
export interface TaskDefinition {
  readonly name: string;
  /** What has to be done, in a line. */
  readonly summary: string;
  readonly source: string;
  /** What was published, with its own measure of success. */
  readonly published: string;
  /** T where none is given; null where the length is not a matter of choice. */
  readonly length: number | null;
  /** The least length that leaves room for what the task is about. */
  readonly leastLength: number;
  /** @param random for what a task draws once, such as a fixed set to learn from */
  make(length: number, random: Random): SequenceTask;
}

/** Whether `score` is better than `other`. */
export function isBetter({ measure }: Pick<SequenceTask, 'measure'>, score: number, other: number): boolean {
  return measure === 'share right' ? score > other : score < other;
}

/** Whether `score` solves the task. */
export function isSolved({ measure, goal }: Pick<SequenceTask, 'measure' | 'goal'>, score: number): boolean {
  return measure === 'share right' ? score >= goal : score <= goal;
}

/** A batch of zeros without targets. */
export function emptyBatch(steps: number, batch: number, inputSize: number, targets: number): SequenceBatch {
  return {
    ...{ steps, batch },
    x: new Float32Array(steps * batch * inputSize),
    target: new Float32Array(steps * batch * targets).fill(Number.NaN),
  };
}

/** T … T + T/10, evenly: the lengths of Hochreiter & Schmidhuber 1997. */
export function lengthFrom(random: Random, T: number): number {
  return T + random.integer(Math.floor(T / 10) + 1);
}

/** Mean squared error over all targets that there are. */
export function meanSquaredError(output: Float32Array, { target }: SequenceBatch): number {
  let [sum, count] = [0, 0];
  for (let k = 0; k < target.length; k++) {
    if (Number.isNaN(target[k])) continue;
    sum += (output[k] - target[k]) ** 2;
    count += 1;
  }
  return sum / count;
}

/** Share of the targets that are met with an error below `bound`. */
export function shareWithin(output: Float32Array, { target }: SequenceBatch, bound: number): number {
  let [right, count] = [0, 0];
  for (let k = 0; k < target.length; k++) {
    if (Number.isNaN(target[k])) continue;
    if (Math.abs(output[k] - target[k]) < bound) right += 1;
    count += 1;
  }
  return right / count;
}

/** Share of the class numbers that are those of the largest of the `classes` outputs. */
export function shareClassified(output: Float32Array, { target }: SequenceBatch, classes: number): number {
  let [right, count] = [0, 0];
  for (let row = 0; row < target.length; row++) {
    if (Number.isNaN(target[row])) continue;
    let best = 0;
    for (let c = 1; c < classes; c++) if (output[row * classes + c] > output[row * classes + best]) best = c;
    if (best === target[row]) right += 1;
    count += 1;
  }
  return right / count;
}
