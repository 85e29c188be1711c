import { interruptedError } from '../errors.js';
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

/** Classical forecasts made in one go on this thread: some tens of milliseconds. */
const CUTS_BETWEEN_PAUSES = 64;

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
  if (component !== 'lstm') {
    const forecasts: Quantiles[] = [];
    for (const { history } of cuts) {
      if (forecasts.length % CUTS_BETWEEN_PAUSES === 0) await pause(signal);
      forecasts.push(classical(component, history));
    }
    return forecasts;
  }
  const suited = ensemble ? cuts.filter(({ history }) => suitsNetwork(history)) : [];
  const answers = ensemble ? await predictEnsemble(ensemble, suited, { runner, signal }) : [];
  const answerOf = new Map(suited.map((cut, i) => [cut, answers[i]]));
  return cuts.map((cut) => {
    const answer = answerOf.get(cut);
    return answer ? limited(answer, cut.history) : classical('naive', cut.history);
  });
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

/** Lets the caller's thread see to its events, a Ctrl-C among them. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  if (signal?.aborted) throw interruptedError();
}

/** What has never been negative is not forecast to be. */
export function limited(quantiles: Quantiles, history: Float64Array): Quantiles {
  return history.every((value) => !(value < 0)) ? nonNegative(quantiles) : quantiles;
}
