import { BASELINES, type BaselineName } from './baselines/index.js';
import { type BlendWeights, blendWeights } from './blend.js';
import { applyCalibration, type Calibration, calibrate } from './calibration.js';
import { blendComponents, type Component, type ForecastContext, forecastComponent, limited } from './components.js';
import { coverage, mae, mase, pinball, rmse, smape } from './metrics.js';
import { intervalIndices, type Quantiles } from './quantiles.js';
import type { Cut } from './recurrent/ensemble.js';

/** Mean scores of one model over all validation origins; a score that is not defined for the data is NaN. */
export interface Scores {
  readonly smape: number;
  readonly mase: number;
  readonly rmse: number;
  /** Mean pinball loss over the model's quantile levels, in the units of the series. */
  readonly pinball: number;
}

/** A forecast origin inside a history. */
export interface ValidationCut extends Cut {
  readonly future: Float64Array;
  /** Index of the series. */
  readonly series: number;
  /** Which of its origins, 0 the earliest. */
  readonly origin: number;
}

/** What the rolling origins say. */
export interface Selection {
  readonly scores: ReadonlyMap<string, Scores>;
  readonly weights: BlendWeights;
  readonly calibration: Calibration;
  /** Share of validation values inside each calibrated interval, by ascending level; cross-fitted weights. */
  readonly coverage: readonly number[];
}

/**
 * Scores every component on the same origins, weighs the ones that the model is blended from, and calibrates the intervals.
 * The model itself is scored with weights that have not seen the origin they are scored on.
 * @param components all components to score, the blended ones first
 * @param blended how many of them the model is blended from
 */
export async function select(
  model: string,
  components: readonly Component[],
  blended: number,
  cuts: readonly ValidationCut[],
  seriesCount: number,
  levels: readonly number[],
  context: ForecastContext,
): Promise<Selection> {
  const forecasts: Quantiles[][] = [];
  for (const component of components) forecasts.push(await forecastComponent(component, cuts, context));
  const parts = forecasts.slice(0, blended);
  const weigh = (chosen: readonly ValidationCut[]) => weightsFrom(parts, cuts, chosen, seriesCount, levels.length);

  const weights = weigh(cuts);
  const origins = [...new Set(cuts.map(({ origin }) => origin))];
  const crossFitted = new Map(origins.map((left) => [left, weigh(cuts.filter(({ origin }) => origin !== left))]));
  const rows = cuts.map(({ series, origin }) => (crossFitted.get(origin) as BlendWeights).perSeries[series]);
  const own = blendComponents(parts, rows);

  const withActual = own.map((quantiles, i) => ({ quantiles, actual: cuts[i].future }));
  const widestFirst = [...levels].sort((a, b) => b - a);
  const calibration = calibrate(withActual, widestFirst);
  const scores = new Map<string, Scores>();
  if (cuts.length > 0) {
    scores.set(model, meanScores(own, cuts, context));
    components.forEach((component, i) => {
      if (component !== model) scores.set(component, meanScores(forecasts[i], cuts, context));
    });
  }
  const calibrated = own.map((quantiles, i) => limited(applyCalibration(quantiles, calibration), cuts[i].history));
  return { scores, weights, calibration, coverage: intervalCoverage(calibrated, cuts, levels) };
}

/** The components that `auto` is blended from. Plain `naive` and `drift` are reference points only where there is a season. */
export function candidateComponents(season: number): { blended: Component[]; reference: Component[] } {
  const blended: Component[] = season > 1 ? ['lstm', 'theta', 'seasonal-naive'] : ['lstm', 'theta', 'naive', 'drift'];
  const others = (Object.keys(BASELINES) as BaselineName[]).filter((name) => !blended.includes(name));
  return { blended, reference: season > 1 ? others : others.filter((name) => name !== 'seasonal-naive') };
}

function weightsFrom(
  parts: readonly Quantiles[][],
  cuts: readonly ValidationCut[],
  chosen: readonly ValidationCut[],
  seriesCount: number,
  median: number,
): BlendWeights {
  const errors = Array.from({ length: seriesCount }, () => new Float64Array(parts.length));
  const origins = new Int32Array(seriesCount);
  const included = new Set(chosen);
  cuts.forEach((cut, i) => {
    if (!included.has(cut)) return;
    const own = parts.map((part) => mae(cut.future, part[i][median]));
    if (own.some((error) => Number.isNaN(error))) return;
    origins[cut.series]++;
    own.forEach((error, m) => {
      errors[cut.series][m] += error;
    });
  });
  errors.forEach((row, s) => {
    for (let m = 0; m < row.length; m++) row[m] = origins[s] > 0 ? row[m] / origins[s] : Number.NaN;
  });
  return blendWeights(errors, origins, parts.length);
}

function meanScores(forecasts: readonly Quantiles[], cuts: readonly ValidationCut[], context: ForecastContext): Scores {
  const { levels, season } = context;
  const median = (levels.length - 1) / 2;
  const mean = (score: (quantiles: Quantiles, cut: ValidationCut) => number) => {
    const values = cuts.map((cut, i) => score(forecasts[i], cut)).filter((value) => Number.isFinite(value));
    return values.reduce((sum, value) => sum + value / values.length, values.length > 0 ? 0 : Number.NaN);
  };
  return {
    smape: mean((quantiles, { future }) => smape(future, quantiles[median])),
    mase: mean((quantiles, { future, history }) => mase(future, quantiles[median], history, season)),
    rmse: mean((quantiles, { future }) => rmse(future, quantiles[median])),
    pinball: mean((quantiles, { future }) =>
      levels.reduce((sum, level, q) => sum + pinball(future, quantiles[q], level) / levels.length, 0),
    ),
  };
}

function intervalCoverage(
  forecasts: readonly Quantiles[],
  cuts: readonly ValidationCut[],
  levels: readonly number[],
): number[] {
  return levels.map((_, ascending) => {
    const [lower, upper] = intervalIndices(levels.length - 1 - ascending, levels.length);
    let inside = 0;
    let count = 0;
    forecasts.forEach((quantiles, i) => {
      const observed = cuts[i].future.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0);
      if (observed === 0) return;
      inside += coverage(cuts[i].future, quantiles[lower], quantiles[upper]) * observed;
      count += observed;
    });
    return inside / count;
  });
}
