import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { TidegateError } from '../errors.js';
import { decodeText } from './decode.js';

async function* stream<T>(...chunks: T[]) {
  yield* chunks;
}
const bytesOf = (text: string) => new TextEncoder().encode(text);
const singles = (bytes: Uint8Array) => stream(...Array.from(bytes, (byte) => Uint8Array.of(byte)));

async function decode(chunks: AsyncIterable<Uint8Array | string>): Promise<string> {
  let text = '';
  for await (const chunk of decodeText(chunks, 'sales.csv')) text += chunk;
  return text;
}
const code = (chunks: AsyncIterable<Uint8Array | string>) =>
  decode(chunks).then(
    () => 'none',
    (error: unknown) => (error instanceof TidegateError ? `${error.kind} ${error}` : Promise.reject(error)),
  );

const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 0));

const TEXT = 'köln,日本,🙂\n';

test('UTF-8 with or without byte-order mark, in any pieces', async () => {
  assert.equal(await decode(stream(bytesOf(TEXT))), TEXT);
  assert.equal(await decode(singles(bytesOf(TEXT))), TEXT);
  assert.equal(await decode(singles(bytesOf(`\ufeff${TEXT}`))), TEXT);
  assert.equal(await decode(stream(`\ufeff${TEXT}`)), TEXT);
  assert.equal(await decode(stream('', 'a', '\ufeffb')), 'a\ufeffb', 'only the first is a mark');
  assert.equal(await decode(stream()), '');
});

test('UTF-16 by its byte-order mark', async () => {
  const little = Uint8Array.from(Buffer.from(`\ufeff${TEXT}`, 'utf16le'));
  assert.equal(await decode(stream(little)), TEXT);
  const big = Uint8Array.from(Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16());
  assert.equal(await decode(singles(big)), TEXT);
});

test('gzip by its first bytes, whatever the pieces', async () => {
  const packed = Uint8Array.from(gzipSync(TEXT.repeat(50_000)));
  assert.equal(await decode(stream(packed)), TEXT.repeat(50_000));
  assert.equal(await decode(singles(packed)), TEXT.repeat(50_000));
});

test('a damaged archive is an input error', async () => {
  const packed = Uint8Array.from(gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, i) => 32 + ((i * i) % 89)))));
  assert.match(await code(stream(packed.subarray(0, packed.length - 20))), /^input bad_gzip: sales\.csv /);
  const flipped = packed.slice();
  flipped[100] ^= 0xff;
  assert.match(await code(stream(flipped)), /^input bad_gzip/);
});

test('an error of the source is passed on as it is', async () => {
  const failure = new Error('disk');
  async function* broken() {
    yield Uint8Array.from(gzipSync('a,b\n')).subarray(0, 5);
    throw failure;
  }
  await assert.rejects(decode(broken()), (error) => error === failure);
});

test('the source is closed when the reader stops early', async () => {
  for (const pack of [(bytes: Uint8Array) => bytes, (bytes: Uint8Array) => Uint8Array.from(gzipSync(bytes))]) {
    let closed = false;
    async function* source() {
      try {
        const numbers = Array.from({ length: 200_000 }, (_, i) => `${Math.imul(i, 2_654_435_761)}\n`);
        const bytes = pack(bytesOf(numbers.join('')));
        for (let i = 0; i < bytes.length; i += 4096) {
          await nextTurn();
          yield bytes.subarray(i, i + 4096);
        }
      } finally {
        closed = true;
      }
    }
    for await (const chunk of decodeText(source(), 'x')) if (chunk.length > 0) break;
    for (let turn = 0; turn < 20 && !closed; turn++) await nextTurn();
    assert.equal(closed, true);
  }
});

test('bytes that are no text are refused', async () => {
  assert.match(await code(stream(bytesOf('PAR1\0\0'))), /^input not_text: sales\.csv .*NUL/);
  assert.match(await code(stream('a\0b')), /^input not_text/);
  const latin1 = Uint8Array.of(0x6b, 0xf6, 0x6c, 0x6e, 0x0a);
  assert.match(await code(stream(latin1)), /^input not_text: .*UTF-8/);
  assert.match(await code(stream(bytesOf('日').subarray(0, 2))), /^input not_text/, 'cut off inside a character');
});
