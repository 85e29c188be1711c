import type { GaussianForecast } from './baseline.js';

/** The last value for ever; σ_k = σ√k (random walk). Source: Hyndman & Athanasopoulos 2021, sections 5.2 and 5.5. */
export function naive(y: Float64Array, horizon: number): GaussianForecast {
  return seasonalNaive(y, horizon, 1);
}

/**
 * The value one season before; σ_k = σ√(⌊(k−1)/m⌋ + 1). With less than a season of history, the last value.
 * Source: Hyndman & Athanasopoulos 2021, sections 5.2 and 5.5.
 */
export function seasonalNaive(y: Float64Array, horizon: number, season: number): GaussianForecast {
  const n = y.length;
  const m = season <= n ? season : 1;
  // With one season only there is no seasonal step to learn the spread from.
  const sigma = stepDeviation(y, n > m ? m : 1);
  const mean = new Float64Array(horizon);
  const deviation = new Float64Array(horizon);
  for (let k = 0; k < horizon; k++) {
    mean[k] = y[n - m + (k % m)];
    deviation[k] = sigma * Math.sqrt(Math.floor(k / m) + 1);
  }
  return { mean, deviation };
}

/**
 * The straight line through the first and the last value; σ_k = σ√(k(1 + k/(n−1))), the slope costs σ a degree of freedom.
 * Source: Hyndman & Athanasopoulos 2021, sections 5.2 and 5.5.
 */
export function drift(y: Float64Array, horizon: number): GaussianForecast {
  const n = y.length;
  const slope = n > 1 ? (y[n - 1] - y[0]) / (n - 1) : 0;
  const sigma = stepDeviation(y, 1, slope, 1);
  const mean = new Float64Array(horizon);
  const deviation = new Float64Array(horizon);
  for (let k = 1; k <= horizon; k++) {
    mean[k - 1] = y[n - 1] + slope * k;
    deviation[k - 1] = sigma * Math.sqrt(k * (1 + k / Math.max(1, n - 1)));
  }
  return { mean, deviation };
}

/** √(Σ(y_t − y_(t−lag) − slope)² / (terms − parameters)). */
function stepDeviation(y: Float64Array, lag: number, slope = 0, parameters = 0): number {
  let sum = 0;
  for (let t = lag; t < y.length; t++) {
    const error = y[t] - y[t - lag] - slope;
    sum += error * error;
  }
  return y.length > lag ? Math.sqrt(sum / Math.max(1, y.length - lag - parameters)) : 0;
}
