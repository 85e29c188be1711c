/** Where everything of one layer is: its activations, what it keeps for the backward pass, its gradients; and for each shard. */
import { type Arena, type Panels, ROW_BYTES } from './arena.js';
import { GruPlan, LeakyPlan, LinearPlan, LstmPlan, LstmVariantPlan, RnnPlan } from './kernels.generated.js';
import { type Capacity, kernelOf, type LayerSpec, outputSize, type RecurrentKernel, stateSizes } from './layer-spec.js';
import { type PackedMatrix, packedMatrices } from './parameters.js';
import { type Shard, sequenceRow, sequenceRows } from './shards.js';
import { writeStructure } from './structure.js';

/** Byte offsets of the fields of the structure that each kernel reads. */
const STRUCTURES: Readonly<Record<RecurrentKernel | 'linear', Readonly<Record<string, number>>>> = {
  rnn: RnnPlan,
  leaky: LeakyPlan,
  gru: GruPlan,
  lstm: LstmPlan,
  lstmVariant: LstmVariantPlan,
  linear: LinearPlan,
};

/** A packed matrix, and the bytes from the start of a slot to it. */
export interface PlacedMatrix extends PackedMatrix {
  readonly offset: number;
}

/** What a row of an array belongs to: a step of a sequence, a step or the initial state, or a sequence. */
type RowsOf = 'steps' | 'states' | 'sequences';

/** An array with what its rows belong to. C of two steps, when nothing is kept, has two rows for each sequence. */
interface PlannedArray {
  readonly panels: Panels | undefined;
  readonly rowsOf: RowsOf;
  readonly twice?: boolean;
}

export interface LayerPlan {
  readonly spec: LayerSpec;
  readonly kernel: RecurrentKernel | 'linear';
  /** Addresses of the structures that the kernels read, one for each shard. */
  readonly addresses: readonly number[];
  readonly matrices: readonly PlacedMatrix[];
  /** Rows t·B + b of a linear layer's output; a recurrent layer's h begins with the initial state: rows (t + 1)·B + b. */
  readonly output: Panels;
  readonly c: Panels | undefined;
  readonly dOutput: Panels | undefined;
  readonly dInput: Panels | undefined;
  readonly dh: Panels | undefined;
  readonly dc: Panels | undefined;
  /** What stands in the structures, by field: the same for all shards; arrays of which each shard has its rows. */
  readonly fields: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, PlannedArray>>;
  /** Scratch of each shard. */
  readonly scratch: readonly number[];
}

/** What a layer's plan depends on besides its specification. */
export interface Surroundings {
  readonly capacity: Capacity;
  /** The slot of values. */
  readonly value: number;
  /** Bytes from the start of a slot to the layer's first matrix. */
  readonly offset: number;
  readonly scratch: readonly number[];
  readonly zeros: number;
  /** The gradient of the input where a layer below has it already. */
  readonly dInput: Panels | undefined;
}

/** Bytes of all packed weights of a layer. */
export const weightBytes = (spec: LayerSpec): number =>
  packedMatrices(spec).reduce((sum, { blocks, blockRows }) => sum + blocks * blockRows * ROW_BYTES, 0);

function placeMatrices(spec: LayerSpec, from: number): PlacedMatrix[] {
  let offset = from;
  return packedMatrices(spec).map((matrix) => {
    const placed = { ...matrix, offset };
    offset += matrix.blocks * matrix.blockRows * ROW_BYTES;
    return placed;
  });
}

/**
 * What a recurrent layer's forward pass leaves for its backward pass, by field: its columns, and whether the forward pass
 * needs one step of it in any case.
 */
function keptArrays(spec: LayerSpec): [field: string, columns: number, forward: boolean][] {
  if (spec.kind === 'linear') return [];
  const H = spec.hiddenSize;
  const eights = Math.ceil(H / 8);
  if (spec.kind === 'rnn') return [['dz', H, false]];
  if (spec.kind === 'leaky') return [['a', H, true]];
  if (spec.kind === 'gru') {
    return [
      ['gates', 16 * eights, true],
      ['candidate', H, true],
      ['inner', H, true],
    ];
  }
  return [
    ['gates', 32 * eights, false],
    ...(spec.projSize === undefined ? [] : [['m', H, true] as [string, number, boolean]]),
  ];
}

/** The numbers that tell a kernel which variant to compute. */
function variantFields(spec: LayerSpec): Record<string, number> {
  if (spec.kind === 'linear') return { outputs: spec.outputSize };
  const units = spec.hiddenSize;
  if (spec.kind === 'gru') return { units, resetAfter: Number(spec.resetAfter) };
  if (spec.kind === 'lstm') {
    const { forgetGate = true, peephole = false, projSize = 0, shortBptt = false } = spec;
    const flags = { forgetGate: Number(forgetGate), peephole: Number(peephole), shortened: Number(shortBptt) };
    return { units, ...flags, projected: projSize };
  }
  return { units, relu: Number(spec.nonlinearity === 'relu') };
}

