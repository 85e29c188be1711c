export type { FitOptions, FitProgress } from './fit.js';
export { ForecastFrame, type ForecastRow } from './forecast-frame.js';
export {
  GlobalForecaster,
  type Host,
  type PredictOptions,
} from './forecaster.js';
export * as metrics from './metrics.js';
export { decodeModel, encodeModel } from './model-file.js';
export { type ForecasterOptions, MODEL_NAMES, type ModelName } from './options.js';
export type { FitReport } from './report.js';
export type { TaskRunner } from './tasks.js';
