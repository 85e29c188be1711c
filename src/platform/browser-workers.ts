/** A browser's module workers, for the pool. They need no shared memory: a page that is not isolated has them too. */
import { processors } from './browser-engine.js';
import { type Answer, answer, type Order, type PoolWorker, WorkerPool } from './worker-pool.js';

/** A pool of workers that run a script, which calls `serveTasks`. */
export class BrowserPool extends WorkerPool {
  /**
   * @param create starts the script
   * @param threads workers at the most; default one per processor, within reason
   */
  constructor(create: () => Worker, threads = processors()) {
    super(() => startWorker(create), threads);
  }
}

function startWorker(create: () => Worker): PoolWorker {
  const worker = create();
  return {
    postMessage: (order) => worker.postMessage(order),
    listen(onAnswer, onFailure) {
      const onMessage = ({ data }: MessageEvent<Answer>) => onAnswer(data);
      const onError = (event: ErrorEvent) => {
        // Told to who waits for the answer, so it is no error of the page.
        event.preventDefault();
        onFailure(event.error ?? new Error(event.message || 'a worker could not be started: its script did not load'));
      };
      worker.addEventListener('message', onMessage);
      worker.addEventListener('error', onError);
      return () => {
        worker.removeEventListener('message', onMessage);
        worker.removeEventListener('error', onError);
      };
    },
    terminate: () => worker.terminate(),
  };
}

/** In a worker: does each task that arrives, one after the other. */
export function serveTasks(
  work: (task: unknown, report: (progress: unknown) => void, threads: number) => unknown,
): void {
  addEventListener('message', ({ data }: MessageEvent<Order>) =>
    answer(data, work, (heard) => globalThis.postMessage(heard)),
  );
}
