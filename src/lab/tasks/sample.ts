/** A task as it can be shown: its measure, and one of its sequences. */
import { Random } from '../../random.js';
import { SEQUENCE_TASKS } from './index.js';
import type { SequenceTask } from './sequence-task.js';

export interface TaskSample extends Pick<SequenceTask, 'measure' | 'goal' | 'memoryless' | 'inputSize'> {
  readonly steps: number;
  /** [T][inputSize] */
  readonly x: Float32Array;
  /** [T][targets per step], NaN where nothing is asked. */
  readonly target: Float32Array;
}

/**
 * One sequence, another for each seed.
 * @param name of SEQUENCE_TASKS
 * @example
 * sampleTask('adding', 100, 1).steps; // 100
 */
export function sampleTask(name: string, length: number, seed: number | string): TaskSample {
  const random = new Random(seed);
  const task = SEQUENCE_TASKS[name].make(length, random.fork('task'));
  const { measure, goal, memoryless, inputSize } = task;
  const { steps, x, target } = task.draw(random.fork('sequence'), 1);
  return { measure, goal, memoryless, inputSize, steps, x, target };
}
