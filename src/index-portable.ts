/** The part of the entry point `tidegate` that every host has. */

export { type ErrorKind, TidegateError } from './errors.js';
export {
  type BacktestFrame,
  type BacktestOptions,
  type BacktestProgress,
  type BacktestRow,
  type BacktestScores,
  type BacktestTest,
  compareLosses,
  describeFrame,
  dieboldMariano,
  type FitOptions,
  type FitProgress,
  type FitReport,
  type ForecasterOptions,
  ForecastFrame,
  type ForecastRow,
  type HalfLives,
  type LossTest,
  type Memory,
  MODEL_NAMES,
  type ModelName,
  type ModelSummary,
  metrics,
  type NetworkReadings,
  observedOf,
  type PredictOptions,
  type Reading,
  type ReadingOptions,
  type UpdateOptions,
  type UpdateReport,
  type ViewSummary,
} from './forecasting/index.js';
export { engineInfo } from './nn/index.js';
export type { Frequency, Series, SeriesFrame, TimeAxis, TimeKind } from './series/frame.js';
export { type ColumnLook, type ColumnPreview, previewColumns } from './series/preview.js';
export type { ReadOptions, ReadSource } from './series/read.js';
