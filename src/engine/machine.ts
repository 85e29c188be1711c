/** A planned network in memory: the kernels, the plan, and views of the arena. Moves matrices in and out of panels. */
import { inputError, TidegateError } from '../errors.js';
import { Arena, type Panels, ROW_BYTES } from './arena.js';
import type { KernelExports } from './kernel-exports.js';
import { writePlan } from './layer-plan.js';
import type { Capacity, LayerSpec } from './layer-spec.js';
import { type NetworkPlan, planNetwork } from './plan.js';
import { writeTasks } from './task-plan.js';
import { instantiate, moduleOf, type Tier } from './tier.js';

export interface Machine {
  readonly kernels: KernelExports;
  readonly plan: NetworkPlan;
  readonly capacity: Capacity;
  /** What a worker needs to take part. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The whole arena as floats, as 32-bit words and as float64. */
  readonly floats: Float32Array;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
}

/** Bytes that the kernels may keep for their constants; checked when a machine is built. */
const RESERVED_BYTES = 1024;

/** Memory of exactly `pages` × 64 KiB. The engine's only allocation. */
function allocate(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
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
export function buildMachine(layers: readonly LayerSpec[], capacity: Capacity, tier: Tier, threads: number): Machine {
  const plan = planNetwork(layers, capacity, threads, new Arena(RESERVED_BYTES));
  const shared = threads > 1;
  const memory = allocate(plan.pages, shared);
  const module = moduleOf(tier, shared)!;
  const kernels = instantiate(module, memory);
  if (kernels.firstFreeByte() > RESERVED_BYTES) throw new Error('the kernels have outgrown RESERVED_BYTES');
  const floats = new Float32Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  for (const layer of plan.layers) writePlan(layer, words);
  writeTasks(plan.tasks, words);
  return { kernels, plan, capacity, module, memory, floats, words, doubles: new Float64Array(memory.buffer) };
}

/** Throws `bad_size` unless `data` has `expected` elements. */
export function checkLength(what: string, data: ArrayLike<number>, expected: number, shape: string): void {
  if (data.length !== expected)
    throw inputError(
      'bad_size',
      `${what} has ${data.length} elements; ${shape} needs ${expected}. Pass a row-major array of that shape.`,
    );
}

/** Row-major [rows][columns] → rows `firstRow` … of `panels`. The length has been checked. */
export function load(m: Machine, panels: Panels, firstRow: number, rows: number, data: ArrayLike<number>): void {
  const { staging } = m.plan;
  m.floats.set(data, staging >>> 2);
  m.kernels.packRows(panels.address + firstRow * ROW_BYTES, panels.stride, staging, rows, panels.columns);
}

/** Zeros in rows `firstRow` … of `panels`. */
export function clear(m: Machine, panels: Panels, firstRow: number, rows: number): void {
  for (let from = 0, at = panels.address + firstRow * ROW_BYTES; from < panels.columns; from += 16, at += panels.stride)
    m.floats.fill(0, at >>> 2, (at >>> 2) + rows * 16);
}

/** Rows `firstRow` … of `panels` → row-major [rows][columns], into `out` or a new array. */
export function store(m: Machine, panels: Panels, firstRow: number, rows: number, out?: Float32Array): Float32Array {
  const { staging } = m.plan;
  const count = rows * panels.columns;
  const result = out ?? new Float32Array(count);
  checkLength('the array for the result', result, count, `[${rows}, ${panels.columns}]`);
  m.kernels.unpackRows(staging, panels.address + firstRow * ROW_BYTES, panels.stride, rows, panels.columns);
  result.set(m.floats.subarray(staging >>> 2, (staging >>> 2) + count));
  return result;
}
