/** Node's worker threads, for the pool. */
import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import { type Answer, answer, type Order, type PoolWorker, WorkerPool } from './worker-pool.js';

/** A pool of threads that run a script, which calls `serveTasks`. They do not keep the process alive while idle. */
export class ThreadPool extends WorkerPool {
  /** @param threads workers at the most; default one per processor */
  constructor(script: URL, threads = availableParallelism()) {
    super(() => startThread(script), threads);
  }
}

function startThread(script: URL): PoolWorker {
  // The options of this process, such as --input-type, are not meant for the worker's script.
  const worker = new Worker(script, { execArgv: [] });
  return {
    postMessage: (order) => worker.postMessage(order),
    listen(onAnswer: (answer: Answer) => void, onFailure) {
      const onExit = (code: number) => onFailure(new Error(`a worker ended with code ${code}`));
      worker.ref();
      worker.on('message', onAnswer).on('error', onFailure).on('exit', onExit);
      return () => {
        worker.off('message', onAnswer).off('error', onFailure).off('exit', onExit);
        worker.unref();
      };
    },
    terminate: () => void worker.terminate(),
  };
}

/** In a worker: does each task that arrives, one after the other. */
export function serveTasks(
  work: (task: unknown, report: (progress: unknown) => void, threads: number) => unknown,
): void {
  const port = parentPort;
  if (!port) throw new Error('serveTasks runs in a worker thread only');
  port.on('message', (order: Order) => answer(order, work, (heard) => port.postMessage(heard)));
}
