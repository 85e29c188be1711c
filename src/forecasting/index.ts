export { type BacktestOptions, type BacktestProgress, runBacktest } from './backtest.js';
export { BacktestFrame, type BacktestRow, type BacktestTest } from './backtest-frame.js';
export type { BacktestScores } from './backtest-scores.js';
export { compareLosses, dieboldMariano, type LossTest } from './diebold-mariano.js';
export type { FitOptions, FitProgress } from './fit.js';
export { ForecastFrame, type ForecastRow } from './forecast-frame.js';
export {
  GlobalForecaster,
  type Host,
  type PredictOptions,
} from './forecaster.js';
export { observedOf } from './history.js';
export type { HalfLives, Memory, ModelSummary, ViewSummary } from './inspect.js';
export * as metrics from './metrics.js';
export { decodeModel } from './model-file.js';
export type { NetworkReadings, Reading, ReadingOptions } from './network-readings.js';
export { type ForecasterOptions, MODEL_NAMES, type ModelName } from './options.js';
export { describeFrame, type FitReport } from './report.js';
export type { TaskRunner } from './tasks.js';
export type { UpdateOptions, UpdateReport } from './update.js';
