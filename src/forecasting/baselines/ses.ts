import type { GaussianForecast } from './baseline.js';

/** Simple exponential smoothing l_t = l_(t−1) + α·e_t, e_t = y_t − l_(t−1), fitted by least squares. */
export interface SmoothingFit {
  readonly alpha: number;
  /** The level after the last value: the forecast for every step ahead. */
  readonly level: number;
  /** Residual variance, degrees of freedom as in R's ets. */
  readonly variance: number;
}

/**
 * Fits α in [1e-4, 0.9999] and l_0. For a given α the errors are linear in l_0, so l_0 has a closed form and only
 * α is searched: a grid, then golden sections around the best cell. Source: Hyndman et al. 2008, chapter 5.
 */
export function fitSmoothing(y: Float64Array): SmoothingFit {
  const low = 1e-4;
  const high = 0.9999;
  const cells = 60;
  let best = 0;
  let bestError = Number.POSITIVE_INFINITY;
  const at = (cell: number) => low + ((high - low) * cell) / cells;
  for (let cell = 0; cell <= cells; cell++) {
    const { squares } = smooth(y, at(cell));
    if (squares < bestError) {
      bestError = squares;
      best = cell;
    }
  }
  const alpha = goldenSection((a) => smooth(y, a).squares, at(Math.max(0, best - 1)), at(Math.min(cells, best + 1)));
  const { squares, level } = smooth(y, alpha);
  return { alpha, level, variance: squares / Math.max(1, y.length - 2) };
}

/**
 * Simple exponential smoothing: the last level for ever; σ_k = σ√(1 + (k−1)α²).
 * Source: Hyndman & Athanasopoulos 2021, sections 8.1 and 8.7; R's ses.
 */
export function ses(y: Float64Array, horizon: number): GaussianForecast {
  const { alpha, level, variance } = fitSmoothing(y);
  return {
    mean: new Float64Array(horizon).fill(level),
    deviation: Float64Array.from({ length: horizon }, (_, k) => Math.sqrt(variance * (1 + k * alpha * alpha))),
  };
}

function smooth(y: Float64Array, alpha: number): { squares: number; level: number } {
  // e_t = a_t − g_t·l_0 with g_1 = 1, g_(t+1) = (1−α)g_t; l_0 = Σ a·g / Σ g² minimises Σ e².
  let zeroStart = 0;
  let gain = 1;
  let product = 0;
  let gains = 0;
  for (let t = 0; t < y.length; t++) {
    product += (y[t] - zeroStart) * gain;
    gains += gain * gain;
    zeroStart += alpha * (y[t] - zeroStart);
    gain *= 1 - alpha;
  }
  let level = product / gains;
  let squares = 0;
  for (let t = 0; t < y.length; t++) {
    const error = y[t] - level;
    squares += error * error;
    level += alpha * error;
  }
  return { squares, level };
}

function goldenSection(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let a = low;
  let b = high;
  let c = b - ratio * (b - a);
  let d = a + ratio * (b - a);
  let fc = f(c);
  let fd = f(d);
  while (b - a > 1e-9) {
    if (fc < fd) {
      b = d;
      d = c;
      fd = fc;
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      a = c;
      c = d;
      fc = fd;
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}
