/** Unpacking of pages, none of which can grow past the size that it claims. */
import type { CompressionCodec } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ZSTDDecoder } from 'zstddec';

const zstd = new ZSTDDecoder();

/** To be awaited before a page of that kind is unpacked: WebAssembly is compiled without blocking. */
export async function prepareCodec(codec: CompressionCodec): Promise<void> {
  if (codec === 'ZSTD') await zstd.init();
}

/** The bytes of a page, `size` of them. Fails on any other number, and on damage. */
export function unpack(codec: CompressionCodec, bytes: Uint8Array, size: number): Uint8Array {
  if (codec === 'UNCOMPRESSED') return bytes;
  const decompress = decompressorOf(codec);
  const unpacked = size === 0 ? new Uint8Array(0) : decompress(bytes, size);
  if (unpacked.length !== size) throw new RangeError(`a page unpacks to ${unpacked.length} instead of ${size} bytes`);
  return unpacked;
}

function decompressorOf(codec: CompressionCodec): (bytes: Uint8Array, size: number) => Uint8Array {
  // Not hyparquet's own: on damaged pages that one may never come back.
  if (codec === 'ZSTD') return (bytes, size) => zstd.decode(bytes, size);
  const decompress = compressors[codec];
  if (decompress === undefined) throw new Error(`compression ${codec} is not supported`);
  return decompress;
}
