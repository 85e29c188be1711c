/**
 * The worker threads that help networks: started when they are first needed, kept for good, at one network at a time. Nobody
 * waits for a worker to start: a task is done by those threads that are there, with the same result (kernels/part.ts).
 */
import { engineHost, type Thread } from './host.js';
import type { Machine } from './machine.js';
import { instantiate } from './tier.js';

/** What a worker thread is sent. */
export interface ThreadOrder {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly network: number;
  readonly seat: number;
  /** Whether the thread is to end after this: what it has held is given back for certain only then. */
  readonly last: boolean;
}

/** In a worker thread: takes part in a network's tasks until it is dismissed. */
export function serveNetwork({ module, memory, network, seat }: ThreadOrder): void {
  instantiate(module, memory).serve(network, seat);
}

/** A thread lives until it has held so much memory: its garbage collector does not see that memory, and runs too late. */
const MOST_HELD_BYTES = 2 ** 29;

/** How to send the workers home, without holding the network itself. */
interface Assignment {
  dismiss(): void;
}

const workers: { thread: Thread; held: number }[] = [];
let current: { readonly machine: WeakRef<Machine>; readonly assignment: Assignment } | undefined;

const forgotten = new FinalizationRegistry<Assignment>((assignment) => {
  if (current?.assignment === assignment) leave();
});

function leave(): void {
  current?.assignment.dismiss();
  current = undefined;
}

/** Threads that a network may use: what is asked for, or what the host has; 1 where this thread cannot have workers. */
export const possibleThreads = (wanted: number | undefined): number =>
  engineHost().startThread ? (wanted ?? engineHost().threads) : 1;

/** Calls the workers to this network, away from the one they are at. */
export function callWorkers(machine: Machine): void {
  if (current?.machine.deref() === machine) return;
  leave();
  const { kernels, plan, module, memory } = machine;
  const { network, threads } = plan.tasks;
  const assignment = { dismiss: () => kernels.dismiss(network) };
  for (let seat = 0; seat < threads - 1; seat++) {
    workers[seat] ??= { thread: engineHost().startThread!(), held: 0 };
    const worker = workers[seat]!;
    worker.held += memory.buffer.byteLength;
    const last = worker.held > MOST_HELD_BYTES;
    worker.thread.postMessage({ module, memory, network, seat, last } satisfies ThreadOrder);
    if (last) delete workers[seat];
  }
  current = { machine: new WeakRef(machine), assignment };
  forgotten.register(machine, assignment);
}

/** Sends the workers home from this network, if they are there, so that its memory can be given back. */
export function dismissWorkers(machine: Machine): void {
  if (current?.machine.deref() === machine) leave();
}
