import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { copyLittleEndian, type TensorArray } from './dtypes.js';
import { findDuplicateKey } from './duplicate-key.js';
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from './safetensors.js';

/** Written by the reference implementation; recipe beside it. */
const REFERENCE = new Uint8Array(
  readFileSync(new URL('../../src/interop/fixtures/reference.safetensors', import.meta.url)),
);

const tensor = (dtype: SafeTensor['dtype'], shape: number[], data: TensorArray): SafeTensor => ({ dtype, shape, data });

/** What fixtures/make-safetensors.py saved, in another order than the file's. */
const REFERENCE_TENSORS = new Map<string, SafeTensor>([
  ['bool', tensor('BOOL', [3], Uint8Array.of(1, 0, 1))],
  ['u8', tensor('U8', [2], Uint8Array.of(0, 255))],
  ['i8', tensor('I8', [3], Int8Array.of(-128, 127, 1))],
  ['f16', tensor('F16', [2], Uint16Array.of(0x3c00, 0xc000))],
  ['u16', tensor('U16', [2], Uint16Array.of(65535, 258))],
  ['i16', tensor('I16', [2, 1], Int16Array.of(-300, 300))],
  ['u32', tensor('U32', [1], Uint32Array.of(2 ** 32 - 1))],
  ['i32', tensor('I32', [2], Int32Array.of(-(2 ** 31), 7))],
  ['u64', tensor('U64', [2], BigUint64Array.of(2n ** 64n - 1n, 1n))],
  ['i64', tensor('I64', [2], BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n))],
  ['weight_ih_l0', tensor('F32', [2, 3], Float32Array.of(1.5, -2.25, 0, Number.NaN, Number.POSITIVE_INFINITY, -0))],
  ['scalar', tensor('F32', [], Float32Array.of(3))],
  ['empty', tensor('F32', [0, 4], new Float32Array(0))],
  ['moments/ä', tensor('F64', [3], Float64Array.of(0.1, -1e300, 5e-324))],
]);
const REFERENCE_METADATA = { recipe: '{"unit":"°C","line":"a\\nb"}' };

/** A file by the published description, from a header text (padded here) and data bytes. */
function file(header: string, data: readonly number[] = [], headerLength?: number | bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const isBadFile = (error: unknown) =>
  error instanceof TidegateError && error.code === 'bad_model_file' && error.kind === 'input';

test('reads what the reference implementation wrote', () => {
  const { tensors, metadata } = decodeSafetensors(REFERENCE);
  assert.deepEqual({ ...metadata }, REFERENCE_METADATA);
  assert.deepEqual(new Map([...tensors].sort()), new Map([...REFERENCE_TENSORS].sort()));
});

test('writes byte for byte what the reference implementation writes', () => {
  assert.deepEqual(encodeSafetensors(REFERENCE_TENSORS, REFERENCE_METADATA), REFERENCE);
});

test('writes the bytes of the published description', () => {
  const bytes = encodeSafetensors(new Map([['a', tensor('I32', [1, 2], Int32Array.of(1, -2))]]), {});
  const header = '{"a":{"dtype":"I32","shape":[1,2],"data_offsets":[0,8]}}';
  assert.equal(header.length % 8, 0);
  assert.deepEqual(bytes, file(header, [1, 0, 0, 0, 254, 255, 255, 255]));
  assert.deepEqual(encodeSafetensors(new Map()), file('{}      '));
});

test('data starts on a multiple of 8 and every tensor on a multiple of its element size', () => {
  for (let nameLength = 1; nameLength <= 16; nameLength++) {
    const name = 'n'.repeat(nameLength);
    const bytes = encodeSafetensors(
      new Map([
        [name, tensor('U8', [3], Uint8Array.of(1, 2, 3))],
        [`${name}x`, tensor('F64', [1], Float64Array.of(1.5))],
        [`${name}y`, tensor('I16', [1], Int16Array.of(-2))],
      ]),
    );
    const headerBytes = new DataView(bytes.buffer).getUint32(0, true);
    const dataStart = 8 + headerBytes;
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, dataStart)));
    assert.equal(dataStart % 8, 0);
    for (const key of [name, `${name}x`, `${name}y`]) {
      const size = { U8: 1, F64: 8, I16: 2 }[header[key].dtype as 'U8' | 'F64' | 'I16'];
      assert.equal((dataStart + header[key].data_offsets[0]) % size, 0, key);
    }
    assert.equal(new DataView(bytes.buffer).getFloat64(dataStart, true), 1.5);
  }
});

