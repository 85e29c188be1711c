import { interpolate } from '../series/scaling.js';
import { BASELINES, type BaselineName } from './baselines/index.js';
import { blendQuantiles, gaussianQuantiles, nonNegative, type Quantiles } from './quantiles.js';
import { type Cut, type Ensemble, predictEnsemble } from './recurrent/ensemble.js';
import { FEWEST_VALUES } from './recurrent/plan.js';
import type { TaskRunner } from './tasks.js';

/** A model that a forecast can be blended from. */
export type Component = 'lstm' | BaselineName;

/** What forecasting needs besides the histories. */
export interface ForecastContext {
  readonly horizon: number;
  readonly season: number;
  /** Ascending, the median in the middle. */
  readonly levels: readonly number[];
  readonly ensemble: Ensemble | null;
  readonly runner: TaskRunner;
  readonly signal?: AbortSignal | undefined;
}

/** Whether a history is long enough for the recurrent model; the others get the naive forecast in its place. */
export function suitsNetwork(y: Float64Array): boolean {
  return y.length > FEWEST_VALUES;
}

/** Forecasts of one component from every cut. */
export async function forecastComponent(
  component: Component,
  cuts: readonly Cut[],
  context: ForecastContext,
): Promise<Quantiles[]> {
  const { horizon, season, levels, ensemble, runner, signal } = context;
  const classical = (name: BaselineName, history: Float64Array) =>
    limited(gaussianQuantiles(BASELINES[name](interpolate(history), horizon, season), levels), history);
  if (component !== 'lstm') return cuts.map(({ history }) => classical(component, history));
  const suited = cuts.filter(({ history }) => suitsNetwork(history));
  const answers = ensemble ? await predictEnsemble(ensemble, suited, { runner, signal }) : [];
  let next = 0;
  return cuts.map(({ history }) =>
    suitsNetwork(history) ? limited(answers[next++], history) : classical('naive', history),
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

/** What has never been negative is not forecast to be. */
function limited(quantiles: Quantiles, history: Float64Array): Quantiles {
  return history.every((value) => !(value < 0)) ? nonNegative(quantiles) : quantiles;
}
