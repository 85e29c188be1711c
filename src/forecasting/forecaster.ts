import { inputError, usageError } from '../errors.js';
import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { applyCalibration } from './calibration.js';
import { blendComponents, type ForecastContext, forecastComponent, limited } from './components.js';
import { Fit, type FitOptions, type FittedState } from './fit.js';
import { ForecastFrame } from './forecast-frame.js';
import { type History, historiesOf, seasonFor } from './history.js';
import { type ForecasterOptions, type Settings, settle } from './options.js';
import { quantileLevels } from './quantiles.js';
import type { FitReport } from './report.js';
import type { TaskRunner } from './tasks.js';

/** Squares of larger values would leave the range of numbers. */
const LARGEST = 1e100;

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
    const histories = history ? historiesOf(history) : state.histories;
    const axis = history ? history.axis : state.axis;
    if (history && axis.freq.alias !== state.axis.freq.alias)
      throw inputError(
        'other_frequency',
        `${history.source} has frequency ${axis.freq.alias}; the model was fitted on ${state.axis.freq.alias}. Give data of that frequency, or fit again.`,
      );
    const runner = this.#host.createRunner(this.settings.threads);
    try {
      return await forecastAfter(state, histories, axis, runner, signal);
    } finally {
      runner.close();
    }
  }
}

/** The blended, calibrated forecast after the given histories. */
async function forecastAfter(
  state: FittedState,
  histories: readonly History[],
  axis: TimeAxis,
  runner: TaskRunner,
  signal: AbortSignal | undefined,
): Promise<ForecastFrame> {
  const { settings, components, weights, calibration, season, ensemble } = state;
  const context: ForecastContext = {
    horizon: settings.horizon,
    season: season.length,
    levels: quantileLevels(settings.levels),
    ensemble,
    runner,
    signal,
  };
  const cuts = histories.map(({ y }) => ({ history: y }));
  const forecasts = [];
  for (const component of components) forecasts.push(await forecastComponent(component, cuts, context));
  const known = new Map(state.histories.map(({ id }, series) => [id, weights.perSeries[series]]));
  const blended = blendComponents(
    forecasts,
    histories.map(({ id }) => known.get(id) ?? weights.pooled),
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
  for (const { id, y } of histories) {
    const huge = y.find((value) => Math.abs(value) > LARGEST);
    if (huge !== undefined)
      throw inputError(
        'value_too_large',
        `${source}: series "${id}" has the value ${huge}; values up to ${LARGEST} can be forecast. Use a larger unit, or correct it.`,
      );
  }
}
