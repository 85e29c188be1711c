/** What Node gives the engine: V8's options for the fast tiers, and worker threads. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { parentPort, Worker } from 'node:worker_threads';
import type { EngineHost, Thread } from '../engine/index.js';

const [major] = process.versions.node.split('.').map(Number);

/**
 * Versions whose V8 knows `--experimental-wasm-revectorize` and gains by it (Node 22 knows it and does not). A later V8 might not
 * know it, and an unknown option prints a warning: there the engine stays on 128-bit registers.
 */
const WIDENS = process.arch === 'x64' && major >= 24 && major <= 26;

/**
 * Compiles everything at once by V8's optimising compiler, so that the first call is as fast as the last. Without inlining: Node
 * 26 aborts otherwise. V8 reads the options only while it compiles.
 */
const AT_ONCE = ['liftoff', 'wasm-inlining', 'wasm-lazy-compilation'];

function compile(bytes: Uint8Array<ArrayBuffer>, wide: boolean): WebAssembly.Module {
  if (!WIDENS) return new WebAssembly.Module(bytes);
  for (const option of AT_ONCE) setFlagsFromString(`--no-${option}`);
  if (wide) setFlagsFromString('--experimental-wasm-revectorize');
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const option of AT_ONCE) setFlagsFromString(`--${option}`);
    if (wide) setFlagsFromString('--no-experimental-wasm-revectorize');
  }
}

/** @param script what a worker thread of the engine runs */
export function nodeEngineHost(script: URL): EngineHost {
  // Node 20 has fused multiply-add behind an option that may be set until the first kernel is compiled; later it is on.
  if (major === 20) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return {
    widens: WIDENS,
    wantedTier: process.env.TIDEGATE_TIER || undefined,
    threads: wantedThreads() ?? availableParallelism(),
    compile: (bytes, tier) => compile(bytes, tier === 'fma256'),
    startThread: () => startThread(script),
  };
}

/** TIDEGATE_THREADS, where it says a number of threads; anything else says nothing. */
function wantedThreads(): number | undefined {
  const wanted = Number(process.env.TIDEGATE_THREADS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : undefined;
}

/** A thread that does not keep the process alive, and whose failure to start costs its help only. */
function startThread(script: URL): Thread {
  const worker = new Worker(script, { execArgv: [] });
  worker.on('error', () => {});
  worker.unref();
  return worker;
}

/** In a worker thread: does what each message says, one after the other, up to the one that is the last. */
export function onOrders<T extends { readonly last: boolean }>(serve: (order: T) => void): void {
  parentPort?.on('message', (order: T) => {
    serve(order);
    if (order.last) process.exit();
  });
}
