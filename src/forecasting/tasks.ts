import type { Tensors } from '../nn/quantile-network.js';
import { predictRuns, type TrainedMember, type TrainingProgress, trainMember } from './recurrent/member.js';
import type { RecurrentPlan } from './recurrent/plan.js';
import type { WindowSet } from './recurrent/window-set.js';

/** A piece of long work that needs nothing but its message: what a worker is sent. */
export type Task =
  | {
      readonly kind: 'train';
      readonly plan: RecurrentPlan;
      readonly training: WindowSet;
      readonly validation: WindowSet | null;
      readonly updates: number;
      readonly seed: string;
    }
  | { readonly kind: 'predict'; readonly plan: RecurrentPlan; readonly tensors: Tensors; readonly set: WindowSet };

/** What a task of each kind gives back. */
export type TaskResult<K extends Task['kind']> = K extends 'train' ? TrainedMember : Float32Array;

/**
 * Where tasks run: a pool of workers, or this thread. Results come in the order of the tasks, whatever ran first.
 * `run` rejects with the `interrupted` error as soon as the signal fires.
 */
export interface TaskRunner {
  run<K extends Task['kind']>(
    tasks: readonly Extract<Task, { kind: K }>[],
    options: { signal?: AbortSignal | undefined; onProgress?: (task: number, progress: TrainingProgress) => void },
  ): Promise<TaskResult<K>[]>;
  /** Ends the workers. */
  close(): void;
}

/** Does the work of a task, here and now, on at most so many threads: they never change the result. */
export function runTask(
  task: Task,
  report: (progress: TrainingProgress) => void,
  threads = 1,
): TrainedMember | Float32Array {
  if (task.kind === 'predict') return predictRuns(task.plan, task.tensors, task.set, threads);
  return trainMember(task.plan, task.training, task.validation, task.updates, task.seed, report, threads);
}
