/** States in and out of the arena, and tasks over what is in it. */
import type { Panels } from './arena.js';
import { ROW_BYTES } from './arena.js';
import {
  NetworkPlan,
  TASK_ADAM,
  TASK_BACKWARD,
  TASK_FORWARD,
  TASK_INPUT_GRADIENT,
  TASK_LOSS,
  TASK_NORM,
  TASK_ZERO,
} from './kernels.generated.js';
import { inputField, type LayerPlan } from './layer-plan.js';
import { clear, load, type Machine, store } from './machine.js';
import { callWorkers } from './team.js';

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

/** The tasks that make up a training step. */
export const TRAINING = TASK_FORWARD | TASK_LOSS | TASK_ZERO | TASK_BACKWARD | TASK_NORM | TASK_ADAM;
export const EVALUATION = TASK_FORWARD | TASK_LOSS;

/** Least multiplications and additions for which it is worth while to call other threads: some 20 µs of one. */
const LEAST_SHARED = 1e6;

/** Does a task for so many steps of so many sequences. */
export function runTask(m: Machine, task: number, steps: number, batch: number): void {
  const { network, threads } = m.plan.tasks;
  m.words[(network + NetworkPlan.steps) >>> 2] = steps;
  m.words[(network + NetworkPlan.batch) >>> 2] = batch;
  if (task & TASK_FORWARD) placeInputs(m, batch);
  const shared = threads > 1 && (m.plan.slotBytes >>> 2) * steps * batch >= LEAST_SHARED;
  if (shared) callWorkers(m);
  m.kernels.run(network, task, shared ? threads : 1);
}

/** Where each layer's input begins depends on the batch, since h begins with the initial state. */
function placeInputs(m: Machine, batch: number): void {
  const { layers, x } = m.plan;
  for (let at = 0; at < layers.length; at++) {
    const below = layers[at - 1];
    m.words[inputField(layers[at]!)] =
      below === undefined ? x.address : below.output.address + firstOutputRow(below, batch) * ROW_BYTES;
  }
}

/** ∂loss/∂x of the whole network, left out of the backward pass because training does not need it. */
export function inputGradient(m: Machine, steps: number, batch: number): Float32Array {
  runTask(m, TASK_INPUT_GRADIENT, steps, batch);
  return store(m, m.plan.layers[0]!.dInput!, 0, steps * batch);
}

/** What the last task left: Σ w·ρ of the loss, Σ g² of the gradients. */
export const lossSum = (m: Machine): number => m.doubles[m.plan.tasks.results >>> 3]!;
export const squareSum = (m: Machine): number => m.doubles[(m.plan.tasks.results >>> 3) + 1]!;
