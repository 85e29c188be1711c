/** The entry point `tidegate`: forecasts of time series with gated recurrent networks. */
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
import {
  expandGlob,
  fileAt,
  nodeEngineHost,
  openBytes,
  publicHolidays,
  readFileBytes,
  runSql,
  ThreadPool,
  writeFileAtomic,
} from './platform/node.js';
import type { SeriesFrame } from './series/frame.js';
import { addHolidays, holidayYears } from './series/holidays.js';
import { type ReadOptions, type ReadSource, readFrame } from './series/read.js';

export * from './index-portable.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

const host: Host = {
  // The pool carries any message; what the worker answers is fixed by worker.ts.
  createRunner: (threads) => new ThreadPool(new URL('./worker.js', import.meta.url), threads) as TaskRunner,
};

/** A query that DuckDB runs, with the optional package @duckdb/node-api. */
export interface SqlSource {
  readonly sql: string;
}

/**
 * Reads one table of series in long format: a path, a pattern of paths (`'sales/*.csv'`: files of the same columns), `-`
 * for standard input, CSV text (anything with a line break), rows, bytes, a Blob, a stream, an async iterable, or
 * `{ sql }`. So may be the file of future covariates. CSV, JSON, NDJSON (gzip or not) and Parquet are told by their content.
 * @throws input error naming the row, the column and the remedy, see `readFrame`; usage `duckdb_missing`, `bad_sql`.
 * @example
 * const frame = await readSeries('examples/airline-passengers.csv');
 * frame.series.length; // 1
 * frame.axis.freq.alias; // 'MS'
 */
export async function readSeries(source: ReadSource | SqlSource, options: SeriesOptions = {}): Promise<SeriesFrame> {
  const { futureFile, ...rest } = options;
  const opened = await openSource(source, 'source', rest);
  if (futureFile === undefined) return readFrame(opened.source, opened.options);
  const ahead = await openSource(futureFile, 'futureName', opened.options);
  return readFrame(opened.source, { ...ahead.options, futureFile: ahead.source });
}

/** How to read; what is left out is inferred. */
export interface SeriesOptions extends Omit<ReadOptions, 'futureFile'> {
  /** Future covariates of the horizon, read like the data: a table with the same columns less the target. */
  readonly futureFile?: ReadSource | SqlSource;
}

/** Paths, patterns and queries opened, and named in messages. */
async function openSource(
  source: ReadSource | SqlSource,
  name: 'source' | 'futureName',
  options: ReadOptions,
): Promise<{ source: ReadSource; options: ReadOptions }> {
  if (typeof source === 'object' && 'sql' in source)
    return { source: await runSql(source.sql), options: { [name]: 'the result of the query', ...options } };
  if (typeof source !== 'string' || /[\r\n]/.test(source)) return { source, options };
  if (source === '-') return { source: openBytes(source), options: { [name]: 'standard input', ...options } };
  const paths = (await expandGlob(source)) ?? [source];
  return { source: { files: paths.map(fileAt) }, options: { [name]: source, ...options } };
}

/** Which holidays, and how far. */
export interface HolidayOptions {
  /** ISO 3166 code of a country, perhaps with a region: `DE`, `US`, `CA-ON`. */
  readonly country: string;
  /** Steps ahead that they must be known. */
  readonly horizon: number;
}

/**
 * The frame with one more future covariate, `holiday`: 1 on every step of a public holiday, 0 elsewhere, for the history and the
 * horizon. For days, business days, and what is shorter; needs the optional package date-holidays.
 * @throws usage error `holidays_missing`, `unknown_country`, `no_calendar_days`, `bad_covariates`.
 * @example
 * const days = await readSeries('ds,y\n2024-12-23,8\n2024-12-24,9\n');
 * const frame = await withHolidays(days, { country: 'DE', horizon: 3 });
 * frame.covariates.future; // ['holiday']
 * [...frame.series[0].future[0]]; // [0, 0, 1, 1, 0]
 */
export async function withHolidays(frame: SeriesFrame, { country, horizon }: HolidayOptions): Promise<SeriesFrame> {
  const days = await publicHolidays(country, holidayYears(frame, horizon));
  return addHolidays(frame, days, horizon);
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

  /** A forecaster as it was saved: a path, or the bytes of the file. @throws input error `bad_model_file`. */
  static async load(source: string | Uint8Array): Promise<Forecaster> {
    const [bytes, name] = typeof source === 'string' ? [await readFileBytes(source), source] : [source, 'the model'];
    const state = decodeModel(bytes, name);
    const forecaster = new Forecaster(state.settings);
    forecaster.restore(state);
    return forecaster;
  }

  /** Writes the whole fit to one safetensors file, or nothing. */
  async save(path: string): Promise<void> {
    await writeFileAtomic(path, this.toBytes());
  }
}

/**
 * Forecasts from rolling origins inside the history, by several models, and their scores: what they would have been worth.
 * Every model is handed a copy of the frame that ends at the cutoff.
 * @throws usage error for an option out of range; input error `series_too_short`.
 * @example
 * const frame = await readSeries('examples/airline-passengers.csv');
 * const cv = await backtest(frame, { horizon: 12, windows: 2, models: ['theta', 'seasonal-naive'] });
 * cv.columnNames.slice(0, 5); // ['unique_id', 'ds', 'cutoff', 'y', 'theta']
 * cv.length; // 24
 * cv.table.map(({ model }) => model); // ['theta', 'seasonal-naive']
 * cv.verdict; // which is better, and whether by more than chance
 */
export function backtest(frame: SeriesFrame, options: BacktestOptions): Promise<BacktestFrame> {
  return runBacktest(frame, options, host);
}
