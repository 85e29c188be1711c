import type { Tensors } from '../nn/quantile-network.js';
import { BASELINES, type BaselineName, type GaussianForecast } from './baselines/index.js';
import { bestSkip, fitLinearSkips, type LinearSkip } from './recurrent/linear-skip.js';
import {
  type MemberTraining,
  predictRuns,
  type TrainedMember,
  type TrainingProgress,
  trainMember,
} from './recurrent/member.js';
import type { RecurrentPlan } from './recurrent/plan.js';
import { type Reading, readRuns } from './recurrent/reading.js';
import type { WindowSet } from './recurrent/window-set.js';

/** A piece of long work that needs nothing but its message: what a worker is sent. */
export type Task =
  | {
      readonly kind: 'classical';
      readonly method: BaselineName;
      /** Complete. */
      readonly histories: readonly Float64Array[];
      readonly horizon: number;
      readonly season: number;
    }
  | {
      readonly kind: 'skip';
      readonly training: WindowSet;
      /** What to choose the penalty by; null where there is one only. */
      readonly validation: WindowSet | null;
      readonly penalties: readonly number[];
    }
  | ({ readonly kind: 'train' } & MemberTraining)
  | {
      readonly kind: 'predict';
      readonly plan: RecurrentPlan;
      readonly skip: LinearSkip;
      readonly tensors: Tensors;
      readonly set: WindowSet;
    }
  | {
      /** As `predict`, and keep the states. */
      readonly kind: 'read';
      readonly plan: RecurrentPlan;
      readonly skip: LinearSkip;
      readonly tensors: Tensors;
      readonly set: WindowSet;
    };

/** What a task of each kind gives back. */
export interface TaskResults {
  readonly classical: readonly GaussianForecast[];
  readonly skip: LinearSkip;
  readonly train: TrainedMember;
  readonly predict: Float32Array;
  readonly read: Reading;
}
export type TaskResult<K extends Task['kind']> = TaskResults[K];

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
): TaskResults[keyof TaskResults] {
  if (task.kind === 'predict') return predictRuns(task.plan, task.skip, task.tensors, task.set, threads);
  if (task.kind === 'read') return readRuns(task.plan, task.skip, task.tensors, task.set, threads);
  if (task.kind === 'train') return trainMember(task, report, threads);
  if (task.kind === 'classical') return task.histories.map((y) => BASELINES[task.method](y, task.horizon, task.season));
  const skips = fitLinearSkips(task.training, task.penalties);
  return task.validation ? bestSkip(skips, task.validation) : skips[0];
}
