import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSql } from './node-duckdb.js';

/** Columns, which of them are without a zone, and all rows. */
async function all(sql: string) {
  const { columns, zoneless, rows } = await runSql(sql);
  const cells: unknown[][] = [];
  for await (const run of rows) cells.push(...run);
  return { columns, zoneless, cells };
}

test('values of every type that series are made of', async () => {
  const day = new Date(Date.UTC(2020, 0, 2));
  const stamp = new Date(Date.UTC(2020, 0, 2, 3, 4, 5, 678));
  const cases: [string, unknown, boolean][] = [
    ["'a'", 'a', false],
    ['true', true, false],
    ['null::integer', null, false],
    ['1.5::double', 1.5, false],
    ['0.3::decimal(4, 1)', 0.3, false],
    ['-123456789012345678901234567890.5::decimal(38, 1)', -1.2345678901234568e29, false],
    ['7::bigint', 7, false],
    ['9007199254740993', 9007199254740993n, false],
    ['7::hugeint', 7, false],
    ["date '2020-01-02'", day, true],
    ["timestamp '2020-01-02 03:04:05.678'", stamp, true],
    ["timestamp_ms '2020-01-02 03:04:05.678'", stamp, true],
    ["timestamp_ns '2020-01-02 03:04:05.678'", stamp, true],
    ["timestamp_s '2020-01-02'", day, true],
    ["timestamptz '2020-01-02 05:04:05.678+02'", stamp, false],
    ["timestamp '2020-01-02 03:04:05.678901'", '2020-01-02 03:04:05.678901', true],
    ["timestamp 'infinity'", 'infinity', true],
    ['[1, 2]', '[1, 2]', false],
  ];
  const { columns, zoneless, cells } = await all(`select ${cases.map(([sql], i) => `${sql} as c${i}`).join()}`);
  assert.deepEqual(columns.length, cases.length);
  cases.forEach(([sql, value, local], i) => {
    assert.deepEqual(cells[0][i], value, sql);
    assert.equal(zoneless[i], local, sql);
  });
});

test('many rows come in runs; of several statements the last gives them', async () => {
  const { cells } = await all('create table t as select range as i from range(10000); select i from t');
  assert.equal(cells.length, 10_000);
  assert.deepEqual(cells[9999], [9999]);
});

test('leaving early ends the query', async () => {
  const { rows } = await runSql('select * from range(100000000)');
  for await (const run of rows) {
    assert.ok(run.length > 0);
    break;
  }
});

test('mistakes in the query are wrong usage, what it cannot read bad input', async () => {
  await assert.rejects(runSql('selec 1'), { kind: 'usage', code: 'bad_sql' });
  await assert.rejects(runSql('select x'), { kind: 'usage', code: 'bad_sql' });
  await assert.rejects(runSql("select * from 'none.parquet'"), { kind: 'input', code: 'sql_failed' });
  await assert.rejects(all("select (case when range = 5000 then 'x' else '1' end)::integer from range(9000)"), {
    kind: 'input',
    code: 'sql_failed',
  });
});
