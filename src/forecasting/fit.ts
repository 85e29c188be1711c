import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { observedSpan } from '../series/scaling.js';
import type { BaselineName } from './baselines/index.js';
import { type Columns, columnsOf } from './columns.js';
import { type Component, type ForecastContext, isBaseline, isReference, suitsNetwork } from './components.js';
import { cutAt, type Preparation } from './cuts.js';
import { type ExplainedModel, fitExplained } from './explained.js';
import { type History, type Season, seasonLengths } from './history.js';
import { type InputRecipe, inputRecipe, inputWidth } from './inputs.js';
import { type Live, liveAfter } from './live.js';
import type { Settings } from './options.js';
import { quantileLevels } from './quantiles.js';
import { type Ensemble, medianUpdates, parameterCount, predictGroups, trainEnsemble } from './recurrent/ensemble.js';
import { planRecurrent, type RecurrentPlan } from './recurrent/plan.js';
import { describeData, type FitReport, verdictOf } from './report.js';
import {
  candidateComponents,
  meanErrors,
  referenceFor,
  type Selection,
  select,
  type ValidationCut,
  weighViews,
} from './selection.js';
import type { TaskRunner } from './tasks.js';
import { validationOrigins } from './validation.js';

/** How far a fit is. */
export interface FitProgress {
  /** `validate`: training on the part before the rolling origins; `train`: training on everything. */
  readonly phase: 'validate' | 'train';
  /** 0…1 of the whole fit. */
  readonly fraction: number;
  /** Mean training loss (pinball, local units). */
  readonly loss: number;
}

export interface FitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** Everything that a fit leaves behind; enough to forecast again. */
export interface FittedState {
  readonly settings: Settings;
  readonly axis: TimeAxis;
  readonly columns: Columns;
  readonly season: Season;
  readonly histories: readonly History[];
  readonly inputs: InputRecipe;
  /** What future covariates explain; null where there are none, or where they did not help. */
  readonly explained: ExplainedModel | null;
  readonly ensemble: Ensemble | null;
  /** Where the networks stand after the histories; null without networks. */
  readonly live: Live | null;
  /** Components that the model is blended from. */
  readonly components: readonly Component[];
  readonly weights: Selection['weights'];
  readonly calibration: Selection['calibration'];
  readonly report: FitReport;
}

/** What the training for validation taught. */
interface Rehearsal {
  readonly ensemble: Ensemble;
  /** Updates after which the members were best. */
  readonly updates: number;
}

/** Series whose origins are looked at, at the most: more would cost time and tell nothing new. */
const MOST_VALIDATED = 2048;

/** One fit, from the histories to the fitted state. */
export class Fit {
  readonly #settings: Settings;
  readonly #frame: SeriesFrame;
  readonly #histories: readonly History[];
  readonly #season: Season;
  readonly #runner: TaskRunner;
  readonly #options: FitOptions;
  readonly #levels: readonly number[];

  constructor(
    settings: Settings,
    frame: SeriesFrame,
    histories: readonly History[],
    season: Season,
    runner: TaskRunner,
    options: FitOptions,
  ) {
    this.#settings = settings;
    this.#frame = frame;
    this.#histories = histories;
    this.#season = season;
    this.#runner = runner;
    this.#options = options;
    this.#levels = quantileLevels(settings.levels);
  }

