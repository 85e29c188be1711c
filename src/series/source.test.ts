import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrame } from './read.js';
import type { FileSource } from './source.js';
import { formatTimestamp } from './timestamp.js';

/** A table of a database, whose rows come in runs. */
const table = (zoneless: boolean, ...rows: unknown[][]) => ({
  columns: ['ds', 'unique_id', 'y'],
  zoneless: [zoneless, false, false],
  rows: (async function* () {
    for (const row of rows) yield [[...row]];
  })(),
});

test('a database gives rows in any order: series are in the order of their names', async () => {
  const rows = [
    [2, 'b', 3],
    [1, 'b', 2],
    [1, 'a', 1],
  ];
  const forward = await readFrame(table(false, ...rows));
  assert.deepEqual(
    forward.series.map(({ id, y }) => [id, ...y]),
    [
      ['a', 1],
      ['b', 2, 3],
    ],
  );
  assert.deepEqual(await readFrame(table(false, ...rows.reverse())), forward);
});

test('times of a database have a zone or none, as their type says', async () => {
  const start = async (zoneless: boolean, hour: number) => {
    const times = [0, 1].map((k) => [
      new Date(Date.UTC(2023, 0, 1 + (hour === 0 ? k : 0), hour + k * Math.sign(hour))),
      'a',
      k,
    ]);
    const { series, axis } = await readFrame(table(zoneless, ...times));
    return [formatTimestamp(axis, series[0].start), axis.zone];
  };
  assert.deepEqual(await start(true, 5), ['2023-01-01T05:00', '']);
  assert.equal((await start(false, 5))[1], 'Z');
  assert.deepEqual(await start(true, 0), ['2023-01-01', '']);
});

test('files are opened one after the other, and no sooner than needed', async () => {
  const opened: string[] = [];
  const file = (name: string, text: string): FileSource => ({
    name,
    async *stream() {
      opened.push(name);
      yield new TextEncoder().encode(text);
    },
    open: () => Promise.reject(new Error('only for Parquet')),
  });
  const first = file('a.csv', 'unique_id,ds,y\nx,2023-01-01,1\nz,2023-01-01,5\n');
  const second = file('b.ndjson', '{"y":2,"ds":"2023-01-02","unique_id":"x","more":1}\n');
  const { series, rows } = await readFrame({ files: [first, second] });
  assert.deepEqual(
    series.map(({ id, y }) => [id, ...y]),
    [
      ['x', 1, 2],
      ['z', 5],
    ],
  );
  assert.equal(rows, 3);
  opened.length = 0;
  const broken = file('c.csv', 'unique_id,ds,y\nx,2023-01-02,many\n');
  await assert.rejects(readFrame({ files: [first, broken, second] }), /c\.csv, line 2, column "y" has "many"/);
  assert.deepEqual(opened, ['a.csv', 'c.csv']);
  const empty = file('d.csv', '');
  await assert.rejects(readFrame({ files: [first, empty] }), { code: 'empty_file', message: /^d\.csv is empty/ });
});
