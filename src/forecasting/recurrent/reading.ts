/** Networks reading runs of windows, each to its own end: answers and states there. */
import {
  QuantileNetwork,
  type QuantileNetworkSpec,
  type QuantileState,
  type Tensors,
} from '../../nn/quantile-network.js';
import { applyLinearSkip, type LinearSkip } from './linear-skip.js';
import type { RecurrentPlan } from './plan.js';
import { inputInto, inputSize, type WindowSet } from './window-set.js';

/** Rows that are read side by side. */
const ROWS = 256;

/** States of networks: h, and an LSTM's c, of all layers end to end: [layers·H], or several such rows. */
export interface States {
  readonly h: Float32Array;
  readonly c: Float32Array | null;
}

/** What one network has to say after some runs. */
export interface Reading {
  /** [rows][Q·K] in local units, the linear path included. */
  readonly answers: Float32Array;
  /** [rows][layers·H] */
  readonly states: States;
}

/** Reads every run from a zero state to its end. */
export function readRuns(
  plan: RecurrentPlan,
  skip: LinearSkip,
  tensors: Tensors,
  set: WindowSet,
  threads = 1,
): Reading {
  const rows = set.steps.length;
  const width = plan.levels.length * plan.horizon;
  const answers = new Float32Array(rows * width);
  const size = plan.layers * plan.hiddenSize;
  const empty = () => new Float32Array(rows * size);
  const states = { h: empty(), c: plan.cell === 'lstm' ? empty() : null };
  const capacity = { steps: set.steps.reduce((most, steps) => Math.max(most, steps), 0), batch: Math.min(rows, ROWS) };
  const network = new QuantileNetwork(networkSpec(plan, inputSize(set)), { ...capacity, training: false, threads });
  network.loadStateDict(tensors);
  const last = new Float64Array(inputSize(set));
  readToEnds(network, capacity, {
    steps: set.steps,
    input: (x, at, row, step) => inputInto(x, at, set, row, step),
    ended: (row, output, state) => {
      inputInto(last, 0, set, row, set.steps[row] - 1);
      const line = applyLinearSkip(skip, last);
      for (let i = 0; i < width; i++) answers[row * width + i] = output[i] + line[i % plan.horizon];
      states.h.set(state.h, row * size);
      if (state.c) states.c?.set(state.c, row * size);
    },
  });
  return { answers, states };
}

/** What some runs are, and what to do at their ends. */
export interface Runs {
  /** Steps of each run, 1 at least. */
  readonly steps: ArrayLike<number>;
  /** Writes what the network is shown at a step of a run into x[at …]. */
  readonly input: (x: Float32Array, at: number, row: number, step: number) => void;
  /** The state before a run; zero where left out. */
  readonly before?: (row: number) => States;
  readonly ended: (row: number, output: Float32Array, state: States) => void;
}

/**
 * Reads runs of any lengths side by side, the longest first: whichever ends leaves the batch, so that no step is computed
 * for nothing. The bits do not depend on which runs are read together, nor in how many pieces.
 */
export function readToEnds(
  network: QuantileNetwork,
  capacity: { readonly steps: number; readonly batch: number },
  { steps, input, before, ended }: Runs,
): void {
  const { inputSize: width, layers, horizon, levels, hiddenSize: H } = network.spec;
  const outputs = levels.length * horizon;
  const order = Int32Array.from({ length: steps.length }, (_, row) => row).sort((a, b) => steps[b] - steps[a] || a - b);
  for (let first = 0; first < order.length; first += capacity.batch) {
    const rows = order.subarray(first, first + capacity.batch);
    let state = before && joinedState(Array.from(rows, before), layers);
    let open = rows.length;
    let done = 0;
    while (open > 0) {
      const count = Math.min(steps[rows[open - 1]] - done, capacity.steps);
      const x = new Float32Array(count * open * width);
      for (let t = 0; t < count; t++)
        for (let b = 0; b < open; b++) input(x, (t * open + b) * width, rows[b], done + t);
      const output = network.forward(x, count, open, state);
      const after = network.finalState();
      done += count;
      let left = open;
      while (left > 0 && steps[rows[left - 1]] === done) {
        left--;
        const at = ((count - 1) * open + left) * outputs;
        ended(rows[left], output.subarray(at, at + outputs), stateOfRow(after, left, H));
      }
      if (left > 0) {
        const part = (all: Float32Array) => all.subarray(0, left * H);
        state = left === open ? after : after.map(({ h, c }) => ({ h: part(h), c: c && part(c) }));
      }
      open = left;
    }
  }
}

/** What a network of the plan looks like that is shown so many numbers at each step. */
export function networkSpec(plan: RecurrentPlan, inputs: number): QuantileNetworkSpec {
  const { cell, hiddenSize, layers, horizon, levels } = plan;
  return { cell, inputSize: inputs, hiddenSize, layers, horizon, levels };
}

/** States of some rows, [layers·H] each → states of the layers, [rows, H] each. */
function joinedState(rows: readonly States[], layers: number): QuantileState {
  if (rows.length === 1 && layers === 1) return rows;
  const H = rows[0].h.length / layers;
  return Array.from({ length: layers }, (_, layer) => {
    const join = (part: (state: States) => Float32Array) => {
      const joined = new Float32Array(rows.length * H);
      rows.forEach((row, b) => {
        joined.set(part(row).subarray(layer * H, (layer + 1) * H), b * H);
      });
      return joined;
    };
    return { h: join(({ h }) => h), c: rows[0].c && join(({ c }) => c as Float32Array) };
  });
}

function stateOfRow(layers: QuantileState, row: number, H: number): States {
  if (layers.length === 1 && layers[0].h.length === H) return layers[0];
  const take = (part: (layer: QuantileState[number]) => Float32Array) => {
    const taken = new Float32Array(layers.length * H);
    layers.forEach((layer, l) => {
      taken.set(part(layer).subarray(row * H, (row + 1) * H), l * H);
    });
    return taken;
  };
  return { h: take(({ h }) => h), c: layers[0].c && take(({ c }) => c as Float32Array) };
}