export function planLayer(arena: Arena, spec: LayerSpec, around: Surroundings): LayerPlan {
  const { steps, batch, training } = around.capacity;
  const shards = around.scratch.length;
  const rows = steps * batch;
  const width = outputSize(spec);
  const state = stateSizes(spec);
  const matrices = placeMatrices(spec, around.offset);
  const [weights, projection] = matrices as [PlacedMatrix, PlacedMatrix?];
  const kernel = kernelOf(spec);

  const optional = (wanted: unknown, count: number, columns: number) =>
    wanted ? arena.panels(count, columns) : undefined;
  const transposed = (wanted: unknown, columns: number, { blocks }: PackedMatrix) =>
    wanted ? arena.bytes(Math.ceil(columns / 16) * blocks * 16 * ROW_BYTES) : 0;

  const addresses = around.scratch.map(() => arena.bytes(STRUCTURES[kernel].bytes!));
  const output = arena.panels(state ? rows + batch : rows, width);
  const c = optional(state?.c, training ? rows + batch : sequenceRows(batch, shards, 2), state?.c ?? 0);
  const dOutput = optional(training, rows, width);
  const dInput = around.dInput ?? optional(training, rows, spec.inputSize);
  const transposedX = transposed(training, spec.inputSize, weights);
  const kept = keptArrays(spec).map(([field, columns, forward]): [string, PlannedArray] => [
    field,
    {
      panels: optional(training || forward, training ? rows : sequenceRows(batch, shards), columns),
      rowsOf: training ? 'steps' : 'sequences',
    },
  ]);
  const dh = optional(training && state, sequenceRows(batch, shards), width);
  const dc = optional(training && state?.c, sequenceRows(batch, shards), state?.c ?? 0);
  const transposedH = transposed(training && state, width, weights);
  const transposedM = projection ? transposed(training, state?.c ?? 0, projection) : 0;
  const fields = {
    ...variantFields(spec),
    inputs: spec.inputSize,
    weights: around.value + weights.offset,
    projection: projection ? around.value + projection.offset : 0,
    ...{ transposedX, transposedH, transposedM, zeros: around.zeros },
  };
  const arrays: Record<string, PlannedArray> = {
    [state ? 'h' : 'y']: { panels: output, rowsOf: state ? 'states' : 'steps' },
    c: training ? { panels: c, rowsOf: 'states' } : { panels: c, rowsOf: 'sequences', twice: true },
    m: { panels: undefined, rowsOf: 'steps' },
    ...Object.fromEntries(kept),
    dy: { panels: dOutput, rowsOf: 'steps' },
    dx: { panels: dInput, rowsOf: 'steps' },
    dh: { panels: dh, rowsOf: 'sequences' },
    dc: { panels: dc, rowsOf: 'sequences' },
  };
  const { scratch } = around;
  return { spec, kernel, addresses, matrices, output, c, dOutput, dInput, dh, dc, fields, arrays, scratch };
}

/** A shard of a batch of `steps` steps, and where its gradients are: a slot of its own, or the network's. */
export interface PlacedShard extends Shard {
  readonly steps: number;
  readonly gradients: number;
}

/** The first of a shard's rows in an array. */
function firstRow({ rowsOf, twice }: PlannedArray, shard: PlacedShard): number {
  if (rowsOf === 'sequences') return sequenceRow(shard, twice ? 2 : 1);
  return (rowsOf === 'steps' ? shard.steps : shard.steps + 1) * shard.first;
}

/** Address of the shard's rows of h in a recurrent layer, from the initial state on; or of y in a linear layer. */
export const shardOutput = ({ output, kernel }: LayerPlan, shard: PlacedShard): number =>
  output.address + firstRow({ panels: output, rowsOf: kernel === 'linear' ? 'steps' : 'states' }, shard) * ROW_BYTES;

/** Address of the shard's first row of output, after the initial state where there is one. */
export const shardFirstOutput = (layer: LayerPlan, shard: PlacedShard): number =>
  shardOutput(layer, shard) + (layer.kernel === 'linear' ? 0 : shard.rows * ROW_BYTES);

/** Address of the shard's rows of C. */
export const shardCells = ({ c, arrays }: LayerPlan, shard: PlacedShard): number =>
  c ? c.address + firstRow(arrays.c!, shard) * ROW_BYTES : 0;

/**
 * Writes the structure that the kernels read for one shard, whose input has its panels at `input`. `memory` views the whole
 * arena.
 */
export function writePlan(layer: LayerPlan, shard: PlacedShard, input: Panels, memory: Uint32Array): void {
  const { kernel, addresses, arrays, matrices, scratch } = layer;
  const fields: Record<string, number> = { ...layer.fields, x: input.address, xStride: input.stride };
  for (const [field, array] of Object.entries(arrays)) {
    fields[field] = array.panels ? array.panels.address + firstRow(array, shard) * ROW_BYTES : 0;
    fields[`${field}Stride`] = array.panels?.stride ?? 0;
  }
  const [weights, projection] = matrices as [PlacedMatrix, PlacedMatrix?];
  fields.gradient = shard.gradients + weights.offset;
  fields.projectionGradient = projection ? shard.gradients + projection.offset : 0;
  fields.scratch = scratch[shard.number]!;
  writeStructure(memory, addresses[shard.number]!, STRUCTURES[kernel], fields);
}
