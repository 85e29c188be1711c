/** One sequence of a task as people read it: numbers of which two are marked, or symbols. */
import type { TaskSample } from '../../../lab-entry-browser.js';

type Drawn = Pick<TaskSample, 'steps' | 'x' | 'inputSize'>;

/** Adding: inputs are a number and its marker. */
export function markedNumbers({ steps, x, inputSize }: Drawn) {
  const numbers = Array.from({ length: steps }, (_, t) => x[t * inputSize]);
  const marked = numbers.flatMap((_, t) => (x[t * inputSize + 1] === 1 ? [t] : []));
  return { numbers, marked };
}

/** Temporal order: one input for each symbol; E begins a sequence, B ends it. */
const SYMBOLS = 'abcdXYEB';

export function symbolsOf({ steps, x, inputSize }: Drawn): string[] {
  return Array.from({ length: steps }, (_, t) => SYMBOLS[x.subarray(t * inputSize, (t + 1) * inputSize).indexOf(1)]);
}

/** Class 2 is `YX`: X counts as 0 and Y as 1. */
export const orderName = (order: number): string =>
  Array.from(order.toString(2).padStart(2, '0'), (bit) => (bit === '1' ? 'Y' : 'X')).join('');

/** What is asked at the end. */
export const wantedOf = ({ target }: Pick<TaskSample, 'target'>): number =>
  target.find((value) => !Number.isNaN(value))!;
