import { seasonalFactors } from '../../series/seasonality.js';
import type { GaussianForecast } from './baseline.js';
import { naive } from './naive.js';

/**
 * The naive method on the multiplicatively deseasonalised series where the 90 % test finds a season: the reference of OWA.
 *   ŷ_k = (y_n / s_n)·s_(n+k) ;  σ_k = σ√k·s_(n+k)
 * A series that is not all positive (M4 has none) has no multiplicative season here.
 * Source: Makridakis, Spiliotis & Assimakopoulos 2018 (M4), Naïve 2.
 */
export function naive2(y: Float64Array, horizon: number, season: number): GaussianForecast {
  const factors = y.every((value) => value > 0) ? seasonalFactors(y, season) : null;
  if (!factors) return naive(y, horizon);
  const { mean, deviation } = naive(
    y.map((value, t) => value / factors[t % season]),
    horizon,
  );
  const scale = (value: number, k: number) => value * factors[(y.length + k) % season];
  return { mean: mean.map(scale), deviation: deviation.map(scale) };
}
