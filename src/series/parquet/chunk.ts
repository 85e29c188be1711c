/**
 * One column of one row group, page by page: never more than a page is in memory, whatever the size of the group.
 */
import type { ColumnMetaData, DecodedArray, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { prepareCodec, unpack } from './compression.js';
import {
  MAX_PAGE_BYTES,
  need,
  type Physical,
  plainValues,
  type Reader,
  readerOf,
  readHybrid,
  readValues,
} from './encodings.js';

/** Parts of a file by their place, for a reader that looks at the end first. */
export interface RandomAccess {
  readonly byteLength: number;
  /** The bytes from `start` to before `end`. */
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** Values in one page. */
const MAX_PAGE_VALUES = 1 << 24;
/** Read at once where it is not known how much is needed. */
const READ_AHEAD = 1 << 16;
/** Statistics in a page header may hold long texts, but not this long. */
const MAX_HEADER = 1 << 20;

/** How the values of a column are stored. */
export interface ChunkColumn extends Physical {
  /** Values may be missing. */
  readonly optional: boolean;
  /** From a stored value to a cell. */
  readonly convert: (value: unknown) => unknown;
}

/** The values of a page, made into cells one by one: a page may be as long as its row group. */
export interface Page {
  readonly length: number;
  /** The next cell, null where a value is missing. To be called `length` times. */
  readonly take: () => unknown;
}

export class ColumnChunk {
  readonly #file: RandomAccess;
  readonly #column: ChunkColumn;
  readonly #codec: ColumnMetaData['codec'];
  /** Where the next page begins, and the chunk ends. */
  #at: number;
  readonly #end: number;
  /** Bytes of the file from #at on, as far as they were read. */
  #ahead: Uint8Array = new Uint8Array(0);
  /** Values in the pages to come. */
  #left: number;
  #dictionary: unknown[] | undefined;

  /** Fails on an address outside the file. */
  constructor(file: RandomAccess, meta: ColumnMetaData, column: ChunkColumn, rows: number) {
    this.#file = file;
    this.#column = column;
    this.#codec = meta.codec;
    this.#left = rows;
    // Some writers leave the dictionary at 0, where no page can be.
    this.#at = Number(meta.dictionary_page_offset || meta.data_page_offset);
    this.#end = this.#at + Number(meta.total_compressed_size);
    if (!(this.#at >= 4 && this.#end >= this.#at && this.#end <= file.byteLength))
      throw new RangeError(`its bytes ${this.#at} to ${this.#end} are not in the file of ${file.byteLength} bytes`);
  }

  /** The next page that is not empty. Ask only while rows are left. */
  async next(): Promise<Page> {
    await prepareCodec(this.#codec);
    for (;;) {
      const header = await this.#header();
      const body = await this.#body(header);
      if (header.type === 'DICTIONARY_PAGE') this.#dictionary = this.#readDictionary(header, body);
      else if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
        const page = this.#readData(header, body);
        this.#left -= page.length;
        if (page.length > 0) return page;
      }
    }
  }

  /** The header of the next page. How long it is shows only when it is read. */
  async #header(): Promise<PageHeader> {
    for (let size = READ_AHEAD; ; size *= 2) {
      await this.#fill(size);
      const reader = readerOf(this.#ahead);
      try {
        const header = parquetHeader(reader);
        this.#skip(reader.offset);
        return header;
      } catch (error) {
        const whole = this.#ahead.length === this.#end - this.#at;
        if (whole || size >= MAX_HEADER || !(error instanceof Error)) throw error;
      }
    }
  }

  async #body({ compressed_page_size: packed, uncompressed_page_size: unpacked }: PageHeader): Promise<Uint8Array> {
    if (!(packed >= 0 && packed <= this.#end - this.#at))
      throw new RangeError(`a page of ${packed} bytes passes its end`);
    if (!(unpacked >= 0 && unpacked <= MAX_PAGE_BYTES))
      throw new RangeError(`a page of ${unpacked} bytes is too large; up to ${MAX_PAGE_BYTES} are read`);
    await this.#fill(packed);
    const body = this.#ahead.subarray(0, packed);
    this.#skip(packed);
    return body;
  }

  /** Has at least so many bytes ahead, or all that the chunk has. */
  async #fill(bytes: number): Promise<void> {
    const wanted = Math.min(bytes, this.#end - this.#at);
    if (this.#ahead.length >= wanted) return;
    const size = Math.min(Math.max(wanted, READ_AHEAD), this.#end - this.#at);
    const read = await this.#file.slice(this.#at, this.#at + size);
    if (read.length !== size) throw new RangeError('the file became shorter while it was read');
    this.#ahead = read;
  }

  #skip(bytes: number): void {
    this.#at += bytes;
    this.#ahead = this.#ahead.subarray(bytes);
  }

  #readDictionary(header: PageHeader, body: Uint8Array): unknown[] {
    const count = header.dictionary_page_header?.num_values ?? -1;
    if (!(count >= 0 && count <= MAX_PAGE_VALUES))
      throw new RangeError(`a dictionary of ${count} values is not possible`);
    const reader = readerOf(unpack(this.#codec, body, header.uncompressed_page_size));
    return Array.from(plainValues(reader, count, this.#column) as Iterable<unknown>, this.#column.convert);
  }

  #readData(header: PageHeader, body: Uint8Array): Page {
    const count = (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? -1;
    if (!(count >= 0 && count <= this.#left))
      throw new RangeError(`a page of ${count} values where ${this.#left} are left`);
    if (count > MAX_PAGE_VALUES) throw new RangeError(`a page of ${count} values is too large`);
    const { levels, reader, encoding } =
      header.type === 'DATA_PAGE' ? this.#firstVersion(header, body, count) : this.#secondVersion(header, body, count);
    let present = count;
    if (levels !== null) for (const level of levels) if (level === 0) present--;
    const value = this.#taker(reader, encoding, present);
    let row = 0;
    let used = 0;
    const take =
      levels === null || present === count ? () => value(used++) : () => (levels[row++] === 0 ? null : value(used++));
    return { length: count, take };
  }

  /** Levels and values are compressed together, the levels with their length before them. */
  #firstVersion(header: PageHeader, body: Uint8Array, count: number) {
    const { encoding, definition_level_encoding: levelEncoding } = header.data_page_header!;
    const reader = readerOf(unpack(this.#codec, body, header.uncompressed_page_size));
    if (!this.#column.optional) return { levels: null, reader, encoding };
    if (levelEncoding !== 'RLE') throw new Error(`levels in encoding ${levelEncoding} are not supported`);
    need(reader, 4);
    const length = reader.view.getUint32(reader.offset, true);
    reader.offset += 4;
    return { levels: readHybrid(reader, 1, count, length), reader, encoding };
  }

  /** Levels are outside the compressed part. */
  #secondVersion(header: PageHeader, body: Uint8Array, count: number) {
    const v2 = header.data_page_header_v2!;
    const { encoding, repetition_levels_byte_length: repetitions, definition_levels_byte_length: definitions } = v2;
    const head = readerOf(body);
    need(head, repetitions);
    head.offset += repetitions;
    need(head, definitions);
    const levels = this.#column.optional ? readHybrid(head, 1, count, definitions) : null;
    const values = body.subarray(repetitions + definitions);
    const size = header.uncompressed_page_size - repetitions - definitions;
    return { levels, reader: readerOf(v2.is_compressed ? unpack(this.#codec, values, size) : values), encoding };
  }

  /** The value by its number among those that are present. */
  #taker(reader: Reader, encoding: string, present: number): (value: number) => unknown {
    if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') {
      const dictionary = this.#dictionary ?? [];
      if (present === 0) return () => null;
      need(reader, 1);
      const width = reader.view.getUint8(reader.offset++);
      const indices = readHybrid(reader, width, present, reader.view.byteLength - reader.offset);
      const wrong = indices.find((index) => index >= dictionary.length);
      if (wrong !== undefined)
        throw new RangeError(`value ${wrong} of a dictionary of ${dictionary.length} is not there`);
      return (value) => dictionary[indices[value]];
    }
    const values: DecodedArray = present === 0 ? [] : readValues(reader, encoding, present, this.#column);
    const { convert } = this.#column;
    return (value) => convert(values[value]);
  }
}
