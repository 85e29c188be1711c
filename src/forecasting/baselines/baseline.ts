/** A forecast with normal errors: mean and standard deviation [horizon], in the units of the series. */
export interface GaussianForecast {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * A classical method: forecasts one complete series (no NaN, at least one value) from its own past.
 * @param season season length m, 1 for none
 */
export type Baseline = (y: Float64Array, horizon: number, season: number) => GaussianForecast;
