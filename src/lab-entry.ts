/** The entry point `tidegate/lab`. */
import type { LabJob, LabResult, TaskProgress } from './lab/index.js';
import { provideHost } from './nn/index.js';
import { nodeEngineHost, ThreadPool } from './platform/node.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

export * from './lab/index.js';

/**
 * Runs the lab's jobs on worker threads, the results in the order of the jobs: the same whatever the number of threads.
 * @param options `threads`: default one per processor; `onProgress` hears of a job's learning curve as it is made
 * @throws `interrupted` when the signal fires; what a job throws
 * @example
 * const [run] = await runLabJobs([{ kind: 'task', task: 'adding', cell: 'gru', seed: 1, length: 20, updates: 50 }]);
 * run.curve.length; // 2
 */
export async function runLabJobs<J extends LabJob>(
  jobs: readonly J[],
  options: {
    threads?: number | undefined;
    signal?: AbortSignal | undefined;
    onProgress?: ((job: number, progress: TaskProgress) => void) | undefined;
  } = {},
): Promise<LabResult<J>[]> {
  const { threads, signal, onProgress } = options;
  const pool = new ThreadPool(new URL('./lab-worker.js', import.meta.url), threads);
  try {
    return (await pool.run(jobs, { signal, ...(onProgress && { onProgress }) })) as LabResult<J>[];
  } finally {
    pool.close();
  }
}
