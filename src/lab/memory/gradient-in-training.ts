/** How the reach of a gradient changes while a cell learns a task: a picture of lag by training step. */
import { usageError } from '../../errors.js';
import { Random } from '../../random.js';
import type { SequenceBatch, SequenceTask } from '../tasks/sequence-task.js';
import { LAB_CELLS } from '../training/cells.js';
import { networkFor } from '../training/network-for.js';
import { settleRun, type TaskRunOptions } from '../training/run.js';
import { gradientByLag } from './gradient-by-lag.js';
import { type LayerWeights, layerWeights, type MemoryCell } from './layer-weights.js';
import { NetworkRun } from './network-run.js';
import { quartiles } from './quartiles.js';

/** A cell of LAB_CELLS is trained as trainOnTask does, 1000 updates by default. */
export interface GradientInTrainingOptions
  extends Pick<TaskRunOptions, 'task' | 'cell' | 'length' | 'hiddenSize' | 'updates' | 'batch'> {
  /** Updates between two measurements; a fortieth of them by default. */
  readonly every?: number | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
}

/** One measurement on the way. */
export interface GradientInTrainingPoint {
  readonly updates: number;
  /** On a test batch, in the task's measure. */
  readonly score: number;
  /**
   * By lag from 0 on: log10 of the share of ‖∂L/∂C_T‖ (‖∂L/∂h_T‖ where there is no C) that is left, T the last step and L the
   * network's answer there; the median over some sequences.
   */
  readonly kept: Float64Array;
}

export interface GradientInTraining {
  readonly cell: string;
  readonly task: string;
  readonly length: number;
  readonly hiddenSize: number;
  readonly measure: SequenceTask['measure'];
  readonly points: readonly GradientInTrainingPoint[];
}

/** Sequences that the gradient is followed back on. */
const FOLLOWED = 8;
/** Training steps, where their number is not given. */
const USUAL_UPDATES = 1000;

/**
 * Trains a cell as trainOnTask does, to the end, and measures on the way. Equal options give equal results.
 * @param report hears of every measurement
 * @throws usage error `unknown_task`, `unknown_cell`, `bad_option`
 */
export function gradientInTraining(
  options: GradientInTrainingOptions,
  report: (point: GradientInTrainingPoint, fraction: number) => void = () => {},
): GradientInTraining {
  const { every: given, seed = 1, updates: wished = USUAL_UPDATES, ...run } = options;
  const { definition, settled } = settleRun({ ...run, seed, updates: wished });
  const { cell, length, hiddenSize, updates, batch, learningRate, clipNorm } = settled;
  if (!Object.hasOwn(LAB_CELLS, cell))
    throw usageError(
      'unknown_cell',
      `"${cell}" is not trained by gradients; use one of ${Object.keys(LAB_CELLS).join(', ')}.`,
    );
  const every = given ?? Math.max(1, Math.round(updates / 40));
  if (!(Number.isSafeInteger(every) && every >= 1))
    throw usageError('bad_option', `every is ${every}; it must be a whole number ≥ 1.`);
  const random = new Random(seed);
  const task = definition.make(length, random.fork('task'));
  const network = networkFor(task, settled, random.fork('network'), { batch });
  const test = task.draw(random.fork('test'), batch);
  const sequences = random.fork('sequences');
  const points: GradientInTrainingPoint[] = [];
  for (let update = 0; update <= updates; update++) {
    if (update > 0) network.trainStep(task.draw(sequences, batch), { learningRate, clipNorm });
    if (update % every !== 0) continue;
    const score = task.score(network.forward(test), test);
    const point = { updates: update, score, kept: keptNow(network.parameters(), cell, hiddenSize, test) };
    points.push(point);
    report(point, update / updates);
  }
  return { cell, task: options.task, length: test.steps, hiddenSize, measure: task.measure, points };
}

/** Median over some sequences of the test batch. */
function keptNow(
  parameters: ReadonlyMap<string, Float32Array>,
  cell: string,
  hiddenSize: number,
  test: SequenceBatch,
): Float64Array {
  const weights = weightsOf(parameters, cell, hiddenSize);
  const u = Float64Array.from((parameters.get('1.weight') as Float32Array).subarray(0, hiddenSize));
  const bptt = cell === 'lstm-short' ? 'short' : 'complete';
  const lines = Array.from({ length: Math.min(FOLLOWED, test.batch) }, (_, row) => {
    const { h, c } = gradientByLag(new NetworkRun([weights], sequenceOf(test, row)), u, test.steps - 1, bptt);
    const norms = c && bptt === 'complete' ? c : h;
    return norms.map((value) => value - norms[0]);
  });
  return Float64Array.from(lines[0], (_, lag) => quartiles(lines.map((line) => line[lag])).median);
}

/** Names of the lab's cells → the cell in its textbook form. */
function weightsOf(parameters: ReadonlyMap<string, Float32Array>, name: string, hiddenSize: number): LayerWeights {
  const cell = name.split('-')[0].replace('irnn', 'rnn') as MemoryCell;
  const find = (part: string) => {
    if (part === 'bias_ih') return parameters.get('0.bias');
    const inside = parameters.get('0.bias_hn');
    if (part !== 'bias_hh' || !inside) return parameters.get(`0.${part}`);
    // A GRU's bias of n inside the product with r.
    const whole = new Float32Array(3 * hiddenSize);
    whole.set(inside, 2 * hiddenSize);
    return whole;
  };
  const form = {
    forgetGate: name !== 'lstm-1997',
    nonlinearity: name === 'irnn' ? ('relu' as const) : ('tanh' as const),
  };
  return layerWeights(cell, hiddenSize, find, form);
}

/** One sequence of a batch, [T][D]. */
function sequenceOf({ x, steps, batch }: SequenceBatch, row: number): Float64Array {
  const D = x.length / (steps * batch);
  return Float64Array.from({ length: steps * D }, (_, k) => x[(Math.floor(k / D) * batch + row) * D + (k % D)]);
}
