/**
 * Seasons of one series: is there one, how long is it, what does it look like. All functions take a complete
 * series (no NaN: see `interpolate` in scaling.ts) and never look past its end.
 */
import { log } from '../math/index.js';

/** Autocorrelations r[0..maxLag] of `y` about its mean; all zero for a constant series. */
export function autocorrelation(y: ArrayLike<number>, maxLag: number): Float64Array {
  const n = y.length;
  const r = new Float64Array(maxLag + 1);
  if (Array.prototype.every.call(y, (value: number) => value === y[0])) return r;
  let mean = 0;
  for (let t = 0; t < n; t++) mean += y[t] / n;
  for (let lag = 0; lag <= maxLag; lag++) {
    for (let t = lag; t < n; t++) r[lag] += (y[t] - mean) * (y[t - lag] - mean);
  }
  const variance = r[0];
  for (let lag = 0; lag <= maxLag; lag++) r[lag] = variance > 0 ? r[lag] / variance : 0;
  return r;
}

/**
 * The seasonality test of the M3 and M4 competitions: |r_m| > 1.645·√((1 + 2·Σ_{k<m} r_k²)/n), a 90 % test.
 * False below `minimumLength` values (M4: three seasons). Source: Assimakopoulos & Nikolopoulos 2000; M4 benchmark code.
 */
export function isSeasonal(y: ArrayLike<number>, season: number, minimumLength = 3 * season): boolean {
  const n = y.length;
  if (season < 2 || n < minimumLength) return false;
  const r = autocorrelation(y, season);
  let sum = 0;
  for (let lag = 1; lag < season; lag++) sum += r[lag] * r[lag];
  return Math.abs(r[season]) > 1.645 * Math.sqrt((1 + 2 * sum) / n);
}

/** Centred moving average over one season (2×m for even m); NaN for the half season at either end. */
export function centredMovingAverage(y: ArrayLike<number>, season: number): Float64Array {
  const half = Math.floor(season / 2);
  const trend = new Float64Array(y.length).fill(Number.NaN);
  const edge = season % 2 === 0 ? 0.5 : 1;
  for (let t = half; t < y.length - half; t++) {
    let sum = edge * (y[t - half] + y[t + half]);
    for (let k = 1 - half; k < half; k++) sum += y[t + k];
    trend[t] = sum / season;
  }
  return trend;
}

/**
 * Classical decomposition: the mean deviation from the moving average at each of the `season` positions, counted
 * from the first value. Additive indices sum to 0, multiplicative ones average to 1.
 * Needs at least two seasons. Source: Kendall & Stuart 1983; R's `decompose`.
 */
export function seasonalIndices(
  y: ArrayLike<number>,
  season: number,
  kind: 'additive' | 'multiplicative',
): Float64Array {
  const trend = centredMovingAverage(y, season);
  const index = new Float64Array(season);
  const count = new Float64Array(season);
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(trend[t])) continue;
    index[t % season] += kind === 'additive' ? y[t] - trend[t] : y[t] / trend[t];
    count[t % season]++;
  }
  let mean = 0;
  for (let k = 0; k < season; k++) {
    index[k] /= count[k];
    mean += index[k] / season;
  }
  for (let k = 0; k < season; k++) index[k] = kind === 'additive' ? index[k] - mean : index[k] / mean;
  return index;
}

/**
 * Multiplicative indices of a series that passes the seasonality test; null where it does not, or where an index is
 * not a sensible factor (zeros, negative values). Source: M4 benchmark code.
 */
export function seasonalFactors(y: ArrayLike<number>, season: number, minimumLength?: number): Float64Array | null {
  if (!isSeasonal(y, season, minimumLength)) return null;
  const indices = seasonalIndices(y, season, 'multiplicative');
  return indices.every((factor) => factor > 1e-10 && Number.isFinite(factor)) ? indices : null;
}

/**
 * The season length that several series share, where the time axis does not tell (integer steps), from the
 * autocorrelation of the differences, averaged over the series by length. A lag counts if it is above 0.3 and above
 * 3.5 standard errors (one lag in hundreds, and many are tried). Of the local peaks the first within a tenth of the
 * highest is taken, or a divisor of the highest where the correlation is nearly as strong. 1 if there is none.
 */
export function detectSeason(collection: readonly ArrayLike<number>[]): number {
  const { mean, weight } = meanCorrelation(collection);
  const counts = (lag: number) => mean[lag] > Math.max(0.3, 3.5 / Math.sqrt(weight[lag]));
  const neighbour = (lag: number) => Math.max(mean[lag - 1], mean[lag + 1]);
  const isPeak = (lag: number) => counts(lag) && mean[lag] >= neighbour(lag);
  let highest = 0;
  for (let lag = 2; lag < mean.length - 1; lag++)
    if (isPeak(lag) && (highest === 0 || mean[lag] > mean[highest])) highest = lag;
  for (let lag = 2; lag < highest; lag++) {
    const share = mean[lag] / mean[highest];
    if (isPeak(lag) && share >= 0.9) return lag;
    // Noise can move a smooth peak by one lag; the multiple tells where it belongs.
    if (highest % lag === 0 && counts(lag) && share >= 0.75 && mean[lag] >= 0.95 * neighbour(lag)) return lag;
  }
  return highest || 1;
}

