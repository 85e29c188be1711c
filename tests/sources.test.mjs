/** Where data may come from, and covariates beside them. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { airline, airlineText, newFolder, parseTable, run, succeed } from './support/run.mjs';
import { commandWithout } from './support/without.mjs';

const THETA = ['--horizon', '4', '--model', 'theta'];
const forecast = async (args, options) => (await succeed(['forecast', ...args, ...THETA], options)).stdout;

test('several files of the same columns are one table; a pattern names them', async () => {
  const cwd = newFolder();
  const [header, ...rows] = airlineText.trim().split('\n');
  mkdirSync(join(cwd, 'data'));
  // In the order of their names, and with columns in another order.
  writeFileSync(join(cwd, 'data', 'a-1949.csv'), `${header}\n${rows.slice(0, 70).join('\n')}\n`);
  const turned = rows.slice(70).map((row) => row.split(',').reverse().join(','));
  writeFileSync(join(cwd, 'data', 'b.csv'), `${header.split(',').reverse().join(',')}\n${turned.join('\n')}\n`);
  writeFileSync(join(cwd, 'data', 'readme.md'), 'no data');
  assert.equal(await forecast(['data/*.csv'], { cwd }), await forecast([airline]));
  const none = await run(['forecast', 'data/*.tsv', ...THETA], { cwd });
  assert.equal(none.status, 3);
  assert.match(none.stderr, /^file_not_found: no file fits "data\/\*\.tsv"/);
  writeFileSync(join(cwd, 'data', 'c.csv'), `${header}\n${rows[3]}\n`);
  const twice = await run(['forecast', 'data/*.csv', ...THETA], { cwd });
  assert.match(twice.stderr, /^duplicate_time: data\/a-1949\.csv, line 5 and data\/c\.csv, line 2 both have 1949-04/);
  writeFileSync(join(cwd, 'data', 'c.csv'), 'x,z\n1,2\n');
  const other = await run(['forecast', 'data/*.csv', ...THETA], { cwd });
  assert.match(other.stderr, /^no_column: data\/c\.csv has no column "month"/);
});

test('what SQL gives is data, with the optional DuckDB', async () => {
  const sql = `select month, passengers from '${airline}'`;
  assert.equal(await forecast(['--sql', sql]), await forecast([airline]));
  const fails = async (query, status, message) => {
    const { stderr, ...ended } = await run(['forecast', '--sql', query, ...THETA]);
    assert.equal(ended.status, status, stderr);
    assert.match(stderr, message);
  };
  await fails('selec 1', 2, /^bad_sql: the query cannot be run: .*syntax error/);
  await fails('select nothing from range(3)', 2, /^bad_sql: .*nothing/);
  await fails("select * from 'no-such.parquet'", 3, /^sql_failed: .*no-such\.parquet/);
  await fails('select 1 as ds, 2 as y where false', 3, /^no_rows: the result of the query has a header \("ds", "y"\)/);
  await fails("select 1 as ds, 'many' as y", 3, /^bad_number: the result of the query, row 1, column "y" has "many"/);
});

test('without DuckDB, SQL says how to get it', async () => {
  const command = commandWithout('@duckdb/node-api');
  const { status, stderr } = await run(['forecast', '--sql', 'select 1', ...THETA], { command });
  assert.match(stderr, /^duckdb_missing: .*which is not installed.*npm install @duckdb\/node-api/);
  assert.equal(status, 2);
});

test('Parquet out and in again', async () => {
  const cwd = newFolder();
  const shown = await forecast([airline]);
  await succeed(['forecast', airline, ...THETA, '--out', 'f.parquet', '--quiet'], { cwd });
  const sql = `copy (select * replace (strftime(ds, '%Y-%m-%d') as ds) from 'f.parquet') to 'f.csv'`;
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(sql.replace(/'f\.(\w+)'/g, (_, ext) => `'${join(cwd, `f.${ext}`)}'`));
  assert.deepEqual(parseTable(readFileSync(join(cwd, 'f.csv'), 'utf8')), parseTable(shown));
  const again = await succeed(['forecast', 'f.parquet', '--target', 'theta', '--horizon', '1', '--model', 'naive'], {
    cwd,
  });
  assert.equal(parseTable(again.stdout).rows[0].ds, '1961-05-01');
  const piped = await succeed(['forecast', '-', '--target', 'theta', '--horizon', '1', '--model', 'naive'], {
    input: readFileSync(join(cwd, 'f.parquet')),
  });
  assert.equal(piped.stdout, again.stdout);
});

test('covariates by role, with the horizon in the file or beside it', async () => {
  const cwd = newFolder();
  const days = Array.from({ length: 60 }, (_, t) => new Date(Date.UTC(2023, 0, 1 + t)).toISOString().slice(0, 10));
  const row = (t, y) => `${days[t]},${y},${t % 7 === 0},north,${t * 2}`;
  const past = days.slice(0, 56).map((_, t) => row(t, t));
  writeFileSync(join(cwd, 'data.csv'), `ds,y,promo,region,visitors\n${past.join('\n')}\n`);
  const ahead = days.slice(56).map((_, k) => row(56 + k, ''));
  writeFileSync(join(cwd, 'whole.csv'), `ds,y,promo,region,visitors\n${[...past, ...ahead].join('\n')}\n`);
  writeFileSync(
    join(cwd, 'ahead.csv'),
    `promo,ds\n${ahead
      .map((line) => line.split(','))
      .map(([ds, , promo]) => `${promo},${ds}`)
      .join('\n')}\n`,
  );
  const roles = ['--past', 'visitors', '--future', 'promo', '--static', 'region'];
  const naive = ['--horizon', '4', '--model', 'naive'];
  const read = async (...args) => (await succeed(['forecast', ...args, ...roles, ...naive], { cwd })).stdout;
  assert.equal(await read('data.csv', '--future-file', 'ahead.csv'), await read('whole.csv'));
  const fails = async (args, message, status = 3) => {
    const ended = await run(['forecast', ...args, ...naive], { cwd });
    assert.match(ended.stderr, message);
    assert.equal(ended.status, status);
  };
  await fails(
    ['data.csv', '--future', 'promo', '--future-file', 'no.csv', '--target', 'y'],
    /^file_not_found: "no\.csv"/,
  );
  await fails(
    ['data.csv', '--future', 'promo', '--target', 'y'],
    /^covariate_missing: .*no "promo" at 2023-02-26; .*--future-file/,
  );
  await fails(['data.csv', '--past', 'promo,,x'], /^usage: .*--past.*price,holiday/, 2);
  await fails(
    ['data.csv', '--past', 'region', '--target', 'y'],
    /^bad_number: data\.csv, line 2, column "region" has "north"/,
  );
  await fails(['data.csv', '--static', 'visitors', '--target', 'y'], /^static_varies: data\.csv, line 2, /);
});
