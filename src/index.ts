/** The entry point `tidegate`: forecasts of time series with gated recurrent networks. */
import {
  decodeModel,
  encodeModel,
  type ForecasterOptions,
  GlobalForecaster,
  type Host,
  type TaskRunner,
} from './forecasting/index.js';
import { provideHost } from './nn/index.js';
import { nodeEngineHost, openBytes, readFileBytes, WorkerPool, writeFileAtomic } from './platform/node.js';
import type { SeriesFrame } from './series/frame.js';
import { type ReadOptions, type ReadSource, readFrame } from './series/read.js';

export { type ErrorKind, TidegateError } from './errors.js';
export {
  type FitOptions,
  type FitProgress,
  type FitReport,
  type ForecasterOptions,
  ForecastFrame,
  type ForecastRow,
  MODEL_NAMES,
  type ModelName,
  metrics,
  type PredictOptions,
} from './forecasting/index.js';
export { engineInfo } from './nn/index.js';
export type { Frequency, Series, SeriesFrame, TimeAxis, TimeKind } from './series/frame.js';
export type { ReadOptions, ReadSource } from './series/read.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

const host: Host = {
  // The pool carries any message; what the worker answers is fixed by worker.ts.
  createRunner: (threads) => new WorkerPool(new URL('./worker.js', import.meta.url), threads) as TaskRunner,
};

/**
 * Reads one table of series in long format: a path, `-` for standard input, CSV text (anything with a line break),
 * rows, bytes, a Blob, a stream or an async iterable. So may be the file of future covariates.
 * @throws input error naming the row, the column and the remedy; see `readFrame`.
 * @example
 * const frame = await readSeries('examples/airline-passengers.csv');
 * frame.series.length; // 1
 * frame.axis.freq.alias; // 'MS'
 */
export async function readSeries(source: ReadSource, options: ReadOptions = {}): Promise<SeriesFrame> {
  const { futureFile } = options;
  if (isPath(futureFile))
    return readSeries(source, { futureName: nameOf(futureFile), ...options, futureFile: openBytes(futureFile) });
  if (!isPath(source)) return readFrame(source, options);
  return readFrame(openBytes(source), { source: nameOf(source), ...options });
}

/** Text with a line break is a table, other text a path. */
function isPath(source: ReadSource | undefined): source is string {
  return typeof source === 'string' && !/[\r\n]/.test(source);
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/**
 * Learns from many series at once and forecasts them.
 * @example
 * const forecaster = new Forecaster({ horizon: 24, seed: 1 });
 * const report = await forecaster.fit(await readSeries('examples/airline-passengers.csv'));
 * const forecast = await forecaster.predict();
 * report.verdict; // which model, and by how much it beats the seasonal naive forecast
 * forecast.toCSV(); // unique_id,ds,auto,auto-lo-80,auto-hi-80,auto-lo-95,auto-hi-95
 */
export class Forecaster extends GlobalForecaster {
  /** @throws usage error for an option out of range. */
  constructor(options: ForecasterOptions) {
    super(options, host);
  }

  /** A forecaster as it was saved. @throws input error `bad_model_file`. */
  static async load(path: string): Promise<Forecaster> {
    const state = decodeModel(await readFileBytes(path), path);
    const forecaster = new Forecaster(state.settings);
    forecaster.restore(state);
    return forecaster;
  }

  /** Writes the whole fit to one safetensors file, or nothing. */
  async save(path: string): Promise<void> {
    await writeFileAtomic(path, encodeModel(this.state));
  }
}
