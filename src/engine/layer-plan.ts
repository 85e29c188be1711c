/** Where everything of one layer is: its activations, what it keeps for the backward pass, its gradients. */
import { type Arena, type Panels, ROW_BYTES } from './arena.js';
import { GruPlan, LeakyPlan, LinearPlan, LstmPlan, LstmVariantPlan, RnnPlan } from './kernels.generated.js';
import { type Capacity, kernelOf, type LayerSpec, outputSize, type RecurrentKernel, stateSizes } from './layer-spec.js';
import { type PackedMatrix, packedMatrices } from './parameters.js';
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

export interface LayerPlan {
  readonly spec: LayerSpec;
  readonly kernel: RecurrentKernel | 'linear';
  /** Address of the structure that the kernels read. */
  readonly address: number;
  readonly matrices: readonly PlacedMatrix[];
  /** Rows t·B + b of a linear layer's output; a recurrent layer's h begins with the initial state: rows (t + 1)·B + b. */
  readonly output: Panels;
  readonly c: Panels | undefined;
  readonly dOutput: Panels | undefined;
  readonly dInput: Panels | undefined;
  readonly dh: Panels | undefined;
  readonly dc: Panels | undefined;
  /** What stands in the structure, by field. */
  readonly fields: Readonly<Record<string, number>>;
}

/** What a layer's plan depends on besides its specification. */
export interface Surroundings {
  readonly capacity: Capacity;
  /** The slots of values and gradients. */
  readonly value: number;
  readonly gradient: number;
  /** Bytes from the start of a slot to the layer's first matrix. */
  readonly offset: number;
  readonly zeros: number;
  /** The input x, or the output of the layer below with its gradient. */
  readonly input: Panels;
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
    const { forgetGate = true, peephole = false, projSize = 0 } = spec;
    return { units, forgetGate: Number(forgetGate), peephole: Number(peephole), projected: projSize };
  }
  return { units, relu: Number(spec.nonlinearity === 'relu') };
}

/** Address and stride of an array, zero where there is none. */
const place = (field: string, panels: Panels | undefined): Record<string, number> => ({
  [field]: panels?.address ?? 0,
  [`${field}Stride`]: panels?.stride ?? 0,
});

export function planLayer(arena: Arena, spec: LayerSpec, around: Surroundings): LayerPlan {
  const { steps, batch, training } = around.capacity;
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

  const address = arena.bytes(STRUCTURES[kernel].bytes!);
  const output = arena.panels(state ? rows + batch : rows, width);
  const c = optional(state?.c, training ? rows + batch : 2 * batch, state?.c ?? 0);
  const dOutput = optional(training, rows, width);
  const dInput = around.dInput ?? optional(training, rows, spec.inputSize);
  const transposedX = transposed(training, spec.inputSize, weights);
  const kept = keptArrays(spec).map(([field, columns, forward]) =>
    place(field, optional(training || forward, training ? rows : batch, columns)),
  );
  const dh = optional(training && state, batch, width);
  const dc = optional(training && state?.c, batch, state?.c ?? 0);
  const transposedH = transposed(training && state, width, weights);
  const transposedM = projection ? transposed(training, state?.c ?? 0, projection) : 0;
  const fields = {
    ...variantFields(spec),
    inputs: spec.inputSize,
    ...place('x', around.input),
    ...place(state ? 'h' : 'y', output),
    ...place('c', c),
    ...place('m', undefined),
    ...Object.assign({}, ...kept),
    ...{ weights: around.value + weights.offset, gradient: around.gradient + weights.offset },
    projection: projection ? around.value + projection.offset : 0,
    projectionGradient: projection ? around.gradient + projection.offset : 0,
    ...{ transposedX, transposedH, transposedM },
    ...place('dy', dOutput),
    ...place('dx', dInput),
    ...place('dh', dh),
    ...place('dc', dc),
    zeros: around.zeros,
  };
  return { spec, kernel, address, matrices, output, c, dOutput, dInput, dh, dc, fields };
}

/** Writes the structure that the kernels read. `memory` views the whole arena. */
export function writePlan({ kernel, address, fields }: LayerPlan, memory: Uint32Array): void {
  writeStructure(memory, address, STRUCTURES[kernel], fields);
}

/** Where the kernels find the address of the layer's input. */
export const inputField = ({ kernel, address }: LayerPlan): number => (address + STRUCTURES[kernel].x!) >>> 2;