/** Longest season that is looked for. */
const LONGEST_SEASON = 400;

/** Autocorrelation of the differences by lag, averaged over the series with their lengths as `weight`; up to a third of the longest. */
function meanCorrelation(collection: readonly ArrayLike<number>[]): { mean: Float64Array; weight: Float64Array } {
  const longest = collection.reduce((most, y) => Math.max(most, y.length), 0);
  const maxLag = Math.min(Math.floor(longest / 3), LONGEST_SEASON);
  const mean = new Float64Array(maxLag + 2);
  const weight = new Float64Array(maxLag + 2);
  for (const y of collection) {
    const lags = Math.min(Math.floor(y.length / 3), maxLag);
    if (lags < 3) continue;
    const r = correlationOfSteps(y, Math.min(lags + 1, y.length - 2));
    for (let lag = 0; lag < r.length; lag++) {
      mean[lag] += r[lag] * y.length;
      weight[lag] += y.length;
    }
  }
  for (let lag = 0; lag < mean.length; lag++) mean[lag] = weight[lag] > 0 ? mean[lag] / weight[lag] : 0;
  return { mean, weight };
}

/**
 * Autocorrelation of the first differences. Where all values are positive, lag by lag the smaller of that and of
 * the log differences: a season shows in both, while the changing noise of a growing series shows in one.
 */
function correlationOfSteps(y: ArrayLike<number>, maxLag: number): Float64Array {
  const steps = new Float64Array(y.length - 1);
  const logSteps = new Float64Array(y.length - 1);
  let positive = y[0] > 0;
  for (let t = 1; t < y.length; t++) {
    if (!(y[t] > 0)) positive = false;
    steps[t - 1] = y[t] - y[t - 1];
    logSteps[t - 1] = log(y[t] / y[t - 1]);
  }
  const r = autocorrelation(steps, maxLag);
  if (!positive) return r;
  const logged = autocorrelation(logSteps, maxLag);
  return r.map((value, lag) => Math.min(value, logged[lag]));
}

/** Seasons in a longer season that is looked for: days in a week. */
const DAYS_PER_WEEK = 7;
/** Shorter seasons are hardly days. */
const SHORTEST_DAY = 12;
/** How much more alike weeks are than any other days: at least this, and so many standard errors. */
const CLEAR_GAIN = 0.05;
const CLEAR_ERRORS = 2;
/** Part of the largest value that is more than rounding. */
const LEAST_REST = 1e-9;
/** Part of the series that must show it: it is looked for where one of them alone has it. */
const CLEAR_SHARE = 0.1;

/**
 * Whether weeks of `longer` values show in a series besides days of `season`: its differences without their daily pattern are
 * clearly more alike a week apart than one to six days apart (autocorrelations by the number of pairs). Needs three weeks.
 */
export function showsLonger(y: ArrayLike<number>, season: number, longer: number): boolean {
  if (y.length < 3 * longer || longer % season !== 0) return false;
  const n = y.length - 1;
  const steps = Float64Array.from({ length: n }, (_, t) => y[t + 1] - y[t]);
  const pattern = new Float64Array(season);
  const count = new Float64Array(season);
  steps.forEach((step, t) => {
    pattern[t % season] += step;
    count[t % season]++;
  });
  const rest = steps.map((step, t) => step - pattern[t % season] / count[t % season]);
  // What rounding leaves of a pattern that repeats exactly is no week.
  let largest = 0;
  for (let t = 0; t <= n; t++) largest = Math.max(largest, Math.abs(y[t]));
  if (rest.every((value) => Math.abs(value) <= LEAST_REST * largest)) return false;
  const r = autocorrelationAt(
    rest,
    Array.from({ length: longer / season }, (_, k) => (k + 1) * season),
  );
  const least = Math.max(CLEAR_GAIN, CLEAR_ERRORS * Math.sqrt(2 / n));
  return r[r.length - 1] > Math.max(...r.slice(0, -1)) + least;
}

/** The season of seven seasons, where a good part of the series show one; 1 if they do not. */
export function longerSeason(collection: readonly ArrayLike<number>[], season: number): number {
  const week = DAYS_PER_WEEK * season;
  const long = season >= SHORTEST_DAY ? collection.filter((y) => y.length >= 3 * week) : [];
  const showing = long.filter((y) => showsLonger(y, season, week)).length;
  return long.length > 0 && showing >= CLEAR_SHARE * long.length ? week : 1;
}

/** Autocorrelations at some lags, each over the number of its pairs. */
function autocorrelationAt(y: Float64Array, lags: readonly number[]): number[] {
  const n = y.length;
  const mean = y.reduce((sum, value) => sum + value / n, 0);
  const variance = y.reduce((sum, value) => sum + ((value - mean) * (value - mean)) / n, 0);
  return lags.map((lag) => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (y[t] - mean) * (y[t - lag] - mean);
    return variance > 0 ? sum / (n - lag) / variance : 0;
  });
}
