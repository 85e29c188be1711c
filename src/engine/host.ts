/**
 * What the engine needs of the machine it runs on. The entry points provide it; without them everything works, on one thread
 * and on the tiers that need no special permission.
 */
import type { Tier } from './tier.js';

/** A worker thread that runs `serveNetwork` on every message. */
export interface Thread {
  postMessage(order: unknown): void;
}

export interface EngineHost {
  /** Whether the host can be asked to put pairs of 128-bit operations into 256-bit ones. */
  readonly widens: boolean;
  /** The tier that the user asks for, if any; a name that means nothing is refused when it is used. */
  readonly wantedTier?: string | undefined;
  /** Threads that a network uses when it is not told. */
  readonly threads: number;
  /** Compiles, synchronously, for a tier. */
  compile(bytes: Uint8Array<ArrayBuffer>, tier: Tier): WebAssembly.Module;
  /** Starts a worker thread; absent where there are none, or where this thread may not wait for others. */
  startThread?(): Thread;
}

let host: EngineHost = { widens: false, threads: 1, compile: (bytes) => new WebAssembly.Module(bytes) };

/** To be called before the first network is built. */
export function provideHost(provided: EngineHost): void {
  host = provided;
}

export const engineHost = (): EngineHost => host;
