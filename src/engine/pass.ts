/** States in and out of the arena, and tasks over what is in it. */
import type { Panels } from './arena.js';
import {
  TASK_ADAM,
  TASK_BACKWARD,
  TASK_FORWARD,
  TASK_INPUT_GRADIENT,
  TASK_LOSS,
  TASK_NORM,
  TASK_ZERO,
} from './kernels.generated.js';
import type { LayerPlan } from './layer-plan.js';
import {
  clear,
  load,
  type Machine,
  outputRows,
  type Rows,
  rowsOfSequences,
  stateRows,
  stepRows,
  store,
} from './machine.js';
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

/** The rows of C before the first step or after the last: all states are kept for training, else two that take turns. */
function cellRows({ capacity, shape }: Machine, when: 'first' | 'last'): Rows {
  const steps = when === 'last' ? shape.steps : 0;
  return capacity.training ? stateRows(shape, steps) : rowsOfSequences(steps & 1, 2);
}

/** The rows of a layer's output. */
export const rowsOfOutput = (m: Machine, { kernel }: LayerPlan) =>
  kernel === 'linear' ? stepRows(m.shape) : outputRows(m.shape);

type StateArrays = readonly (LayerState | null | undefined)[];

function place(m: Machine, panels: Panels | undefined, rows: Rows, data?: Float32Array | null) {
  if (panels === undefined) return;
  if (data) load(m, panels, rows, data);
  else clear(m, panels, rows);
}

/** Initial states: zero where none is given. */
export function placeState(m: Machine, state: StateArrays = []): void {
  m.plan.layers.forEach(({ kernel, output, c }, at) => {
    if (kernel === 'linear') return;
    place(m, output, stateRows(m.shape, 0), state[at]?.h);
    place(m, c, cellRows(m, 'first'), state[at]?.c);
  });
}

/** The final states, from which a stream goes on: zero where none is given. */
export function placeFinalState(m: Machine, state: StateArrays = []): void {
  m.plan.layers.forEach(({ kernel, output, c }, at) => {
    if (kernel === 'linear') return;
    place(m, output, stateRows(m.shape, m.shape.steps), state[at]?.h);
    place(m, c, cellRows(m, 'last'), state[at]?.c);
  });
}

/** Gradients of the final states: zero where none is given. */
export function placeStateGradient(m: Machine, state: StateArrays = []): void {
  m.plan.layers.forEach(({ dh, dc }, at) => {
    place(m, dh, rowsOfSequences(), state[at]?.h);
    place(m, dc, rowsOfSequences(), state[at]?.c);
  });
}

export function finalState(m: Machine): (LayerState | null)[] {
  return m.plan.layers.map(({ kernel, output, c }) =>
    kernel === 'linear'
      ? null
      : {
          h: store(m, output, stateRows(m.shape, m.shape.steps)),
          c: c ? store(m, c, cellRows(m, 'last')) : null,
        },
  );
}

/** After a backward pass: the gradients of the initial states. */
export function stateGradient(m: Machine): (LayerState | null)[] {
  return m.plan.layers.map(({ dh, dc }) =>
    dh ? { h: store(m, dh, rowsOfSequences()), c: dc ? store(m, dc, rowsOfSequences()) : null } : null,
  );
}

/** The tasks that make up a training step. */
export const TRAINING = TASK_FORWARD | TASK_LOSS | TASK_ZERO | TASK_BACKWARD | TASK_NORM | TASK_ADAM;
export const EVALUATION = TASK_FORWARD | TASK_LOSS;

/** Does a task for the batch that the arena is arranged for. */
export function runTask(m: Machine, task: number): void {
  const { network, threads } = m.plan.tasks;
  const { steps, batch, shards } = m.shape;
  const team = (m.plan.slotBytes >>> 2) * steps * batch < m.leastShared ? 1 : Math.min(threads, shards.length);
  if (team > 1) callWorkers(m);
  m.kernels.run(network, task, team);
}

/** ∂loss/∂x of the whole network, left out of the backward pass because training does not need it. */
export function inputGradient(m: Machine): Float32Array {
  runTask(m, TASK_INPUT_GRADIENT);
  return store(m, m.plan.layers[0]!.dInput!, stepRows(m.shape));
}

/** What the last task left: Σ w·ρ of the loss, Σ g² of the gradients. */
export const lossSum = (m: Machine): number => m.doubles[m.plan.tasks.results >>> 3]!;
export const squareSum = (m: Machine): number => m.doubles[(m.plan.tasks.results >>> 3) + 1]!;
