/** Reading series from text, bytes or records: the one way in for all data. */
import { inputError, usageError } from '../errors.js';
import type { Batch } from './batch.js';
import type { ColumnOptions } from './columns.js';
import { CsvReader } from './csv.js';
import { decodeText, MAX_LINE, resume } from './decode.js';
import type { SeriesFrame } from './frame.js';
import { parseFrequency, seasonOf } from './frequency.js';
import { buildSeries } from './grid.js';
import { Ingest } from './ingest.js';
import type { Place } from './place.js';
import { batchRecords, locateRecords, parseRecords } from './records.js';

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
  /** Season length in steps. */
  readonly season?: number;
  /** Future covariates of the horizon: a table with the columns of the data less the target. Else rows after the last y hold them. */
  readonly futureFile?: ReadSource;
  /** Name of the input for messages. */
  readonly source?: string;
  /** Name of the file of future covariates for messages. */
  readonly futureName?: string;
}

/** Rows by column name. */
export type RowsSource = readonly Record<string, unknown>[];

/** Text (not a path), bytes (gzip or not), a Blob or File, a stream (such as the body of a fetch), or records. */
export type ReadSource =
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | RowsSource
  | AsyncIterable<Uint8Array | string>
  | AsyncIterable<Record<string, unknown>>;

/**
 * Reads one table of series in long format: one row per series and time. CSV (comma, semicolon or tab, by the
 * header), an array of JSON objects, or newline-delimited JSON; UTF-8, gzip or not. The input is read as a stream:
 * while reading, memory grows by 26 bytes a row and 8 for each covariate, whatever the length of the text.
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
 * static_varies conflicting_covariate unknown_series duplicate_time irregular_time no_frequency too_sparse all_missing`; kind usage: `bad_freq bad_season same_column
 * bad_covariates`.
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
  const usual = seasonOf(axis.freq);
  return {
    series,
    axis,
    season: options.season ?? usual,
    seasonSource: options.season !== undefined ? 'given' : usual > 1 ? 'frequency' : 'none',
    names: rows.names,
    covariates: rows.covariates,
    rows: rows.aheadFrom,
    missing,
    source: name,
  };
}

async function ingestSource(ingest: Ingest, source: ReadSource, name: string, ahead: boolean): Promise<void> {
  const { batches, place } = await openSource(source, name);
  ingest.begin(place, ahead);
  for await (const batch of batches) ingest.add(batch);
}

function checkOptions({ season, freq, future = [], futureFile }: ReadOptions): void {
  if (futureFile !== undefined && future.length === 0)
    throw usageError('bad_covariates', 'a file of future covariates needs the names of its columns. Give --future.');
  if (season !== undefined && !(Number.isInteger(season) && season >= 1))
    throw usageError('bad_season', `season ${season} is not a number of steps; needed a whole number, 1 for none.`);
  if (freq !== undefined) parseFrequency(freq);
}

async function openSource(source: ReadSource, name: string): Promise<{ batches: AsyncIterable<Batch>; place: Place }> {
  const rows: Place = { source: name, unit: 'row' };
  if (typeof source === 'string' || source instanceof Uint8Array) return openText(once(source), name);
  if (source instanceof Blob) return openText(chunksOf(source.stream()), name);
  if (source instanceof ReadableStream) return openText(chunksOf(source), name);
  if (!(Symbol.asyncIterator in source)) return { batches: batchRecords(locateRecords(source), rows), place: rows };
  const items = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const first = await items.next();
  if (first.done) throw emptyFile(name);
  const all = resume(first.value, items);
  if (typeof first.value === 'string' || first.value instanceof Uint8Array)
    return openText(all as AsyncIterable<Uint8Array | string>, name);
  return { batches: batchRecords(locateRecords(all as AsyncIterable<Record<string, unknown>>), rows), place: rows };
}

/** Text that begins with a bracket is JSON, all else CSV. */
async function openText(chunks: AsyncIterable<Uint8Array | string>, name: string) {
  const place: Place = { source: name, unit: 'line' };
  const text = decodeText(chunks, name);
  // Whitespace before the first visible character counts lines, so it is kept.
  let head = '';
  for (let next = await text.next(); !next.done; next = await text.next()) {
    head += next.value;
    if (/\S/.test(next.value) || head.length > MAX_LINE) break;
  }
  const visible = /\S/.exec(head)?.[0];
  if (visible === undefined) throw emptyFile(name);
  const all = resume(head, text);
  const json = visible === '[' || visible === '{';
  return { batches: json ? batchRecords(parseRecords(all, place), place) : batchCsv(all, place), place };
}

async function* batchCsv(text: AsyncIterable<string>, place: Place): AsyncGenerator<Batch> {
  const reader = new CsvReader(place);
  for await (const chunk of text) {
    const batch = reader.push(chunk);
    if (batch !== null) yield batch;
  }
  const rest = reader.finish();
  if (rest !== null) yield rest;
}

function emptyFile(name: string): Error {
  return inputError('empty_file', `${name} is empty; needed a header and at least one row. Check the file.`);
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

/** Not every browser can iterate over a ReadableStream. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
