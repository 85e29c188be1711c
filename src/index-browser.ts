/**
 * The entry point `tidegate` in browsers: the same forecasts, from text, bytes, a File or a stream instead of paths. It names
 * packages, so it needs a bundler (or an import map).
 */
import { usageError } from './errors.js';
import {
  type BacktestFrame,
  type BacktestOptions,
  decodeModel,
  type ForecasterOptions,
  GlobalForecaster,
  type Host,
  runBacktest,
  type TaskRunner,
} from './forecasting/index.js';
import { provideHost } from './nn/index.js';
import { browserEngineHost } from './platform/browser-engine.js';
import { BrowserPool } from './platform/browser-workers.js';
import type { SeriesFrame } from './series/frame.js';
import { type ReadOptions, type ReadSource, readFrame } from './series/read.js';

export * from './index-portable.js';

// In this very form bundlers know that a script is a worker's, and bundle it.
provideHost(
  browserEngineHost(() => new Worker(new URL('./engine-thread-browser.js', import.meta.url), { type: 'module' })),
);
const startWorker = () => new Worker(new URL('./worker-browser.js', import.meta.url), { type: 'module' });

const host: Host = {
  // The pool carries any message; what the worker answers is fixed by worker-browser.ts.
  createRunner: (threads) => new BrowserPool(startWorker, threads) as TaskRunner,
};

/** How to read; what is left out is inferred. */
export type SeriesOptions = ReadOptions;

/**
 * Reads one table of series in long format: CSV text, bytes, a File or Blob, a stream such as the body of a fetch, rows, or an
 * async iterable. CSV, JSON, NDJSON (gzip or not) and Parquet are told by their content. A File is named in messages.
 * @throws input error naming the row, the column and the remedy, see `readFrame`; usage `no_paths`.
 */
export async function readSeries(source: ReadSource, options: SeriesOptions = {}): Promise<SeriesFrame> {
  for (const text of [source, options.futureFile])
    if (typeof text === 'string' && !/[\r\n]/.test(text))
      throw usageError(
        'no_paths',
        `${JSON.stringify(text)} would be a path, which a browser cannot open; give the text itself, a File or the body of a fetch.`,
      );
  const { futureFile } = options;
  return readFrame(source, {
    ...(source instanceof File && { source: source.name }),
    ...(futureFile instanceof File && { futureName: futureFile.name }),
    ...options,
  });
}

/**
 * Learns from many series at once and forecasts them: the same bytes as in Node for the same tier, data, options and seed.
 * Long tasks run in workers; what is short runs here, so on a page of many series use it in a worker of your own.
 */
export class Forecaster extends GlobalForecaster {
  /** @throws usage error for an option out of range. */
  constructor(options: ForecasterOptions) {
    super(options, host);
  }

  /** A forecaster as it was saved, here or elsewhere. @throws input error `bad_model_file`. */
  static async load(source: Uint8Array | Blob): Promise<Forecaster> {
    const bytes = source instanceof Blob ? new Uint8Array(await source.arrayBuffer()) : source;
    const state = decodeModel(bytes, source instanceof File ? source.name : 'the model');
    const forecaster = new Forecaster(state.settings);
    forecaster.restore(state);
    return forecaster;
  }
}

/** Forecasts from rolling origins inside the history, by several models, and their scores: as in Node. */
export function backtest(frame: SeriesFrame, options: BacktestOptions): Promise<BacktestFrame> {
  return runBacktest(frame, options, host);
}
