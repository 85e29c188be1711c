/** Entry point of a worker in browsers: does the forecaster's long tasks. */
import { runTask, type Task } from './forecasting/tasks.js';
import { provideHost } from './nn/index.js';
import { browserEngineHost } from './platform/browser-engine.js';
import { serveTasks } from './platform/browser-workers.js';

provideHost(
  browserEngineHost(() => new Worker(new URL('./engine-thread-browser.js', import.meta.url), { type: 'module' })),
);

serveTasks((task, report, threads) => runTask(task as Task, report, threads));
