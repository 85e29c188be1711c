import type { BacktestCut } from './backtest-windows.js';
import { compareLosses, type LossTest, MANY_SERIES } from './diebold-mariano.js';
import { coverage, mae, pinball, rmse, rmsse, smape } from './metrics.js';

/** Scores of one model; NaN where one is not defined for the data. */
export interface BacktestScores {
  readonly model: string;
  readonly smape: number;
  readonly mase: number;
  readonly rmse: number;
  readonly rmsse: number;
  /** Mean pinball loss over the model's quantile levels, in the units of the series. */
  readonly pinball: number;
  /** 2·Σ pinball / Σ|y| over all points and the model's quantile levels. */
  readonly wql: number;
  /** Interval level → share of values inside, 0…1, over all points. */
  readonly coverage: Readonly<Record<string, number>>;
}

/** A forecast of one cut by one model. */
export interface CutForecast {
  readonly cut: BacktestCut;
  /** Seasonal change of the history, the denominator of MASE; NaN where there is none. */
  readonly scale: number;
  /** A column of the forecast: the median under the model's name, `<model>-lo-80` and so on. */
  values(column: string): Float64Array;
}

/**
 * The scores of one model. sMAPE, MASE, RMSE, RMSSE and pinball: mean over the windows of each series, then over series, so
 * that each counts once. WQL and coverage: over all points together.
 */
export function scoreForecasts(
  model: string,
  levels: readonly number[],
  forecasts: readonly CutForecast[],
): BacktestScores {
  const overSeries = (score: (forecast: CutForecast) => number) => meanBySeries(forecasts, score);
  const observed = forecasts.map(({ cut }) => cut.actual.filter((value) => !Number.isNaN(value)).length);
  const pooled = (term: (forecast: CutForecast) => number) =>
    forecasts.reduce((sum, forecast, i) => sum + term(forecast) * observed[i], 0);
  const size = pooled(({ cut }) => mae(cut.actual, new Float64Array(cut.actual.length)));
  const points = observed.reduce((sum, count) => sum + count, 0);
  const meanPinball = (forecast: CutForecast) => pinballOf(model, levels, forecast);
  return {
    model,
    smape: overSeries(({ cut, values }) => smape(cut.actual, values(model))),
    mase: overSeries((forecast) => scaledError(model, forecast)),
    rmse: overSeries(({ cut, values }) => rmse(cut.actual, values(model))),
    rmsse: overSeries(({ cut, values }) => rmsse(cut.actual, values(model), cut.history)),
    pinball: overSeries(meanPinball),
    wql: size > 0 ? (2 * pooled(meanPinball)) / size : Number.NaN,
    coverage: Object.fromEntries(
      levels.map((level) => {
        const inside = pooled(({ cut, values }) =>
          coverage(cut.actual, values(`${model}-lo-${level}`), values(`${model}-hi-${level}`)),
        );
        return [`${level}`, inside / points];
      }),
    ),
  };
}

/** The mean scaled error of every step ahead [horizon]: MASE by horizon. */
export function errorByStep(model: string, forecasts: readonly CutForecast[]): Float64Array {
  const steps = forecasts[0].cut.actual.length;
  return Float64Array.from({ length: steps }, (_, k) =>
    meanBySeries(forecasts, ({ cut, scale, values }) => Math.abs(cut.actual[k] - values(model)[k]) / scale),
  );
}

/**
 * Whether two models differ by more than chance, on absolute errors in units of the seasonal change of each history.
 * Ten series or more: a paired t test over the means of the series. Fewer: the errors of all series averaged at each step of
 * each window, and the Diebold-Mariano test over these steps, in which up to horizon neighbours depend on each other
 * (the average over a panel: Timmermann & Zhu 2019).
 */
export function testModels(
  modelA: string,
  modelB: string,
  forecasts: readonly CutForecast[],
): LossTest & { readonly over: 'series' | 'steps' } {
  const groups = forecasts.map(({ cut }) => cut.series);
  if (new Set(groups).size >= MANY_SERIES) {
    const losses = (model: string) => forecasts.map((forecast) => scaledError(model, forecast));
    return { ...compareLosses(losses(modelA), losses(modelB), { groups }), over: 'series' };
  }
  const windows = [...new Set(forecasts.map(({ cut }) => cut.window))].sort((a, b) => a - b);
  const byWindow = windows.map((window) => forecasts.filter(({ cut }) => cut.window === window));
  const losses = (model: string) => byWindow.flatMap((own) => [...errorByStep(model, own)]);
  const horizon = forecasts[0].cut.actual.length;
  return { ...compareLosses(losses(modelA), losses(modelB), { horizon }), over: 'steps' };
}

/** MASE of one cut; NaN where the history does not change. */
function scaledError(model: string, { cut, scale, values }: CutForecast): number {
  return scale > 0 ? mae(cut.actual, values(model)) / scale : Number.NaN;
}

function pinballOf(model: string, levels: readonly number[], { cut, values }: CutForecast): number {
  let sum = pinball(cut.actual, values(model), 0.5);
  for (const level of levels) {
    sum += pinball(cut.actual, values(`${model}-lo-${level}`), (1 - level / 100) / 2);
    sum += pinball(cut.actual, values(`${model}-hi-${level}`), (1 + level / 100) / 2);
  }
  return sum / (2 * levels.length + 1);
}

/** Mean over series of the mean over their cuts; scores that are not finite are left out. */
function meanBySeries(forecasts: readonly CutForecast[], score: (forecast: CutForecast) => number): number {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const forecast of forecasts) {
    const value = score(forecast);
    if (!Number.isFinite(value)) continue;
    const { sum, count } = sums.get(forecast.cut.series) ?? { sum: 0, count: 0 };
    sums.set(forecast.cut.series, { sum: sum + value, count: count + 1 });
  }
  if (sums.size === 0) return Number.NaN;
  let total = 0;
  for (const { sum, count } of sums.values()) total += sum / count;
  return total / sums.size;
}
