/** Reading series from text, bytes or records: the one way in for all data. */
import { usageError } from '../errors.js';
import type { ColumnOptions } from './columns.js';
import type { SeriesFrame } from './frame.js';
import { parseFrequency, seasonOf } from './frequency.js';
import { buildSeries } from './grid.js';
import { Ingest } from './ingest.js';
import { isTable, partsOf, type ReadSource } from './source.js';

export type { ReadSource };

/** How to read; what is left out is inferred. */
export interface ReadOptions extends ColumnOptions {
  /** Name of the time column; else `ds`, else the column that looks like one; without one, rows are steps 1, 2, 3 … */
  readonly time?: string;
  /** Name of the column to forecast; else `y`, else the only numeric one. */
  readonly target?: string;
  /** Name of the column that tells series apart; else `unique_id`, else the only text column. */
  readonly id?: string;
  /** Frequency alias, see parseFrequency. */
  readonly freq?: string;
  /** Season length in steps; of several the first is the principal one. */
  readonly season?: number | readonly number[];
  /** Future covariates of the horizon: a table with the columns of the data less the target. Else rows after the last y hold them. */
  readonly futureFile?: ReadSource;
  /** Name of the input for messages. */
  readonly source?: string;
  /** Name of the file of future covariates for messages. */
  readonly futureName?: string;
}

/**
 * Reads one table of series in long format: one row per series and time. CSV (comma, semicolon or tab, by the
 * header), an array of JSON objects, or newline-delimited JSON, in UTF-8, gzip or not; or Parquet. The input is read as
 * a stream: while reading, memory grows by 24 bytes a row and 8 for each covariate, whatever the length of the text.
 *
 * Rows may come in any order; series keep the order of their first row. Gaps in time and values that are empty,
 * `NaN`, `null` or `NA` become NaN. Zone-less stamps are taken as they stand; offsets are kept where all rows have
 * the same, else converted to UTC. A single series without an id column is named after the target.
 *
 * Covariates (`past`, `future`, `static`) are columns by name; true and false are 1 and 0. Rows whose y is empty after
 * the last value carry the future ones on; so do the rows of `futureFile`.
 *
 * Errors (kind input, each naming the place): `empty_file no_rows not_text bad_gzip bad_json bad_row no_header
 * duplicate_column no_column no_numeric_column ambiguous_target ambiguous_time ambiguous_id no_id bad_number bad_time
 * bad_parquet file_too_large too_many_rows static_varies conflicting_covariate unknown_series duplicate_time
 * irregular_time no_frequency too_sparse all_missing`; kind usage: `bad_freq bad_season same_column bad_covariates`.
 * @example (await readFrame('ds,y\n2023-01,1\n2023-02,2\n')).axis.freq.alias // 'MS'
 */
export async function readFrame(source: ReadSource, options: ReadOptions = {}): Promise<SeriesFrame> {
  checkOptions(options);
  const name = options.source ?? 'input';
  const ingest = new Ingest(options);
  await ingestSource(ingest, source, name, false);
  if (options.futureFile !== undefined)
    await ingestSource(ingest, options.futureFile, options.futureName ?? 'the file of future covariates', true);
  const rows = ingest.finish();
  const { series, axis, missing } = buildSeries(rows, options.freq, name);
  // A database gives rows in any order, and the same data shall give the same forecasts.
  if (isTable(source)) series.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const usual = seasonOf(axis.freq);
  return {
    series,
    axis,
    season: (typeof options.season === 'number' ? options.season : options.season?.[0]) ?? usual,
    seasonSource: options.season !== undefined ? 'given' : usual > 1 ? 'frequency' : 'none',
    names: rows.names,
    covariates: rows.covariates,
    rows: rows.aheadFrom,
    missing,
    source: name,
  };
}

async function ingestSource(ingest: Ingest, source: ReadSource, name: string, ahead: boolean): Promise<void> {
  for (const part of partsOf(source, name)) {
    const { batches, place } = await part(ingest.wanted);
    ingest.begin(place, ahead);
    for await (const batch of batches) ingest.add(batch);
  }
}

function checkOptions({ season, freq, future = [], futureFile }: ReadOptions): void {
  if (futureFile !== undefined && future.length === 0)
    throw usageError('bad_covariates', 'a file of future covariates needs the names of its columns. Give --future.');
  const lengths = typeof season === 'number' ? [season] : (season ?? [1]);
  if (lengths.length === 0 || !lengths.every((steps) => Number.isInteger(steps) && steps >= 1))
    throw usageError('bad_season', `season ${season} is not a number of steps; needed a whole number, 1 for none.`);
  if (freq !== undefined) parseFrequency(freq);
}
