/** A planned network in memory: the kernels, the plan, and views of the arena. Moves matrices in and out of panels. */
import { inputError, TidegateError } from '../errors.js';
import { Arena, type Panels, ROW_BYTES } from './arena.js';
import type { KernelExports } from './kernel-exports.js';
import type { PlacedShard } from './layer-plan.js';
import type { Capacity, LayerSpec } from './layer-spec.js';
import { type NetworkPlan, planNetwork } from './plan.js';
import { sequenceRow } from './shards.js';
import { placedShards, writeShards, writeTasks } from './task-plan.js';
import { instantiateIn, moduleOf, type Tier } from './tier.js';

export interface Machine {
  readonly kernels: KernelExports;
  readonly plan: NetworkPlan;
  readonly capacity: Capacity;
  /** Multiplications of a task for which it is worth while to call other threads. */
  readonly leastShared: number;
  /** What a worker needs to take part. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /**
   * As large as the memory where that is shared, and never touched: V8's garbage collector does not count shared memory, and would
   * let forgotten networks pile up.
   */
  readonly ballast: ArrayBuffer;
  /** The whole arena as floats, as 32-bit words and as float64. */
  readonly floats: Float32Array;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  /** The sizes that the structures in memory stand for. */
  shape: Shape;
}

export interface Shape {
  readonly steps: number;
  readonly batch: number;
  readonly shards: readonly PlacedShard[];
}

/** Bytes that the kernels may keep for their constants; checked when a machine is built. */
const RESERVED_BYTES = 1024;

/** Some 20 µs of one thread. */
const LEAST_SHARED = 1e6;

/** The engine's only allocation. */
function allocate(module: WebAssembly.Module, pages: number, shared: boolean) {
  try {
    return instantiateIn(module, pages, shared);
  } catch (cause) {
    throw new TidegateError(
      'input',
      'out_of_memory',
      `the network needs ${Math.ceil(pages / 16)} MiB and the host has not got them. Use fewer steps, a smaller batch or fewer units.`,
      { cause },
    );
  }
}

/** Plans `layers` for `capacity`, both checked, and allocates the memory: all zero, and shared where there are several threads. */
export function buildMachine(
  layers: readonly LayerSpec[],
  capacity: Capacity,
  { tier, threads, leastShared = LEAST_SHARED }: { tier: Tier; threads: number; leastShared?: number | undefined },
): Machine {
  const plan = planNetwork(layers, capacity, threads, new Arena(RESERVED_BYTES));
  const shared = threads > 1;
  const module = moduleOf(tier, shared)!;
  const { kernels, memory } = allocate(module, plan.pages, shared);
  if (kernels.firstFreeByte() > RESERVED_BYTES) throw new Error('the kernels have outgrown RESERVED_BYTES');
  const floats = new Float32Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  writeTasks(plan.tasks, words);
  const doubles = new Float64Array(memory.buffer);
  const shape = { steps: 0, batch: 0, shards: [] };
  const ballast = new ArrayBuffer(shared ? memory.buffer.byteLength : 0);
  return { kernels, plan, capacity, leastShared, module, memory, ballast, floats, words, doubles, shape };
}

/** Throws `bad_size` unless `data` has `expected` elements. */
export function checkLength(what: string, data: ArrayLike<number>, expected: number, shape: string): void {
  if (data.length !== expected)
    throw inputError(
      'bad_size',
      `${what} has ${data.length} elements; ${shape} needs ${expected}. Pass a row-major array of that shape.`,
    );
}

/** Makes the structures in memory stand for batches of these sizes, which have been checked. */
export function arrange(m: Machine, steps: number, batch: number): Shape {
  if (m.shape.steps === steps && m.shape.batch === batch) return m.shape;
  const { tasks, layers, x } = m.plan;
  const shards = placedShards(tasks, steps, batch);
  writeShards(tasks, layers, x, shards, m.words);
  m.shape = { steps, batch, shards };
  return m.shape;
}

/**
 * In an array each shard has its rows together. `at` tells where those of a shard begin, for `steps` steps of its sequences; outside,
 * an array is row-major [steps][batch][columns].
 */
export interface Rows {
  readonly steps: number;
  readonly at: (shard: PlacedShard) => number;
}

