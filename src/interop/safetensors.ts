/**
 * The safetensors format, both ways, between bytes and typed arrays: 8 bytes little-endian header length N, N bytes
 * of JSON header (padded with spaces so that the data starts on a multiple of 8), then the tensors' little-endian
 * bytes without gaps. No file access and no meaning of names: that is for the callers.
 *
 * Source: https://github.com/huggingface/safetensors#format. The layout is the reference implementation's (wider
 * elements first, then by name), so every tensor is aligned to its element size and equal content gives equal bytes.
 * Not supported: 8-, 6- and 4-bit floats, complex numbers, reading a part of a file.
 */
import { usageError } from '../errors.js';
import {
  ARRAY_OF_DTYPE,
  bytesPerElement,
  copyLittleEndian,
  type Dtype,
  isDtype,
  layoutRank,
  newTensorArray,
  type TensorArray,
} from './dtypes.js';
import { byteSize, MAX_HEADER_BYTES, readHeader } from './safetensors-header.js';

/** One tensor: row-major `data` with Π shape elements (1 for the shape `[]`), in the array type of its dtype. */
export interface SafeTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: TensorArray;
}

/** What a file holds. `metadata` has no prototype: `metadata.constructor` is undefined unless the file says so. */
export interface SafetensorsContent {
  readonly tensors: Map<string, SafeTensor>;
  readonly metadata: Record<string, string>;
}

/**
 * The bytes of a safetensors file. The same tensors and metadata give the same bytes, in whatever order they come.
 *
 * Errors: `bad_tensor` (name, dtype, shape and data do not fit together), `bad_metadata`, `header_too_large`.
 *
 * @example
 * const weight = { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } as const;
 * const bytes = encodeSafetensors(new Map([['weight', weight]]), { format: 'tidegate-1' });
 * decodeSafetensors(bytes).tensors.get('weight')?.data; // Float32Array [1, 2, 3, 4]
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = [...tensors].sort(
    ([nameA, a], [nameB, b]) => layoutRank(a.dtype) - layoutRank(b.dtype) || compareText(nameA, nameB),
  );
  for (const [name, tensor] of ordered) checkTensor(name, tensor);

  // Built by hand: as an object, keys such as "0" or "__proto__" would not stay where they are put.
  const fields = metadataField(metadata);
  let dataBytes = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const end = dataBytes + data.byteLength;
    const entry = { dtype, shape, data_offsets: [dataBytes, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    dataBytes = end;
  }
  const header = new TextEncoder().encode(`{${fields.join(',')}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8;
  if (headerBytes > MAX_HEADER_BYTES) {
    throw usageError(
      'header_too_large',
      `names and metadata take ${headerBytes} bytes; safetensors allows ${MAX_HEADER_BYTES}. Shorten the metadata.`,
    );
  }

  const bytes = new Uint8Array(8 + headerBytes + dataBytes);
  new DataView(bytes.buffer).setUint32(0, headerBytes, true); // the upper four bytes stay 0
  bytes.set(header, 8);
  bytes.fill(0x20, 8 + header.length, 8 + headerBytes);
  let position = 8 + headerBytes;
  for (const [, { dtype, data }] of ordered) {
    const end = position + data.byteLength;
    copyLittleEndian(bytes.subarray(position, end), bytesOf(data), bytesPerElement(dtype));
    position = end;
  }
  return bytes;
}

/** How to read. */
export interface DecodeOptions {
  /** What to call the file in error messages, e.g. its path. Default: `the model file`. */
  readonly source?: string;
}

/**
 * Reads a safetensors file that may come from anywhere. Tensors are copies: the bytes may be dropped or changed after.
 * They come in the order of their bytes in the file.
 *
 * Errors: `bad_model_file` unless the header is a JSON object within the file and 100 MB, every tensor has a
 * supported dtype and as many bytes as its shape needs, tensors cover the data without gap, overlap or rest, names
 * are unique and metadata are texts. It throws nothing else, whatever the bytes.
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeOptions = {}): SafetensorsContent {
  const { entries, metadata, dataStart } = readHeader(bytes, options.source ?? 'the model file');
  const tensors = new Map<string, SafeTensor>();
  for (const { name, dtype, shape, start, end } of entries) {
    const size = bytesPerElement(dtype);
    const data = newTensorArray(dtype, (end - start) / size);
    copyLittleEndian(bytesOf(data), bytes.subarray(dataStart + start, dataStart + end), size);
    tensors.set(name, { dtype, shape, data });
  }
  return { tensors, metadata };
}

/** The metadata as a header field in a list; an empty list when there is none. */
function metadataField(metadata: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(metadata).sort(([a], [b]) => compareText(a, b));
  for (const [key, text] of entries) {
    if (typeof text !== 'string' || !isWellFormed(key) || !isWellFormed(text)) {
      throw usageError('bad_metadata', `metadata ${JSON.stringify(key)} must be a text of valid Unicode.`);
    }
  }
  const fields = entries.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
  return fields.length > 0 ? [`"__metadata__":{${fields.join(',')}}`] : [];
}

function checkTensor(name: string, { dtype, shape, data }: SafeTensor): void {
  const fail = (problem: string) => usageError('bad_tensor', `tensor ${JSON.stringify(name)} ${problem}.`);
  if (name === '__metadata__' || !isWellFormed(name)) throw fail('needs another name: this one is not allowed');
  if (!isDtype(dtype)) throw fail(`has the unknown dtype ${JSON.stringify(dtype)}`);
  if (!(data instanceof ARRAY_OF_DTYPE[dtype])) {
    throw fail(`of dtype ${dtype} needs its data in a ${ARRAY_OF_DTYPE[dtype].name}`);
  }
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw fail(`has the shape [${shape}]; every size must be an integer of at least 0`);
  }
  if (byteSize(shape, dtype) !== data.byteLength) {
    throw fail(
      `has ${data.length} elements; its shape [${shape}] needs ${byteSize(shape, dtype) / bytesPerElement(dtype)}`,
    );
  }
}

function bytesOf(data: TensorArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Half of a surrogate pair has no UTF-8 form: it would come back as another character. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Order by UTF-16 code units: the same on every machine, unlike localeCompare. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
