import { type BlendWeights, blendWeights, type StackingCut, stackedShares, towards } from './blend.js';
import { applyCalibration, type Calibration, calibrate } from './calibration.js';
import { blendComponents, type Component, type ForecastContext, forecastComponent, limited } from './components.js';
import { compareLosses, type LossTest, MANY_SERIES } from './diebold-mariano.js';
import { coverage, mae, mase, naiveError, pinball, rmse, smape } from './metrics.js';
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
  /** What came, as it was. */
  readonly actual: Float64Array;
  /** The values before the origin, as they were. */
  readonly original: Float64Array;
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
  /** Whether the model was scored with weights that had not seen what they were scored on. */
  readonly crossFitted: boolean;
  /** Whether the model differs in MASE from the naive forecast of the data by more than chance; null where there are no origins. */
  readonly test: LossTest | null;
  /** Share of validation values inside each calibrated interval, by ascending level; cross-fitted weights. */
  readonly coverage: readonly number[];
}

/**
 * Scores every component on the same origins, weighs the ones that the model is blended from, and calibrates the intervals.
 * The model itself is scored with weights that have not seen the origin they are scored on; with one origin, the series; with one
 * origin of a few series that is not to be had.
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
  const foldOf = foldsOf(cuts);
  const folds = new Set(cuts.map(foldOf));
  const crossFitted = folds.size > 1;
  const fitted = new Map(
    [...folds].map((left) => [left, crossFitted ? weigh(cuts.filter((cut) => foldOf(cut) !== left)) : weights]),
  );
  const rows = cuts.map((cut) => (fitted.get(foldOf(cut)) as BlendWeights).perSeries[cut.series]);
  const own = blendComponents(parts, rows);

  const withActual = own.map((quantiles, i) => ({ quantiles, actual: cuts[i].actual }));
  const widestFirst = [...levels].sort((a, b) => b - a);
  const calibration = calibrate(withActual, widestFirst);
  const scores = new Map<string, Scores>();
  if (cuts.length > 0) {
    scores.set(model, meanScores(own, cuts, context));
    components.forEach((component, i) => {
      if (component !== model) scores.set(component, meanScores(forecasts[i], cuts, context));
    });
  }
  const calibrated = own.map((quantiles, i) => limited(applyCalibration(quantiles, calibration), cuts[i].original));
  const reference = components.indexOf(referenceFor(context.season));
  const test = reference < 0 || cuts.length === 0 ? null : compareModels(own, forecasts[reference], cuts, context);
  return {
    scores,
    weights,
    calibration,
    test,
    crossFitted: crossFitted || blended === 1,
    coverage: intervalCoverage(calibrated, cuts, levels),
  };
}

/** What is left out together to score the weights: an origin; where there is only one, every other of many series. */
function foldsOf(cuts: readonly ValidationCut[]): (cut: ValidationCut) => number {
  if (cuts.some(({ origin }) => origin > 0)) return ({ origin }) => origin;
  const many = new Set(cuts.map(({ series }) => series)).size >= MANY_SERIES;
  return many ? ({ series }) => series % 2 : () => 0;
}

/** The forecast that every other is measured by. */
export function referenceFor(season: number): 'seasonal-naive' | 'naive' {
  return season > 1 ? 'seasonal-naive' : 'naive';
}

/** Diebold and Mariano's test on the scaled absolute errors of two models: over series, or over steps, at each of which the errors of a few series are averaged. */
function compareModels(
  a: readonly Quantiles[],
  b: readonly Quantiles[],
  cuts: readonly ValidationCut[],
  { horizon, levels, season }: ForecastContext,
): LossTest {
  const median = (levels.length - 1) / 2;
  const scales = cuts.map(({ original }) => naiveError(original, season));
  if (new Set(cuts.map(({ series }) => series)).size >= MANY_SERIES) {
    const losses = (forecasts: readonly Quantiles[]) =>
      cuts.map(({ actual }, i) => (scales[i] > 0 ? mae(actual, forecasts[i][median]) / scales[i] : Number.NaN));
    return compareLosses(losses(a), losses(b), { groups: cuts.map(({ series }) => series) });
  }
  const origins = [...new Set(cuts.map(({ origin }) => origin))].sort((first, second) => first - second);
  const losses = (forecasts: readonly Quantiles[]) =>
    origins.flatMap((origin) =>
      Array.from({ length: horizon }, (_, k) => {
        const errors = cuts.flatMap(({ origin: own, actual }, i) =>
          own === origin ? [Math.abs(actual[k] - forecasts[i][median][k]) / scales[i]] : [],
        );
        const known = errors.filter(Number.isFinite);
        return known.reduce((sum, error) => sum + error / known.length, known.length > 0 ? 0 : Number.NaN);
      }),
    );
  return compareLosses(losses(a), losses(b), { horizon });
}

