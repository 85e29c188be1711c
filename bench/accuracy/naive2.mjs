/** The two naive forecasts that scores are compared with. */

/** The last season again and again; the last value where m is 1. */
export function seasonalNaive(y, horizon, m) {
  const season = Math.min(m, y.length);
  return Float64Array.from({ length: horizon }, (_, k) => y[y.length - season + (k % season)]);
}

/**
 * M4's second naive forecast: the last value of the series without its season, times the season, where the season
 * passes a test of autocorrelation at 90 % and all values are positive, as a division needs. Source: M4 benchmarks and evaluation (SeasonalityTest, Benchmarks), in R.
 */
export function naive2(y, horizon, m) {
  if (!isSeasonal(y, m)) return new Float64Array(horizon).fill(y[y.length - 1]);
  const indices = multiplicativeIndices(y, m);
  const last = y[y.length - 1] / indices[(y.length - 1) % m];
  return Float64Array.from({ length: horizon }, (_, k) => last * indices[(y.length + k) % m]);
}

/** |r_m| above 1.645·√((1 + 2·Σ_{i<m} r_i²)/n), from three seasons on. */
function isSeasonal(y, m) {
  const n = y.length;
  if (m < 2 || n < 3 * m || !y.every((value) => value > 0)) return false;
  const mean = y.reduce((sum, value) => sum + value / n, 0);
  const covariance = (lag) => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (y[t] - mean) * (y[t - lag] - mean);
    return sum;
  };
  const variance = covariance(0);
  let squares = 0;
  for (let lag = 1; lag < m; lag++) squares += (covariance(lag) / variance) ** 2;
  return Math.abs(covariance(m) / variance) > 1.645 * Math.sqrt((1 + 2 * squares) / n);
}

/** As R's decompose(type = "multiplicative"): y over its centred moving average, mean by position, mean 1. */
function multiplicativeIndices(y, m) {
  const half = Math.floor(m / 2);
  const sums = new Float64Array(m);
  const counts = new Float64Array(m);
  for (let t = half; t < y.length - half; t++) {
    let trend = 0;
    for (let j = -half; j <= half; j++) trend += (m % 2 === 0 && Math.abs(j) === half ? 0.5 : 1) * (y[t + j] / m);
    const ratio = y[t] / trend;
    if (!Number.isFinite(ratio)) continue;
    sums[t % m] += ratio;
    counts[t % m]++;
  }
  const means = sums.map((sum, k) => sum / counts[k]);
  const mean = means.reduce((sum, value) => sum + value / m, 0);
  return means.map((value) => value / mean);
}
