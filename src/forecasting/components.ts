import { interpolate } from '../series/scaling.js';
import { BASELINES, type BaselineName, type GaussianForecast } from './baselines/index.js';
import { blendQuantiles, gaussianQuantiles, nonNegative, type Quantiles } from './quantiles.js';
import { type Cut, type Ensemble, predictEnsemble } from './recurrent/ensemble.js';
import { type Cell, FEWEST_VALUES } from './recurrent/plan.js';
import { forecastFrom, type Standing } from './recurrent/standing.js';
import type { TaskRunner } from './tasks.js';

/** A model that a forecast can be blended from. */
export type Component = Cell | BaselineName;

/** What forecasting needs besides the histories. */
export interface ForecastContext {
  readonly horizon: number;
  readonly season: number;
  /** Ascending, the median in the middle. */
  readonly levels: readonly number[];
  readonly ensemble: Ensemble | null;
  /** Where the networks stand at a cut, where that is known: they need not read it again. */
  readonly standings?: ReadonlyMap<Cut, readonly Standing[]> | undefined;
  readonly runner: TaskRunner;
  readonly signal?: AbortSignal | undefined;
}

/** Classical forecasts of one task. */
const SERIES_PER_TASK = 32;

/** Whether a history is long enough for the recurrent model; the others get the naive forecast in its place. */
export function suitsNetwork(y: Float64Array): boolean {
  return y.length > FEWEST_VALUES;
}

/** Whether a component is a classical method: it learns from one series and needs no training. */
export function isBaseline(component: Component): component is BaselineName {
  return component in BASELINES;
}

/** Whether a model is a point of reference: what it forecasts is told by its name, whatever covariates there are. */
export function isReference(model: string): boolean {
  return ['naive', 'seasonal-naive', 'drift'].includes(model);
}

/** Forecasts of one component from every cut. */
export async function forecastComponent(
  component: Component,
  cuts: readonly Cut[],
  context: ForecastContext,
): Promise<Quantiles[]> {
  if (isBaseline(component)) return forecastClassical(component, cuts, context);
  const { levels, ensemble, standings, runner, signal } = context;
  const suits = ({ y }: Cut) => ensemble !== null && suitsNetwork(y);
  const suited = cuts.filter(suits);
  const unread = suited.filter((cut) => !standings?.has(cut));
  const read = ensemble ? await predictEnsemble(ensemble, unread, levels, { runner, signal }) : [];
  let next = 0;
  const answers = suited.map((cut) => {
    const standing = standings?.get(cut);
    return ensemble && standing ? forecastFrom(ensemble, standing, cut.y.length, levels) : read[next++];
  });
  const others = cuts.filter((cut) => !suits(cut));
  const fallbacks = await forecastClassical('naive', others, context);
  const answerOf = new Map<Cut, Quantiles>([
    ...suited.map((cut, i): [Cut, Quantiles] => [cut, finished(answers[i], cut)]),
    ...others.map((cut, i): [Cut, Quantiles] => [cut, fallbacks[i]]),
  ]);
  return cuts.map((cut) => answerOf.get(cut) as Quantiles);
}

async function forecastClassical(
  method: BaselineName,
  cuts: readonly Cut[],
  { horizon, season, levels, runner, signal }: ForecastContext,
): Promise<Quantiles[]> {
  const tasks = Array.from({ length: Math.ceil(cuts.length / SERIES_PER_TASK) }, (_, task) => ({
    kind: 'classical' as const,
    method,
    histories: cuts.slice(task * SERIES_PER_TASK, (task + 1) * SERIES_PER_TASK).map(({ y }) => interpolate(y)),
    horizon,
    season,
  }));
  const forecasts = withLentWidth((await runner.run<'classical'>(tasks, { signal })).flat(), cuts);
  return forecasts.map((forecast, i) => finished(gaussianQuantiles(forecast, levels), cuts[i]));
}

/**
 * A history of one value says nothing of how far the next may lie: it gets the width of the others, in the middle and in proportion
 * to the value. Where there are no others it stays without one.
 */
function withLentWidth(forecasts: readonly GaussianForecast[], cuts: readonly Cut[]): readonly GaussianForecast[] {
  if (!cuts.some(({ y }) => y.length === 1)) return forecasts;
  const others = forecasts.filter((_, i) => cuts[i].y.length > 1);
  const shares = forecasts[0].mean.map((_, k) => {
    const known = others.map(({ mean, deviation }) => deviation[k] / Math.abs(mean[k])).filter(Number.isFinite);
    return known.sort((a, b) => a - b)[known.length >> 1] ?? 0;
  });
  return forecasts.map((forecast, i) =>
    cuts[i].y.length > 1
      ? forecast
      : { ...forecast, deviation: forecast.mean.map((value, k) => Math.abs(value) * shares[k]) },
  );
}

/** The weighted forecasts of several components. */
export function blendComponents(forecasts: readonly Quantiles[][], weights: readonly ArrayLike<number>[]): Quantiles[] {
  return weights.map((row, cut) =>
    blendQuantiles(
      forecasts.map((component) => component[cut]),
      row,
    ),
  );
}

/** A model's answer in the units of the series, and within its bounds. */
function finished(quantiles: Quantiles, { y, original = y, restore }: Cut): Quantiles {
  const restored = restore ? quantiles.map((row) => row.map(restore)) : quantiles;
  return limited(restored, original);
}

/** What has never been negative is not forecast to be. */
export function limited(quantiles: Quantiles, history: Float64Array): Quantiles {
  return history.every((value) => !(value < 0)) ? nonNegative(quantiles) : quantiles;
}
