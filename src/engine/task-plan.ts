/** What a network's threads share: shards, weights in the order of work, the parts of each thread, the workers' seats. */
import { type Arena, type Panels, ROW_BYTES } from './arena.js';
import {
  AdamPlan,
  KERNEL_GRU,
  KERNEL_LEAKY,
  KERNEL_LINEAR,
  KERNEL_LSTM,
  KERNEL_LSTM_VARIANT,
  KERNEL_RNN,
  LayerEntry,
  LossPlan,
  NetworkPlan as NetworkStructure,
  Part,
  Seat,
  ShardPlan,
  WeightsPlan,
} from './kernels.generated.js';
import {
  type LayerPlan,
  type PlacedShard,
  shardCells,
  shardFirstOutput,
  shardOutput,
  writePlan,
} from './layer-plan.js';
import type { Capacity, RecurrentKernel } from './layer-spec.js';
import { type ShardRule, shardsOf } from './shards.js';
import { type Structure, writeStructure } from './structure.js';

type Fields = Readonly<Record<string, number>>;

export interface TaskPlan {
  /** Address of the structure NetworkPlan, and what stands in it. */
  readonly network: number;
  readonly fields: Fields;
  /** Threads at the most, and how a batch is cut for them. */
  readonly threads: number;
  readonly rule: ShardRule;
  /** Addresses of a LossPlan and of a float64 for its sum for each shard, and of the AdamPlan. */
  readonly losses: readonly number[];
  readonly lossSums: readonly number[];
  readonly adam: number;
  /** Address of two float64: Σ w·ρ of the loss, Σ g² of the gradients. */
  readonly results: number;
  /** The structures WeightsPlan and Part, which never change. */
  readonly lasting: readonly { address: number; structure: Structure; fields: Fields }[];
  /** The layers of each shard, LayerEntry one after the other. */
  readonly entries: readonly number[];
  /** Gradients of the network; of the first shard, where there are several. */
  readonly gradient: number;
  readonly shardGradients: number;
  readonly slotBytes: number;
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
  { batch, training }: Capacity,
  around: {
    readonly slots: Readonly<Record<'value' | 'gradient' | 'moment1' | 'moment2', number>>;
    readonly slotBytes: number;
    /** Gradients of the shards. */
    readonly gradients: number;
    readonly threads: number;
    readonly rule: ShardRule;
  },
): TaskPlan {
  const { slots, slotBytes, gradients, threads, rule } = around;
  const shards = rule(batch);
  const [barrier, current, results] = [arena.bytes(LINE_BYTES), arena.bytes(LINE_BYTES), arena.bytes(LINE_BYTES)];
  const adam = arena.bytes(AdamPlan.bytes);
  const lasting: TaskPlan['lasting'][number][] = [];
  const place = (structure: Structure, all: readonly Fields[], step = structure.bytes!) => {
    const first = arena.bytes(step * all.length);
    for (const [at, fields] of all.entries()) lasting.push({ address: first + at * step, structure, fields });
    return first;
  };
  const matrices = training ? layers.flatMap(({ spec, matrices }) => matrices.map((matrix) => ({ spec, matrix }))) : [];
  const weights = matrices.map(({ spec, matrix: { offset, blocks, blockRows, vectors } }) => ({
    ...{ value: slots.value + offset, gradient: slots.gradient + offset },
    ...{ moments: slots.moment1 + offset, squares: slots.moment2 + offset, blocks, blockRows, vectors },
    ...{ leaks: Number(spec.kind === 'leaky'), ofShards: gradients + offset, sums: arena.bytes(8 * blocks) },
  }));
  const fields = {
    ...{ current, task: 0, steps: 0, keep: Number(training), layerCount: layers.length, adam, results },
    ...{ shards: arena.bytes(shards * ShardPlan.bytes), shardCount: 0 },
    ...{ weights: place(WeightsPlan, weights), weightsCount: weights.length, gradientBytes: slotBytes },
    parts: place(
      Part,
      Array.from({ length: threads }, () => ({ thread: 0, threads: 1, barrier })),
      LINE_BYTES,
    ),
    ...{ seats: arena.bytes(LINE_BYTES * (threads - 1)), seatCount: threads - 1 },
  };
  const forShards = (bytes: number) => Array.from({ length: shards }, () => arena.bytes(bytes));
  return {
    ...{ network: arena.bytes(NetworkStructure.bytes), fields, threads, rule, adam, results, lasting },
    ...{ losses: forShards(LossPlan.bytes), lossSums: forShards(LINE_BYTES) },
    entries: forShards(layers.length * LayerEntry.bytes),
    ...{ gradient: slots.gradient, shardGradients: gradients, slotBytes },
  };
}

/** Writes what never changes. */
export function writeTasks({ network, fields, lasting }: TaskPlan, memory: Uint32Array): void {
  writeStructure(memory, network, NetworkStructure, fields);
  for (const { address, structure, fields } of lasting) writeStructure(memory, address, structure, fields);
}

/** The shards of a batch of these sizes, with their places. */
export function placedShards({ rule, gradient, shardGradients, slotBytes }: TaskPlan, steps: number, batch: number) {
  return shardsOf(batch, rule(batch)).map((shard, number, { length }): PlacedShard => {
    return { ...shard, steps, gradients: length === 1 ? gradient : shardGradients + number * slotBytes };
  });
}

/** Writes everything that depends on the sizes of the batch. */
export function writeShards(
  tasks: TaskPlan,
  layers: readonly LayerPlan[],
  x: Panels,
  shards: readonly PlacedShard[],
  memory: Uint32Array,
): void {
  const { network, fields, entries, losses } = tasks;
  for (const shard of shards) {
    const { number, rows, steps, gradients } = shard;
    const address = fields.shards! + number * ShardPlan.bytes;
    const structure = { batch: rows, layers: entries[number]!, loss: losses[number]!, gradients };
    writeStructure(memory, address, ShardPlan, structure);
    let input: Panels = { ...x, address: x.address + steps * shard.first * ROW_BYTES };
    for (const [at, layer] of layers.entries()) {
      writePlan(layer, shard, input, memory);
      const { output, c, kernel } = layer;
      writeStructure(memory, entries[number]! + at * LayerEntry.bytes, LayerEntry, {
        ...{ kernel: KERNEL_NUMBERS[kernel], plan: layer.addresses[number]! },
        ...{ h: shardOutput(layer, shard), hStride: output.stride },
        hPanels: kernel === 'linear' ? 0 : Math.ceil(output.columns / 16),
        ...{ c: shardCells(layer, shard), cStride: c?.stride ?? 0, cPanels: Math.ceil((c?.columns ?? 0) / 16) },
      });
      input = { ...output, address: shardFirstOutput(layer, shard) };
    }
  }
  memory[(network + NetworkStructure.steps) >>> 2] = shards[0]!.steps;
  memory[(network + NetworkStructure.shardCount) >>> 2] = shards.length;
}

/** Workers that wait at their seats at this moment. */
export function takenSeats({ fields }: TaskPlan, memory: Uint32Array): number {
  let taken = 0;
  for (let at = 0; at < fields.seatCount!; at++)
    taken += Atomics.load(memory, (fields.seats! + at * LINE_BYTES + Seat.taken) >>> 2);
  return taken;
}
