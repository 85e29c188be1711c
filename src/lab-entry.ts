/** The entry point `tidegate/lab`. */
import type { LabJob, LabResult } from './lab/index.js';
import { type LabRunOptions, runOnPool } from './lab-portable.js';
import { provideHost } from './nn/index.js';
import { nodeEngineHost, ThreadPool } from './platform/node.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

export * from './lab/index.js';
export type { LabRunOptions } from './lab-portable.js';

/**
 * Runs the lab's jobs on worker threads, the results in the order of the jobs: the same whatever the number of threads.
 * @throws `interrupted` when the signal fires; what a job throws
 * @example
 * const [run] = await runLabJobs([{ kind: 'task', task: 'adding', cell: 'gru', seed: 1, length: 20, updates: 50 }]);
 * run.curve.length; // 2
 */
export function runLabJobs<J extends LabJob>(jobs: readonly J[], options: LabRunOptions = {}): Promise<LabResult<J>[]> {
  return runOnPool(new ThreadPool(new URL('./lab-worker.js', import.meta.url), options.threads), jobs, options);
}
