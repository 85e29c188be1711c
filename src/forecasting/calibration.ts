import { intervalIndices, type Quantiles } from './quantiles.js';

/**
 * Conformal widening of intervals: for each interval, the factor by which its two half-widths must be stretched
 * so that the validation forecasts would have covered the promised share.
 *   s = (y − median)/(upper − median) above the median, (median − y)/(median − lower) below
 *   factor = the ⌈(n+1)·level⌉-th smallest s
 * Source: Romano, Patterson & Candès 2019 (conformalised quantile regression), in its multiplicative form.
 */
export interface Calibration {
  /** [intervals, the widest first][bands]: the steps of the horizon are cut into so many bands of about equal length. */
  readonly factors: readonly (readonly number[])[];
  /** Validation errors behind the factors. */
  readonly points: number;
}

/** Fewer errors than this are too few to narrow an interval, and can only widen it so far. */
const FEW_POINTS = 200;
const WIDEST = 3;
const NARROWEST = 0.5;

/** Errors that a band of steps should have: with fewer, steps share their factors. */
const POINTS_PER_BAND = 400;

/** @param forecasts with the values that came true, NaN where not observed; @param levels percent, widest first */
export function calibrate(
  forecasts: readonly { quantiles: Quantiles; actual: ArrayLike<number> }[],
  levels: readonly number[],
): Calibration {
  const middle = levels.length;
  const horizon = forecasts[0]?.quantiles[middle].length ?? 0;
  let points = 0;
  for (const { actual } of forecasts)
    for (let k = 0; k < horizon; k++) if (!Number.isNaN(actual[k] ?? Number.NaN)) points++;
  const bands = Math.max(1, Math.min(horizon, Math.floor(points / POINTS_PER_BAND)));
  const factors = levels.map((level, i) => {
    const scores = scoresByBand(forecasts, intervalIndices(i, middle), bands);
    return scores.map((band) => factorOf(band, level));
  });
  if (points < FEW_POINTS) {
    // The tails of few errors are noise: a wider interval is stretched at least as far as the next narrower one.
    for (let i = factors.length - 2; i >= 0; i--)
      factors[i] = factors[i].map((factor, band) => Math.max(factor, factors[i + 1][band]));
  }
  return { factors, points };
}

/** How far each value lay from the median, in half-widths of the interval on its side, band by band. */
function scoresByBand(
  forecasts: readonly { quantiles: Quantiles; actual: ArrayLike<number> }[],
  [lower, upper]: readonly [number, number],
  bands: number,
): number[][] {
  const scores = Array.from({ length: bands }, (): number[] => []);
  for (const { quantiles, actual } of forecasts) {
    const median = quantiles[(quantiles.length - 1) / 2];
    for (let k = 0; k < median.length; k++) {
      const distance = actual[k] - median[k];
      if (Number.isNaN(distance)) continue;
      const half = quantiles[distance < 0 ? lower : upper][k] - median[k];
      const score = distance === 0 ? 0 : Math.abs(distance) / Math.max(Math.abs(half), Number.MIN_VALUE);
      scores[bandOf(k, median.length, bands)].push(score);
    }
  }
  return scores;
}

function factorOf(scores: number[], level: number): number {
  const points = scores.length;
  if (points === 0) return 1;
  scores.sort((a, b) => a - b);
  const rank = Math.min(points, Math.ceil((points + 1) * (level / 100)));
  const least = points < FEW_POINTS ? 1 : NARROWEST;
  return Math.min(WIDEST, Math.max(least, scores[rank - 1]));
}

/** The band of step k. */
function bandOf(k: number, horizon: number, bands: number): number {
  return Math.min(bands - 1, Math.floor((k * bands) / horizon));
}

/** Stretches the intervals about the median; keeps the order of the quantiles. */
export function applyCalibration(quantiles: Quantiles, calibration: Calibration): Quantiles {
  const count = calibration.factors.length;
  const median = quantiles[count];
  const stretched = quantiles.map((row) => row.slice());
  for (let i = count - 1; i >= 0; i--) {
    const [lower, upper] = intervalIndices(i, count);
    for (let k = 0; k < median.length; k++) {
      const factor = calibration.factors[i][bandOf(k, median.length, calibration.factors[i].length)];
      // No wider interval may lie inside the next narrower one.
      stretched[lower][k] = Math.min(median[k] + factor * (quantiles[lower][k] - median[k]), stretched[lower + 1][k]);
      stretched[upper][k] = Math.max(median[k] + factor * (quantiles[upper][k] - median[k]), stretched[upper - 1][k]);
    }
  }
  return stretched;
}
