/** The threads of a team: what each is to do, and how they wait for each other. */

@unmanaged
export class Part {
  thread: i32; // 0 … threads − 1
  threads: i32;
  barrier: usize; // address of the team's barrier: arrivals, generation
}

/** The first of this thread's items, of `count` that are shared out evenly. */
// @ts-ignore: decorator
@inline
export function shareFirst(me: Part, count: i32): i32 {
  return <i32>((<i64>count * me.thread) / me.threads);
}

/** The item after the last of this thread's. */
// @ts-ignore: decorator
@inline
export function shareEnd(me: Part, count: i32): i32 {
  return <i32>((<i64>count * (me.thread + 1)) / me.threads);
}

/**
 * Looks at a word before a thread lays itself to sleep: about a millisecond for others to arrive, half of that for a task. Long
 * enough for the operating system to see that two threads of a team share a processor, and to part them: if they slept and woke
 * each other in turn, it would never know.
 */
const SPINS_FOR_OTHERS: i32 = 1_000_000;
export const SPINS_FOR_TASKS: i32 = 500_000;

/** Waits until the word at `address` is no longer `value`: looks at it for a while, then sleeps. */
export function waitWhile(address: usize, value: i32, spins: i32): void {
  for (let spin = 0; spin < spins; spin++) if (atomic.load<i32>(address) != value) return;
  while (atomic.load<i32>(address) == value) atomic.wait<i32>(address, value, -1);
}

/** Returns when all threads of the team have come here. What each wrote before, all see after. */
export function meet(me: Part): void {
  if (me.threads == 1) return;
  const arrivals = me.barrier, generation = me.barrier + 4;
  const now = atomic.load<i32>(generation);
  if (atomic.add<i32>(arrivals, 1) == me.threads - 1) {
    atomic.store<i32>(arrivals, 0);
    atomic.store<i32>(generation, now + 1);
    atomic.notify(generation, -1);
  } else waitWhile(generation, now, SPINS_FOR_OTHERS);
}
