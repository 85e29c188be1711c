import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import { interruptedError } from '../errors.js';

/** What a worker is sent, and sends back. */
interface Order {
  readonly id: number;
  readonly task: unknown;
}
type Answer = { readonly id: number } & (
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | { readonly failure: unknown }
);

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (task: number, progress: never) => void;
}

/**
 * A few worker threads that do tasks in order of arrival. Workers start with the first task, do not keep the
 * process alive while idle, and are ended at once when a signal fires: whatever they were doing is lost.
 */
export class WorkerPool {
  readonly #script: URL;
  readonly #size: number;
  #workers: Worker[] = [];

  /** @param threads workers at the most; default one per processor */
  constructor(script: URL, threads = availableParallelism()) {
    this.#script = script;
    this.#size = threads;
  }

  /** Runs all tasks; results in their order. Rejects with `interrupted` when the signal fires, or with a task's error. */
  async run(tasks: readonly unknown[], { signal, onProgress }: RunOptions = {}): Promise<unknown[]> {
    if (signal?.aborted) throw interruptedError();
    while (this.#workers.length < Math.min(this.#size, tasks.length)) this.#workers.push(new Worker(this.#script));
    const workers = this.#workers.slice(0, tasks.length);
    let next = 0;
    const results: unknown[] = new Array(tasks.length);
    const takeTasks = async (worker: Worker) => {
      while (next < tasks.length) {
        const id = next++;
        results[id] = await ask(worker, { id, task: tasks[id] }, onProgress);
      }
    };
    let abort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(interruptedError());
      signal?.addEventListener('abort', abort, { once: true });
    });
    try {
      await Promise.race([Promise.all(workers.map(takeTasks)), aborted]);
      return results;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends the workers. */
  close(): void {
    for (const worker of this.#workers) void worker.terminate();
    this.#workers = [];
  }
}

/** In a worker: does each task that arrives, one after the other. */
export function serveTasks(work: (task: unknown, report: (progress: unknown) => void) => unknown): void {
  const port = parentPort;
  if (!port) throw new Error('serveTasks runs in a worker thread only');
  port.on('message', ({ id, task }: Order) => {
    try {
      port.postMessage({ id, result: work(task, (progress) => port.postMessage({ id, progress })) });
    } catch (failure) {
      port.postMessage({ id, failure });
    }
  });
}

function ask(worker: Worker, order: Order, onProgress: RunOptions['onProgress']): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer) => {
      if (answer.id !== order.id) return;
      if ('progress' in answer) onProgress?.(order.id, answer.progress as never);
      else if ('result' in answer) settle(() => resolve(answer.result));
      else settle(() => reject(answer.failure));
    };
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) => settle(() => reject(new Error(`a worker ended with code ${code}`)));
    const settle = (finish: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      finish();
    };
    worker.ref();
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(order);
  });
}