test('the example of encodeSafetensors', () => {
  const weight = { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } as const;
  const bytes = encodeSafetensors(new Map([['weight', weight]]), { format: 'tidegate-1' });
  assert.deepEqual(decodeSafetensors(bytes).tensors.get('weight')?.data, Float32Array.of(1, 2, 3, 4));
  assert.equal(decodeSafetensors(bytes).metadata.format, 'tidegate-1');
});

test('the bytes do not depend on the order of tensors and metadata', () => {
  const entries = [...REFERENCE_TENSORS];
  const metadata = { b: '2', a: '1', '7': '3' };
  const first = encodeSafetensors(new Map(entries), metadata);
  const second = encodeSafetensors(new Map(entries.reverse()), { '7': '3', a: '1', b: '2' });
  assert.deepEqual(first, second);
  assert.deepEqual({ ...decodeSafetensors(first).metadata }, metadata);
});

test('reads from the middle of a larger buffer, unaligned data, tensors in any order, and copies', () => {
  const header =
    '{"late":{"dtype":"U8","shape":[1],"data_offsets":[8,9]},"early":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}';
  const plain = file(header, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 77]);
  const shifted = new Uint8Array(plain.length + 5).fill(9);
  shifted.set(plain, 3);
  const { tensors } = decodeSafetensors(shifted.subarray(3, 3 + plain.length));
  shifted.fill(0);
  assert.deepEqual([...tensors.keys()], ['early', 'late']);
  assert.deepEqual(tensors.get('early')?.data, Float64Array.of(1.5));
  assert.deepEqual(tensors.get('late')?.data, Uint8Array.of(77));
});

test('names that are special to JavaScript stay ordinary', () => {
  const names = ['__proto__', 'constructor', '0', 'toString', 'a"b\\', 'line\nbreak', '🌊'];
  const tensors = new Map(names.map((name, i) => [name, tensor('U8', [1], Uint8Array.of(i))]));
  const metadata = JSON.parse('{"__proto__":"p","constructor":"c","":"empty","1":"one","🌊":"wave"}');
  const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata));
  for (const [i, name] of names.entries()) assert.deepEqual(decoded.tensors.get(name)?.data, Uint8Array.of(i), name);
  assert.equal(decoded.tensors.size, names.length);
  assert.deepEqual(Object.entries(decoded.metadata).sort(), Object.entries(metadata).sort());
  assert.equal(decoded.metadata.toString, undefined);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test('a host with the other byte order swaps every element and nothing else', () => {
  const from = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const to = new Uint8Array(8);
  copyLittleEndian(to, from, 4, false);
  assert.deepEqual(to, Uint8Array.of(4, 3, 2, 1, 8, 7, 6, 5));
  copyLittleEndian(to, from, 8, false);
  assert.deepEqual(to, Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1));
  copyLittleEndian(to, from, 1, false);
  assert.deepEqual(to, from);
});

const entry = (dtype: unknown, shape: unknown, offsets: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });
const one = entry('U8', [1], [0, 1]);

