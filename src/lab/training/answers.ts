/** What a network says where a task asks, beside what it should say: to be looked at. */
import type { SequenceBatch, SequenceTask } from '../tasks/sequence-task.js';

/** At the steps that ask for something: numbers for a squared loss, else class numbers. Of equal length. */
export interface TaskAnswers {
  readonly wanted: Float32Array;
  readonly given: Float32Array;
}

/** @param output [T,B,O], of a network that read the batch */
export function answersOf({ loss, outputSize: O }: SequenceTask, output: Float32Array, batch: SequenceBatch) {
  const wanted: number[] = [];
  const given: number[] = [];
  batch.target.forEach((target, at) => {
    if (Number.isNaN(target)) return;
    wanted.push(target);
    given.push(loss === 'squared' ? output[at] : largest(output, at * O, O));
  });
  return { wanted: Float32Array.from(wanted), given: Float32Array.from(given) } satisfies TaskAnswers;
}

function largest(output: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if (output[from + c] > output[from + best]) best = c;
  return best;
}
