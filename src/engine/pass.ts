/** One pass of the whole stack, forward or backward, over activations that are already in the arena. */
import type { Panels } from './arena.js';
import { ROW_BYTES } from './arena.js';
import { LinearPlan, LstmPlan } from './kernels.generated.js';
import { clear, load, type Machine, store } from './machine.js';
import type { LayerPlan } from './plan.js';

/** The state of one LSTM layer, or its gradient: h and c, each [B, H] row-major. */
export interface LayerState {
  readonly h: Float32Array;
  readonly c: Float32Array;
}
/** One entry for each layer; null for a linear layer, and where zero is meant. */
export type NetworkState = readonly (LayerState | null)[];

const lstm = (layer: LayerPlan): boolean => layer.spec.kind === 'lstm';

/** Row of a layer's output panels where step 0 begins: an LSTM's h begins with the initial state. */
export const firstOutputRow = (layer: LayerPlan, batch: number): number => (lstm(layer) ? batch : 0);

/** Row of a layer's C panels where the final state is; nothing but two steps is kept without training. */
const finalCellRow = (m: Machine, steps: number, batch: number): number =>
  (m.capacity.training ? steps : steps & 1) * batch;

function place(m: Machine, panels: Panels, rows: number, data: Float32Array | undefined): void {
  if (data === undefined) clear(m, panels, 0, rows);
  else load(m, panels, 0, rows, data);
}

/** Initial states: zero where none is given. */
export function placeState(m: Machine, batch: number, state?: NetworkState): void {
  m.plan.layers.forEach((layer, at) => {
    if (!lstm(layer)) return;
    place(m, layer.output, batch, state?.[at]?.h);
    place(m, layer.c!, batch, state?.[at]?.c);
  });
}

/** Gradients of the final states: zero where none is given. */
export function placeStateGradient(m: Machine, batch: number, state?: NetworkState): void {
  m.plan.layers.forEach((layer, at) => {
    if (!lstm(layer)) return;
    place(m, layer.dh!, batch, state?.[at]?.h);
    place(m, layer.dc!, batch, state?.[at]?.c);
  });
}

export function finalState(m: Machine, steps: number, batch: number): (LayerState | null)[] {
  return m.plan.layers.map((layer) =>
    lstm(layer)
      ? {
          h: store(m, layer.output, steps * batch, batch),
          c: store(m, layer.c!, finalCellRow(m, steps, batch), batch),
        }
      : null,
  );
}

/** After a backward pass: the gradients of the initial states. */
export function stateGradient(m: Machine, batch: number): (LayerState | null)[] {
  return m.plan.layers.map((layer) =>
    lstm(layer) ? { h: store(m, layer.dh!, 0, batch), c: store(m, layer.dc!, 0, batch) } : null,
  );
}

/** All layers, from x and the initial states. */
export function forwardPass(m: Machine, steps: number, batch: number): void {
  const { layers, x } = m.plan;
  for (let at = 0; at < layers.length; at++) {
    const layer = layers[at]!;
    const below = layers[at - 1];
    const input = below === undefined ? x.address : below.output.address + firstOutputRow(below, batch) * ROW_BYTES;
    m.words[(layer.address + (lstm(layer) ? LstmPlan.x : LinearPlan.x)) >>> 2] = input;
    if (lstm(layer)) m.kernels.lstmForward(layer.address, steps, batch, Number(m.capacity.training));
    else m.kernels.linearForward(layer.address, steps * batch);
  }
}

/** All layers, from the last one's dOutput and the gradients of the final states. Parameter gradients add. */
export function backwardPass(m: Machine, steps: number, batch: number): void {
  const { layers } = m.plan;
  for (let at = layers.length - 1; at >= 0; at--) {
    const layer = layers[at]!;
    const wantX = Number(at > 0);
    if (lstm(layer)) m.kernels.lstmBackward(layer.address, steps, batch, wantX);
    else m.kernels.linearBackward(layer.address, steps * batch, wantX);
  }
}

/** ∂loss/∂x of the whole network, left out of backwardPass because training does not need it. */
export function inputGradient(m: Machine, rows: number): Float32Array {
  const layer = m.plan.layers[0]!;
  if (lstm(layer)) m.kernels.lstmInputGradient(layer.address, 0, rows);
  else m.kernels.linearInputGradient(layer.address, rows);
  return store(m, layer.dInput!, 0, rows);
}
