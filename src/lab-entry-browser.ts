/** The entry point `tidegate/lab` in browsers. What takes long belongs into a worker; jobs have workers of their own. */
import type { LabJob, LabResult } from './lab/index.js';
import { type LabRunOptions, runOnPool } from './lab-portable.js';
import { provideHost } from './nn/index.js';
import { browserEngineHost } from './platform/browser-engine.js';
import { BrowserPool } from './platform/browser-workers.js';

export * from './lab/index.js';
export type { LabRunOptions } from './lab-portable.js';

// In this very form bundlers know that a script is a worker's, and bundle it.
provideHost(
  browserEngineHost(() => new Worker(new URL('./engine-thread-browser.js', import.meta.url), { type: 'module' })),
);
const startWorker = () => new Worker(new URL('./lab-worker-browser.js', import.meta.url), { type: 'module' });

/** Runs the lab's jobs in workers, the results in the order of the jobs: as in Node. */
export function runLabJobs<J extends LabJob>(jobs: readonly J[], options: LabRunOptions = {}): Promise<LabResult<J>[]> {
  return runOnPool(new BrowserPool(startWorker, options.threads), jobs, options);
}
