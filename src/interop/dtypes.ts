/**
 * The element types of a safetensors file, the typed array that holds each of them here, and the byte order.
 *
 * F16 and BF16 have no typed array on the Node versions that we support: they are kept as their raw 16 bits.
 * BOOL is one byte, 0 or 1. The 8-, 6- and 4-bit floats and the complex type of newer files are not supported.
 */

/** What may hold the elements of a tensor in memory. */
export type TensorArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** The array of each dtype, in the order in which the reference implementation lays tensors out (widest first). */
export const ARRAY_OF_DTYPE = {
  U64: BigUint64Array,
  I64: BigInt64Array,
  F64: Float64Array,
  F32: Float32Array,
  U32: Uint32Array,
  I32: Int32Array,
  BF16: Uint16Array,
  F16: Uint16Array,
  U16: Uint16Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

/** A safetensors element type that we read and write. */
export type Dtype = keyof typeof ARRAY_OF_DTYPE;

/** True for the name of a supported dtype; safe for names that come from a file (`constructor`, `__proto__`). */
export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(ARRAY_OF_DTYPE, name);
}

/** Bytes per element. */
export function bytesPerElement(dtype: Dtype): number {
  return ARRAY_OF_DTYPE[dtype].BYTES_PER_ELEMENT;
}

/** Place of the dtype in the file: tensors of wider elements come first, so that every tensor is aligned. */
export function layoutRank(dtype: Dtype): number {
  return LAYOUT_RANK.get(dtype)!;
}

/** A new zeroed array of `length` elements. */
export function newTensorArray(dtype: Dtype, length: number): TensorArray {
  return new ARRAY_OF_DTYPE[dtype](length);
}

/** True where typed arrays store the low byte first: every machine that runs Node today, but not by law. */
export const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Copies elements between the host's byte order and the file's (little-endian), in either direction.
 *   to[e·size + i] = from[e·size + (little ? i : size − 1 − i)]
 * Both have the same length, a multiple of `size`.
 */
export function copyLittleEndian(
  to: Uint8Array,
  from: Uint8Array,
  size: number,
  hostIsLittleEndian = HOST_IS_LITTLE_ENDIAN,
): void {
  to.set(from);
  if (hostIsLittleEndian || size === 1) return;
  for (let start = 0; start < to.length; start += size) to.subarray(start, start + size).reverse();
}

const LAYOUT_RANK = new Map(Object.keys(ARRAY_OF_DTYPE).map((dtype, rank) => [dtype as Dtype, rank]));
