/** A file that tells how much of it has been read. */
import type { ReadSource } from '../../index-browser.js';

/** @param onRead called with the bytes read so far, now and then */
export function countedFile(file: File, onRead: (bytes: number) => void): ReadSource {
  return {
    files: [
      {
        name: file.name,
        async *stream() {
          const reader = file.stream().getReader();
          let bytes = 0;
          let told = 0;
          try {
            for (let next = await reader.read(); !next.done; next = await reader.read()) {
              bytes += next.value.length;
              if (bytes - told > TELL_EVERY) {
                told = bytes;
                onRead(bytes);
              }
              yield next.value;
            }
          } finally {
            await reader.cancel();
          }
        },
        open: async () => ({
          byteLength: file.size,
          slice: async (start: number, end: number) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
          close: async () => {},
        }),
      },
    ],
  };
}

const TELL_EVERY = 2 ** 20;
