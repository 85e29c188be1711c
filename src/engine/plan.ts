/** Where everything of a network is: parameters, activations kept for the backward pass, gradients, scratch. */
import { type Arena, type Panels, ROW_BYTES } from './arena.js';
import { AdamPlan, LinearPlan, LstmPlan, SCRATCH_ROWS } from './kernels.generated.js';
import { blockRowsOf, blocksOf, type Capacity, type LayerSpec, outputSize } from './layer-spec.js';

/** Values, gradients and both moments lie in four regions of the same layout. */
export type Slot = 'value' | 'gradient' | 'moment1' | 'moment2';

export interface LayerPlan {
  readonly spec: LayerSpec;
  /** Address of the LstmPlan or LinearPlan that the kernels read. */
  readonly address: number;
  /** Bytes from the start of a slot to this layer's packed weights. */
  readonly weights: number;
  readonly blocks: number;
  readonly blockRows: number;
  /** Rows t·B + b of a linear layer's output; an LSTM's h begins with the initial state: rows (t + 1)·B + b. */
  readonly output: Panels;
  readonly c?: Panels;
  readonly gates?: Panels;
  readonly dOutput?: Panels;
  readonly dInput?: Panels;
  readonly dh?: Panels;
  readonly dc?: Panels;
  readonly transposedX?: number;
  readonly transposedH?: number;
}

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
  /** One float per row t·B + b. */
  readonly rowWeights: number;
  readonly adam: number;
  readonly scratch: number;
  readonly zeros: number;
  /** Row-major matrices on their way in or out. */
  readonly staging: number;
}

function planLayer(
  arena: Arena,
  spec: LayerSpec,
  weights: number,
  { steps, batch, training }: Capacity,
  below: Panels | undefined,
): LayerPlan {
  const rows = steps * batch;
  const width = outputSize(spec);
  const blocks = blocksOf(spec);
  const recurrent = spec.kind === 'lstm';
  const transposed = (columns: number) => arena.bytes(Math.ceil(columns / 16) * blocks * 16 * ROW_BYTES);
  return {
    spec,
    weights,
    blocks,
    blockRows: blockRowsOf(spec),
    address: arena.bytes(recurrent ? LstmPlan.bytes : LinearPlan.bytes),
    output: arena.panels(recurrent ? rows + batch : rows, width),
    ...(recurrent && { c: arena.panels(training ? rows + batch : 2 * batch, width) }),
    ...(training && {
      dOutput: arena.panels(rows, width),
      dInput: below ?? arena.panels(rows, spec.inputSize),
      transposedX: transposed(spec.inputSize),
    }),
    ...(training &&
      recurrent && {
        gates: arena.panels(rows, 16 * blocks),
        dh: arena.panels(batch, width),
        dc: arena.panels(batch, width),
        transposedH: transposed(width),
      }),
  };
}

/** Plans the arena for `layers`, which have been checked, in an empty arena. */
export function planNetwork(layers: readonly LayerSpec[], capacity: Capacity, arena: Arena): NetworkPlan {
  const rows = capacity.steps * capacity.batch;
  const first = layers[0]!;
  const widest = Math.max(first.inputSize, ...layers.map(outputSize));
  const lastWidth = outputSize(layers.at(-1)!);

  const offsets: number[] = [];
  let slotBytes = 0;
  for (const spec of layers) {
    offsets.push(slotBytes);
    slotBytes += blocksOf(spec) * blockRowsOf(spec) * ROW_BYTES;
  }
  const trained = () => (capacity.training ? arena.bytes(slotBytes) : 0);
  const slots = { value: arena.bytes(slotBytes), gradient: trained(), moment1: trained(), moment2: trained() };
  const scratch = arena.bytes(SCRATCH_ROWS * ROW_BYTES);
  const zeros = arena.bytes(ROW_BYTES);
  const adam = arena.bytes(AdamPlan.bytes);

  const x = arena.panels(rows, first.inputSize);
  const planned: LayerPlan[] = [];
  layers.forEach((spec, at) => {
    planned.push(planLayer(arena, spec, offsets[at]!, capacity, planned[at - 1]?.dOutput));
  });
  const target = capacity.training ? arena.panels(rows, lastWidth) : undefined;
  const levels = arena.bytes(4 * Math.ceil(lastWidth / 16) * 16);
  const rowWeights = arena.bytes(4 * rows);
  const staging = arena.bytes(4 * rows * widest);
  return {
    pages: arena.pages(),
    slots,
    slotBytes,
    layers: planned,
    x,
    target,
    levels,
    rowWeights,
    adam,
    scratch,
    zeros,
    staging,
  };
}

/** Writes the structures that the kernels read. `memory` views the whole arena. */
export function writePlans(plan: NetworkPlan, memory: Uint32Array): void {
  plan.layers.forEach((layer, at) => {
    const set = (offset: number, value: number | undefined) => {
      memory[(layer.address + offset) >>> 2] = value ?? 0;
    };
    const fields = layer.spec.kind === 'lstm' ? LstmPlan : LinearPlan;
    const input = plan.layers[at - 1]?.output ?? plan.x;
    set(fields.inputs, layer.spec.inputSize);
    set(fields.x, input.address);
    set(fields.xStride, input.stride);
    set(fields.weights, plan.slots.value + layer.weights);
    set(fields.gradient, plan.slots.gradient + layer.weights);
    set(fields.dy, layer.dOutput?.address);
    set(fields.dyStride, layer.dOutput?.stride);
    set(fields.dx, layer.dInput?.address);
    set(fields.dxStride, layer.dInput?.stride);
    set(fields.zeros, plan.zeros);
    set(fields.transposedX, layer.transposedX);
    if (layer.spec.kind === 'linear') {
      set(LinearPlan.outputs, layer.spec.outputSize);
      set(LinearPlan.y, layer.output.address);
      set(LinearPlan.yStride, layer.output.stride);
      return;
    }
    set(LstmPlan.units, layer.spec.hiddenSize);
    set(LstmPlan.h, layer.output.address);
    set(LstmPlan.hStride, layer.output.stride);
    set(LstmPlan.c, layer.c?.address);
    set(LstmPlan.cStride, layer.c?.stride);
    set(LstmPlan.gates, layer.gates?.address);
    set(LstmPlan.gatesStride, layer.gates?.stride);
    set(LstmPlan.transposedH, layer.transposedH);
    set(LstmPlan.dh, layer.dh?.address);
    set(LstmPlan.dc, layer.dc?.address);
    set(LstmPlan.dhStride, layer.dh?.stride);
    set(LstmPlan.dcStride, layer.dc?.stride);
    set(LstmPlan.scratch, plan.scratch);
  });
}
