/** Entry point of a worker thread: does the forecaster's long tasks. */
import { runTask, type Task } from './forecasting/tasks.js';
import { serveTasks } from './platform/node-workers.js';

serveTasks((task, report) => runTask(task as Task, report));
