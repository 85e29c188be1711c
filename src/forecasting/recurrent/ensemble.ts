import type { Tensors } from '../../nn/quantile-network.js';
import { blendQuantiles, type Quantiles } from '../quantiles.js';
import type { TaskRunner } from '../tasks.js';
import { type LinearSkip, PENALTIES, USUAL_PENALTY } from './linear-skip.js';
import type { TrainedMember, TrainingProgress } from './member.js';
import type { RecurrentPlan, View } from './plan.js';
import { type Example, forecastSet, toSeriesUnits, trainingSet, type WindowSet } from './window-set.js';

/** Runs for the early-stopping check at the most, spread evenly over all. */
const MOST_JUDGED = 512;

/** Cuts from which on a penalty is chosen by them: the best of five at a single origin is luck. */
const FEWEST_TO_CHOOSE = 12;

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

/**
 * A point from which to forecast: the values before it, and those after where they are known, both without what covariates
 * explain.
 */
export interface Cut extends Example {
  readonly future?: Float64Array;
  /** The values before it as they are; left out where nothing was explained. */
  readonly original?: Float64Array;
  /** A forecast of step k (from 0) → units of the series. */
  readonly restore?: (value: number, step: number) => number;
}

/** The networks of one view, and the linear path that they share. */
export interface Group {
  readonly skip: LinearSkip;
  readonly members: readonly Tensors[];
  /** Share in the mean of all groups. */
  readonly weight: number;
}

/** A trained ensemble: a group for each view of the plan. */
export interface Ensemble {
  readonly plan: RecurrentPlan;
  readonly groups: readonly Group[];
}

/** What training an ensemble gave, besides the ensemble. */
export interface EnsembleTraining {
  readonly ensemble: Ensemble;
  readonly trained: readonly TrainedMember[];
}

/** What is to be trained. */
export interface TrainingRequest {
  readonly examples: readonly Example[];
  /** Cuts with known futures for early stopping and to choose penalties by; empty to make exactly `updates` updates. */
  readonly validation: readonly Cut[];
  readonly updates: number;
  /** Networks of each view. */
  readonly members: number;
  /** Of the linear paths, view by view; null to choose them. */
  readonly penalties: readonly number[] | null;
  readonly seed: string;
}

/** Trains `members` networks of each view, which differ in their seed only. */
export async function trainEnsemble(
  plan: RecurrentPlan,
  { examples, validation, updates, members, penalties, seed }: TrainingRequest,
  running: Running,
): Promise<EnsembleTraining> {
  const stride = Math.max(1, Math.ceil(validation.length / MOST_JUDGED));
  const judged = validation.filter((_, i) => i % stride === 0);
  const sets = plan.views.map((view) => ({
    training: trainingSet(examples, view, plan),
    validation: judged.length > 0 ? judgedSet(judged, view, plan) : null,
  }));
  const skips = await running.runner.run<'skip'>(
    sets.map((set, v) => ({
      kind: 'skip' as const,
      ...set,
      penalties: penalties ? [penalties[v]] : judged.length >= FEWEST_TO_CHOOSE ? PENALTIES : [USUAL_PENALTY],
    })),
    { signal: running.signal },
  );
  const progress = new ProgressMean(members * sets.length, running.onProgress);
  const tasks = sets.flatMap((set, v) =>
    Array.from({ length: members }, (_, member) => ({
      kind: 'train' as const,
      plan,
      skip: skips[v],
      ...set,
      updates,
      seed: `${seed}/view-${v}/member-${member}`,
    })),
  );
  const trained = await running.runner.run<'train'>(tasks, {
    signal: running.signal,
    onProgress: (task, report) => progress.report(task, report),
  });
  const groups = skips.map((skip, v) => ({
    skip,
    members: trained.slice(v * members, (v + 1) * members).map(({ tensors }) => tensors),
    weight: 1 / skips.length,
  }));
  return { ensemble: { plan, groups }, trained };
}

/** Quantile forecasts of each group from every cut: the mean of its members' answers, in the units of the series. */
export async function predictGroups(
  { plan, groups }: Ensemble,
  cuts: readonly Cut[],
  levels: readonly number[],
  running: Running,
): Promise<Quantiles[][]> {
  if (cuts.length === 0) return groups.map(() => []);
  const sets = plan.views.map((view) => forecastSet(cuts, view, plan));
  const answers = await running.runner.run<'predict'>(
    groups.flatMap(({ skip, members }, v) =>
      members.map((tensors) => ({ kind: 'predict' as const, plan, skip, tensors, set: sets[v].set })),
    ),
    { signal: running.signal },
  );
  const width = plan.levels.length * plan.horizon;
  let next = 0;
  return groups.map(({ members }, v) => {
    const own = answers.slice(next, next + members.length);
    next += members.length;
    return sets[v].origins.map((origin, row) => {
      const mean = new Float64Array(width);
      for (const answer of own) for (let i = 0; i < width; i++) mean[i] += answer[row * width + i] / own.length;
      return toSeriesUnits(mean, origin, plan, levels);
    });
  });
}

/** Quantile forecasts from every cut: the weighted mean of the groups' quantiles. */
export async function predictEnsemble(
  ensemble: Ensemble,
  cuts: readonly Cut[],
  levels: readonly number[],
  running: Running,
): Promise<Quantiles[]> {
  const forecasts = await predictGroups(ensemble, cuts, levels, running);
  const weights = ensemble.groups.map(({ weight }) => weight);
  return cuts.map((_, cut) =>
    blendQuantiles(
      forecasts.map((group) => group[cut]),
      weights,
    ),
  );
}

/** Updates for training on everything: the median of where the members were best. */
export function medianUpdates(trained: readonly TrainedMember[]): number {
  const updates = trained.map((member) => member.updates).sort((a, b) => a - b);
  return updates[Math.floor(updates.length / 2)];
}

/** Trainable values of one member of the first view, its linear path included. */
export function parameterCount({ plan, groups: [{ skip, members }] }: Ensemble): number {
  return skip.weight.length + skip.bias.length + memberParameters(plan, members[0]);
}

/** Trainable values of one network without the linear path. */
export function memberParameters({ cell }: RecurrentPlan, member: Tensors): number {
  let count = 0;
  for (const [name, { shape }] of member) {
    // PyTorch's second bias is kept at zero, but for a part of the GRU's.
    if (!name.includes('.bias_hh') || cell === 'gru') count += shape.reduce((product, length) => product * length, 1);
  }
  return count;
}

function judgedSet(cuts: readonly Cut[], view: View, plan: RecurrentPlan): WindowSet {
  return forecastSet(
    cuts,
    view,
    plan,
    cuts.map(({ future }) => future ?? []),
  ).set;
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
