import { exp, log1p } from '../../math/index.js';
import { seasonalFactors } from '../../series/seasonality.js';
import type { GaussianForecast } from './baseline.js';
import { fitSmoothing } from './ses.js';

/**
 * The theta method: half the slope of the least-squares line added to simple exponential smoothing, on the
 * multiplicatively deseasonalised series where the 90 % test finds a season.
 *   ŷ_k = l_n + ½b·(k − 1 + (1 − (1−α)ⁿ)/α) ;  σ_k = σ√(1 + (k−1)α²)
 * Sources: Assimakopoulos & Nikolopoulos 2000; Hyndman & Billah 2003, eq. 5; R's thetaf.
 */
export function theta(y: Float64Array, horizon: number, season: number): GaussianForecast {
  const n = y.length;
  // R looks for a season in anything longer than two.
  const indices = seasonalFactors(y, season, 2 * season + 1);
  const adjusted = indices ? y.map((value, t) => value / indices[t % season]) : y;
  const { alpha, level, variance } = fitSmoothing(adjusted);
  const halfSlope = leastSquaresSlope(adjusted) / 2;
  const decay = (1 - exp(n * log1p(-alpha))) / alpha;
  const mean = new Float64Array(horizon);
  const deviation = new Float64Array(horizon);
  for (let k = 0; k < horizon; k++) {
    const factor = indices ? indices[(n + k) % season] : 1;
    mean[k] = (level + halfSlope * (k + decay)) * factor;
    deviation[k] = Math.sqrt(variance * (1 + k * alpha * alpha)) * Math.abs(factor);
  }
  return { mean, deviation };
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
