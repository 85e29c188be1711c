import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { TidegateError } from '../../errors.js';
import type { SeriesFrame } from '../frame.js';
import { type ReadOptions, readFrame } from '../read.js';
import { formatTimestamp } from '../timestamp.js';

const folder = mkdtempSync(join(tmpdir(), 'tidegate-parquet-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const database = await DuckDBInstance.create(':memory:');
const connection = await database.connect();
let files = 0;

/** A file that DuckDB writes: another implementation of the format. */
async function written(query: string, options = ''): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, `${++files}.parquet`);
  await connection.run(`copy (${query}) to '${path}' (format parquet ${options})`);
  return new Uint8Array(readFileSync(path));
}

async function values(bytes: Uint8Array, options?: ReadOptions) {
  const { series, axis } = await readFrame(bytes, options);
  return series.map(({ id, start, y }) => [id, formatTimestamp(axis, start), axis.freq.alias, [...y]]);
}

async function failure(bytes: Uint8Array, options: ReadOptions = {}): Promise<string> {
  try {
    await readFrame(bytes, { source: 'sales.parquet', ...options });
  } catch (error) {
    assert.ok(error instanceof TidegateError && error.kind === 'input', `not an input error: ${error}`);
    assert.ok(!error.message.includes('\n'));
    return `${error}`;
  }
  return 'none';
}

/** Three series with gaps, of 3000 hours each. */
const PANEL = `select 'shop ' || s as unique_id, timestamp '2023-01-01' + interval (i) hour as ds,
  case when i % 7 = 3 then null else (i * 37 % 101) / 4 + s end as y,
  i % 24 as hour, i % 5 = 0 as promo, s::decimal(9, 2) / 8 as size
  from range(3) a(s), range(3000) b(i) order by s, i`;
const COVARIATES = { past: ['hour'], future: ['promo'], static: ['size'] } as const;

test('every compression, version and size of groups gives what the CSV gives', async () => {
  const csv = join(folder, 'panel.csv');
  await connection.run(`copy (${PANEL}) to '${csv}' (format csv, timestampformat '%Y-%m-%dT%H:%M')`);
  const expected = await readFrame(new Uint8Array(readFileSync(csv)), COVARIATES);
  assert.equal(expected.series.length, 3);
  assert.ok(expected.missing > 1000);
  const variants = [
    ...['snappy', 'zstd', 'gzip', 'brotli', 'lz4_raw', 'uncompressed'].map((name) => `, compression ${name}`),
    ', parquet_version v2',
    ', parquet_version v2, compression zstd, dictionary_size_limit 1',
    ', dictionary_size_limit 1, row_group_size 2048',
  ];
  for (const variant of variants)
    assert.deepEqual(await readFrame(await written(PANEL, variant), COVARIATES), expected, variant);
  const bytes = await written(PANEL);
  assert.deepEqual(await readFrame(new Blob([bytes]), COVARIATES), expected, 'a Blob');
  assert.deepEqual(await readFrame(new Response(bytes).body!, COVARIATES), expected, 'a stream');
  const crumbs = (async function* () {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  })();
  assert.deepEqual(await readFrame(crumbs, COVARIATES), expected, 'an iterable');
});

test('the types of y: integers, floats, decimals, booleans', async () => {
  const y = async (type: string, of = 'i + 0.25') =>
    (await readFrame(await written(`select i as ds, (${of})::${type} as y from range(3) t(i)`), { target: 'y' }))
      .series[0].y;
  for (const type of ['tinyint', 'smallint', 'integer', 'bigint', 'utinyint', 'uinteger', 'ubigint', 'hugeint'])
    assert.deepEqual([...(await y(type))], [0, 1, 2], type);
  for (const type of ['float', 'double', 'decimal(4, 2)', 'decimal(9, 3)', 'decimal(18, 5)', 'decimal(38, 10)'])
    assert.deepEqual([...(await y(type))], [0.25, 1.25, 2.25], type);
  assert.deepEqual([...(await y('decimal(9, 1)', '(i + 1) / 10'))], [0.1, 0.2, 0.3], 'rounded once');
  assert.deepEqual([...(await y('decimal(38, 4)', '-i / 10'))].map(Math.abs), [0, 0.1, 0.2]);
  assert.deepEqual([...(await y('varchar', 'i + 1'))], [1, 2, 3], 'numbers as text');
  assert.deepEqual([...(await y('uinteger', '4294967293 + i'))], [4294967293, 4294967294, 4294967295]);
});

