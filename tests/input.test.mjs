/** What data may look like: formats, several series, gaps, odd names. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { airlineText, assertNested, newFolder, pairwise, parseTable, succeed } from './support/run.mjs';

/** Monthly values with decimals and a season. */
const table = Array.from({ length: 40 }, (_, t) => {
  const ds = new Date(Date.UTC(2021, t, 1)).toISOString().slice(0, 10);
  return { ds, y: 100.5 + t + 10 * Math.cos((t * Math.PI) / 6) };
});
const plain = `ds,y\n${table.map(({ ds, y }) => `${ds},${y}`).join('\n')}\n`;

const SAME_TABLE = {
  'semicolons and decimal commas': plain.replaceAll(',', ';').replaceAll('.', ','),
  tabs: plain.replaceAll(',', '\t'),
  'byte-order mark and CRLF': `\ufeff${plain.replaceAll('\n', '\r\n')}`,
  'quotes everywhere': plain.replace(/[^,\n]+/g, '"$&"'),
  'UTF-16': Buffer.from(`\ufeff${plain}`, 'utf16le'),
  'rows in another order': `ds,y\n${[...plain.trim().split('\n').slice(1)].reverse().join('\n')}`,
  gzip: gzipSync(plain),
  JSON: JSON.stringify(table, null, 2),
  NDJSON: `${table.map((row) => JSON.stringify(row)).join('\n')}\n`,
};

test('one table in every format gives the same bytes', async () => {
  const folder = newFolder();
  const args = (path) => ['forecast', path, '--horizon', '6', '--model', 'theta'];
  const stdin = (await succeed(args('-'), { input: plain })).stdout;
  assert.equal((await succeed(args('-'), { input: gzipSync(plain) })).stdout, stdin, 'gzip on standard input');
  assert.equal(parseTable(stdin).rows[0].ds, '2024-05-01');
  await pairwise(Object.entries(SAME_TABLE), async ([name, content]) => {
    const path = join(folder, `${name}.data`);
    writeFileSync(path, content);
    assert.equal((await succeed(args(path))).stdout, stdin, name);
  });
});

test('columns of any name, with or without being told', async () => {
  const renamed = plain.replace('ds,y', 'Tag,Umsatz €');
  const told = ['--time', 'Tag', '--target', 'Umsatz €', '--freq', 'MS', '--season', '12'];
  const args = ['forecast', '-', '--horizon', '3', '--model', 'seasonal-naive'];
  const inferred = (await succeed(args, { input: renamed })).stdout;
  assert.equal((await succeed([...args, ...told], { input: renamed })).stdout, inferred);
  assert.equal(parseTable(inferred).rows[0].unique_id, 'Umsatz €');
});

test('several series: in order of first appearance, each after its own last value', async () => {
  const rows = [];
  for (let t = 0; t < 30; t++) {
    const day = new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
    rows.push(`north,${day},${50 + (t % 7)}`);
    if (t < 25) rows.push(`south,${day},${5 + (t % 7)}`);
    if (t > 25) rows.push(`new,${day},1000`);
  }
  const args = ['forecast', '-', '--horizon', '3'];
  const { stdout, stderr } = await succeed(args, { input: `shop,day,units\n${rows.join('\n')}\n` });
  const forecast = parseTable(stdout).rows;
  assert.deepEqual(
    forecast.map(({ unique_id, ds }) => `${unique_id} ${ds}`),
    [
      ...['north 2024-01-31', 'north 2024-02-01', 'north 2024-02-02'],
      ...['south 2024-01-26', 'south 2024-01-27', 'south 2024-01-28'],
      ...['new 2024-01-31', 'new 2024-02-01', 'new 2024-02-02'],
    ],
  );
  assertNested(forecast, 'auto', [80, 95]);
  // Each in its own units, though one model serves all.
  for (const { unique_id, auto } of forecast) {
    const [low, high] = { north: [45, 62], south: [0, 16], new: [900, 1100] }[unique_id];
    assert.ok(auto > low && auto < high, `${unique_id} ${auto}`);
  }
  assert.match(stderr, /^3 series, 59 rows · 2024-01-01 … 2024-01-30 · frequency D · season 7\n/);
  assert.match(stderr, /1 series too short for the network/);
});

