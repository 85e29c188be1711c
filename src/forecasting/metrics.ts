/**
 * Accuracy measures, each by its published definition. `y` actual, `yhat` forecast; pairs whose actual is NaN
 * (not observed) are left out of every mean. A measure that is not defined for the data is NaN.
 */

/** Mean absolute error, in the units of y. */
export function mae(y: ArrayLike<number>, yhat: ArrayLike<number>): number {
  return meanOver(y, (t) => Math.abs(y[t] - yhat[t]));
}

/** Root mean squared error, in the units of y. */
export function rmse(y: ArrayLike<number>, yhat: ArrayLike<number>): number {
  return Math.sqrt(meanOver(y, (t) => (y[t] - yhat[t]) * (y[t] - yhat[t])));
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
  const scale = seasonalScale(history, season, 1);
  return scale > 0 ? mae(y, yhat) / scale : Number.NaN;
}

/** Root mean squared scaled error: √(MSE / mean squared one-step naive error of the history). Source: M5 competition guide, 2020. */
export function rmsse(y: ArrayLike<number>, yhat: ArrayLike<number>, history: ArrayLike<number>): number {
  const scale = seasonalScale(history, 1, 2);
  const error = rmse(y, yhat);
  return scale > 0 ? Math.sqrt((error * error) / scale) : Number.NaN;
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
 * 2·Σ pinball over levels / number of levels, in the units of y (divide by mean |y| for WQL).
 */
export function crps(y: ArrayLike<number>, quantiles: readonly ArrayLike<number>[], levels: readonly number[]): number {
  let sum = 0;
  for (let q = 0; q < levels.length; q++) sum += 2 * pinball(y, quantiles[q], levels[q]);
  return sum / levels.length;
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
