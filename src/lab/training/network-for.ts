/** A cell of the lab under a linear readout, for a task. */
import { SequenceNetwork } from '../../nn/sequence-network.js';
import type { Random } from '../../random.js';
import type { SequenceTask } from '../tasks/sequence-task.js';
import { LAB_CELLS } from './cells.js';
import type { SettledRun } from './run.js';

/** @param room sequences that it must take at once, and threads that it may use */
export function networkFor(
  { inputSize, outputSize, loss, longest }: SequenceTask,
  { cell, hiddenSize }: Pick<SettledRun, 'cell' | 'hiddenSize'>,
  random: Random,
  room: { readonly batch: number; readonly threads?: number },
): SequenceNetwork {
  const { make, init } = LAB_CELLS[cell];
  const spec = { cell: make(hiddenSize, longest), inputSize, outputSize, loss, init };
  return new SequenceNetwork(spec, random, { steps: longest, ...room });
}
