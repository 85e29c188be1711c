import { power as raised } from '../../../math/index.js';
import type { GaussianForecast } from '../baseline.js';
import { ALPHA, BETA, type EtsForm, GAMMA, PHI } from './form.js';

/** The states after the last value. */
export interface EtsState {
  readonly level: number;
  readonly slope: number;
  /** Seasonal states in the order of the steps ahead [m]; empty for forms without. */
  readonly seasons: Float64Array;
}

/**
 * Forecast means and deviations of a form, from smoothing parameters (x, as in form.ts), states, and variance σ² of errors.
 * With c_j = α + β(φ + … + φ^j) + γ·[m divides j] and means μ_h:
 *   additive errors:        v_h = σ²(1 + Σ_{j<h} c_j²)
 *   multiplicative errors:  v_h = (1 + σ²)θ_h − μ_h²,  θ_h = μ_h² + σ² Σ_{j<h} c_j² θ_(h−j)
 *   multiplied season:      v_h = s_h²[(1 + σ²)(1 + γ²σ²)^k θ_h − μ_h²],  k = ⌊(h−1)/m⌋, with μ of the series without its
 *                           season and c without γ: an approximation for small σ²
 * Multiplicative errors multiply up: where σ² is large v_h grows exponentially, and says nothing. It is held to four times
 * its first-order part, in which θ is replaced by μ². Source: Hyndman et al. 2008, tables 6.1 and 6.2, eq. 6.3 and 6.4.
 */
export function etsMoments(
  form: EtsForm,
  x: Float64Array,
  { level, slope, seasons }: EtsState,
  variance: number,
  horizon: number,
): GaussianForecast {
  const [alpha, beta, gamma, phi] = [x[ALPHA], x[BETA], x[GAMMA], x[PHI]];
  const m = seasons.length;
  const multiplied = form.season === 'M';
  const mean = new Float64Array(horizon);
  const deviation = new Float64Array(horizon);
  // By step from 0: c_j², θ_h, μ_h².
  const weights = new Float64Array(horizon);
  const theta = new Float64Array(horizon);
  const centres = new Float64Array(horizon);
  let damping = 0;
  let power = 1;
  let weightSum = 0;
  for (let k = 0; k < horizon; k++) {
    power *= phi;
    damping += power;
    const line = level + damping * slope;
    const season = m === 0 ? 0 : seasons[k % m];
    mean[k] = multiplied ? line * season : line + season;
    if (form.error === 'A') deviation[k] = Math.sqrt(variance * (1 + weightSum));
    else {
      const centre = multiplied ? line : mean[k];
      centres[k] = centre * centre;
      let sum = 0;
      let first = centres[k];
      for (let j = 0; j < k; j++) {
        sum += weights[j] * theta[k - 1 - j];
        first += weights[j] * centres[k - 1 - j];
      }
      theta[k] = centres[k] + variance * sum;
      const growth = multiplied ? raised(1 + gamma * gamma * variance, Math.floor(k / m)) : 1;
      const inflation = (1 + variance) * growth;
      // inflation·θ_h − μ_h², without the difference of large numbers.
      const full = (inflation - 1) * centres[k] + inflation * variance * sum;
      deviation[k] = (multiplied ? Math.abs(season) : 1) * Math.sqrt(Math.min(full, 4 * variance * first));
    }
    const weight = alpha + beta * damping + (m > 0 && !multiplied && (k + 1) % m === 0 ? gamma : 0);
    weights[k] = weight * weight;
    weightSum += weights[k];
  }
  return { mean, deviation };
}
