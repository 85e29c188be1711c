import type { GaussianForecast } from './baselines/index.js';
import { normalQuantile } from './normal.js';

/** Forecast of one series: one array [horizon] per quantile level, ascending in level, never crossing. */
export type Quantiles = readonly Float64Array[];

/** Quantile levels that give the median and the central intervals of `levels` percent: 80, 95 → .025 .1 .5 .9 .975 */
export function quantileLevels(levels: readonly number[]): number[] {
  const wide = [...levels].sort((a, b) => b - a);
  const lower = wide.map((level) => roundLevel((1 - level / 100) / 2));
  const upper = wide.map((level) => roundLevel((1 + level / 100) / 2)).reverse();
  return [...lower, 0.5, ...upper];
}

/** Indices of the lower and upper quantile of the i-th widest of `count` intervals. */
export function intervalIndices(i: number, count: number): [lower: number, upper: number] {
  return [i, 2 * count - i];
}

/** The quantiles of a forecast with normal errors. */
export function gaussianQuantiles(forecast: GaussianForecast, levels: readonly number[]): Quantiles {
  return levels.map((level) => {
    const z = level === 0.5 ? 0 : normalQuantile(level);
    return forecast.mean.map((mean, k) => mean + z * forecast.deviation[k]);
  });
}

/**
 * The weighted mean of several forecasts, quantile by quantile (Vincentization): keeps shape and order.
 * Source: Lichtendahl, Grushka-Cockayne & Winkler 2013. Weights sum to 1.
 */
export function blendQuantiles(forecasts: readonly Quantiles[], weights: ArrayLike<number>): Quantiles {
  return forecasts[0].map((first, q) => {
    const blended = new Float64Array(first.length);
    for (let m = 0; m < forecasts.length; m++) {
      if (weights[m] === 0) continue;
      for (let k = 0; k < blended.length; k++) blended[k] += weights[m] * forecasts[m][q][k];
    }
    return blended;
  });
}

/**
 * From values at some quantile levels to values at others: straight lines over the quantiles of the normal distribution, so that
 * what is normal stays normal; the outermost two lines go on beyond. Values at a given level stay as they are, to the bit.
 * @param known ascending, two at least; @param wanted ascending
 */
export function quantileInterpolator(
  known: readonly number[],
  wanted: readonly number[],
): (values: ArrayLike<number>) => Float64Array {
  const z = known.map(normalQuantile);
  const places = wanted.map((level) => {
    const exact = known.indexOf(level);
    if (exact >= 0) return { lower: exact, upper: exact, share: 0 };
    const next = known.findIndex((value) => value > level);
    const upper = Math.max(1, next < 0 ? known.length - 1 : next);
    return { lower: upper - 1, upper, share: (normalQuantile(level) - z[upper - 1]) / (z[upper] - z[upper - 1]) };
  });
  return (values) =>
    Float64Array.from(places, ({ lower, upper, share }) =>
      share === 0 ? values[lower] : values[lower] + share * (values[upper] - values[lower]),
    );
}

/** Cuts every quantile at zero: for series that have never been negative. */
export function nonNegative(quantiles: Quantiles): Quantiles {
  return quantiles.map((row) => row.map((value) => Math.max(0, value)));
}

function roundLevel(level: number): number {
  return Math.round(level * 1e6) / 1e6;
}
