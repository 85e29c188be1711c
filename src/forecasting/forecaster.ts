import { inputError, usageError } from '../errors.js';
import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { applyCalibration } from './calibration.js';
import { blendComponents, type ForecastContext, forecastComponent, limited } from './components.js';
import { cutAt } from './cuts.js';
import { checkAhead } from './explained.js';
import { Fit, type FitOptions, type FittedState } from './fit.js';
import { ForecastFrame } from './forecast-frame.js';
import { checkValues, type History, historiesOf, seasonFor } from './history.js';
import { inspectState, type ModelSummary } from './inspect.js';
import { likeFit } from './join-rows.js';
import type { Live, LiveSeries } from './live.js';
import { encodeModel } from './model-file.js';
import { type NetworkReadings, networkReadings, type ReadingOptions } from './network-readings.js';
import { type ForecasterOptions, type Settings, settle } from './options.js';
import { quantileLevels } from './quantiles.js';
import type { Cut } from './recurrent/ensemble.js';
import type { FitReport } from './report.js';
import type { TaskRunner } from './tasks.js';
import { type UpdateOptions, type UpdateReport, Updater } from './update.js';

/** What the forecaster needs from the machine; the entry points supply it. */
export interface Host {
  /** Workers for long tasks. */
  createRunner(threads: number | undefined): TaskRunner;
}

export interface PredictOptions {
  /** New history to forecast from; default the history of the fit. */
  readonly history?: SeriesFrame | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Forecasts many series with one global recurrent model and classical methods, weighted by their errors inside
 * the history. Use `Forecaster` of the package's entry point, which supplies the host.
 */
export class GlobalForecaster {
  readonly settings: Settings;
  readonly #host: Host;
  #state: FittedState | null = null;
  #updater: Updater | null = null;
  /** The state that the updater left. */
  #updated: FittedState | null = null;
  #updates: Promise<unknown> = Promise.resolve();

  /** @throws usage error for an option out of range. */
  constructor(options: ForecasterOptions, host: Host) {
    this.settings = settle(options);
    this.#host = host;
  }

