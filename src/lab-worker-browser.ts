/** Entry point of a worker in browsers: does the memory lab's long work. */
import { type LabJob, runLabJob } from './lab/index.js';
import { provideHost } from './nn/index.js';
import { browserEngineHost } from './platform/browser-engine.js';
import { serveTasks } from './platform/browser-workers.js';

provideHost(
  browserEngineHost(() => new Worker(new URL('./engine-thread-browser.js', import.meta.url), { type: 'module' })),
);

serveTasks((job, report, threads) => runLabJob(job as LabJob, report, threads));
