/** Calls to functions of a worker: a message there, progress on the way, a result or an error back. */

import type { LearningPoint } from './lab-views.js';

/** An error as it crosses threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** `usage`, `input` or `interrupted` for what the caller can mend; `fault` for what is ours. */
  readonly kind: 'usage' | 'input' | 'interrupted' | 'fault';
}

type Message =
  | { readonly id: number; readonly progress: News }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };

/** How far a call is. */
export interface News {
  /** 0…1 of the whole. */
  readonly fraction: number;
  /** Mean training loss; NaN where nothing is trained. */
  readonly loss?: number;
  /** `validate`, `train`, `forecast`. */
  readonly phase?: string;
  /** Of a back-test. */
  readonly model?: string;
  /** Of a training in the lab. */
  readonly point?: LearningPoint;
}

/** What a function of the worker is given besides its argument. */
export interface Call {
  readonly signal: AbortSignal;
  readonly onProgress: (news: News) => void;
}

/** Functions of a worker by name, each of one argument or none. */
export type Functions<F> = { readonly [K in keyof F]: (argument: never, call: Call) => unknown };

/** A call that failed; `code: message` as the command prints it. */
export class CallError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What went wrong, for people. */
export const messageOf = (error: unknown): string =>
  error instanceof CallError ? error.failure.message : String(error);

/** In the window: the worker's functions. After `end` the worker is gone, and calls that wait fail as interrupted. */
export function callsTo<F extends Functions<F>>(worker: Worker) {
  const waiting = new Map<number, { settle(message: Message): void }>();
  let last = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<Message>) => waiting.get(data.id)?.settle(data));
  const failAll = (failure: Failure) => {
    for (const [id, { settle }] of waiting) settle({ id, failure });
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    failAll({ kind: 'fault', code: 'worker_failed', message: event.message || 'the worker could not be started' });
  });
  return {
    call<K extends keyof F & string>(
      name: K,
      argument: Parameters<F[K]>[0],
      onProgress?: (news: News) => void,
    ): Promise<Awaited<ReturnType<F[K]>>> {
      const id = ++last;
      return new Promise((resolve, reject) => {
        waiting.set(id, {
          settle(message) {
            if ('progress' in message) return onProgress?.(message.progress);
            waiting.delete(id);
            if ('failure' in message) reject(new CallError(message.failure));
            else resolve(message.result as never);
          },
        });
        worker.postMessage({ id, name, argument });
      });
    },
    /** Fires the signal of all calls that run. */
    stop: () => worker.postMessage({ stop: true }),
    end() {
      worker.terminate();
      failAll({ kind: 'interrupted', code: 'interrupted', message: 'stopped' });
    },
  };
}

/** In the worker: answers calls. */
export function serveCalls<F extends Functions<F>>(functions: F, failureOf: (error: unknown) => Failure): void {
  const running = new Map<number, AbortController>();
  addEventListener('message', async ({ data }: MessageEvent) => {
    if (data.stop) {
      for (const controller of running.values()) controller.abort();
      return;
    }
    const { id, name, argument } = data as { id: number; name: keyof F; argument: never };
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const onProgress = (progress: News) => postMessage({ id, progress });
      postMessage({ id, result: await functions[name](argument, { signal: controller.signal, onProgress }) });
    } catch (error) {
      postMessage({ id, failure: failureOf(error) });
    } finally {
      running.delete(id);
    }
  });
}
