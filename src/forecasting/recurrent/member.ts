import { QuantileNetwork, type SequenceBatch, type Tensors } from '../../nn/quantile-network.js';
import { Random } from '../../random.js';
import { type LinearSkip, skipRemover } from './linear-skip.js';
import type { RecurrentPlan } from './plan.js';
import { networkSpec, readRuns } from './reading.js';
import { gatherBatch, inputSize, type WindowSet } from './window-set.js';

/** What training one member reports while it runs. */
export interface TrainingProgress {
  readonly update: number;
  readonly maxUpdates: number;
  /** Mean pinball loss of the last updates, local units. */
  readonly loss: number;
  readonly validationLoss: number | null;
}

/** One trained network of the ensemble. */
export interface TrainedMember {
  readonly tensors: Tensors;
  /** Updates after which these parameters stood. */
  readonly updates: number;
  readonly trainingLoss: number;
  readonly validationLoss: number | null;
}

const CHECK_EVERY = 10;
/** Checks without a better validation loss before training ends. */
const PATIENCE = 8;

/** What one member is trained for: its view is already in the sets. */
export interface MemberTraining {
  readonly plan: RecurrentPlan;
  /** What the linear path leaves is what the network learns. */
  readonly skip: LinearSkip;
  readonly training: WindowSet;
  /** For early stopping; null to make all updates. */
  readonly validation: WindowSet | null;
  readonly updates: number;
  readonly seed: string;
}

/**
 * Trains one member with Adam under a cosine learning rate. With a validation set the best parameters by its
 * pinball loss are kept and training ends early once they stop improving; without, all `updates` are made.
 * Depends on nothing but its arguments: the same bytes on any thread.
 */
export function trainMember(
  { plan, skip, training, validation, updates, seed }: MemberTraining,
  report: (progress: TrainingProgress) => void,
  threads = 1,
): TrainedMember {
  const random = new Random(seed);
  const rows = training.steps.length;
  const batchRows = Math.min(plan.batchRows, rows);
  const takeOff = skipRemover(skip);
  const residual = (batch: SequenceBatch) => {
    takeOff(batch.target, batch.x);
    return batch;
  };
  const judge = validation ? residual(wholeSet(validation)) : null;
  const steps = Math.max(longestRun(training), judge?.steps ?? 0);
  const network = new QuantileNetwork(networkSpec(plan, inputSize(training)), {
    steps,
    batch: Math.max(batchRows, judge?.batch ?? 0),
    training: true,
    threads,
  });
  network.initialise(random.fork('weights'));
  const nextBatch = batches(training, batchRows, random.fork('order'), residual);

  let best: TrainedMember | null = null;
  let checksSinceBest = 0;
  let loss = Number.NaN;
  for (let update = 1; update <= updates; update++) {
    const batch = nextBatch();
    if (batch) network.setBatch(batch);
    loss = network.trainStep({
      learningRate: cosineRate(plan, update),
      weightDecay: plan.weightDecay,
      clipNorm: plan.clipNorm,
    });
    if (update % CHECK_EVERY !== 0 && update !== updates) continue;
    let validationLoss: number | null = null;
    if (judge) {
      network.setBatch(judge);
      validationLoss = network.loss();
      nextBatch.reset();
      if (best === null || validationLoss < (best.validationLoss ?? 0)) {
        best = { tensors: network.stateDict(), updates: update, trainingLoss: loss, validationLoss };
        checksSinceBest = 0;
      } else checksSinceBest++;
    }
    report({ update, maxUpdates: updates, loss, validationLoss });
    if (checksSinceBest >= PATIENCE) break;
  }
  return best ?? { tensors: network.stateDict(), updates, trainingLoss: loss, validationLoss: null };
}

/** The answers [rows][Q·K] of a member, its linear path included, at the end of each run. */
export function predictRuns(
  plan: RecurrentPlan,
  skip: LinearSkip,
  tensors: Tensors,
  set: WindowSet,
  threads = 1,
): Float32Array {
  return readRuns(plan, skip, tensors, set, threads).answers;
}

/** η_u = η/100 + 0.99·η·½(1 + cos(π·u/U)). Source: Loshchilov & Hutter 2017. The cosine by its Taylor series: the same bits anywhere. */
function cosineRate(plan: RecurrentPlan, update: number): number {
  const angle = Math.PI * (update / plan.maxUpdates - 0.5);
  // cos(πu) = −sin(π(u − ½)), |angle| ≤ π/2: eleven terms are below 1e-12.
  let term = angle;
  let sine = angle;
  for (let k = 1; k <= 8; k++) {
    term *= (-angle * angle) / (2 * k * (2 * k + 1));
    sine += term;
  }
  return plan.learningRate * (0.01 + 0.99 * 0.5 * (1 - sine));
}

function longestRun(set: WindowSet): number {
  return set.steps.reduce((most, steps) => Math.max(most, steps), 0);
}

function wholeSet(set: WindowSet) {
  return gatherBatch(
    set,
    Int32Array.from({ length: set.steps.length }, (_, row) => row),
  );
}

/** Shuffled mini-batches for ever; null means the batch in the network is still the right one. */
function batches(set: WindowSet, batchRows: number, random: Random, prepared: (batch: SequenceBatch) => SequenceBatch) {
  const rows = set.steps.length;
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const whole = batchRows >= rows ? prepared(wholeSet(set)) : null;
  let next = rows;
  let loaded = false;
  const draw = () => {
    if (whole) {
      if (loaded) return null;
      loaded = true;
      return whole;
    }
    if (next + batchRows > rows) {
      random.shuffle(order);
      next = 0;
    }
    next += batchRows;
    return prepared(gatherBatch(set, order.subarray(next - batchRows, next)));
  };
  draw.reset = () => {
    loaded = false;
  };
  return draw;
}
