/** What a browser gives the engine: worker threads, in those places where it lets one thread wait for others. */
import type { EngineHost, Thread } from '../engine/index.js';

/** Threads that a network uses when it is not told, at the most: each has a stack and kernels of its own. */
const MOST_THREADS = 16;

/**
 * Whether this thread can have workers and wait for them. Memory is shared only where the page is cross-origin isolated, and
 * the window, a service worker and (in Chromium) a shared worker are not allowed to wait or have no workers.
 */
function mayHaveThreads(): boolean {
  if (!globalThis.crossOriginIsolated || typeof Worker !== 'function') return false;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** Threads that are used when none are asked for; one where the browser keeps the number to itself. */
export function processors(): number {
  return Math.min(globalThis.navigator?.hardwareConcurrency || 1, MOST_THREADS);
}

/** @param createWorker starts the script of a worker thread of the engine */
export function browserEngineHost(createWorker: () => Worker): EngineHost {
  return {
    widens: false,
    threads: processors(),
    // In a window Chromium compiles up to 8 MB synchronously; the kernels are a small part of that.
    compile: (bytes) => new WebAssembly.Module(bytes),
    ...(mayHaveThreads() && { startThread: () => startThread(createWorker) }),
  };
}

/** A thread whose failure to start costs its help only: there is none from another origin, for instance. */
function startThread(createWorker: () => Worker): Thread {
  try {
    const worker = createWorker();
    worker.addEventListener('error', (event) => event.preventDefault());
    return worker;
  } catch {
    return { postMessage() {} };
  }
}

/** In a worker thread: does what each message says, one after the other, up to the one that is the last. */
export function onOrders<T extends { readonly last: boolean }>(serve: (order: T) => void): void {
  addEventListener('message', ({ data }: MessageEvent<T>) => {
    serve(data);
    if (data.last) close();
  });
}
