/** `tidegate backtest`: what it prints and what it writes. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { backtest, readSeries } from 'tidegate';
import { airline, newFolder, parseTable, run, succeed } from './support/run.mjs';

const CLASSICAL = ['--models', 'theta,seasonal-naive'];

test('in a pipe: the rows to stdout, the scores and the verdict to stderr', async () => {
  const { stdout, stderr } = await succeed(['backtest', airline, '--horizon', '12', ...CLASSICAL]);
  const { columns, rows } = parseTable(stdout);
  assert.deepEqual(columns.slice(0, 5), ['unique_id', 'ds', 'cutoff', 'y', 'theta']);
  assert.equal(rows.length, 36);
  assert.deepEqual([...new Set(rows.map(({ cutoff }) => cutoff))], ['1957-12-01', '1958-12-01', '1959-12-01']);
  assert.ok(rows.every(({ ds, cutoff }) => ds > cutoff));
  assert.equal(rows[35].ds, '1960-12-01');
  const lines = stderr.trimEnd().split('\n');
  assert.match(lines[0], /^model +sMAPE +MASE +RMSE +WQL +in 80 % +in 95 % +seconds$/);
  assert.match(lines[1], /^theta +[\d.]+\* +[\d.]+\*/);
  assert.match(lines[2], /^seasonal-naive +[\d.]+ +[\d.]+/);
  assert.match(
    lines.at(-1),
    /^theta .* seasonal-naive.*: MASE 1\.01 against 1\.21 over 3 windows \(p .*Diebold-Mariano test over 36 steps\)\.$/,
  );
  const quiet = await succeed(['backtest', airline, '--horizon', '12', ...CLASSICAL, '--quiet']);
  assert.deepEqual([quiet.stdout, quiet.stderr], [stdout, '']);
});

test('--json: one object; files in every format hold the same rows; a picture', async () => {
  const folder = newFolder();
  const at = (name) => join(folder, name);
  const args = ['backtest', airline, '--horizon', '6', '--windows', '2', '--step', '3', ...CLASSICAL];
  const files = ['--out', at('cv.csv'), '--plot', at('cv.svg')];
  const result = JSON.parse((await succeed([...args, '--json', ...files])).stdout);
  const top = [
    'command',
    'version',
    'engine',
    'data',
    'models',
    'model',
    'training',
    'validation',
    'verdict',
    'forecast',
  ];
  assert.deepEqual(Object.keys(result), top);
  assert.deepEqual([result.command, result.models], ['backtest', ['theta', 'seasonal-naive']]);
  assert.deepEqual([result.data.rows, result.data.start, result.data.end], [144, '1949-01-01', '1960-12-01']);
  const { windows, step, scores, test: comparison } = result.validation;
  assert.deepEqual([windows, step], [2, 3]);
  for (const model of result.models)
    for (const measure of ['smape', 'mase', 'rmse', 'rmsse', 'pinball', 'wql', 'seconds'])
      assert.ok(scores[model][measure] > 0, `${model} ${measure}`);
  assert.deepEqual(Object.keys(scores.theta.coverage), ['80', '95']);
  assert.equal(comparison.reference, 'seasonal-naive');
  assert.equal(result.forecast.rows.length, 12);
  assert.deepEqual([...new Set(result.forecast.rows.map(({ cutoff }) => cutoff))], ['1960-03-01', '1960-06-01']);
  const text = readFileSync(at('cv.csv'), 'utf8');
  const asText = result.forecast.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, `${value}`])),
  );
  assert.deepEqual(parseTable(text).rows, asText);
  const svg = readFileSync(at('cv.svg'), 'utf8');
  for (const word of ['passengers', 'theta', 'seasonal-naive', 'MASE by step ahead'])
    assert.ok(svg.includes(word), word);
  await succeed([...args, '--out', at('cv.ndjson'), '--plot', at('cv.html')]);
  const lines = readFileSync(at('cv.ndjson'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    result.forecast.rows,
  );
  assert.ok(readFileSync(at('cv.html'), 'utf8').includes(svg));
});

test('the library gives the same bytes; auto is among the models by default', async () => {
  const args = ['backtest', airline, '--horizon', '6', '--windows', '1', '--budget', '2', '--quiet'];
  const { stdout } = await succeed(args);
  const cv = await backtest(await readSeries(airline), { horizon: 6, windows: 1, budget: 2 });
  assert.deepEqual(cv.models, ['auto', 'seasonal-naive']);
  assert.equal(cv.toCSV(), stdout);
});

test('what comes after the cutoff changes no forecast', async () => {
  const folder = newFolder();
  const lines = readFileSync(airline, 'utf8').trimEnd().split('\n');
  const poisoned = lines.map((line, i) => (i > lines.length - 13 ? line.replace(/,.*/, ',999999') : line));
  writeFileSync(join(folder, 'poisoned.csv'), `${poisoned.join('\n')}\n`);
  const args = ['--horizon', '12', '--windows', '2', '--budget', '2', '--models', 'lstm,theta', '--quiet'];
  const [clean, dirty] = [
    await succeed(['backtest', airline, ...args]),
    await succeed(['backtest', join(folder, 'poisoned.csv'), ...args]),
  ].map(({ stdout }) => parseTable(stdout).rows.map(({ y, ...row }) => row));
  assert.deepEqual(dirty, clean);
});

test('a query is data, Parquet holds the rows, PNG the picture', async () => {
  const cwd = newFolder();
  const source = ['--sql', `select month, passengers from '${airline}'`];
  const args = ['--horizon', '6', '--windows', '2', ...CLASSICAL];
  const { stdout } = await succeed(['backtest', airline, ...args]);
  await succeed(['backtest', ...source, ...args, '--out', 'cv.parquet', '--plot', 'cv.png'], { cwd });
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const dated = "select * replace (strftime(ds, '%Y-%m-%d') as ds, strftime(cutoff, '%Y-%m-%d') as cutoff)";
  await connection.run(`copy (${dated} from '${join(cwd, 'cv.parquet')}') to '${join(cwd, 'cv.csv')}'`);
  const numbers = (text) =>
    parseTable(text).rows.map(({ unique_id, ds, cutoff, ...values }) => [
      unique_id,
      ds,
      cutoff,
      ...Object.values(values).map(Number),
    ]);
  assert.deepEqual(numbers(readFileSync(join(cwd, 'cv.csv'), 'utf8')), numbers(stdout));
  assert.equal(readFileSync(join(cwd, 'cv.png')).toString('latin1', 1, 4), 'PNG');
  const { status, stderr } = await run(['backtest', ...args]);
  assert.match(stderr, /^no_data: .*--sql/);
  assert.equal(status, 2);
});

test('wrong use and data that are too short have their status', async () => {
  const wrong = [
    [['--models', 'oracle'], 2, /^unknown_model: model "oracle"/],
    [['--windows', '0'], 2, /^bad_windows: /],
    [['--models', 'theta,'], 2, /^usage: .*--models/],
    [['--out', 'cv.xyz'], 2, /^unknown_format: .*\.csv, \.json, \.ndjson, \.parquet/],
    [['--plot', 'cv.pdf'], 2, /^unknown_format: .*\.svg, \.png, \.html/],
    [['--horizon', '80'], 3, /^series_too_short: .*144 values; a back-test with horizon 80 needs at least 160/],
  ];
  for (const [args, status, message] of wrong) {
    const result = await run(['backtest', airline, '--horizon', '6', ...args]);
    assert.equal(result.status, status, result.stderr);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, '');
  }
});
