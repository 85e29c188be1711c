export type { FitOptions, FitProgress, Host, PredictOptions } from './forecaster.js';
export { GlobalForecaster } from './forecaster.js';
export type { ForecastRow } from './forecast-frame.js';
export { ForecastFrame } from './forecast-frame.js';
export * as metrics from './metrics.js';
export type { ForecasterOptions, ModelName } from './options.js';
export { MODEL_NAMES } from './options.js';
export type { FitReport } from './report.js';