/** The components that `auto` is blended from. Plain `naive` and `drift` are reference points only where there is a season. */
export function candidateComponents(season: number): { blended: Component[]; reference: Component[] } {
  if (season > 1) return { blended: ['lstm', 'ets', 'theta', 'seasonal-naive'], reference: ['naive', 'drift'] };
  return { blended: ['lstm', 'ets', 'theta', 'naive', 'drift'], reference: [] };
}

/** Mean absolute error of some methods over all cuts, each cut in units of how far its series moves from season to season. */
export async function meanErrors(
  methods: readonly Component[],
  cuts: readonly ValidationCut[],
  context: ForecastContext,
): Promise<number> {
  let sum = 0;
  for (const method of methods) sum += meanScores(await forecastComponent(method, cuts, context), cuts, context).mase;
  return sum / methods.length;
}

/** Views with less than this share are left out of the final training. */
const LEAST_VIEW = 0.1;
/** Cuts' worth of doubt in the shares that were found best: few cuts leave the views as equals. */
const VIEW_DOUBT = 20;

/** Shares of the views in the recurrent model: those whose mean would have erred least at the cuts. */
export function weighViews(forecasts: readonly Quantiles[][], cuts: readonly ValidationCut[]): number[] {
  const views = forecasts.length;
  const median = ((forecasts[0][0]?.length ?? 1) - 1) / 2;
  const stacking = cuts.map(({ actual }, i) => ({ forecasts: forecasts.map((view) => view[i][median]), actual }));
  const trust = cuts.length / (cuts.length + VIEW_DOUBT);
  const shares = [...stackedShares(stacking, views)].map((share) => trust * share + (1 - trust) / views);
  const least = Math.min(LEAST_VIEW, Math.max(...shares));
  const kept = shares.map((share) => (share < least ? 0 : share));
  const sum = kept.reduce((total, share) => total + share, 0);
  return kept.map((share) => share / sum);
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
  const values = new Int32Array(seriesCount);
  const included = new Set(chosen);
  const stacking: StackingCut[] = [];
  cuts.forEach((cut, i) => {
    if (!included.has(cut)) return;
    const forecasts = parts.map((part) => part[i][median]);
    const own = forecasts.map((forecast) => mae(cut.actual, forecast));
    if (own.some((error) => Number.isNaN(error))) return;
    stacking.push({ forecasts, actual: cut.actual });
    origins[cut.series]++;
    values[cut.series] += cut.actual.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    own.forEach((error, m) => {
      errors[cut.series][m] += error;
    });
  });
  errors.forEach((row, s) => {
    for (let m = 0; m < row.length; m++) row[m] = origins[s] > 0 ? row[m] / origins[s] : Number.NaN;
  });
  const weights = blendWeights(errors, values, parts.length);
  if (parts.length === 1 || stacking.length === 0) return weights;
  const scored = origins.reduce((count, n) => count + (n > 0 ? 1 : 0), 0);
  return towards(weights, stackedShares(stacking, parts.length), scored);
}

function meanScores(forecasts: readonly Quantiles[], cuts: readonly ValidationCut[], context: ForecastContext): Scores {
  const { levels, season } = context;
  const median = (levels.length - 1) / 2;
  const mean = (score: (quantiles: Quantiles, cut: ValidationCut) => number) => {
    const values = cuts.map((cut, i) => score(forecasts[i], cut)).filter((value) => Number.isFinite(value));
    return values.reduce((sum, value) => sum + value / values.length, values.length > 0 ? 0 : Number.NaN);
  };
  return {
    smape: mean((quantiles, { actual }) => smape(actual, quantiles[median])),
    mase: mean((quantiles, { actual, original }) => mase(actual, quantiles[median], original, season)),
    rmse: mean((quantiles, { actual }) => rmse(actual, quantiles[median])),
    pinball: mean((quantiles, { actual }) =>
      levels.reduce((sum, level, q) => sum + pinball(actual, quantiles[q], level) / levels.length, 0),
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
      const observed = cuts[i].actual.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0);
      if (observed === 0) return;
      inside += coverage(cuts[i].actual, quantiles[lower], quantiles[upper]) * observed;
      count += observed;
    });
    return inside / count;
  });
}
