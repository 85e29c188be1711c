import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { encodeParquet } from './write.js';

test('DuckDB reads what was written: types, values, NaN and many rows', async () => {
  const rows = 250_000;
  const bytes = encodeParquet([
    { name: 'unique_id', kind: 'text', values: Array.from({ length: rows }, (_, i) => `Größe ${i % 10}`) },
    { name: 'step', kind: 'integer', values: Float64Array.from({ length: rows }, (_, i) => i - 5) },
    { name: 'ds', kind: 'wall-clock', values: Float64Array.from({ length: rows }, (_, i) => i * 3_600_000) },
    { name: 'at', kind: 'instant', values: Float64Array.from({ length: rows }, (_, i) => -i) },
    {
      name: 'lstm-lo-80',
      kind: 'number',
      values: Float64Array.from({ length: rows }, (_, i) => (i === 3 ? Number.NaN : i / 3)),
    },
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-write-'));
  try {
    const path = join(folder, 'x.parquet');
    writeFileSync(path, bytes);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = async (sql: string) =>
      (await connection.runAndReadAll(sql.replaceAll('$', `'${path}'`))).getRowsJson();
    assert.deepEqual(await read('select column_name, column_type from (describe from $)'), [
      ['unique_id', 'VARCHAR'],
      ['step', 'BIGINT'],
      ['ds', 'TIMESTAMP'],
      ['at', 'TIMESTAMP WITH TIME ZONE'],
      ['lstm-lo-80', 'DOUBLE'],
    ]);
    await connection.run("set timezone = 'UTC'");
    assert.deepEqual(await read('select unique_id, step, ds::varchar, "at"::varchar from $ where step = 6'), [
      ['Größe 1', '6', '1970-01-01 11:00:00', '1969-12-31 23:59:59.989+00'],
    ]);
    assert.deepEqual(
      await read('select count(*), count(distinct unique_id), sum(isnan("lstm-lo-80")::int), max(step) from $'),
      [['250000', '10', '1', '249994']],
    );
    assert.deepEqual(await read('select count(*) from $ where "lstm-lo-80" != (step + 5)::double / 3'), [['1']]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
