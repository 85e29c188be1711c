/** The part of the entry point `tidegate/lab` that every host has. */
import type { LabJob, LabResult, TaskProgress } from './lab/index.js';
import type { WorkerPool } from './platform/worker-pool.js';

export * from './lab/index.js';

/** How to run the lab's jobs. */
export interface LabRunOptions {
  /** Default one per processor. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of a job's learning curve as it is made. */
  readonly onProgress?: ((job: number, progress: TaskProgress) => void) | undefined;
}

/** Runs jobs on a pool, which is closed then; the results in the order of the jobs. */
export async function runOnPool<J extends LabJob>(
  pool: WorkerPool,
  jobs: readonly J[],
  { signal, onProgress }: LabRunOptions,
): Promise<LabResult<J>[]> {
  try {
    return (await pool.run(jobs, { signal, ...(onProgress && { onProgress }) })) as LabResult<J>[];
  } finally {
    pool.close();
  }
}
