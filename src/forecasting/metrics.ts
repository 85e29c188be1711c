/**
 * Accuracy measures, each by its published definition. `y` actual, `yhat` forecast; pairs whose actual is NaN
 * (not observed) are left out of every mean. A measure that is not defined for the data is NaN.
 *
 * Each function scores one series (or one forecast of it). Over many series the tables of the literature take the mean of
 * the series' sMAPE, MASE and RMSSE, each series counting once, whatever its length; OWA from those two means; WQL and
 * coverage over all points together: hand all series end to end to `wql` and `coverage`.
 */

/** Mean error y − yhat, in the units of y: positive where forecasts are too low. */
export function bias(y: ArrayLike<number>, yhat: ArrayLike<number>): number {
  return meanOver(y, (t) => y[t] - yhat[t]);
}

/** Mean absolute error, in the units of y. */
export function mae(y: ArrayLike<number>, yhat: ArrayLike<number>): number {
  return meanOver(y, (t) => Math.abs(y[t] - yhat[t]));
}

/** Mean squared error, in the squared units of y. */
export function mse(y: ArrayLike<number>, yhat: ArrayLike<number>): number {
  return meanOver(y, (t) => (y[t] - yhat[t]) * (y[t] - yhat[t]));
}

/** Root mean squared error, in the units of y. */
export function rmse(y: ArrayLike<number>, yhat: ArrayLike<number>): number {
  return Math.sqrt(mse(y, yhat));
}

/** Symmetric MAPE in percent, mean of 200·|y−f|/(|y|+|f|), 0 where both are 0. Source: Makridakis & Hibon 2000 (M3, M4). */
export function smape(y: ArrayLike<number>, yhat: ArrayLike<number>): number {
  return meanOver(y, (t) => {
    const size = Math.abs(y[t]) + Math.abs(yhat[t]);
    return size === 0 ? 0 : (200 * Math.abs(y[t] - yhat[t])) / size;
  });
}

/**
 * Mean absolute scaled error: MAE over the mean |y_t − y_(t−season)| of the history.
 * NaN when the history is shorter than a season or repeats exactly. Source: Hyndman & Koehler 2006.
 */
export function mase(
  y: ArrayLike<number>,
  yhat: ArrayLike<number>,
  history: ArrayLike<number>,
  season: number,
): number {
  const scale = naiveError(history, season);
  return scale > 0 ? mae(y, yhat) / scale : Number.NaN;
}

/** The denominator of MASE: mean |y_t − y_(t−season)| of a history, over its observed pairs; NaN if there is none. */
export function naiveError(history: ArrayLike<number>, season: number): number {
  return seasonalScale(history, season, 1);
}

/**
 * Root mean squared scaled error: √(MSE / mean |y_t − y_(t−season)|² of the history), with M5's one step by default.
 * M5 counts its history from the first sale on: leading zeros are the caller's to leave out. Source: M5 competition guide, 2020.
 */
export function rmsse(y: ArrayLike<number>, yhat: ArrayLike<number>, history: ArrayLike<number>, season = 1): number {
  const scale = seasonalScale(history, season, 2);
  return scale > 0 ? Math.sqrt(mse(y, yhat) / scale) : Number.NaN;
}

/** Overall weighted average of M4: ½(sMAPE/sMAPE of naive 2 + MASE/MASE of naive 2). */
export function owa(score: { smape: number; mase: number }, naive2: { smape: number; mase: number }): number {
  return 0.5 * (score.smape / naive2.smape + score.mase / naive2.mase);
}

/** Mean pinball loss of forecasts of the `level` quantile (0 < level < 1). Source: Koenker & Bassett 1978. */
export function pinball(y: ArrayLike<number>, quantile: ArrayLike<number>, level: number): number {
  return meanOver(y, (t) => {
    const error = y[t] - quantile[t];
    return Math.max(level * error, (level - 1) * error);
  });
}

/**
 * Continuous ranked probability score, approximated from quantile forecasts as in the M4/GluonTS tables:
 * 2·Σ pinball over levels / number of levels, in the units of y (`wql` divides by mean |y|).
 */
export function crps(y: ArrayLike<number>, quantiles: readonly ArrayLike<number>[], levels: readonly number[]): number {
  let sum = 0;
  for (let q = 0; q < levels.length; q++) sum += 2 * pinball(y, quantiles[q], levels[q]);
  return sum / levels.length;
}

/**
 * Weighted quantile loss: 2·Σ pinball / Σ|y|, mean over the levels. With the levels 0.1 … 0.9 the `mean_wQuantileLoss` of
 * GluonTS, the M4 and Monash tables. NaN where all y are 0. Source: Alexandrov et al. 2020 (GluonTS), evaluation.
 * @example wql([10, 20], [[8, 20], [10, 25]], [0.1, 0.5])
 */
export function wql(y: ArrayLike<number>, quantiles: readonly ArrayLike<number>[], levels: readonly number[]): number {
  const size = meanOver(y, (t) => Math.abs(y[t]));
  return size > 0 ? crps(y, quantiles, levels) / size : Number.NaN;
}

/** Share of actual values inside [lo, hi], 0…1. */
export function coverage(y: ArrayLike<number>, lo: ArrayLike<number>, hi: ArrayLike<number>): number {
  return meanOver(y, (t) => (y[t] >= lo[t] && y[t] <= hi[t] ? 1 : 0));
}

/**
 * Winkler's interval score for a central interval of `level` percent: width + (2/α)·distance outside,
 * α = 1 − level/100. Source: Gneiting & Raftery 2007, eq. 43.
 */
export function intervalScore(
  y: ArrayLike<number>,
  lo: ArrayLike<number>,
  hi: ArrayLike<number>,
  level: number,
): number {
  const alpha = 1 - level / 100;
  return meanOver(y, (t) => {
    const outside = Math.max(lo[t] - y[t], y[t] - hi[t], 0);
    return hi[t] - lo[t] + (2 / alpha) * outside;
  });
}

/** Mean |y_t − y_(t−season)|^power over the observed pairs of the history; NaN if there is none. */
function seasonalScale(history: ArrayLike<number>, season: number, power: 1 | 2): number {
  let sum = 0;
  let count = 0;
  for (let t = season; t < history.length; t++) {
    const step = Math.abs(history[t] - history[t - season]);
    if (Number.isNaN(step)) continue;
    sum += power === 1 ? step : step * step;
    count++;
  }
  return sum / count;
}

function meanOver(y: ArrayLike<number>, term: (t: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(y[t])) continue;
    sum += term(t);
    count++;
  }
  return sum / count;
}
