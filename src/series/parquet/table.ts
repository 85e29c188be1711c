/** Parquet tables as batches of rows, streamed by pages. Only columns of plain values are read, no lists or structs. */
import { type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { inputError, TidegateError } from '../../errors.js';
import type { Batch, Wanted } from '../batch.js';
import { type Place, quoted } from '../place.js';
import { MAX_ROWS, tooManyRows } from '../row-log.js';
import { type ChunkColumn, ColumnChunk, type Page, type RandomAccess } from './chunk.js';
import { isParquet } from './signature.js';
import { converterOf } from './values.js';

/** The footer names every chunk of every column; more than this is no table of series. */
const MAX_FOOTER = 1 << 24;
/** Rows handed on at once. */
const BATCH_ROWS = 4096;

/** A column of plain values. */
interface TableColumn extends ChunkColumn {
  readonly name: string;
}

/**
 * Rows of a Parquet file, numbered from 1. Once `wanted` gives names, only those columns are read; the cells of the
 * others are undefined.
 * Errors: input `bad_parquet` for a file that is damaged, cut off, encrypted, or claims to be larger than can be.
 */
export async function* readParquet(file: RandomAccess, place: Place, wanted: Wanted): AsyncGenerator<Batch> {
  const metadata = await guarded(place, undefined, () => readFooter(file, place));
  const columns = await guarded(place, undefined, async () => plainColumns(metadata.schema));
  const names = columns.map(({ name }) => name);
  checkNames(names, place);
  let first = 1;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const cursors: Cursor[] = [];
    for (const column of columns) {
      const meta = group.columns.find(
        ({ meta_data: m }) => m?.path_in_schema.length === 1 && m.path_in_schema[0] === column.name,
      )?.meta_data;
      cursors.push(
        await guarded(place, column.name, async () => {
          if (meta === undefined) throw new Error('a group of rows lacks it, or it is encrypted');
          return new Cursor(new ColumnChunk(file, meta, column, rows), column.name);
        }),
      );
    }
    for (let done = 0; done < rows; ) {
      const needed = wanted();
      const used = cursors.map((cursor) => (needed === null || needed.has(cursor.name) ? cursor : null));
      let take = Math.min(BATCH_ROWS, rows - done);
      for (const cursor of used) {
        if (cursor === null) continue;
        await guarded(place, cursor.name, () => cursor.fill());
        take = Math.min(take, cursor.ready);
      }
      yield await guarded(place, undefined, async () => toBatch(names, used, take, first + done));
      done += take;
    }
    first += rows;
  }
  if (first === 1) yield { columns: names, cells: [], lines: [], decimalComma: false };
}

/** Where a column chunk was read to. */
class Cursor {
  readonly name: string;
  readonly #chunk: ColumnChunk;
  #page: Page | undefined;
  #taken = 0;

  constructor(chunk: ColumnChunk, name: string) {
    this.#chunk = chunk;
    this.name = name;
  }

  /** Cells that need no reading. */
  get ready(): number {
    return (this.#page?.length ?? 0) - this.#taken;
  }

  async fill(): Promise<void> {
    if (this.ready > 0) return;
    // The page before is let go first.
    this.#page = undefined;
    this.#taken = 0;
    this.#page = await this.#chunk.next();
  }

  take(): unknown {
    this.#taken++;
    return this.#page!.take();
  }
}

function toBatch(columns: readonly string[], cursors: readonly (Cursor | null)[], rows: number, first: number): Batch {
  const cells: unknown[][] = [];
  const lines: number[] = [];
  for (let i = 0; i < rows; i++) {
    cells.push(cursors.map((cursor) => cursor?.take()));
    lines.push(first + i);
  }
  return { columns, cells, lines, decimalComma: false };
}

async function readFooter(file: RandomAccess, place: Place): Promise<FileMetaData> {
  const size = file.byteLength;
  if (size < 12) throw new RangeError(`${size} bytes are no file`);
  const tail = await file.slice(size - 8, size);
  if (!isParquet(tail.subarray(4))) throw new Error('its last bytes are not PAR1, so it is cut off');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > size - 12) throw new RangeError(`a footer of ${length} bytes is not in the file of ${size} bytes`);
  if (length > MAX_FOOTER)
    throw new RangeError(`a footer of ${length} bytes is too large; up to ${MAX_FOOTER} are read`);
  const metadata = parquetMetadata(await file.slice(size - 8 - length, size), { geoparquet: false });
  let rows = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    if (!(count >= 0)) throw new RangeError(`a group of ${count} rows is not possible`);
    rows += count;
  }
  if (rows > MAX_ROWS) throw tooManyRows(place.source);
  return metadata;
}

/** The leaves right under the root that are no lists. */
function plainColumns([root, ...elements]: readonly SchemaElement[]): TableColumn[] {
  if (root === undefined) throw new Error('it has no columns');
  const columns: TableColumn[] = [];
  // Elements still to come that lie inside a list or struct.
  let inside = 0;
  for (const element of elements) {
    const children = element.num_children ?? 0;
    if (inside > 0) inside += children - 1;
    else if (children > 0) inside = children;
    else if (element.type !== undefined && element.repetition_type !== 'REPEATED') {
      columns.push({
        name: element.name,
        type: element.type,
        width: element.type_length ?? 0,
        optional: element.repetition_type !== 'REQUIRED',
        convert: converterOf(element),
      });
    }
  }
  return columns;
}

function checkNames(names: readonly string[], place: Place): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw inputError(
    'duplicate_column',
    `${place.source} has two columns ${quoted(twice)}; needed different names. Rename one.`,
  );
}

/** What goes wrong inside is the file's fault. */
async function guarded<T>(place: Place, column: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TidegateError) throw error;
    const where = column === undefined ? place.source : `${place.source}, column ${quoted(column)}`;
    const got = error instanceof Error ? error.message : String(error);
    throw inputError(
      'bad_parquet',
      `${where} cannot be read as Parquet (${got.replace(/\s+/g, ' ')}); needed a whole file of plain columns. Write it again, or export it as CSV.`,
      error,
    );
  }
}
