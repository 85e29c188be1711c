import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import { type ErrorKind, interruptedError, TidegateError } from '../errors.js';

/** What a worker is sent, and sends back. */
interface Order {
  readonly id: number;
  readonly task: unknown;
  /** Threads that the task may use itself, its own included. */
  readonly threads: number;
}
type Answer = { readonly id: number } & (
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | { readonly failure: Failure }
);
/** An error as plain data: a message between threads drops the class and the fields of our own, and of some it drops all. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a TidegateError. */
  readonly kind?: ErrorKind;
  readonly code?: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (task: number, progress: never) => void;
}

/**
 * A few worker threads that do tasks in order of arrival. Where there are fewer tasks than threads, each task is told how many it
 * may use itself. Workers start with the first task, do not keep the
 * process alive while idle, and are ended at once when a signal fires: whatever they were doing is lost. One run at a
 * time.
 */
export class WorkerPool {
  readonly #script: URL;
  readonly #size: number;
  #workers: Worker[] = [];
  #running = false;

  /** @param threads workers at the most; default one per processor */
  constructor(script: URL, threads = availableParallelism()) {
    this.#script = script;
    this.#size = threads;
  }

  /** Runs all tasks; results in their order. Rejects with `interrupted` when the signal fires, or with a task's error. */
  async run(tasks: readonly unknown[], { signal, onProgress }: RunOptions = {}): Promise<unknown[]> {
    if (signal?.aborted) throw interruptedError();
    if (this.#running) throw new Error('this pool is busy: wait for its run to end, or make another');
    this.#running = true;
    // The options of this process, such as --input-type, are not meant for the worker's script.
    while (this.#workers.length < Math.min(this.#size, tasks.length))
      this.#workers.push(new Worker(this.#script, { execArgv: [] }));
    const workers = this.#workers.slice(0, tasks.length);
    const threads = Math.max(1, Math.floor(this.#size / tasks.length));
    let next = 0;
    const results: unknown[] = new Array(tasks.length);
    const takeTasks = async (worker: Worker) => {
      while (next < tasks.length) {
        const id = next++;
        results[id] = await ask(worker, { id, task: tasks[id], threads }, onProgress);
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
      this.#running = false;
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
export function serveTasks(
  work: (task: unknown, report: (progress: unknown) => void, threads: number) => unknown,
): void {
  const port = parentPort;
  if (!port) throw new Error('serveTasks runs in a worker thread only');
  port.on('message', ({ id, task, threads }: Order) => {
    try {
      port.postMessage({ id, result: work(task, (progress) => port.postMessage({ id, progress }), threads) });
    } catch (error) {
      port.postMessage({ id, failure: failureOf(error) });
    }
  });
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return error instanceof TidegateError
    ? { name, message, stack, kind: error.kind, code: error.code }
    : { name, message, stack };
}

/** The error again, with the stack that it had in the worker. */
function errorOf({ name, message, stack, kind, code }: Failure): Error {
  const error = kind ? new TidegateError(kind, code ?? kind, message) : new Error(message);
  return Object.assign(error, { name, ...(stack !== undefined && { stack }) });
}

function ask(worker: Worker, order: Order, onProgress: RunOptions['onProgress']): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer) => {
      if (answer.id !== order.id) return;
      if ('progress' in answer) onProgress?.(order.id, answer.progress as never);
      else if ('result' in answer) settle(() => resolve(answer.result));
      else settle(() => reject(errorOf(answer.failure)));
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
