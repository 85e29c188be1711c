/**
 * The header of a safetensors file, read as what it is: text from a stranger. Nothing here allocates by a number
 * that the file claims; sizes are compared with the bytes that are really there.
 *
 * Format: https://github.com/huggingface/safetensors#format
 */
import { inputError, type TidegateError } from '../errors.js';
import { bytesPerElement, type Dtype, isDtype } from './dtypes.js';
import { findDuplicateKey } from './duplicate-key.js';

/** The limit of the reference implementation; a longer header is refused there too. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Where one tensor lies: bytes [start, end) counted from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: number[];
  readonly start: number;
  readonly end: number;
}

/** A checked header: `entries` in the order of their bytes, which they cover without gap or overlap. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Record<string, string>;
  /** Position in the file of the first tensor byte. */
  readonly dataStart: number;
}

/**
 * Reads and checks the header of a complete file.
 * Errors: `bad_model_file` for whatever is wrong, saying what.
 *
 * @param source how to call the file in messages
 */
export function readHeader(bytes: Uint8Array, source: string): SafetensorsHeader {
  const dataStart = 8 + headerLength(bytes, source);
  const header = parseObject(bytes.subarray(8, dataStart), source);
  const entries: TensorEntry[] = [];
  let metadata: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(value, source);
    else entries.push(readEntry(name, value, source));
  }
  // Empty tensors share their offset with the next one; start then end puts them first. Ties keep the header's order.
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  checkCoverage(entries, bytes.length - dataStart, source);
  return { entries, metadata, dataStart };
}

/** The first eight bytes, little-endian; also bounds them by what the file holds. */
function headerLength(bytes: Uint8Array, source: string): number {
  if (bytes.length < 8) {
    throw badFile(source, `has ${bytes.length} bytes; a safetensors file has at least 10`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  // As a number this is exact up to 2^53 and far beyond the limit after that: no overflow can bring it back in range.
  const length = view.getUint32(4, true) * 0x1_0000_0000 + view.getUint32(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw badFile(source, `claims a header of ${length} bytes; at most ${MAX_HEADER_BYTES} are allowed`);
  }
  if (length > bytes.length - 8) {
    throw badFile(source, `claims a header of ${length} bytes but only ${bytes.length - 8} follow: it is cut short`);
  }
  return length;
}

/** The header's JSON object. The format asks for `{` as its first byte; padding may follow the object. */
function parseObject(bytes: Uint8Array, source: string): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw badFile(source, 'has no JSON object as its header');
  let header: Record<string, unknown>;
  let repeated: string | undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    repeated = findDuplicateKey(text);
    header = JSON.parse(text);
  } catch (cause) {
    throw badFile(source, 'has a header that is not valid UTF-8 JSON', cause);
  }
  if (repeated !== undefined) throw badFile(source, `names ${quote(repeated)} twice in its header`);
  return header;
}

/** The free text map. Without a prototype, so that a key of the file never meets one of Object's. */
function readMetadata(value: unknown, source: string): Record<string, string> {
  if (!isObject(value)) throw badFile(source, 'has a "__metadata__" that is not an object of texts');
  const metadata: Record<string, string> = Object.create(null);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw badFile(source, `has metadata ${quote(key)} that is not a text`);
    metadata[key] = text;
  }
  return metadata;
}

function readEntry(name: string, value: unknown, source: string): TensorEntry {
  const tensor = `tensor ${quote(name)}`;
  if (!isObject(value)) throw badFile(source, `describes ${tensor} by something that is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype))
    throw badFile(
      source,
      `has ${tensor} of unsupported dtype ${typeof dtype === 'string' ? quote(dtype) : `(a ${typeof dtype})`}`,
    );
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    throw badFile(source, `has ${tensor} with a shape that is not a list of sizes`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize) || offsets[0] > offsets[1]) {
    throw badFile(source, `has ${tensor} with data_offsets that are not [start, end]`);
  }
  const [start, end] = offsets as [number, number];
  const size = byteSize(shape, dtype);
  if (size !== end - start) {
    throw badFile(
      source,
      `has ${tensor} with ${end - start} bytes; shape [${shape.slice(0, 8)}${shape.length > 8 ? ',…' : ''}] of ${dtype} needs ${size}`,
    );
  }
  return { name, dtype, shape, start, end };
}

/**
 * Π shape · bytes per element, or NaN when a partial product passes 2⁵³ (even if a later 0 would bring it back: the
 * reference implementation refuses that overflow too).
 */
export function byteSize(shape: readonly number[], dtype: Dtype): number {
  let size = 1;
  for (const extent of [...shape, bytesPerElement(dtype)]) {
    size *= extent;
    if (size > Number.MAX_SAFE_INTEGER) return Number.NaN;
  }
  return size;
}

/** Tensors in byte order must follow each other from the first data byte to the last one. */
function checkCoverage(entries: readonly TensorEntry[], dataBytes: number, source: string): void {
  let position = 0;
  for (const { name, start, end } of entries) {
    if (end > dataBytes) {
      throw badFile(
        source,
        `ends before tensor ${quote(name)}: ${dataBytes} data bytes, ${end} needed; it is cut short`,
      );
    }
    if (start !== position) {
      const problem = start < position ? 'overlaps the one before it' : 'leaves a gap before it';
      throw badFile(source, `has tensor ${quote(name)} at byte ${start} that ${problem} (expected ${position})`);
    }
    position = end;
  }
  if (position !== dataBytes) {
    throw badFile(source, `has ${dataBytes - position} bytes after its last tensor`);
  }
}

/** The one error of this format. */
function badFile(source: string, problem: string, cause?: unknown): TidegateError {
  const advice = 'Get the file again from where it was made, or save the model anew';
  return inputError('bad_model_file', `${source} ${problem}. ${advice}.`, cause);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A name out of the file for a message: quoted, control characters escaped, at most 60 characters. */
function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
