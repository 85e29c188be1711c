import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { formatTimestamp } from '../series/timestamp.js';
import { type Component, type ForecastContext, suitsNetwork } from './components.js';
import { type History, type Season, timesOf } from './history.js';
import type { Settings } from './options.js';
import { quantileLevels } from './quantiles.js';
import { type Ensemble, medianUpdates, parameterCount, trainEnsemble } from './recurrent/ensemble.js';
import { planRecurrent, type RecurrentPlan } from './recurrent/plan.js';
import { type FitReport, verdictOf } from './report.js';
import { candidateComponents, type Selection, select, type ValidationCut } from './selection.js';
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
  readonly season: Season;
  readonly histories: readonly History[];
  readonly ensemble: Ensemble | null;
  /** Components that the model is blended from. */
  readonly components: readonly Component[];
  readonly weights: Selection['weights'];
  readonly calibration: Selection['calibration'];
  readonly report: FitReport;
}

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
    const plan = this.#plan();
    const { blended, reference } = this.#components();
    const cuts = this.#validationCuts();
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
    const updates = rehearsal ? rehearsal.updates : (plan?.maxUpdates ?? 0);
    const ensemble = plan ? await this.#trainOnAll(plan, updates, rehearsal !== null) : null;
    const state = {
      settings,
      axis: this.#frame.axis,
      season: this.#season,
      histories: this.#histories,
      ensemble,
      components: blended,
      weights: selection.weights,
      calibration: selection.calibration,
    };
    return { ...state, report: this.#report(state, selection, cuts, updates) };
  }

  /** Null where nothing is to be trained. */
  #plan(): RecurrentPlan | null {
    const { model, horizon, budget } = this.#settings;
    const suited = this.#histories.filter(({ y }) => suitsNetwork(y));
    if ((model !== 'auto' && model !== 'lstm') || suited.length === 0) return null;
    return planRecurrent({
      horizon,
      season: this.#season.length,
      lengths: suited.map(({ y }) => y.length),
      levels: this.#levels,
      budgetSeconds: budget,
    });
  }

  #components(): { blended: Component[]; reference: Component[] } {
    const candidates = candidateComponents(this.#season.length);
    const { model } = this.#settings;
    if (model === 'auto') return candidates;
    const others = [...candidates.blended, ...candidates.reference].filter((name) => name !== model && name !== 'lstm');
    return { blended: [model], reference: others };
  }

  #validationCuts(): ValidationCut[] {
    const { horizon } = this.#settings;
    return this.#histories.flatMap(({ y }, series) =>
      validationOrigins(y.length, horizon)
        .map((length) => {
          const history = trimmed(y.subarray(0, length));
          return { history, future: y.slice(history.length, history.length + horizon) };
        })
        // Before a long gap there may be nothing to compare with.
        .filter(({ future }) => future.some((value) => !Number.isNaN(value)))
        .map((cut, origin) => ({ ...cut, series, origin })),
    );
  }

  /** Trains on what lies before the first origin of each series; the rolling origins decide when to stop. */
  async #rehearse(plan: RecurrentPlan, cuts: readonly ValidationCut[]) {
    const before = cuts.filter(({ origin, history }) => origin === 0 && suitsNetwork(history));
    if (before.length === 0) return null;
    const { ensemble, trained } = await trainEnsemble(
      plan,
      this.#season.length,
      before.map(({ history }) => history),
      cuts.filter(({ history }) => suitsNetwork(history)),
      plan.maxUpdates,
      `${this.#settings.seed}/validate`,
      this.#running('validate', 0, 0.5),
    );
    return { ensemble, updates: medianUpdates(trained) };
  }

  async #trainOnAll(plan: RecurrentPlan, updates: number, rehearsed: boolean): Promise<Ensemble> {
    const { ensemble } = await trainEnsemble(
      plan,
      this.#season.length,
      this.#histories.filter(({ y }) => suitsNetwork(y)).map(({ y }) => y),
      [],
      updates,
      `${this.#settings.seed}/train`,
      this.#running('train', rehearsed ? 0.5 : 0, rehearsed ? 0.5 : 1),
    );
    return ensemble;
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
        cell: plan ? 'lstm' : null,
        hiddenSize: plan?.hiddenSize ?? null,
        layers: plan?.layers ?? null,
        parameters: ensemble ? parameterCount(ensemble) : 0,
        members: ensemble?.members.length ?? 0,
        blend,
      },
      training: {
        epochs: plan ? Math.ceil((updates * plan.batchRows) / runs) : 0,
        updates: plan ? updates : 0,
        stopped: plan ? (updates < plan.maxUpdates ? 'early' : 'planned') : 'none',
        fallback: components.includes('lstm')
          ? this.#histories.filter(({ y }) => !suitsNetwork(y)).map(({ id }) => id)
          : [],
      },
      validation: {
        windows,
        scores,
        coverage: Object.fromEntries(settings.levels.map((level, i) => [String(level), selection.coverage[i]])),
      },
      verdict: verdictOf(settings.model, this.#season.length, blend, scores, windows),
    };
  }
}

function describeData(frame: SeriesFrame, histories: readonly History[], season: Season): FitReport['data'] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const history of histories) {
    first = Math.min(first, timesOf(history, frame.axis, 0, 1)[0]);
    last = Math.max(last, timesOf(history, frame.axis, history.y.length - 1, 1)[0]);
  }
  return {
    target: frame.names.target,
    series: frame.series.length,
    rows: frame.rows,
    start: formatTimestamp(frame.axis, first),
    end: formatTimestamp(frame.axis, last),
    freq: frame.axis.freq.alias,
    season: season.length,
    seasonSource: season.source,
    missing: frame.missing,
  };
}

/** Without missing values at the end: a forecast origin is an observed value. */
function trimmed(y: Float64Array): Float64Array {
  let end = y.length;
  while (end > 0 && Number.isNaN(y[end - 1])) end--;
  return y.slice(0, end);
}
