import { exp, log } from '../../../math/index.js';
import type { GaussianForecast } from '../baseline.js';
import { naive } from '../naive.js';
import { type EtsFit, fitForm } from './fit.js';
import { type EtsForm, parameterCount } from './form.js';
import { etsMoments } from './moments.js';
import { Recursion } from './recursion.js';
import { startOf } from './start.js';

/** Longer seasons are left out, as in R: too many states to estimate. */
const LONGEST_SEASON = 24;
/** Of longer series only the last values are used: older ones have little weight, and cost as much. */
const MOST_VALUES = 1000;
/**
 * A form weighs exp(−Δ/TEMPER), Δ its AICc above the best one's. 2 gives Akaike's weights, which trust the likelihood too much: on
 * three rolling origins inside the training parts of five sets they lower sMAPE and MASE by 1 to 2 % against the best form
 * alone, 8 by 3 %, 16 by 4 %.
 */
const TEMPER = 8;
/** Highest variance of relative errors: positive values have none below −1, which has to be two deviations away. */
const MOST_RELATIVE = 0.25;
const LEAST_WEIGHT = 1e-3;

/**
 * Exponential smoothing in state space form: every form that suits the series is fitted by maximum likelihood, and their
 * forecasts are averaged by how likely each form is. Forms, bounds and criterion are those of R's ets (Hyndman & Khandakar
 * 2008), which takes the single best form; the average is more accurate, and its intervals allow for the choice. No
 * multiplicative form where a value is not above zero or relative errors are large; no season above 24 steps; of a series
 * longer than 1000 values only the last 1000. Series too short for any form and constant ones get the naive forecast.
 * Sources: Hyndman, Koehler, Ord & Snyder 2008; Kolassa 2011 for the average.
 */
export function ets(y: Float64Array, horizon: number, season: number): GaussianForecast {
  const tail = y.subarray(Math.max(0, y.length - MOST_VALUES));
  if (tail.every((value) => value === tail[0])) return naive(y, horizon);
  const size = magnitude(tail);
  const recursion = recursionOf(
    tail.map((value) => value / size),
    season,
  );
  const { fits, weights } = likelyFits(fitForms(recursion));
  if (fits.length === 0) return naive(y, horizon);
  const { mean, deviation } = mixture(
    fits.map((fit) => forecastForm(recursion, fit, horizon)),
    weights,
  );
  for (let k = 0; k < horizon; k++) {
    mean[k] *= size;
    deviation[k] *= size;
    // A falling series takes multiplicative errors with it; an interval does not get narrower from season to season.
    if (k >= season) deviation[k] = Math.max(deviation[k], deviation[k - season]);
  }
  return { mean, deviation };
}

/** The fits that count, with their weights. */
function likelyFits(all: readonly EtsFit[]): { fits: EtsFit[]; weights: number[] } {
  const sensible = all.filter(({ form, variance }) => form.error === 'A' || variance < MOST_RELATIVE);
  const best = Math.min(...sensible.map(({ aicc }) => aicc));
  const weight = ({ aicc }: EtsFit) => exp((best - aicc) / TEMPER);
  const fits = sensible.filter((fit) => weight(fit) > LEAST_WEIGHT);
  return { fits, weights: fits.map(weight) };
}

/** Mean and deviation of a draw from one of the forecasts, taken with these weights. */
function mixture(forecasts: readonly GaussianForecast[], weights: readonly number[]): GaussianForecast {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float64Array(forecasts[0].mean.length);
  const deviation = new Float64Array(mean.length);
  for (let k = 0; k < mean.length; k++) {
    forecasts.forEach((forecast, i) => {
      mean[k] += (weights[i] / total) * forecast.mean[k];
    });
    let variance = 0;
    forecasts.forEach((forecast, i) => {
      const distance = forecast.mean[k] - mean[k];
      variance += (weights[i] / total) * (forecast.deviation[k] * forecast.deviation[k] + distance * distance);
    });
    deviation[k] = Math.sqrt(variance);
  }
  return { mean, deviation };
}

/** The recursion over a series with the season that its forms can have. */
export function recursionOf(y: Float64Array, season: number): Recursion {
  return new Recursion(y, season <= LONGEST_SEASON && season < y.length ? season : 1);
}

/** Every form that suits the series of the recursion (of about 1) and is not too large for it. */
export function fitForms(recursion: Recursion): EtsFit[] {
  const { y, season } = recursion;
  const errors = y.every((value) => value > 0) ? (['A', 'M'] as const) : (['A'] as const);
  const fits: EtsFit[] = [];
  for (const kind of ['N', 'A', 'M'] as const) {
    if (kind !== 'N' && season === 1) continue;
    const start = startOf(y, season, kind);
    for (const trend of ['N', 'A', 'Ad'] as const)
      for (const error of errors) {
        const form: EtsForm = { error, trend, season: kind };
        if (kind === 'M' && error === 'A') continue;
        if (parameterCount(form, season) > y.length - 2) continue;
        const fit = fitForm(recursion, form, start);
        if (fit) fits.push(fit);
      }
  }
  return fits;
}

/** The forecast of one fitted form. */
export function forecastForm(recursion: Recursion, { form, x, variance }: EtsFit, horizon: number): GaussianForecast {
  const n = recursion.y.length;
  const m = form.season === 'N' ? 0 : recursion.season;
  recursion.deviance(form, x);
  const { level, slope } = recursion;
  const seasons = Float64Array.from({ length: m }, (_, k) => recursion.seasons[(n + k) % m]);
  return etsMoments(form, x, { level, slope, seasons }, variance, horizon);
}

/** A power of two near the mean of |y|: division by it is exact. */
function magnitude(y: Float64Array): number {
  let mean = 0;
  for (const value of y) mean += Math.abs(value) / y.length;
  return mean > 0 ? 2 ** Math.round(log(mean) * Math.LOG2E) : 1;
}
