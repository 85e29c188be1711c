import { isSeasonal, seasonalIndices } from '../../series/seasonality.js';
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
 * The theta method: half the slope of the least-squares line added to simple exponential smoothing, on the
 * multiplicatively deseasonalised series where the 90 % test finds a season.
 *   ŷ_k = l_n + ½b·(k − 1 + (1 − (1−α)ⁿ)/α) ;  σ_k = σ√(1 + (k−1)α²)
 * Sources: Assimakopoulos & Nikolopoulos 2000; Hyndman & Billah 2003, eq. 5; R's thetaf.
 */
export function theta(y: Float64Array, horizon: number, season: number): GaussianForecast {
  const n = y.length;
  const indices = thetaIndices(y, season);
  const adjusted = indices ? y.map((value, t) => value / indices[t % season]) : y;
  const { alpha, level, variance } = fitSmoothing(adjusted);
  const halfSlope = leastSquaresSlope(adjusted) / 2;
  const decay = (1 - Math.exp(n * Math.log1p(-alpha))) / alpha;
  const mean = new Float64Array(horizon);
  const deviation = new Float64Array(horizon);
  for (let k = 0; k < horizon; k++) {
    const factor = indices ? indices[(n + k) % season] : 1;
    mean[k] = (level + halfSlope * (k + decay)) * factor;
    deviation[k] = Math.sqrt(variance * (1 + k * alpha * alpha)) * Math.abs(factor);
  }
  return { mean, deviation };
}

/** Multiplicative indices, or null where the series is not seasonal or an index is not a sensible factor. */
function thetaIndices(y: Float64Array, season: number): Float64Array | null {
  if (!isSeasonal(y, season, 2 * season + 1)) return null;
  const indices = seasonalIndices(y, season, 'multiplicative');
  return indices.every((factor) => factor > 1e-10 && Number.isFinite(factor)) ? indices : null;
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

function leastSquaresSlope(y: Float64Array): number {
  const n = y.length;
  const middle = (n - 1) / 2;
  let covariance = 0;
  let variance = 0;
  for (let t = 0; t < n; t++) {
    covariance += (t - middle) * y[t];
    variance += (t - middle) * (t - middle);
  }
  return variance > 0 ? covariance / variance : 0;
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
