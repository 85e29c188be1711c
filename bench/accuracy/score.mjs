/** Scores of forecasts of many series, by the definitions of forecasting/metrics.ts. */
import { metrics } from '../../dist/index.js';

/** Interval levels in percent that hold the quantiles .1 … .9, and 95. */
export const LEVELS = [20, 40, 60, 80, 95];

/** Columns of the quantiles .1 … .9 of a model. */
const DECILES = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenths) => ({
  level: tenths / 10,
  column: (model) => {
    if (tenths === 5) return model;
    return `${model}-${tenths < 5 ? 'lo' : 'hi'}-${Math.abs(100 - 20 * tenths)}`;
  },
}));

/**
 * Means over series of sMAPE and MASE (series whose MASE is not defined are counted), and over all points together WQL,
 * coverage and normalised squared error. `entries`: { y, history, m, column(name) → forecast of at least y.length steps }.
 */
export function scoreModel(model, entries) {
  const points = entries.reduce((sum, { y }) => sum + y.length, 0);
  const pooled = (term) => entries.reduce((sum, entry) => sum + term(entry) * entry.y.length, 0);
  const defined = entries.map(maseOf(model)).filter(Number.isFinite);
  const size = pooled(({ y }) => metrics.mae(y, new Float64Array(y.length)));
  const covered = (level) =>
    pooled(({ y, column }) => metrics.coverage(y, column(`${model}-lo-${level}`), column(`${model}-hi-${level}`))) /
    points;
  const pinball = DECILES.reduce(
    (sum, { level, column: name }) => sum + pooled(({ y, column }) => metrics.pinball(y, column(name(model)), level)),
    0,
  );
  return {
    ...pointScores(entries.map((entry) => ({ ...entry, forecast: entry.column(model) }))),
    undefinedMase: entries.length - defined.length,
    wql: (2 * pinball) / DECILES.length / size,
    coverage80: covered(80),
    coverage95: covered(95),
    points,
  };
}

const maseOf =
  (model) =>
  ({ y, history, m, column }) =>
    metrics.mase(y, column(model), history, m);

/** sMAPE and MASE only; `entries`: { y, history, m, forecast }. */
export function pointScores(entries) {
  const mean = (values) =>
    values.reduce((sum, value) => sum + value / values.length, values.length > 0 ? 0 : Number.NaN);
  return {
    smape: mean(entries.map(({ y, forecast }) => metrics.smape(y, forecast))),
    mase: mean(
      entries.map(({ y, forecast, history, m }) => metrics.mase(y, forecast, history, m)).filter(Number.isFinite),
    ),
  };
}
