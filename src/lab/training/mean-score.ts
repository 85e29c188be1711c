import type { SequenceBatch, SequenceTask } from '../tasks/sequence-task.js';

/** The mean over the sequences of all parts. */
export function meanScore(
  task: SequenceTask,
  parts: readonly SequenceBatch[],
  answer: (part: SequenceBatch) => Float32Array,
): number {
  let [sum, count] = [0, 0];
  for (const part of parts) {
    sum += part.batch * task.score(answer(part), part);
    count += part.batch;
  }
  return sum / count;
}
