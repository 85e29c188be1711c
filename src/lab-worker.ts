/** Entry point of a worker thread: does the memory lab's long work. */
import { type LabJob, runLabJob } from './lab/index.js';
import { provideHost } from './nn/index.js';
import { nodeEngineHost } from './platform/node-engine.js';
import { serveTasks } from './platform/node-workers.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

serveTasks((job, report, threads) => runLabJob(job as LabJob, report, threads));
