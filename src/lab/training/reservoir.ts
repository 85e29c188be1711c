/** Tasks on sequences by an echo state network: nothing is trained but the readout, by linear regression. */
import { ESN } from '../../nn/esn.js';
import { RidgeReadout } from '../../nn/ridge-readout.js';
import type { Random } from '../../random.js';
import type { SequenceBatch, SequenceTask } from '../tasks/sequence-task.js';
import { meanScore } from './mean-score.js';
import type { CurvePoint, SettledRun } from './run.js';

/** Rows of a regression, and sequences that it sees, at the most: more change little, and a reservoir is slow. */
const MOST_ROWS = 20_000;
const MOST_SEQUENCES = 4096;
const RIDGE = 1e-4;

/** Of the reservoir: near the edge where an echo does not fade, since here it is to last. */
const RESERVOIR = { spectralRadius: 0.99, leak: 1, inputScaling: 0.5, biasScaling: 0.1 };

/**
 * Drives a reservoir of `hiddenSize` units with the sequences and regresses the targets on [1; x_t; h_t] at the steps that ask for
 * something: classes as a unit for each, 1 or 0. A point of the learning curve for every doubling of the sequences.
 */
export function learnWithReservoir(
  task: SequenceTask,
  test: readonly SequenceBatch[],
  { hiddenSize: N, batch, updates }: SettledRun,
  random: Random,
  keep: (point: CurvePoint) => boolean,
): void {
  const { inputSize: D, outputSize: O, loss } = task;
  const seed = random.fork('network').nextUint32();
  const network = new ESN({ ...RESERVOIR, inputSize: D, outputSize: O, reservoirSize: N, seed });
  const readout = new RidgeReadout({ M: 1 + D + N, O }, RIDGE);
  const features = new Float64Array(1 + D + N);
  const wanted = new Float64Array(O);
  const answer = (part: SequenceBatch) => {
    const output = new Float32Array(part.steps * part.batch * O);
    drive(network, part, D, N, features, (row) => {
      if (Number.isNaN(part.target[loss === 'squared' ? row * O : row])) return;
      readout.predict(wanted, features);
      output.set(wanted, row * O);
    });
    return output;
  };
  const learn = (part: SequenceBatch) => {
    let rows = 0;
    drive(network, part, D, N, features, (row) => {
      const target = part.target[loss === 'squared' ? row * O : row];
      if (Number.isNaN(target)) return;
      if (loss === 'squared') wanted.set(part.target.subarray(row * O, (row + 1) * O));
      else wanted.fill(0).fill(1, target, target + 1);
      readout.learn(features, wanted, 0, 1);
      rows += 1;
    });
    return rows;
  };
  const sequences = random.fork('sequences');
  readout.begin();
  let rows = 0;
  const room = (update: number) => rows < MOST_ROWS && (update === 1 || update * batch <= MOST_SEQUENCES);
  for (let update = 1, next = 4; update <= updates && room(update); update++) {
    rows += learn(task.draw(sequences, batch));
    if (update < next && update < updates && room(update + 1)) continue;
    next *= 2;
    readout.finish(1);
    const point = { updates: update, sequences: update * batch, loss: Number.NaN };
    if (keep({ ...point, score: meanScore(task, test, answer) })) return;
  }
}

/** Runs over every sequence of a batch from the zero state; `visit` is called at each step, row t·B + b, with `features` filled. */
function drive(
  network: ESN,
  { steps, batch, x }: SequenceBatch,
  D: number,
  N: number,
  features: Float64Array,
  visit: (row: number) => void,
): void {
  const inputs = new Float64Array(steps * D);
  features[0] = 1;
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < steps; t++) for (let d = 0; d < D; d++) inputs[t * D + d] = x[(t * batch + b) * D + d];
    network.resetState();
    const states = network.harvest(inputs);
    for (let t = 0; t < steps; t++) {
      features.set(inputs.subarray(t * D, (t + 1) * D), 1);
      features.set(states.subarray(t * N, (t + 1) * N), 1 + D);
      visit(t * batch + b);
    }
  }
}
