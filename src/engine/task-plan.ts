/** What a network's threads share: the layers and weights in the order of work, the parts of each thread, the workers' seats. */
import { type Arena, ROW_BYTES } from './arena.js';
import {
  KERNEL_GRU,
  KERNEL_LEAKY,
  KERNEL_LINEAR,
  KERNEL_LSTM,
  KERNEL_LSTM_VARIANT,
  KERNEL_RNN,
  LayerEntry,
  NetworkPlan as NetworkStructure,
  Part,
  SCRATCH_ROWS,
  WeightsPlan,
} from './kernels.generated.js';
import type { LayerPlan } from './layer-plan.js';
import type { Capacity, RecurrentKernel } from './layer-spec.js';
import { type Structure, writeStructure } from './structure.js';

export interface TaskPlan {
  /** Address of the structure NetworkPlan. */
  readonly network: number;
  /** Threads at the most. */
  readonly threads: number;
  /** Address of two float64: Σ w·ρ of the loss, Σ g² of the gradients. */
  readonly results: number;
  /** What is to stand in memory before the first task. */
  readonly structures: readonly { address: number; structure: Structure; fields: Readonly<Record<string, number>> }[];
}

/** The numbers of the kernels, as src/kernels/network.ts knows them. */
const KERNEL_NUMBERS: Readonly<Record<RecurrentKernel | 'linear', number>> = {
  rnn: KERNEL_RNN,
  leaky: KERNEL_LEAKY,
  gru: KERNEL_GRU,
  lstm: KERNEL_LSTM,
  lstmVariant: KERNEL_LSTM_VARIANT,
  linear: KERNEL_LINEAR,
};
/** What one thread writes while others look elsewhere lies on lines of its own. */
const LINE_BYTES = 64;

export function planTasks(
  arena: Arena,
  layers: readonly LayerPlan[],
  { training }: Capacity,
  slots: Readonly<Record<'value' | 'gradient' | 'moment1' | 'moment2', number>>,
  { loss, adam, threads }: { loss: number; adam: number; threads: number },
): TaskPlan {
  const structures: TaskPlan['structures'][number][] = [];
  const planAll = (structure: Structure, all: readonly Readonly<Record<string, number>>[], step = structure.bytes!) => {
    const first = arena.bytes(step * all.length);
    for (const [at, fields] of all.entries()) structures.push({ address: first + at * step, structure, fields });
    return first;
  };
  const states = { h: 0, hStride: 0, hPanels: 0, c: 0, cStride: 0, cPanels: 0 };
  const layerEntries = layers.map(({ kernel, address, output, c }) => ({
    ...states,
    ...{ kernel: KERNEL_NUMBERS[kernel], plan: address },
    ...(kernel !== 'linear' && { h: output.address, hStride: output.stride, hPanels: Math.ceil(output.columns / 16) }),
    ...(c && { c: c.address, cStride: c.stride, cPanels: Math.ceil(c.columns / 16) }),
  }));
  const weights = !training
    ? []
    : layers.flatMap(({ spec, matrices }) =>
        matrices.map(({ offset, blocks, blockRows, vectors }) => ({
          ...{ value: slots.value + offset, gradient: slots.gradient + offset },
          ...{ moments: slots.moment1 + offset, squares: slots.moment2 + offset, blocks, blockRows, vectors },
          leaks: Number(spec.kind === 'leaky'),
          sums: arena.bytes(8 * blocks),
        })),
      );
  const [barrier, current, results] = [arena.bytes(LINE_BYTES), arena.bytes(LINE_BYTES), arena.bytes(LINE_BYTES)];
  const parts = Array.from({ length: threads }, () => ({
    ...{ thread: 0, threads: 1, first: 0, end: 0, scratch: arena.bytes(SCRATCH_ROWS * ROW_BYTES), barrier },
  }));
  const network = arena.bytes(NetworkStructure.bytes);
  const fields = {
    ...{ current, task: 0, steps: 0, batch: 0, keep: Number(training), loss, adam, results },
    ...{ layers: planAll(LayerEntry, layerEntries), layerCount: layers.length },
    ...{ weights: planAll(WeightsPlan, weights), weightsCount: weights.length },
    parts: planAll(Part, parts, LINE_BYTES),
    ...{ seats: arena.bytes(LINE_BYTES * (threads - 1)), seatCount: threads - 1 },
  };
  structures.push({ address: network, structure: NetworkStructure, fields });
  return { network, threads, results, structures };
}

export function writeTasks({ structures }: TaskPlan, memory: Uint32Array): void {
  for (const { address, structure, fields } of structures) writeStructure(memory, address, structure, fields);
}
