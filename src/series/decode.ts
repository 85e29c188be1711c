/** From any source of bytes or text to chunks of decoded text: unpacked, checked, without a byte-order mark. */
import { inputError } from '../errors.js';

/** Longest line, quoted field or record that is read; more is not a table of numbers. In UTF-16 units. */
export const MAX_LINE = 16 * 1024 * 1024;

/** Text given in one piece is handed on in pieces of this size, so that one path reads everything. */
const CHUNK = 1 << 16;

/**
 * Text chunks of the source. Gzip is recognised by its first bytes and unpacked; UTF-8, or UTF-16 with a
 * byte-order mark.
 * Errors: input `bad_gzip` for a damaged archive, `not_text` for other bytes.
 */
export async function* decodeText(chunks: AsyncIterable<Uint8Array | string>, source: string): AsyncGenerator<string> {
  const reader = chunks[Symbol.asyncIterator]();
  let first = await reader.next();
  while (!first.done && first.value.length === 0) first = await reader.next();
  if (first.done) return;
  if (typeof first.value === 'string') {
    yield* checkedText(resume(first.value, reader) as AsyncIterable<string>, source);
    return;
  }
  const head = await joinUntil(first.value, 2, reader as AsyncIterator<Uint8Array>);
  const bytes = resume(head, reader) as AsyncIterable<Uint8Array>;
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  yield* decodeBytes(packed ? gunzip(bytes, source) : bytes, source);
}

/** Puts the chunk that was looked at back in front, and closes the source when the reader stops early. */
export async function* resume<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Grows a chunk until it has at least `count` bytes, or the source ends. */
export async function joinUntil(head: Uint8Array, count: number, rest: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let joined = head;
  while (joined.length < count) {
    const next = await rest.next();
    if (next.done) break;
    const longer = new Uint8Array(joined.length + next.value.length);
    longer.set(joined);
    longer.set(next.value, joined.length);
    joined = longer;
  }
  return joined;
}

/** Unpacks gzip with the web-standard stream. An error of the source itself is passed on as it is. */
async function* gunzip(bytes: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Uint8Array> {
  const reader = bytes[Symbol.asyncIterator]();
  let failure: { cause: unknown } | undefined;
  const packed = new ReadableStream<BufferSource>({
    async pull(controller) {
      try {
        const next = await reader.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
      } catch (cause) {
        failure = { cause };
        controller.error(cause);
      }
    },
    async cancel() {
      await reader.return?.();
    },
  });
  const plain = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  let finished = false;
  try {
    for (;;) {
      const next = await plain.read();
      if (next.done) break;
      yield next.value;
    }
    finished = true;
  } catch (cause) {
    finished = true;
    if (failure !== undefined) throw failure.cause;
    const got = cause instanceof Error ? cause.message : String(cause);
    throw inputError(
      'bad_gzip',
      `${source} starts as gzip but cannot be unpacked (${got}); needed a whole .gz file. Copy it again.`,
      cause,
    );
  } finally {
    if (!finished) await plain.cancel();
  }
}

async function* decodeBytes(bytes: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let position = 0;
  for await (const chunk of bytes) {
    if (decoder === undefined) {
      const wide = chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : chunk[0] === 0xfe && chunk[1] === 0xff;
      decoder = new TextDecoder(wide === true ? 'utf-16be' : wide || 'utf-8', { fatal: true });
    }
    for (let from = 0; from < chunk.length; from += CHUNK) {
      const piece = chunk.subarray(from, from + CHUNK);
      yield checkNul(decodeOrThrow(decoder, source, position, piece), source);
      position += piece.length;
    }
  }
  if (decoder !== undefined) yield checkNul(decodeOrThrow(decoder, source, position), source);
}

/** Strict, because a replaced character could make one series of two. */
function decodeOrThrow(decoder: TextDecoder, source: string, position: number, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw inputError(
      'not_text',
      `${source} is not UTF-8 text (near byte ${position}); needed a table as text, or gzip of it. Save it as CSV in UTF-8.`,
      cause,
    );
  }
}

async function* checkedText(chunks: AsyncIterable<string>, source: string): AsyncGenerator<string> {
  let first = true;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += CHUNK) {
      const piece = chunk.slice(from, from + CHUNK);
      yield checkNul(first && piece[0] === '\ufeff' ? piece.slice(1) : piece, source);
      first = false;
    }
  }
}

function checkNul(text: string, source: string): string {
  if (!text.includes('\0')) return text;
  throw inputError(
    'not_text',
    `${source} holds binary data (a NUL byte); needed a table as text, or gzip of it. Export it as CSV.`,
  );
}