test('missing values and gaps are counted and bridged', async () => {
  const lines = airlineText.trim().split('\n');
  const holes = lines
    .filter((_, i) => i !== 30 && i !== 31)
    .map((line, i) => (i === 50 ? line.replace(/,.*/, ',') : i === 70 ? line.replace(/,.*/, ',NA') : line));
  const input = holes.join('\n');
  const { stdout } = await succeed(['forecast', '-', '--horizon', '12', '--json'], { input });
  const { data, forecast } = JSON.parse(stdout);
  assert.deepEqual([data.rows, data.missing, data.freq, data.season], [142, 4, 'MS', 12]);
  assertNested(forecast.rows, 'auto', [80, 95]);
  assert.equal(forecast.rows[0].ds, '1961-01-01');
  // Four holes of 144 change the forecast a little, not its kind.
  const whole = parseTable((await succeed(['forecast', '-', '--horizon', '12'], { input: airlineText })).stdout).rows;
  forecast.rows.forEach((row, k) => {
    assert.ok(Math.abs(row.auto / whole[k].auto - 1) < 0.15, `${row.ds}: ${row.auto} against ${whole[k].auto}`);
  });
});

test('stamps go on as they were written', async () => {
  const cases = [
    [
      ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'],
      ['2024-05-31', '2024-06-30'],
    ],
    [
      ['2024-03-30T22:00Z', '2024-03-30T23:00Z', '2024-03-31T00:00Z'],
      ['2024-03-31T01:00Z', '2024-03-31T02:00Z'],
    ],
    [
      ['2024-03-31 01:30:00+01:00', '2024-03-31 02:00:00+01:00'],
      ['2024-03-31 02:30:00+01:00', '2024-03-31 03:00:00+01:00'],
    ],
    [
      ['2024-03-07', '2024-03-08', '2024-03-11', '2024-03-12'],
      ['2024-03-13', '2024-03-14'],
    ],
    [
      ['2019', '2020', '2021'],
      ['2022', '2023'],
    ],
    [
      ['7', '9', '11'],
      ['13', '15'],
    ],
  ];
  await pairwise(cases, async ([stamps, expected]) => {
    const input = `ds,y\n${stamps.map((stamp, t) => `${stamp},${t + 1}`).join('\n')}\n`;
    const { stdout } = await succeed(['forecast', '-', '--horizon', '2', '--model', 'drift'], { input });
    assert.deepEqual(
      parseTable(stdout).rows.map(({ ds }) => ds),
      expected,
    );
  });
});

test('constant, zero, negative, huge and tiny series have finite forecasts', async () => {
  const kinds = {
    constant: () => 5,
    zero: () => 0,
    sparse: (t) => (t % 9 === 0 ? 3 : 0),
    negative: (t) => -50 - t + (t % 7),
    huge: (t) => 1e15 * (1 + (t % 7)),
    tiny: (t) => 1e-12 * (2 + (t % 7)),
  };
  const rows = Object.entries(kinds).flatMap(([id, y]) =>
    Array.from(
      { length: 60 },
      (_, t) => `${id},${new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10)},${y(t)}`,
    ),
  );
  const input = `unique_id,ds,y\n${rows.join('\n')}\n`;
  const forecast = parseTable((await succeed(['forecast', '-', '--horizon', '7'], { input })).stdout).rows;
  assertNested(forecast, 'auto', [80, 95]);
  for (const row of forecast) {
    if (row.unique_id !== 'negative') assert.ok(row['auto-lo-95'] >= 0, `${row.unique_id} ${row['auto-lo-95']}`);
    if (row.unique_id === 'zero') assert.equal(Number(row.auto), 0);
    if (row.unique_id === 'constant') assert.ok(Math.abs(row.auto - 5) < 1e-6);
    if (row.unique_id === 'huge') assert.ok(row.auto > 1e14 && row.auto < 1e17);
    if (row.unique_id === 'tiny') assert.ok(row.auto > 1e-13 && row.auto < 1e-10);
  }
});

test('ids of any text survive to the tables and do no harm in pictures', async () => {
  const ids = [
    '__proto__',
    'constructor',
    '\u001b[31mred\u001b[0m',
    'say "hi", then\nleave',
    '<script>alert(1)</script>',
    '=1+1',
    'Ωμέγα 🌊',
  ];
  const rows = ids.flatMap((id) => [1, 2, 3, 4].map((t) => `"${id.replaceAll('"', '""')}",${t},${t}`));
  const folder = newFolder();
  const outputs = ['--out', 'out.csv', '--plot', 'out.html'];
  const args = ['forecast', '-', '--horizon', '1', '--model', 'naive', '--id', 'id', '--time', 't'];
  const input = `id,t,y\n${rows.join('\n')}\n`;
  const { stderr } = await succeed([...args, ...outputs], { cwd: folder, input });
  assert.ok(!stderr.includes('\u001b'));
  const idsOf = (table) => table.map(({ unique_id }) => unique_id);
  assert.deepEqual(idsOf(parseTable(readFileSync(join(folder, 'out.csv'), 'utf8')).rows), ids);
  assert.deepEqual(idsOf(JSON.parse((await succeed([...args, '--json'], { input })).stdout).forecast.rows), ids);
  const html = readFileSync(join(folder, 'out.html'), 'utf8');
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  assert.ok(!html.includes('<script') && !html.includes('\u001b'));
});
