import { interruptedError, usageError } from '../errors.js';
import type { SeriesFrame } from '../series/frame.js';
import { BacktestFrame, type BacktestRun } from './backtest-frame.js';
import { type BacktestWindow, backtestWindows } from './backtest-windows.js';
import type { FitProgress } from './fit.js';
import type { ForecastFrame } from './forecast-frame.js';
import { GlobalForecaster, type Host } from './forecaster.js';
import { historiesOf, seasonFor } from './history.js';
import { type ForecasterOptions, type ModelName, settle } from './options.js';

/** How far a back-test is. */
export interface BacktestProgress {
  readonly model: ModelName;
  /** From 0. */
  readonly window: number;
  /** 0…1 of the whole back-test. */
  readonly fraction: number;
  readonly phase: FitProgress['phase'] | 'forecast';
  /** Mean training loss; NaN where nothing is trained. */
  readonly loss: number;
}

export interface BacktestOptions extends Omit<ForecasterOptions, 'model'> {
  /** Default auto and seasonal-naive. */
  readonly models?: readonly ModelName[];
  /** Rolling origins. Default 3. */
  readonly windows?: number;
  /** Steps from one origin to the next. Default the horizon: no value is forecast twice. */
  readonly step?: number;
  /** Fit again at every origin (default), or only at the first. */
  readonly refit?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BacktestProgress) => void) | undefined;
}

const MOST_WINDOWS = 10_000;
/** A recurrent model takes about so many times longer than a classical one: for the progress only. */
const TRAINING_WEIGHT = 30;
const CLASSICAL: readonly string[] = ['naive', 'seasonal-naive', 'drift', 'ses', 'ets', 'theta'];

/**
 * Forecasts a frame from rolling origins inside it by several models, and scores them on what came. A model is handed a copy
 * that ends at the cutoff, and nothing else.
 * @throws usage errors for options out of range; input error `series_too_short`; `interrupted` when the signal fires.
 */
export async function runBacktest(frame: SeriesFrame, options: BacktestOptions, host: Host): Promise<BacktestFrame> {
  const { models = ['auto', 'seasonal-naive'], windows = 3, step = options.horizon, refit = true, signal } = options;
  const forecasters = settleModels(models, options);
  wholeNumber('windows', windows, MOST_WINDOWS);
  wholeNumber('step', step, 100_000);
  const split = backtestWindows(frame, { horizon: options.horizon, windows, step });
  // By what the first window knows, so that all models and windows have one scale.
  const first = split.windows[0].frame();
  const season = seasonFor(first, historiesOf(first), settle(forecasters[0]).season);
  const weights = models.map((model) => (CLASSICAL.includes(model) ? 1 : TRAINING_WEIGHT));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const runs: BacktestRun[] = [];
  let done = 0;
  for (const [m, model] of models.entries()) {
    const share = weights[m] / all;
    const start = done;
    const report = (window: number, fraction: number, { phase, loss }: Pick<BacktestProgress, 'phase' | 'loss'>) =>
      options.onProgress?.({ model, window, phase, loss, fraction: start + share * fraction });
    runs.push(
      await runModel(model, split.windows, () => new GlobalForecaster(forecasters[m], host), { refit, signal, report }),
    );
    done += share;
  }
  const levels = settle(forecasters[0]).levels;
  return new BacktestFrame(frame, { season, step }, split, { horizon: options.horizon, levels }, runs);
}

/** One model over all windows. */
async function runModel(
  model: ModelName,
  windows: readonly BacktestWindow[],
  create: () => GlobalForecaster,
  running: {
    readonly refit: boolean;
    readonly signal: AbortSignal | undefined;
    readonly report: (window: number, fraction: number, news: Pick<BacktestProgress, 'phase' | 'loss'>) => void;
  },
): Promise<BacktestRun> {
  const { refit, signal, report } = running;
  const began = performance.now();
  const forecasts: ForecastFrame['columns'][] = [];
  let forecaster = create();
  for (const [window, origin] of windows.entries()) {
    if (signal?.aborted) throw interruptedError();
    const fits = refit || window === 0;
    const frame = origin.frame();
    if (fits) {
      forecaster = create();
      const [from, share] = refit ? [window / windows.length, 1 / windows.length] : [0, 0.9];
      await forecaster.fit(frame, {
        signal,
        onProgress: ({ fraction, phase, loss }) => report(window, from + share * fraction, { phase, loss }),
      });
    }
    const forecast = await forecaster.predict({ ...(!fits && { history: frame }), signal });
    // Not the whole forecast: it keeps its histories.
    forecasts.push(forecast.columns);
    const passed = (window + 1) / windows.length;
    report(window, refit ? passed : 0.9 + 0.1 * passed, { phase: 'forecast', loss: Number.NaN });
  }
  const { report: lastFit } = forecaster.state;
  return { model, forecasts, report: lastFit, seconds: (performance.now() - began) / 1000 };
}

/** The options of each model's forecaster, all checked before any work is done. */
function settleModels(models: readonly ModelName[], options: BacktestOptions): ForecasterOptions[] {
  if (!Array.isArray(models) || models.length === 0 || new Set(models).size !== models.length)
    throw usageError(
      'bad_models',
      `models are ${JSON.stringify(models)}; they need one name or more, each once. For example auto,seasonal-naive.`,
    );
  const { horizon, levels, season, seed, budget, threads } = options;
  const given = { horizon, levels, season, seed, budget, threads };
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return models.map((model) => {
    const forecaster = { ...own, horizon, model };
    settle(forecaster);
    return forecaster;
  });
}

function wholeNumber(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw usageError(`bad_${name}`, `${name} is ${value}; it needs a whole number from 1 to ${most}. For example 3.`);
}
