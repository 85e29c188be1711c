/** Entry point of a worker thread: does the forecaster's long tasks. */
import { runTask, type Task } from './forecasting/tasks.js';
import { provideHost } from './nn/index.js';
import { nodeEngineHost } from './platform/node-engine.js';
import { serveTasks } from './platform/node-workers.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

serveTasks((task, report, threads) => runTask(task as Task, report, threads));