/** [T, B, ·], in an array of a row for each step of each sequence. */
export const stepRows = ({ steps }: Shape): Rows => ({ steps, at: ({ first }) => steps * first });
/** [T, B, ·] of h, which begins with the initial state. */
export const outputRows = ({ steps }: Shape): Rows => ({ steps, at: ({ first, rows }) => (steps + 1) * first + rows });
/** [B, ·], in an array of one row for each sequence, or of two, of which number `which` is meant. */
export const rowsOfSequences = (which = 0, each = 1): Rows => ({
  steps: 1,
  at: (shard) => sequenceRow(shard, each) + which * shard.rows,
});
/** [B, ·]: state number `state` in an array of all states. */
export const stateRows = ({ steps }: Shape, state: number): Rows => ({
  steps: 1,
  at: ({ first, rows }) => (steps + 1) * first + state * rows,
});

/** Floats that go through the staging area at a time, so that they are still in the cache when they are moved on. */
const STAGED = 16_384;

/** Calls `move` for some steps after the others: number of the first, how many, and where the row-major array has them. */
function stage(
  columns: number,
  { steps }: Rows,
  batch: number,
  move: (t: number, n: number, at: number) => void,
): void {
  const most = Math.max(1, Math.floor(STAGED / (batch * columns)));
  for (let t = 0; t < steps; t += most) move(t, Math.min(most, steps - t), t * batch * columns);
}

/** A row-major array → the arena. The length has been checked. */
export function load(m: Machine, panels: Panels, where: Rows, data: Float32Array): void {
  const { staging } = m.plan;
  const { address, stride, columns } = panels;
  const { batch, shards } = m.shape;
  stage(columns, where, batch, (t, n, at) => {
    m.floats.set(data.subarray(at, at + n * batch * columns), staging >>> 2);
    for (const shard of shards) {
      const to = address + (where.at(shard) + t * shard.rows) * ROW_BYTES;
      const from = staging + 4 * shard.first * columns;
      m.kernels.packSteps(to, stride, from, 4 * batch * columns, n, shard.rows, columns);
    }
  });
}

/** Zeros in the arena. */
export function clear(m: Machine, panels: Panels, where: Rows): void {
  for (const shard of m.shape.shards) {
    const rows = where.steps * shard.rows;
    for (let from = 0, at = panels.address + where.at(shard) * ROW_BYTES; from < panels.columns; from += 16) {
      m.floats.fill(0, at >>> 2, (at >>> 2) + rows * 16);
      at += panels.stride;
    }
  }
}

/** The arena → a row-major array, `out` or a new one. */
export function store(m: Machine, panels: Panels, where: Rows, out?: Float32Array): Float32Array {
  const { staging } = m.plan;
  const { address, stride, columns } = panels;
  const { batch, shards } = m.shape;
  const count = where.steps * batch * columns;
  const result = out ?? new Float32Array(count);
  checkLength('the array for the result', result, count, `[${where.steps * batch}, ${columns}]`);
  stage(columns, where, batch, (t, n, at) => {
    for (const shard of shards) {
      const from = address + (where.at(shard) + t * shard.rows) * ROW_BYTES;
      const to = staging + 4 * shard.first * columns;
      m.kernels.unpackSteps(to, 4 * batch * columns, from, stride, n, shard.rows, columns);
    }
    result.set(m.floats.subarray(staging >>> 2, (staging >>> 2) + n * batch * columns), at);
  });
  return result;
}

/** One row for a batch of one, without detours: streaming is made of these. */
export function loadRow(m: Machine, { address, stride, columns }: Panels, data: Float32Array): void {
  const { floats } = m;
  for (let from = 0, at = address >>> 2; from < columns; from += 16, at += stride >>> 2)
    for (let k = from, end = Math.min(from + 16, columns); k < end; k++) floats[at + k - from] = data[k]!;
}

/** The way back. */
export function storeRow(m: Machine, panels: Panels, where: Rows, out: Float32Array): Float32Array {
  const { floats } = m;
  const { address, stride, columns } = panels;
  checkLength('the array for the result', out, columns, `[1, ${columns}]`);
  let at = (address + where.at(m.shape.shards[0]!) * ROW_BYTES) >>> 2;
  for (let from = 0; from < columns; from += 16, at += stride >>> 2)
    for (let k = from, end = Math.min(from + 16, columns); k < end; k++) out[k] = floats[at + k - from]!;
  return out;
}