/** name, bytes, what the message must say. */
const CORRUPT: [string, Uint8Array, RegExp][] = [
  ['an empty file', new Uint8Array(0), /has 0 bytes/],
  ['seven bytes', new Uint8Array(7), /has 7 bytes/],
  ['a zero header length', new Uint8Array(16), /no JSON object/],
  ['a CSV file', new TextEncoder().encode('unique_id,ds,y\na,2020-01-01,1\n'), /claims a header/],
  ['a header length past the limit', file('{}', [], 100_000_001), /at most 100000000/],
  ['a header length past 2^53', file('{}', [], 2n ** 64n - 1n), /at most 100000000/],
  ['a header length that would wrap to the true one in 32 bits', file('{}', [], 2n ** 32n + 2n), /at most 100000000/],
  ['a header longer than the file', file('{}', [], 3), /cut short/],
  ['bytes that are not UTF-8', file('{"\0"}'.replace('\0', 'x'), []).fill(0xff, 10, 11), /not valid UTF-8 JSON/],
  ['broken JSON', file('{"a":'), /not valid UTF-8 JSON/],
  ['an open string', file('{"a'), /not valid UTF-8 JSON/],
  ['a byte order mark', file('\uFEFF{}'), /no JSON object/],
  ['a leading space', file(' {}'), /no JSON object/],
  ['an array', file('[]'), /no JSON object/],
  ['text after the object', file('{} x'), /not valid UTF-8 JSON/],
  ['nesting without end', file(`{"a":${'['.repeat(100_000)}`), /not valid UTF-8 JSON/],
  ['valid JSON nested 100 000 deep', file(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), /not valid UTF-8 JSON/],
  ['a tensor twice', file(`{"a":${one},"a":${one}}`, [1]), /names "a" twice/],
  ['a tensor twice, once escaped', file(`{"a":${one},"\\u0061":${one}}`, [1]), /names "a" twice/],
  ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), /names "__metadata__" twice/],
  ['a metadata key twice', file('{"__metadata__":{"k":"1","k":"2"}}'), /names "k" twice/],
  ['metadata that is null', file('{"__metadata__":null}'), /__metadata__/],
  ['metadata that is a list', file('{"__metadata__":["a"]}'), /__metadata__/],
  ['metadata with a number', file('{"__metadata__":{"a":1}}'), /metadata "a" that is not a text/],
  ['a tensor that is a number', file('{"a":1}'), /not an object/],
  ['a tensor that is null', file('{"a":null}'), /not an object/],
  ['no dtype', file('{"a":{"shape":[1],"data_offsets":[0,1]}}', [1]), /dtype/],
  ['an unknown dtype', file(`{"a":${entry('F8_E4M3', [1], [0, 1])}}`, [1]), /unsupported dtype "F8_E4M3"/],
  ['a dtype from Object.prototype', file(`{"a":${entry('constructor', [1], [0, 1])}}`, [1]), /"constructor"/],
  ['a dtype that is a list', file(`{"a":${entry(['U8'], [1], [0, 1])}}`, [1]), /dtype \(a object\)/],
  ['a shape that is a number', file(`{"a":${entry('U8', 1, [0, 1])}}`, [1]), /list of sizes/],
  ['a negative size', file(`{"a":${entry('U8', [-1, -1], [0, 1])}}`, [1]), /list of sizes/],
  ['a fractional size', file(`{"a":${entry('U8', [0.5, 2], [0, 1])}}`, [1]), /list of sizes/],
  ['a size as text', file(`{"a":${entry('U8', ['1'], [0, 1])}}`, [1]), /list of sizes/],
  ['a size of 1e999', file('{"a":{"dtype":"U8","shape":[1e999],"data_offsets":[0,1]}}', [1]), /list of sizes/],
  ['one offset', file(`{"a":${entry('U8', [1], [1])}}`, [1]), /data_offsets/],
  ['three offsets', file(`{"a":${entry('U8', [1], [0, 1, 2])}}`, [1]), /data_offsets/],
  ['offsets backwards', file(`{"a":${entry('U8', [1], [1, 0])}}`, [1]), /data_offsets/],
  ['a negative offset', file(`{"a":${entry('U8', [2], [-1, 1])}}`, [1]), /data_offsets/],
  ['a shape that needs more', file(`{"a":${entry('F32', [2], [0, 4])}}`, [0, 0, 0, 0]), /needs 8/],
  ['a shape that needs less', file(`{"a":${entry('U8', [1], [0, 2])}}`, [0, 0]), /needs 1/],
  ['a shape product of 2^64', file(`{"a":${entry('U8', [2 ** 32, 2 ** 32], [0, 0])}}`), /needs NaN/],
  ['a shape product past 2^53 then times 0', file(`{"a":${entry('U8', [2 ** 50, 8, 0], [0, 0])}}`), /needs NaN/],
  ['bytes that overflow but elements that do not', file(`{"a":${entry('F64', [2 ** 52], [0, 0])}}`), /needs NaN/],
  ['data cut short', file(`{"a":${entry('U8', [4], [0, 4])}}`, [1, 2, 3]), /cut short/],
  ['an offset far out', file(`{"a":${entry('U8', [1], [2 ** 40, 2 ** 40 + 1])}}`, [1]), /cut short/],
  ['data after the last tensor', file(`{"a":${one}}`, [1, 2]), /1 bytes after/],
  ['data without tensors', file('{}', [1]), /1 bytes after/],
  ['a gap at the start', file(`{"a":${entry('U8', [1], [1, 2])}}`, [1, 2]), /gap/],
  ['a gap', file(`{"a":${one},"b":${entry('U8', [1], [2, 3])}}`, [1, 2, 3]), /tensor "b" .* gap/],
  ['an overlap', file(`{"a":${entry('U8', [2], [0, 2])},"b":${entry('U8', [2], [1, 3])}}`, [1, 2, 3]), /overlap/],
  ['the same bytes twice', file(`{"a":${one},"b":${one}}`, [1]), /overlap/],
];