  async run(): Promise<FittedState> {
    const settings = this.#settings;
    const inputs = inputRecipe(this.#frame, this.#histories, this.#season.length);
    const plan = this.#plan(inputWidth(inputs));
    const { blended, reference } = this.#components();
    const { cuts, helps } = await this.#chosenCuts(inputs);
    const rehearsal = plan && cuts.length > 0 ? await this.#rehearse(plan, cuts) : null;
    const selection = await select(
      settings.model,
      [...blended, ...reference],
      blended.length,
      cuts,
      this.#histories.length,
      settings.levels,
      this.#context(rehearsal?.ensemble ?? null),
    );
    const explained = helps ? this.#explain(this.#histories.map(({ y }) => y.length)) : null;
    const ensemble = plan ? await this.#trainOnAll(plan, rehearsal, { inputs, explained }) : null;
    const live = ensemble ? await this.#live(ensemble, inputs, explained) : null;
    const updates = rehearsal?.updates ?? plan?.maxUpdates ?? 0;
    const state = {
      settings,
      axis: this.#frame.axis,
      columns: columnsOf(this.#frame),
      season: this.#season,
      histories: this.#histories,
      inputs,
      explained,
      ensemble,
      live,
      components: blended,
      weights: selection.weights,
      calibration: selection.calibration,
    };
    return { ...state, report: this.#report(state, selection, cuts, updates) };
  }

  /** Null where nothing is to be trained. */
  #plan(extraSize: number): RecurrentPlan | null {
    const { model, horizon, budget } = this.#settings;
    const suited = this.#histories.filter(({ y }) => suitsNetwork(y));
    const cell = model === 'auto' ? 'lstm' : model;
    if (isBaseline(cell) || suited.length === 0) return null;
    return planRecurrent({
      cell,
      horizon,
      seasons: seasonLengths(this.#season),
      lengths: suited.map(({ y }) => y.length),
      extraSize,
      budgetSeconds: budget,
    });
  }

  #components(): { blended: Component[]; reference: Component[] } {
    const candidates = candidateComponents(this.#season.length);
    const { model } = this.#settings;
    if (model === 'auto') return candidates;
    const others = [...candidates.blended, ...candidates.reference].filter(
      (name) => name !== model && isBaseline(name),
    );
    return { blended: [model], reference: others };
  }

  /** The rolling origins, without what future covariates explain if that makes simple forecasts better. */
  async #chosenCuts(inputs: InputRecipe): Promise<{ cuts: ValidationCut[]; helps: boolean }> {
    const plain = this.#validationCuts(inputs, null);
    if (this.#frame.covariates.future.length === 0 || isReference(this.#settings.model))
      return { cuts: plain, helps: false };
    const firsts = new Map(plain.filter(({ origin }) => origin === 0).map(({ series, y }) => [series, y.length]));
    const explained = this.#explain(this.#histories.map(({ y }, series) => firsts.get(series) ?? y.length));
    const cuts = this.#validationCuts(inputs, explained);
    if (cuts.length === 0) return { cuts, helps: true };
    const judged = (sample: readonly ValidationCut[]) => meanErrors(this.#judges(), sample, this.#context(null));
    return (await judged(cuts)) < (await judged(plain)) ? { cuts, helps: true } : { cuts: plain, helps: false };
  }

  #preparation(inputs: InputRecipe, explained: ExplainedModel | null): Preparation {
    return { axis: this.#frame.axis, inputs, explained, source: this.#frame.source };
  }

  /** Simple methods that tell whether covariates help: good without training. */
  #judges(): BaselineName[] {
    return this.#season.length > 1 ? ['seasonal-naive', 'theta'] : ['naive', 'theta'];
  }

  #explain(lengths: readonly number[]): ExplainedModel {
    const { axis, covariates } = this.#frame;
    return fitExplained(this.#histories, lengths, axis, covariates.future, this.#season.length);
  }

  /** Rolling origins of the series, or of an even sample where there are very many. */
  #validationCuts(inputs: InputRecipe, explained: ExplainedModel | null): ValidationCut[] {
    const { horizon } = this.#settings;
    const stride = Math.ceil(this.#histories.length / MOST_VALIDATED);
    return this.#histories.flatMap((history, series) => {
      if (series % stride !== 0) return [];
      return (
        validationOrigins(history.y.length, horizon)
          .map((length) => {
            // A forecast origin is an observed value.
            const { end } = observedSpan(history.y.subarray(0, length));
            const actual = history.y.slice(end, end + horizon);
            const cut = cutAt(history, end, actual.length, this.#preparation(inputs, explained), series);
            return { ...cut, actual, future: actual.map(cut.remove) };
          })
          // Before a long gap there may be nothing to compare with.
          .filter(({ actual }) => actual.some((value) => !Number.isNaN(value)))
          .map((cut, origin) => ({ ...cut, series, origin }))
      );
    });
  }

  /**
   * Trains on what lies before the first origin of each series; the rolling origins decide when to stop, how much the linear
   * paths are held back, and how much each view counts.
   */
  async #rehearse(plan: RecurrentPlan, cuts: readonly ValidationCut[]): Promise<Rehearsal | null> {
    const before = cuts.filter(({ origin, y }) => origin === 0 && suitsNetwork(y));
    const suited = cuts.filter(({ y }) => suitsNetwork(y));
    if (before.length === 0) return null;
    const running = this.#running('validate', 0, 0.4);
    const { ensemble, trained } = await trainEnsemble(
      plan,
      {
        examples: before,
        validation: suited,
        updates: plan.maxUpdates,
        members: plan.rehearsalMembers,
        penalties: null,
        seed: `${this.#settings.seed}/validate`,
      },
      running,
    );
    const forecasts = await predictGroups(ensemble, suited, this.#levels, running);
    const weights = weighViews(forecasts, suited);
    const groups = ensemble.groups.map((group, v) => ({ ...group, weight: weights[v] }));
    return { ensemble: { plan, groups }, updates: medianUpdates(trained) };
  }

  /** The final training: on everything, with the views that counted in the rehearsal. */
  async #trainOnAll(
    plan: RecurrentPlan,
    rehearsal: Rehearsal | null,
    { inputs, explained }: { inputs: InputRecipe; explained: ExplainedModel | null },
  ): Promise<Ensemble> {
    const kept = plan.views.map((_, v) => v).filter((v) => rehearsal?.ensemble.groups[v].weight !== 0);
    const chosen = { ...plan, views: kept.map((v) => plan.views[v]) };
    const { ensemble } = await trainEnsemble(
      chosen,
      {
        examples: this.#histories
          .map((history, s) => cutAt(history, history.y.length, 0, this.#preparation(inputs, explained), s))
          .filter(({ y }) => suitsNetwork(y)),
        validation: [],
        updates: rehearsal?.updates ?? plan.maxUpdates,
        members: plan.members,
        penalties: rehearsal ? kept.map((v) => rehearsal.ensemble.groups[v].skip.penalty) : null,
        seed: `${this.#settings.seed}/train`,
      },
      this.#running('train', rehearsal ? 0.4 : 0, rehearsal ? 0.6 : 1),
    );
    if (!rehearsal) return ensemble;
    const groups = ensemble.groups.map((group, g) => ({ ...group, weight: rehearsal.ensemble.groups[kept[g]].weight }));
    return { plan: chosen, groups };
  }

  /** The networks read all histories once more: the forecast is known then, and an update goes on from there. */
  #live(ensemble: Ensemble, inputs: InputRecipe, explained: ExplainedModel | null): Promise<Live> {
    const whole = this.#histories.map((history, series) => ({ history, length: history.y.length, series }));
    const running = { runner: this.#runner, signal: this.#options.signal };
    return liveAfter(ensemble, whole, this.#preparation(inputs, explained), running);
  }

  #running(phase: FitProgress['phase'], done: number, share: number) {
    const { signal, onProgress } = this.#options;
    return {
      runner: this.#runner,
      signal,
      onProgress: ({ fraction, loss }: { fraction: number; loss: number }) =>
        onProgress?.({ phase, fraction: done + share * fraction, loss }),
    };
  }

  #context(ensemble: Ensemble | null): ForecastContext {
    return {
      horizon: this.#settings.horizon,
      season: this.#season.length,
      levels: this.#levels,
      ensemble,
      runner: this.#runner,
      signal: this.#options.signal,
    };
  }

  #report(
    state: Omit<FittedState, 'report'>,
    selection: Selection,
    cuts: readonly ValidationCut[],
    updates: number,
  ): FitReport {
    const { settings, ensemble, components, weights } = state;
    const plan = ensemble?.plan ?? null;
    const windows = cuts.reduce((most, { origin }) => Math.max(most, origin + 1), 0);
    const scores = Object.fromEntries(selection.scores);
    const blend = Object.fromEntries(
      components.map((name, m) => [
        name,
        weights.perSeries.reduce((sum, row) => sum + row[m] / weights.perSeries.length, 0),
      ]),
    );
    const suited = this.#histories.filter(({ y }) => suitsNetwork(y));
    const runs = plan ? suited.reduce((sum, { y }) => sum + Math.ceil(y.length / plan.segmentSteps), 0) : 1;
    return {
      data: describeData(this.#frame, this.#histories, this.#season),
      model: {
        name: settings.model,
        cell: plan?.cell ?? null,
        hiddenSize: plan?.hiddenSize ?? null,
        layers: plan?.layers ?? null,
        parameters: ensemble ? parameterCount(ensemble) : 0,
        members: ensemble?.groups.reduce((sum, { members }) => sum + members.length, 0) ?? 0,
        blend,
      },
      training: {
        epochs: plan ? Math.ceil((updates * plan.batchRows) / runs) : 0,
        updates: plan ? updates : 0,
        stopped: plan ? (updates < plan.maxUpdates ? 'early' : 'planned') : 'none',
        fallback: components.some((name) => !isBaseline(name))
          ? this.#histories.filter(({ y }) => !suitsNetwork(y)).map(({ id }) => id)
          : [],
      },
      validation: {
        windows,
        scores,
        test: selection.test && { against: referenceFor(this.#season.length), ...selection.test },
        coverage: Object.fromEntries(settings.levels.map((level, i) => [String(level), selection.coverage[i]])),
      },
      verdict: verdictOf(settings.model, this.#season.length, blend, scores, windows, {
        ...(selection.test && { p: selection.test.p }),
        crossFitted: selection.crossFitted,
      }),
    };
  }
}
