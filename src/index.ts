/**
 * `tidegate`: forecasts of time series with gated recurrent networks.
 *
 * @example
 * const frame = await readSeries('examples/airline-passengers.csv');
 * const forecaster = new Forecaster({ horizon: 24 });
 * const report = await forecaster.fit(frame);
 * const forecast = await forecaster.predict();
 * console.log(report.verdict, forecast.toCSV());
 */
import { type FitOptions, type ForecasterOptions, GlobalForecaster, type Host } from './forecasting/index.js';
import { engineInfo, RELAXED_SIMD_FLAG } from './nn/index.js';
import { allowRelaxedSimd } from './platform/node-simd.js';
import { WorkerPool } from './platform/node-workers.js';

allowRelaxedSimd(RELAXED_SIMD_FLAG);
export type { FitOptions, ForecasterOptions };
export { engineInfo };
const host: Host = {
  createRunner: (threads) => new WorkerPool(new URL('./worker.js', import.meta.url), threads) as never,
};
export class Forecaster extends GlobalForecaster {
  constructor(options: ForecasterOptions) {
    super(options, host);
  }
}
export { readFrame } from './series/read.js';
