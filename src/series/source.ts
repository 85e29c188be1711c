/** What can be read, and how each kind becomes batches of rows. Formats are told by the first bytes, never by a name. */
import { inputError } from '../errors.js';
import type { Batch, Wanted } from './batch.js';
import { CsvReader } from './csv.js';
import { decodeText, joinUntil, MAX_LINE, resume } from './decode.js';
import type { RandomAccess } from './parquet/chunk.js';
import { isParquet } from './parquet/signature.js';
import type { Place } from './place.js';
import { batchRecords, locateRecords, parseRecords } from './records.js';
import { TypedStamp } from './timestamp.js';

/** Rows by column name. */
export type RowsSource = readonly Record<string, unknown>[];

/** A file that can be read as a stream, or by parts. */
export interface FileSource {
  /** For messages. */
  readonly name: string;
  stream(): AsyncIterable<Uint8Array>;
  open(): Promise<RandomAccess & { close(): Promise<void> }>;
}

/** Files of the same columns, read one after the other: series go on from file to file. */
export interface FileList {
  readonly files: readonly FileSource[];
}

/** A table that a database gives: runs of rows, each an array in the order of the columns. */
export interface TableSource {
  readonly columns: readonly string[];
  /** By column: its Date objects are wall-clock times without a zone, read as UTC. */
  readonly zoneless: readonly boolean[];
  readonly rows: AsyncIterable<readonly unknown[][]>;
}

/** Text (not a path), bytes (gzip or not), a Blob or File, a stream (such as the body of a fetch), records, files or a table. */
export type ReadSource =
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array>
  | RowsSource
  | AsyncIterable<Uint8Array | string>
  | AsyncIterable<Record<string, unknown>>
  | FileList
  | TableSource;

/** One table on its way in. */
interface Part {
  readonly batches: AsyncIterable<Batch>;
  readonly place: Place;
}

/** The parts of a source, to be opened one after the other. */
export function partsOf(source: ReadSource, name: string): ((wanted: Wanted) => Promise<Part>)[] {
  if (typeof source === 'string' || source instanceof Uint8Array)
    return [(wanted) => openBytes(once(source), name, wanted, bytesAccess(source))];
  if (source instanceof Blob)
    return [(wanted) => openBytes(chunksOf(source.stream()), name, wanted, async () => blobAccess(source))];
  if (source instanceof ReadableStream) return [(wanted) => openBytes(chunksOf(source), name, wanted)];
  if (Symbol.asyncIterator in source) return [(wanted) => openIterable(source as AsyncIterable<unknown>, name, wanted)];
  if (isTable(source)) {
    const place: Place = { source: name, unit: 'row' };
    return [async () => ({ batches: batchTable(source), place })];
  }
  if ('files' in source)
    return source.files.map((file) => (wanted) => openBytes(file.stream(), file.name, wanted, () => file.open()));
  const place: Place = { source: name, unit: 'row' };
  return [async () => ({ batches: batchRecords(locateRecords(source), place), place })];
}

/** Whether the rows come from a database, which may give them in any order. */
export function isTable(source: ReadSource): source is TableSource {
  return typeof source === 'object' && 'zoneless' in source;
}

async function openIterable(source: AsyncIterable<unknown>, name: string, wanted: Wanted): Promise<Part> {
  const items = source[Symbol.asyncIterator]();
  const first = await items.next();
  if (first.done) throw emptyFile(name);
  const all = resume(first.value, items);
  if (typeof first.value === 'string' || first.value instanceof Uint8Array)
    return openBytes(all as AsyncIterable<Uint8Array | string>, name, wanted);
  const place: Place = { source: name, unit: 'row' };
  return { batches: batchRecords(locateRecords(all as AsyncIterable<Record<string, unknown>>), place), place };
}

type Access = () => Promise<RandomAccess & { close?(): Promise<void> }>;

/** Parquet by its first bytes, all else text. Parquet is read from its end: what is only a stream is kept in memory. */
async function openBytes(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
  wanted: Wanted,
  access?: Access | null,
): Promise<Part> {
  const reader = chunks[Symbol.asyncIterator]();
  let first = await reader.next();
  while (!first.done && first.value.length === 0) first = await reader.next();
  if (first.done) throw emptyFile(name);
  if (typeof first.value === 'string') return openText(resume(first.value, reader), name);
  const head = await joinUntil(first.value, 4, reader as AsyncIterator<Uint8Array>);
  const all = resume(head, reader) as AsyncGenerator<Uint8Array>;
  if (!isParquet(head)) return openText(all, name);
  const place: Place = { source: name, unit: 'row' };
  if (access) await reader.return?.();
  const open = access ?? (async () => bytesAccess(await collect(all, name))!());
  return { batches: batchParquet(open, place, wanted), place };
}

async function* batchParquet(open: Access, place: Place, wanted: Wanted): AsyncGenerator<Batch> {
  // Loaded when it is needed: with its decoders it is a third of what a page would load.
  const { readParquet } = await import('./parquet/table.js');
  const file = await open();
  try {
    yield* readParquet(file, place, wanted);
  } finally {
    await file.close?.();
  }
}

/** Text that begins with a bracket is JSON, all else CSV. */
async function openText(chunks: AsyncIterable<Uint8Array | string>, name: string): Promise<Part> {
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

async function* batchTable({ columns, zoneless, rows }: TableSource): AsyncGenerator<Batch> {
  let line = 0;
  for await (const cells of rows) {
    for (const row of cells) {
      for (let c = 0; c < columns.length; c++) {
        const cell = row[c];
        if (zoneless[c] && cell instanceof Date) row[c] = new TypedStamp(cell.getTime(), '');
      }
    }
    yield { columns, cells, lines: cells.map(() => ++line), decimalComma: false };
  }
  if (line === 0) yield { columns, cells: [], lines: [], decimalComma: false };
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

function bytesAccess(bytes: Uint8Array | string): Access | null {
  if (typeof bytes === 'string') return null;
  return async () => ({
    byteLength: bytes.length,
    slice: async (start, end) => bytes.subarray(start, end),
  });
}

function blobAccess(blob: Blob): RandomAccess {
  return {
    byteLength: blob.size,
    slice: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

/** The longest Parquet stream that is kept in memory. */
const MAX_STREAM = 1 << 30;

async function collect(chunks: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of chunks) {
    pieces.push(piece);
    size += piece.length;
    if (size > MAX_STREAM) {
      throw inputError(
        'file_too_large',
        `${name} is a Parquet stream of more than ${MAX_STREAM} bytes, which must be in memory as a whole. Save it to a file and name that.`,
      );
    }
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
