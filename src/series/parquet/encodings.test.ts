import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readerOf, readHybrid, readValues } from './encodings.js';

const bytes = (...values: number[]) => readerOf(Uint8Array.from(values));
const BYTES = { type: 'BYTE_ARRAY', width: 0 } as const;
const INT32 = { type: 'INT32', width: 0 } as const;

test('runs and bit-packed groups, as the format describes them', () => {
  // The example of the format: 0 … 7 in three bits are 10001000 11000110 11111010.
  assert.deepEqual([...readHybrid(bytes(3, 0x88, 0xc6, 0xfa), 3, 8, 4)], [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...readHybrid(bytes(3, 0x88, 0xc6, 0xfa), 3, 5, 4)], [0, 1, 2, 3, 4], 'padding is left');
  assert.deepEqual([...readHybrid(bytes(10, 7, 4, 9), 4, 7, 4)], [7, 7, 7, 7, 7, 9, 9]);
  assert.deepEqual([...readHybrid(bytes(4, 0x34, 0x12), 13, 2, 3)], [0x1234, 0x1234]);
  assert.deepEqual([...readHybrid(bytes(3, 1, 0, 0, 0, 2, 0, 0, 0), 32, 2, 8)], [1, 2]);
});

test('a run may claim any length, but fills no more than there is room for', () => {
  const began = performance.now();
  assert.deepEqual([...readHybrid(bytes(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), 1, 3, 6)], [1, 1, 1]);
  assert.throws(() => readHybrid(bytes(0xff, 0xff, 0xff, 0xff, 0x0f, 1), 8, 1000, 6), RangeError);
  assert.ok(performance.now() - began < 100);
  assert.throws(() => readHybrid(bytes(2, 1), 1, 5, 2), /1 of 5 values/);
  assert.throws(() => readHybrid(bytes(2, 1), 1, 1, 9), /9 bytes are needed where 2/);
  assert.throws(() => readHybrid(bytes(2, 1), 33, 1, 2), /33 bits/);
});

test('counts past the bytes that are there fail before memory is taken', () => {
  for (const encoding of ['PLAIN', 'BYTE_STREAM_SPLIT'])
    assert.throws(() => readValues(bytes(1, 2, 3, 4), encoding, 1e9, INT32), /4000000000 bytes are needed where 4/);
  assert.throws(() => readValues(bytes(255, 255, 255, 127, 1), 'PLAIN', 1, BYTES), RangeError);
  assert.throws(() => readValues(bytes(1), 'BIT_PACKED', 1, INT32), /BIT_PACKED is not supported/);
});

test('delta blocks that make no sense do not run in circles', () => {
  // Block size, parts, count, first value.
  assert.deepEqual([...readValues(bytes(0x80, 1, 4, 1, 14), 'DELTA_BINARY_PACKED', 1, INT32)], [7]);
  for (const header of [
    [0, 4],
    [0x80, 1, 0],
    [0x80, 1, 0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0x7f, 4],
  ])
    assert.throws(
      () => readValues(bytes(...header, 5, 2, 2, 0, 0, 0, 0, 0), 'DELTA_BINARY_PACKED', 5, INT32),
      RangeError,
    );
});

test('a text cannot share more with the one before it than that has', () => {
  const one = (value: number) => [0x80, 1, 4, 1, 2 * value];
  const text = (prefix: number) => readValues(bytes(...one(prefix), ...one(2), 104, 105), 'DELTA_BYTE_ARRAY', 1, BYTES);
  assert.deepEqual(text(0), [Uint8Array.of(104, 105)]);
  assert.throws(() => text(60), /a prefix of 60 bytes/);
  assert.throws(() => readValues(bytes(...one(60), 1), 'DELTA_LENGTH_BYTE_ARRAY', 1, BYTES), /60 bytes are needed/);
});
