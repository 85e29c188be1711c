/** The lab's long work as messages: what worker threads are sent. */

import { mackeyGlass84 } from './tasks/mackey-glass.js';
import { narma10Error } from './tasks/narma10.js';
import { laserError } from './tasks/santa-fe-laser.js';
import type { SeriesRun } from './tasks/series-task.js';
import type { TaskRun, TaskRunOptions } from './training/run.js';
import { type TaskProgress, trainOnTask } from './training/train-task.js';

/** A run of a cell on a task, or of an echo state network on a series. */
export type LabJob =
  | ({ readonly kind: 'task' } & TaskRunOptions)
  | {
      readonly kind: 'series';
      readonly task: SeriesTaskName;
      /** N. */
      readonly reservoirSize: number;
      readonly seed: number;
      /** `santa-fe-laser` only. */
      readonly intensities?: Float64Array;
      readonly what?: 'one step' | 'free run';
    };

export type LabResult<J extends LabJob> = J extends { kind: 'task' } ? TaskRun : SeriesRun;

/** Series that echo state networks are measured on. */
export const SERIES_TASK_NAMES = ['mackey-glass', 'narma10', 'santa-fe-laser'] as const;
export type SeriesTaskName = (typeof SERIES_TASK_NAMES)[number];

/** Does a job, here and now, on at most so many threads: they never change the result. */
export function runLabJob<J extends LabJob>(
  job: J,
  report: (progress: TaskProgress) => void = () => {},
  threads = 1,
): LabResult<J> {
  return (job.kind === 'task' ? trainOnTask(job, report, threads) : runSeries(job)) as LabResult<J>;
}

function runSeries({ task, reservoirSize, seed, intensities, what }: Extract<LabJob, { kind: 'series' }>): SeriesRun {
  if (task === 'mackey-glass') return mackeyGlass84(reservoirSize, seed);
  if (task === 'narma10') return narma10Error(reservoirSize, seed);
  return laserError(intensities ?? new Float64Array(0), reservoirSize, seed, what ?? 'one step');
}