for (const [name, bytes, says] of CORRUPT) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => decodeSafetensors(bytes, { source: 'm.safetensors' }),
      (error) =>
        isBadFile(error) && says.test(String(error)) && String(error).startsWith('bad_model_file: m.safetensors'),
    );
  });
}

test('what looks odd but is allowed is read', () => {
  const empties = `{"z":${entry('F32', [0], [1, 1])},"a":${one},"b":${entry('F32', [3, 0], [0, 0])}}`;
  assert.deepEqual([...decodeSafetensors(file(empties, [5])).tensors.keys()], ['b', 'a', 'z']);
  const unknownField = '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"later":{"x":[1]}}}';
  assert.deepEqual(decodeSafetensors(file(unknownField, [5])).tensors.get('a')?.data, Uint8Array.of(5));
  assert.equal(decodeSafetensors(file('{}')).tensors.size, 0);
});

test('random damage gives a file or bad_model_file, never another error', () => {
  let seed = 20240611;
  const draw = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const headerBytes = new DataView(REFERENCE.buffer, REFERENCE.byteOffset).getUint32(0, true);
  let refused = 0;
  for (let round = 0; round < 4000; round++) {
    const damaged = REFERENCE.slice(0, round % 5 === 0 ? draw(REFERENCE.length) : REFERENCE.length);
    for (let flips = 1 + draw(3); flips > 0 && damaged.length > 0; flips--) {
      const at = draw(Math.min(damaged.length, 8 + headerBytes));
      damaged[at] ^= 1 << draw(8);
    }
    try {
      decodeSafetensors(damaged);
    } catch (error) {
      assert.ok(isBadFile(error), `round ${round}: ${error}`);
      refused++;
    }
  }
  // Most flips fall on a name or the metadata text, or break something; both outcomes must have been met.
  assert.ok(refused > 1000 && refused < 4000, `${refused} refused`);
});

test('refuses to write what it could not read back', () => {
  const encode = (name: string, value: SafeTensor, metadata = {}) =>
    encodeSafetensors(new Map([[name, value]]), metadata);
  const good = tensor('F32', [2], new Float32Array(2));
  const bad: [string, () => unknown, string][] = [
    ['shape', () => encode('a', tensor('F32', [3], new Float32Array(2))), 'bad_tensor'],
    ['negative', () => encode('a', tensor('F32', [-1, -2], new Float32Array(2))), 'bad_tensor'],
    ['array', () => encode('a', tensor('F32', [2], new Float64Array(2))), 'bad_tensor'],
    ['dtype', () => encode('a', tensor('F12' as 'F32', [2], new Float32Array(2))), 'bad_tensor'],
    ['reserved', () => encode('__metadata__', good), 'bad_tensor'],
    ['surrogate', () => encode('\ud800', good), 'bad_tensor'],
    ['metadata', () => encode('a', good, { k: 1 }), 'bad_metadata'],
    ['metadata surrogate', () => encode('a', good, { k: '\udc00' }), 'bad_metadata'],
  ];
  for (const [name, run, code] of bad) {
    assert.throws(
      run,
      (error) => error instanceof TidegateError && error.code === code && error.kind === 'usage',
      name,
    );
  }
});

test('findDuplicateKey looks at keys of one object only', () => {
  assert.equal(findDuplicateKey('{"a":{"a":1},"b":["a","a",{"a":"a"}],"c":"{\\"a\\":1,\\"a\\":2}"}'), undefined);
  assert.equal(findDuplicateKey('{"a":[{"b":1},{"b":1,"c":[],"b":2}]}'), 'b');
  assert.equal(findDuplicateKey('{"a\\\\":"\\\\","x":",","x\\"":1,"a\\\\":2}'), 'a\\');
});