  /** The fitted state. @throws usage error `not_fitted` before a fit. */
  get state(): FittedState {
    if (!this.#state) throw usageError('not_fitted', 'this forecaster has not been fitted; call fit(frame) first.');
    return this.#state;
  }

  protected restore(state: FittedState): void {
    this.#state = state;
  }

  /**
   * Whether `predict()` after a fit on this frame will know what it needs: the frame's future covariates must reach over the
   * horizon. To be asked before a fit whose forecast is wanted, so that nobody waits for a training in vain.
   * @throws input error `covariate_missing` naming the series, the column and the first step without a value
   */
  checkAhead(frame: SeriesFrame): void {
    const { horizon } = this.settings;
    for (const history of historiesOf(frame))
      checkAhead(history, history.y.length, horizon, frame.covariates.future, frame.axis, frame.source);
  }

  /**
   * Learns from a frame: validates on rolling origins inside it, then trains on all of it.
   * @throws input errors `series_too_short`, `value_too_large`; `interrupted` when the signal fires.
   */
  async fit(frame: SeriesFrame, options: FitOptions = {}): Promise<FitReport> {
    const histories = historiesOf(frame);
    checkHistories(histories, this.settings.horizon, frame.source);
    const season = seasonFor(frame, histories, this.settings.season);
    const runner = this.#host.createRunner(this.settings.threads);
    try {
      this.#state = await new Fit(this.settings, frame, histories, season, runner, options).run();
      return this.#state.report;
    } finally {
      runner.close();
    }
  }

  /** Forecasts the horizon after the history of the fit, or after a new history. */
  async predict({ history, signal }: PredictOptions = {}): Promise<ForecastFrame> {
    const state = this.state;
    const { histories, axis, source } = whatToRead(state, history);
    const runner = this.#host.createRunner(this.settings.threads);
    try {
      const live = history ? null : state.live;
      return await forecastAfter(state, histories, axis, live, source, runner, signal);
    } finally {
      runner.close();
    }
  }

  /**
   * Moves the state on by new observations, without retraining: `predict` goes on from their end. The networks take one step
   * for each new row, in the units that the series were fitted in; a series that is not known yet is read from its beginning
   * and gets the shares of the average series. All or nothing: an error leaves everything as it was.
   * @throws input errors `other_frequency`, `other_zone`, `missing_column`, `off_grid`, `not_new`, `too_sparse`, `value_too_large`;
   *   `interrupted` when the signal fires.
   */
  update(newObservations: SeriesFrame, options: UpdateOptions = {}): Promise<UpdateReport> {
    const done = this.#updates.then(() => this.#update(newObservations, options));
    // The next update waits for this one, but does not fail with it.
    this.#updates = done.catch(() => {});
    return done;
  }

  /** The whole fit as the bytes of a model file: equal fits give equal bytes. */
  toBytes(): Uint8Array {
    return encodeModel(this.state);
  }

  /** What is in the model: data, networks and how long they remember, training, scores. Plain data. */
  inspect(): ModelSummary {
    return inspectState(this.state);
  }

  /**
   * The networks of the model and what they read of the fitted history, or of a new one: for looking into them, with
   * tidegate/lab for instance. Empty for a model without networks.
   * @throws input errors as `predict`.
   */
  networks({ history, ...options }: ReadingOptions & Pick<PredictOptions, 'history'> = {}): NetworkReadings[] {
    const { histories, axis, source } = whatToRead(this.state, history);
    return networkReadings(this.state, histories, axis, source, options);
  }

  async #update(frame: SeriesFrame, options: UpdateOptions): Promise<UpdateReport> {
    const before = this.state;
    // Another fit, or a state that was loaded, has other networks.
    if (this.#updated !== before) this.#updater = new Updater(before);
    this.#updated = before;
    const updater = this.#updater as Updater;
    const createRunner = () => this.#host.createRunner(this.settings.threads);
    const { state, report } = await updater.update(before, frame, createRunner, options);
    if (this.#state !== before)
      throw usageError(
        'fitted_meanwhile',
        'the forecaster was fitted during an update; wait for one before the other.',
      );
    this.#state = state;
    this.#updated = state;
    return report;
  }
}

/** The histories of the fit, or new ones that fit to it. @throws input error `other_frequency` */
function whatToRead(state: FittedState, history: SeriesFrame | undefined) {
  if (!history) return { histories: state.histories, axis: state.axis, source: 'the fitted data' };
  const { axis, source } = history;
  const { alias } = state.axis.freq;
  if (axis.freq.alias !== alias)
    throw inputError(
      'other_frequency',
      `${source} has frequency ${axis.freq.alias}; the model was fitted on ${alias}. Give data of that frequency, or fit again.`,
    );
  return { histories: historiesOf(likeFit(state, history)), axis, source };
}

/** The blended, calibrated forecast after the given histories. */
async function forecastAfter(
  state: FittedState,
  histories: readonly History[],
  axis: TimeAxis,
  live: Live | null,
  source: string,
  runner: TaskRunner,
  signal: AbortSignal | undefined,
): Promise<ForecastFrame> {
  const { settings, components, weights, calibration, season, ensemble } = state;
  const numbers = new Map(state.histories.map(({ id }, series) => [id, series]));
  const units = live?.map((one) => one?.unit ?? null);
  const preparation = { axis, inputs: state.inputs, explained: state.explained, units, source };
  const cuts = histories.map((one) =>
    cutAt(one, one.y.length, settings.horizon, preparation, numbers.get(one.id) ?? null),
  );
  const context: ForecastContext = {
    horizon: settings.horizon,
    season: season.length,
    levels: quantileLevels(settings.levels),
    ensemble,
    standings: live
      ? new Map(cuts.flatMap((cut, i): [Cut, LiveSeries['views']][] => (live[i] ? [[cut, live[i].views]] : [])))
      : undefined,
    runner,
    signal,
  };
  const forecasts = [];
  for (const component of components) forecasts.push(await forecastComponent(component, cuts, context));
  const blended = blendComponents(
    forecasts,
    histories.map(({ id }) => weights.perSeries[numbers.get(id) ?? -1] ?? weights.pooled),
  );
  const calibrated = blended.map((quantiles, i) => limited(applyCalibration(quantiles, calibration), histories[i].y));
  return new ForecastFrame(settings.model, settings.levels, axis, histories, calibrated);
}

function checkHistories(histories: readonly History[], horizon: number, source: string): void {
  const longest = histories.reduce((a, b) => (b.y.length > a.y.length ? b : a));
  if (longest.y.length < Math.max(2, horizon)) {
    const which = histories.length === 1 ? 'the series' : `the longest series, "${longest.id}",`;
    throw inputError(
      'series_too_short',
      `${source}: ${which} has ${longest.y.length} value${longest.y.length === 1 ? '' : 's'}; a horizon of ${horizon} needs at least ${Math.max(2, horizon)}. Shorten the horizon or add history.`,
    );
  }
  checkValues(histories, source);
}
