/** A pool of workers and what is said between it and them, the same in Node and in browsers; how to start one is up to the host. */
import { type ErrorKind, interruptedError, TidegateError } from '../errors.js';

/** What a worker is sent. */
export interface Order {
  readonly id: number;
  readonly task: unknown;
  /** Threads that the task may use itself, its own included. */
  readonly threads: number;
}
/** What it sends back. */
export type Answer = { readonly id: number } & (
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | { readonly failure: Failure }
);
/** An error as plain data: a message between threads drops the class and the fields of our own, and of some it drops all. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a TidegateError. */
  readonly kind?: ErrorKind;
  readonly code?: string;
}

/** A worker as the pool sees it. */
export interface PoolWorker {
  postMessage(order: Order): void;
  /** Listens until the function that it returns is called. */
  listen(onAnswer: (answer: Answer) => void, onFailure: (error: unknown) => void): () => void;
  terminate(): void;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (task: number, progress: never) => void;
}

/**
 * A few workers that do tasks in order of arrival. Where there are fewer tasks than threads, each task is told how many it may
 * use itself. Workers start with the first task and are ended at once when a signal fires: whatever they were doing is lost.
 * One run at a time.
 */
export class WorkerPool {
  readonly #start: () => PoolWorker;
  readonly #size: number;
  #workers: PoolWorker[] = [];
  #running = false;

  /** @param size workers at the most */
  constructor(start: () => PoolWorker, size: number) {
    this.#start = start;
    this.#size = size;
  }

  /** Runs all tasks; results in their order. Rejects with `interrupted` when the signal fires, or with a task's error. */
  async run(tasks: readonly unknown[], { signal, onProgress }: RunOptions = {}): Promise<unknown[]> {
    if (signal?.aborted) throw interruptedError();
    if (this.#running) throw new Error('this pool is busy: wait for its run to end, or make another');
    this.#running = true;
    while (this.#workers.length < Math.min(this.#size, tasks.length)) this.#workers.push(this.#start());
    const workers = this.#workers.slice(0, tasks.length);
    const threads = Math.max(1, Math.floor(this.#size / tasks.length));
    let next = 0;
    const results: unknown[] = new Array(tasks.length);
    const takeTasks = async (worker: PoolWorker) => {
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
    for (const worker of this.#workers) worker.terminate();
    this.#workers = [];
  }
}

/** In a worker: does one task and sends what came of it. */
export function answer(
  { id, task, threads }: Order,
  work: (task: unknown, report: (progress: unknown) => void, threads: number) => unknown,
  send: (answer: Answer) => void,
): void {
  try {
    send({ id, result: work(task, (progress) => send({ id, progress }), threads) });
  } catch (error) {
    send({ id, failure: failureOf(error) });
  }
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  return error instanceof TidegateError
    ? { name, message, stack, kind: error.kind, code: error.code }
    : { name, message, stack };
}

/** The error again, with the stack that it had in the worker. */
export function errorOf({ name, message, stack, kind, code }: Failure): Error {
  const error = kind ? new TidegateError(kind, code ?? kind, message) : new Error(message);
  return Object.assign(error, { name, ...(stack !== undefined && { stack }) });
}

function ask(worker: PoolWorker, order: Order, onProgress: RunOptions['onProgress']): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = worker.listen(
      (heard) => {
        if (heard.id !== order.id) return;
        if ('progress' in heard) onProgress?.(order.id, heard.progress as never);
        else if ('result' in heard) settle(() => resolve(heard.result));
        else settle(() => reject(errorOf(heard.failure)));
      },
      (error) => settle(() => reject(error)),
    );
    const settle = (finish: () => void) => {
      stop();
      finish();
    };
    try {
      worker.postMessage(order);
    } catch (error) {
      settle(() => reject(error));
    }
  });
}
