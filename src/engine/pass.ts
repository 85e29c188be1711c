/** One pass of the whole stack, forward or backward, over activations that are already in the arena. */
import type { Panels } from './arena.js';
import { ROW_BYTES } from './arena.js';
import { inputField, type LayerPlan } from './layer-plan.js';
import { clear, load, type Machine, store } from './machine.js';

/**
 * The state of one recurrent layer, or its gradient, row-major: h [B, H], or [B, P] of an LSTM with projection, and the
 * LSTM's c [B, H]; null in the layers that have none.
 */
export interface LayerState {
  readonly h: Float32Array;
  readonly c: Float32Array | null;
}
/** One entry for each layer; null for a linear layer, and where zero is meant. */
export type NetworkState = readonly (LayerState | null)[];

/** Row of a layer's output panels where step 0 begins: a recurrent layer's h begins with the initial state. */
export const firstOutputRow = (layer: LayerPlan, batch: number): number => (layer.kernel === 'linear' ? 0 : batch);

/** Row of a layer's C panels where the final state is; nothing but two steps is kept without training. */
const finalCellRow = (m: Machine, steps: number, batch: number): number =>
  (m.capacity.training ? steps : steps & 1) * batch;

function place(m: Machine, panels: Panels | undefined, rows: number, data: Float32Array | null | undefined): void {
  if (panels === undefined) return;
  if (data) load(m, panels, 0, rows, data);
  else clear(m, panels, 0, rows);
}

/** Initial states: zero where none is given. */
export function placeState(m: Machine, batch: number, state?: NetworkState): void {
  m.plan.layers.forEach((layer, at) => {
    if (layer.kernel === 'linear') return;
    place(m, layer.output, batch, state?.[at]?.h);
    place(m, layer.c, batch, state?.[at]?.c);
  });
}

/** Gradients of the final states: zero where none is given. */
export function placeStateGradient(m: Machine, batch: number, state?: NetworkState): void {
  m.plan.layers.forEach((layer, at) => {
    place(m, layer.dh, batch, state?.[at]?.h);
    place(m, layer.dc, batch, state?.[at]?.c);
  });
}

export function finalState(m: Machine, steps: number, batch: number): (LayerState | null)[] {
  return m.plan.layers.map(({ kernel, output, c }) =>
    kernel === 'linear'
      ? null
      : {
          h: store(m, output, steps * batch, batch),
          c: c ? store(m, c, finalCellRow(m, steps, batch), batch) : null,
        },
  );
}

/** After a backward pass: the gradients of the initial states. */
export function stateGradient(m: Machine, batch: number): (LayerState | null)[] {
  return m.plan.layers.map(({ dh, dc }) =>
    dh ? { h: store(m, dh, 0, batch), c: dc ? store(m, dc, 0, batch) : null } : null,
  );
}

/** All layers, from x and the initial states. */
export function forwardPass(m: Machine, steps: number, batch: number): void {
  const { layers, x } = m.plan;
  for (let at = 0; at < layers.length; at++) {
    const layer = layers[at]!;
    const below = layers[at - 1];
    const input = below === undefined ? x.address : below.output.address + firstOutputRow(below, batch) * ROW_BYTES;
    m.words[inputField(layer)] = input;
    if (layer.kernel === 'linear') m.kernels.linearForward(layer.address, steps * batch);
    else m.kernels[`${layer.kernel}Forward`](layer.address, steps, batch, Number(m.capacity.training));
  }
}

/** All layers, from the last one's dOutput and the gradients of the final states. Parameter gradients add. */
export function backwardPass(m: Machine, steps: number, batch: number): void {
  const { layers } = m.plan;
  for (let at = layers.length - 1; at >= 0; at--) {
    const layer = layers[at]!;
    const wantX = Number(at > 0);
    if (layer.kernel === 'linear') m.kernels.linearBackward(layer.address, steps * batch, wantX);
    else m.kernels[`${layer.kernel}Backward`](layer.address, steps, batch, wantX);
  }
}

/** ∂loss/∂x of the whole network, left out of backwardPass because training does not need it. */
export function inputGradient(m: Machine, rows: number): Float32Array {
  const layer = m.plan.layers[0]!;
  if (layer.kernel === 'linear') m.kernels.linearInputGradient(layer.address, rows);
  else m.kernels[`${layer.kernel}InputGradient`](layer.address, 0, rows);
  return store(m, layer.dInput!, 0, rows);
}
