/**
 * The encodings of values in Parquet pages, over bytes that nobody vouches for: every count is checked against the
 * bytes there are before anything is allocated or looped over. hyparquet decodes what needs no such care.
 * Source: the Parquet format, "Encodings".
 */
import type { DecodedArray, ParquetType } from 'hyparquet';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { readVarInt } from 'hyparquet/src/thrift.js';

/** Bytes being read. */
export interface Reader {
  view: DataView;
  offset: number;
}

/** Bytes that one page may unpack to. */
export const MAX_PAGE_BYTES = 1 << 28;
/** Values in a delta block; writers use 128 or 1024. */
const MAX_DELTA_BLOCK = 1 << 16;

/** The physical type of a column. */
export interface Physical {
  readonly type: ParquetType;
  /** Bytes of FIXED_LEN_BYTE_ARRAY. */
  readonly width: number;
}

export function readerOf(bytes: Uint8Array): Reader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

function left({ view, offset }: Reader): number {
  return view.byteLength - offset;
}

/** Fails unless so many bytes are left. */
export function need(reader: Reader, bytes: number): void {
  if (!(bytes >= 0 && bytes <= left(reader)))
    throw new RangeError(`${bytes} bytes are needed where ${left(reader)} are left`);
}

/** Values in one of the encodings without a dictionary. */
export function readValues(reader: Reader, encoding: string, count: number, physical: Physical): DecodedArray {
  const { type, width } = physical;
  switch (encoding) {
    case 'PLAIN':
      return plainValues(reader, count, physical);
    case 'RLE': {
      need(reader, 4);
      const length = reader.view.getUint32(reader.offset, true);
      reader.offset += 4;
      return Array.from(readHybrid(reader, 1, count, length), (bit) => bit === 1);
    }
    case 'DELTA_BINARY_PACKED':
      return deltaIntegers(reader, count, type !== 'INT32');
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return slices(reader, deltaIntegers(reader, count, false) as Int32Array);
    case 'DELTA_BYTE_ARRAY':
      return prefixedSlices(reader, count);
    case 'BYTE_STREAM_SPLIT':
      need(reader, count * widthOf(physical));
      return byteStreamSplit(reader, count, type, width);
    default:
      throw new Error(`encoding ${encoding} is not supported`);
  }
}

/** Values one after the other. */
export function plainValues(reader: Reader, count: number, physical: Physical): DecodedArray {
  need(reader, physical.type === 'BOOLEAN' ? Math.ceil(count / 8) : count * widthOf(physical));
  const values = readPlain(reader, physical.type, count, physical.width);
  need(reader, 0);
  return values;
}

/** The fewest bytes of one value: all of it, or the length before a byte array. */
function widthOf({ type, width }: Physical): number {
  if (type === 'INT64' || type === 'DOUBLE') return 8;
  if (type === 'INT96') return 12;
  return type === 'FIXED_LEN_BYTE_ARRAY' ? width : 4;
}

/** Runs of one value, mixed with bit-packed groups of eight: levels, dictionary indices, booleans. */
export function readHybrid(reader: Reader, width: number, count: number, length: number): Uint32Array {
  if (width > 32) throw new RangeError(`values of ${width} bits are not possible`);
  need(reader, length);
  const end = reader.offset + length;
  const values = new Uint32Array(count);
  for (let done = 0; done < count; ) {
    if (reader.offset >= end) throw new RangeError(`${done} of ${count} values are there`);
    const header = readVarInt(reader) >>> 0;
    const run = header >>> 1;
    if (header & 1) {
      done = unpack(reader, width, values, done, Math.min(count, done + 8 * run));
      reader.offset = Math.min(end, reader.offset + run * width);
    } else {
      values.fill(readBits(reader.view, reader.offset, 0, width), done, Math.min(count, done + run));
      done += run;
      reader.offset += Math.ceil(width / 8);
    }
  }
  reader.offset = end;
  return values;
}

/** Bit-packed values from `from` to `to`, least significant bits first; leaves the offset at the first. */
function unpack({ view, offset }: Reader, width: number, values: Uint32Array, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const bit = (i - from) * width;
    values[i] = readBits(view, offset + Math.floor(bit / 8), bit % 8, width);
  }
  return to;
}

function readBits(view: DataView, offset: number, bit: number, width: number): number {
  let value = 0;
  for (let got = 0, at = offset, skip = bit; got < width; at++, skip = 0) {
    const take = Math.min(8 - skip, width - got);
    value += ((view.getUint8(at) >>> skip) & ((1 << take) - 1)) * 2 ** got;
    got += take;
  }
  return value;
}

/** Differences in blocks. A header that makes no sense could make the reader run in circles, so it is read twice. */
function deltaIntegers(reader: Reader, count: number, wide: boolean): Int32Array | BigInt64Array {
  const values = wide ? new BigInt64Array(count) : new Int32Array(count);
  const header = { ...reader };
  const block = readVarInt(header);
  const miniblocks = readVarInt(header);
  const sound = block > 0 && block <= MAX_DELTA_BLOCK && miniblocks > 0 && (block / miniblocks) % 8 === 0;
  if (!sound) throw new RangeError(`delta blocks of ${block} values in ${miniblocks} parts are not possible`);
  if (count > 0) deltaBinaryUnpack(reader, count, values);
  else skipDeltaHeader(reader);
  need(reader, 0);
  return values;
}

/** No values: block size, parts, count and first value are there all the same. */
function skipDeltaHeader(reader: Reader): void {
  for (let field = 0; field < 4; field++) {
    while (reader.view.getUint8(reader.offset++) & 0x80);
  }
}

function slices(reader: Reader, lengths: Int32Array): Uint8Array[] {
  return Array.from(lengths, (length) => {
    need(reader, length);
    const bytes = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.offset, length);
    reader.offset += length;
    return bytes;
  });
}

/** Every value begins like the one before it: by how much, then the rest. */
function prefixedSlices(reader: Reader, count: number): Uint8Array[] {
  const prefixes = deltaIntegers(reader, count, false) as Int32Array;
  const suffixes = slices(reader, deltaIntegers(reader, count, false) as Int32Array);
  let total = 0;
  let before = new Uint8Array(0);
  return suffixes.map((suffix, i) => {
    const shared = prefixes[i];
    if (!(shared >= 0 && shared <= before.length)) throw new RangeError(`a prefix of ${shared} bytes is not possible`);
    total += shared + suffix.length;
    if (total > MAX_PAGE_BYTES) throw new RangeError(`a page of more than ${MAX_PAGE_BYTES} bytes is too large`);
    const bytes = new Uint8Array(shared + suffix.length);
    bytes.set(before.subarray(0, shared));
    bytes.set(suffix, shared);
    before = bytes;
    return bytes;
  });
}