test('the types of ds: days, stamps without and with a zone, integers, text', async () => {
  const frame = async (ds: string, step = 'hour') =>
    readFrame(
      await written(`select ${ds.replace('%', `interval (i) ${step}`)} as ds, i::double as y from range(5) t(i)`),
    );
  const first = ({ series, axis }: SeriesFrame) => [
    formatTimestamp(axis, series[0].start),
    axis.kind,
    axis.freq.alias,
    series[0].y.length,
  ];
  assert.deepEqual(first(await frame("date '2023-01-31' + i::integer")), ['2023-01-31', 'date', 'D', 5]);
  assert.deepEqual(first(await frame("date '1905-01-31' + i::integer")), ['1905-01-31', 'date', 'D', 5]);
  // What is midnight throughout are days; what has hours stays as it stands, without a zone.
  assert.deepEqual(first(await frame("timestamp '2023-01-31' + %", 'month')), ['2023-01-31', 'date', 'ME', 5]);
  for (const type of ['timestamp', 'timestamp_s', 'timestamp_ms', 'timestamp_ns']) {
    const hours = await frame(`(timestamp '2023-03-26 00:00' + %)::${type}`);
    assert.deepEqual(first(hours), ['2023-03-26T00:00', 'datetime', 'h', 5], type);
  }
  await connection.run("set timezone = 'Europe/Berlin'");
  assert.deepEqual(first(await frame("timestamptz '2023-03-26 00:00:00+00' + %")), [
    '2023-03-26T00:00Z',
    'datetime',
    'h',
    5,
  ]);
  assert.deepEqual(first(await frame('i + 1990')), ['1990', 'integer', '1', 5]);
  assert.deepEqual(first(await frame("'2023-Q'[1:5] || '0' || (i + 1)")), ['2023-01', 'date', 'MS', 5]);
  const fine = await written(
    "select timestamp '2023-01-01' + interval (i) microsecond as ds, 1.0 as y from range(5) t(i)",
  );
  assert.match(await failure(fine), /^bad_time: sales\.parquet, row 2, column "ds" has "2023-01-01T00:00 and 1 parts/);
});

test('ids may be numbers, repeated, or all different', async () => {
  const ids = async (id: string) =>
    (await readFrame(await written(`select ${id} as unique_id, i // 2 as ds, 1.5 as y from range(6) t(i)`))).series.map(
      (series) => series.id,
    );
  assert.deepEqual(await ids('i % 2 + 7'), ['7', '8']);
  assert.deepEqual(await ids("i || ' ü'"), ['0 ü', '1 ü', '2 ü', '3 ü', '4 ü', '5 ü']);
  assert.deepEqual(await ids('9007199254740993 + i % 2'), ['9007199254740993', '9007199254740994']);
});

test('errors name the row, which is counted over all groups', async () => {
  const query = `select i as ds, case when i = 5000 then 'x' else '1' end as y from range(6000) t(i)`;
  assert.match(
    await failure(await written(query, ', row_group_size 2048')),
    /^bad_number: sales\.parquet, row 5001, column "y" has "x"/,
  );
  assert.match(
    await failure(await written('select 1 as ds, 2 as y where false')),
    /^no_rows: .*a header \("ds", "y"\)/,
  );
  assert.match(await failure(await written('select i as ds, [i] as y from range(3) t(i)')), /^no_numeric_column: /);
});

test('what hyparquet-writer writes, with its encodings and nested columns to leave out', async () => {
  const ds = Array.from({ length: 40 }, (_, i) => new Date(Date.UTC(2023, 0, 1 + i)));
  const y = ds.map((_, i) => i * 1.5);
  const id = ds.map((_, i) => `series ${Math.floor(i / 20)}`);
  const nested = ds.map((_, i) => ({ a: i, b: [i] }));
  for (const [idEncoding, yEncoding] of [
    ['PLAIN', 'PLAIN'],
    ['DELTA_BYTE_ARRAY', 'BYTE_STREAM_SPLIT'],
    ['DELTA_LENGTH_BYTE_ARRAY', 'PLAIN'],
    ['RLE_DICTIONARY', 'PLAIN'],
  ] as const) {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'nested', data: nested },
        { name: 'ds', data: ds, type: 'TIMESTAMP' },
        { name: 'unique_id', data: id, type: 'STRING', encoding: idEncoding },
        { name: 'y', data: y, type: 'DOUBLE', encoding: yEncoding },
      ],
      rowGroupSize: 16,
    });
    assert.deepEqual(
      await values(new Uint8Array(buffer)),
      [
        ['series 0', '2023-01-01', 'D', y.slice(0, 20)],
        ['series 1', '2023-01-21', 'D', y.slice(20)],
      ],
      `${idEncoding} ${yEncoding}`,
    );
  }
  const integers = parquetWriteBuffer({
    columnData: [
      { name: 'ds', data: ds.map((_, i) => i), type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
      { name: 'y', data: ds.map((_, i) => BigInt(i * i)), type: 'INT64', encoding: 'DELTA_BINARY_PACKED' },
    ],
  });
  assert.deepEqual(await values(new Uint8Array(integers)), [['y', '0', '1', ds.map((_, i) => i * i)]]);
});

test('a file that is cut off says so', async () => {
  const bytes = await written(PANEL);
  assert.match(
    await failure(bytes.subarray(0, bytes.length - 100)),
    /^bad_parquet: sales\.parquet cannot be read .*cut off/,
  );
  assert.match(await failure(bytes.subarray(0, 8)), /^bad_parquet: .*8 bytes/);
  assert.match(await failure(bytes.subarray(0, 4)), /^bad_parquet: /);
  const hollow = bytes.slice();
  hollow.copyWithin(4, 2000, 2600);
  assert.match(await failure(hollow), /^bad_parquet: sales\.parquet, column "[a-z_]+" cannot be read as Parquet \(/);
});

test('damaged files give an error or other values, never a crash, and soon', async () => {
  const small = 'select i as ds, (i % 5)::varchar as unique_id, i * 1.5 as y from range(300) t(i)';
  const kinds = [
    await written(small, ', compression uncompressed'),
    await written(small, ', compression uncompressed, dictionary_size_limit 1, parquet_version v2'),
    ...(await Promise.all(
      ['snappy', 'zstd', 'gzip', 'brotli', 'lz4_raw'].map((c) => written(small, `, compression ${c}`)),
    )),
  ];
  let state = 12345;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const codes = new Set<string>();
  for (const bytes of kinds) {
    for (let round = 0; round < 150; round++) {
      const damaged = bytes.slice();
      for (let k = random(4); k >= 0; k--) damaged[4 + random(bytes.length - 8)] = random(256);
      const began = performance.now();
      try {
        await readFrame(damaged, { target: 'y' });
      } catch (error) {
        assert.ok(error instanceof TidegateError, `${error instanceof Error ? error.stack : error}`);
        codes.add(error.code);
      }
      assert.ok(performance.now() - began < 5000, 'too slow');
    }
  }
  assert.ok(codes.has('bad_parquet'));
});
