import type { Tensors } from '../../nn/quantile-network.js';
import type { Quantiles } from '../quantiles.js';
import type { TaskRunner } from '../tasks.js';
import type { TrainedMember, TrainingProgress } from './member.js';
import type { RecurrentPlan } from './plan.js';
import { forecastRun, joinRuns, type Origin, toSeriesUnits, trainingRuns, type WindowSet } from './window-set.js';

/** Runs for the early-stopping check at the most, spread evenly over all. */
const MOST_JUDGED = 512;

/** How far the training of a whole ensemble is. */
export interface EnsembleProgress {
  /** 0…1 of this training. */
  readonly fraction: number;
  /** Mean training loss of the members that have reported. */
  readonly loss: number;
}

interface Running {
  readonly runner: TaskRunner;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EnsembleProgress) => void) | undefined;
}

/** A point from which to forecast: the values before it, and those after where they are known. */
export interface Cut {
  readonly history: Float64Array;
  readonly future?: Float64Array;
}

/** A trained ensemble; every member has the same plan. */
export interface Ensemble {
  readonly plan: RecurrentPlan;
  readonly season: number;
  readonly members: readonly Tensors[];
}

/** What training an ensemble gave, besides the ensemble. */
export interface EnsembleTraining {
  readonly ensemble: Ensemble;
  readonly trained: readonly TrainedMember[];
}

/**
 * Trains `plan.members` networks that differ in their seed only.
 * @param histories the values that may be learnt from
 * @param validation cuts with known futures for early stopping; empty to make exactly `updates` updates
 */
export async function trainEnsemble(
  plan: RecurrentPlan,
  season: number,
  histories: readonly Float64Array[],
  validation: readonly Cut[],
  updates: number,
  seed: string,
  running: Running,
): Promise<EnsembleTraining> {
  const runs = histories.flatMap((y) => trainingRuns(y, season, plan));
  const training = joinRuns(runs, plan.inputSteps, plan.horizon);
  const stride = Math.max(1, Math.ceil(validation.length / MOST_JUDGED));
  const judged = validation.filter((_, i) => i % stride === 0);
  const judge = judged.length > 0 ? forecastSet(plan, season, judged).set : null;
  const progress = new ProgressMean(plan.members, running.onProgress);
  const trained = await running.runner.run<'train'>(
    Array.from({ length: plan.members }, (_, member) => ({
      kind: 'train' as const,
      plan,
      training,
      validation: judge,
      updates,
      seed: `${seed}/member-${member}`,
    })),
    { signal: running.signal, onProgress: (task, report) => progress.report(task, report) },
  );
  return { ensemble: { plan, season, members: trained.map(({ tensors }) => tensors) }, trained };
}

/** Quantile forecasts from every cut: the mean of the members' answers, in the units of the series. */
export async function predictEnsemble(
  { plan, season, members }: Ensemble,
  cuts: readonly Cut[],
  running: Running,
): Promise<Quantiles[]> {
  if (cuts.length === 0) return [];
  const { set, origins } = forecastSet(plan, season, cuts);
  const answers = await running.runner.run<'predict'>(
    members.map((tensors) => ({ kind: 'predict' as const, plan, tensors, set })),
    { signal: running.signal },
  );
  const width = plan.levels.length * plan.horizon;
  return origins.map((origin, row) => {
    const mean = new Float64Array(width);
    for (const answer of answers) for (let i = 0; i < width; i++) mean[i] += answer[row * width + i] / answers.length;
    return toSeriesUnits(mean, origin, plan);
  });
}

/** Updates for training on everything: the median of where the members were best. */
export function medianUpdates(trained: readonly TrainedMember[]): number {
  const updates = trained.map((member) => member.updates).sort((a, b) => a - b);
  return updates[Math.floor(updates.length / 2)];
}

/** Trainable values of one member. */
export function parameterCount({ members }: Ensemble): number {
  let count = 0;
  for (const [name, { shape }] of members[0]) {
    // PyTorch's second bias is kept at zero.
    if (!name.startsWith('lstm.bias_hh')) count += shape.reduce((product, length) => product * length, 1);
  }
  return count;
}

function forecastSet(plan: RecurrentPlan, season: number, cuts: readonly Cut[]): { set: WindowSet; origins: Origin[] } {
  const runs = cuts.map(({ history, future }) => forecastRun(history, season, plan, future));
  return {
    set: joinRuns(
      runs.map(({ run }) => run),
      plan.inputSteps,
      plan.horizon,
    ),
    origins: runs.map(({ origin }) => origin),
  };
}

/** Averages the members' reports. */
class ProgressMean {
  readonly #fractions: Float64Array;
  readonly #losses: Float64Array;
  readonly #listener: ((progress: EnsembleProgress) => void) | undefined;

  constructor(members: number, listener?: (progress: EnsembleProgress) => void) {
    this.#fractions = new Float64Array(members);
    this.#losses = new Float64Array(members).fill(Number.NaN);
    this.#listener = listener;
  }

  report(member: number, { update, maxUpdates, loss }: TrainingProgress): void {
    this.#fractions[member] = update / maxUpdates;
    this.#losses[member] = loss;
    const reported = this.#losses.filter((value) => !Number.isNaN(value));
    this.#listener?.({
      fraction: this.#fractions.reduce((sum, value) => sum + value, 0) / this.#fractions.length,
      loss: reported.reduce((sum, value) => sum + value, 0) / reported.length,
    });
  }
}
