/** Where everything of a network is: parameters, layers, targets, and the structures that tell the kernels. */
import { type Arena, type Panels, ROW_BYTES } from './arena.js';
import { SCRATCH_ROWS } from './kernels.generated.js';
import { type LayerPlan, planLayer, weightBytes } from './layer-plan.js';
import { type Capacity, type LayerSpec, outputSize, stateSizes } from './layer-spec.js';
import { shardRule } from './shards.js';
import { planTasks, type TaskPlan } from './task-plan.js';

/** Values, gradients and both moments lie in four regions of the same layout. */
export type Slot = 'value' | 'gradient' | 'moment1' | 'moment2';

export interface NetworkPlan {
  readonly pages: number;
  readonly slots: Readonly<Record<Slot, number>>;
  /** Bytes of one slot. */
  readonly slotBytes: number;
  readonly layers: readonly LayerPlan[];
  readonly x: Panels;
  readonly target: Panels | undefined;
  /** One float per output column: its quantile level. */
  readonly levels: number;
  /** One float per row of x. */
  readonly rowWeights: number;
  readonly tasks: TaskPlan;
  /** Row-major matrices on their way in or out. */
  readonly staging: number;
}

/** Plans the arena for `layers`, which have been checked, and for at most `threads` threads, in an empty arena. */
export function planNetwork(
  layers: readonly LayerSpec[],
  capacity: Capacity,
  threads: number,
  arena: Arena,
): NetworkPlan {
  const rows = capacity.steps * capacity.batch;
  const first = layers[0]!;
  const lastWidth = outputSize(layers.at(-1)!);
  const slotBytes = layers.reduce((sum, spec) => sum + weightBytes(spec), 0);
  const rule = shardRule(capacity.training, threads);
  const shards = rule(capacity.batch);
  const trained = () => (capacity.training ? arena.bytes(slotBytes) : 0);
  const slots = { value: arena.bytes(slotBytes), gradient: trained(), moment1: trained(), moment2: trained() };
  const gradients = capacity.training && shards > 1 ? arena.bytes(shards * slotBytes) : 0;
  const scratch = Array.from({ length: shards }, () => arena.bytes(SCRATCH_ROWS * ROW_BYTES));
  const zeros = arena.bytes(ROW_BYTES);

  const x = arena.panels(rows, first.inputSize);
  const planned: LayerPlan[] = [];
  let offset = 0;
  for (const spec of layers) {
    const { value } = slots;
    const dInput = planned.at(-1)?.dOutput;
    planned.push(planLayer(arena, spec, { capacity, value, offset, scratch, zeros, dInput }));
    offset += weightBytes(spec);
  }
  const target = capacity.training ? arena.panels(rows, lastWidth) : undefined;
  const levels = arena.bytes(4 * Math.ceil(lastWidth / 16) * 16);
  const rowWeights = arena.bytes(4 * rows);
  const widest = Math.max(
    first.inputSize,
    ...layers.map((spec) => Math.max(outputSize(spec), stateSizes(spec)?.c ?? 0)),
  );
  const staging = arena.bytes(4 * rows * widest);
  const tasks = planTasks(arena, planned, capacity, { slots, slotBytes, gradients, threads, rule });
  return {
    ...{ pages: arena.pages(), slots, slotBytes, layers: planned, x, target, levels, rowWeights, tasks, staging },
  };
}
