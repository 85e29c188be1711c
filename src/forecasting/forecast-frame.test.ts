import assert from 'node:assert/strict';
import { test } from 'node:test';
import Papa from 'papaparse';
import { readFrame } from '../series/read.js';
import { formatTimestamp } from '../series/timestamp.js';
import { ForecastFrame } from './forecast-frame.js';
import { historiesOf } from './history.js';
import { quantileLevels } from './quantiles.js';

/** A forecast of two steps whose quantile q of series s at step k is 100·s + 10·k + level of q. */
async function example(text: string, levels: readonly number[] = [80, 95], model = 'auto') {
  const frame = await readFrame(text);
  const histories = historiesOf(frame);
  const quantiles = histories.map((_, s) =>
    quantileLevels(levels).map((level) => Float64Array.of(100 * s + level, 100 * s + 10 + level)),
  );
  return new ForecastFrame(model, levels, frame.axis, histories, quantiles);
}

const TWO = 'unique_id,ds,y\nA,2023-01-01,1\nA,2023-01-02,2\nB,2023-01-02,3\nB,2023-01-03,4\n';

test('columns are named and ordered as Nixtla has them, narrow intervals first', async () => {
  const names = ['unique_id', 'ds', 'auto', 'auto-lo-80', 'auto-hi-80', 'auto-lo-95', 'auto-hi-95'];
  assert.deepEqual((await example(TWO)).columnNames, names);
  assert.deepEqual((await example(TWO, [95, 80])).columnNames, names);
  assert.deepEqual((await example(TWO, [97.5], 'seasonal-naive')).columnNames, [
    'unique_id',
    'ds',
    'seasonal-naive',
    'seasonal-naive-lo-97.5',
    'seasonal-naive-hi-97.5',
  ]);
});

test('each column has its own quantile, whatever the order of the levels', async () => {
  for (const levels of [
    [80, 95],
    [95, 80],
    [95, 50, 80],
  ]) {
    const forecast = await example(TWO, levels);
    const [first] = forecast.toRows();
    assert.equal(first.auto, 0.5);
    for (const level of levels) {
      assert.ok(Math.abs((first[`auto-lo-${level}`] as number) - (1 - level / 100) / 2) < 1e-12, `${levels}`);
      assert.ok(Math.abs((first[`auto-hi-${level}`] as number) - (1 + level / 100) / 2) < 1e-12, `${levels}`);
    }
    assert.deepEqual(
      forecast.levels,
      [...levels].sort((a, b) => a - b),
    );
  }
});

test('rows go by series, then by time, from the step after the last value', async () => {
  const forecast = await example(TWO, [80]);
  assert.equal(forecast.length, 4);
  assert.deepEqual(forecast.toRows(), [
    { unique_id: 'A', ds: '2023-01-03', auto: 0.5, 'auto-lo-80': 0.1, 'auto-hi-80': 0.9 },
    { unique_id: 'A', ds: '2023-01-04', auto: 10.5, 'auto-lo-80': 10.1, 'auto-hi-80': 10.9 },
    { unique_id: 'B', ds: '2023-01-04', auto: 100.5, 'auto-lo-80': 100.1, 'auto-hi-80': 100.9 },
    { unique_id: 'B', ds: '2023-01-05', auto: 110.5, 'auto-lo-80': 110.1, 'auto-hi-80': 110.9 },
  ]);
  assert.deepEqual([...forecast.valuesOf('auto-hi-80', 1)], [100.9, 110.9]);
  assert.deepEqual([...forecast.historyTimes(1)], [Date.UTC(2023, 0, 2), Date.UTC(2023, 0, 3)]);
});

test('stamps are written as the input wrote them', async () => {
  const ds = async (text: string) => (await example(text)).toRows().map((row) => row.ds);
  assert.deepEqual(await ds('ds,y\n2023/01/30,1\n2023/01/31,2\n'), ['2023/02/01', '2023/02/02']);
  assert.deepEqual(await ds('ds,y\n2023-01-01T22:00:00+02:00,1\n2023-01-01T23:00:00+02:00,2\n'), [
    '2023-01-02T00:00:00+02:00',
    '2023-01-02T01:00:00+02:00',
  ]);
  assert.deepEqual(await ds('ds,y\n5,1\n6,2\n'), [7, 8], 'integer steps are numbers');
});

/** Parses CSV text back into rows of text. */
function parsed(text: string): Record<string, string>[] {
  const { data, errors } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  assert.deepEqual(errors, []);
  return data;
}

test('CSV parses back to the same rows, to the last bit, whatever the ids contain', async () => {
  const ids = ['plain', 'Berlin, Mitte', 'the "old" shop', 'two\nlines', "Zoë's", ' spaced ', '007', '=1+1'];
  const quoted = ids.map((id) => `"${id.replaceAll('"', '""')}"`);
  const text = `unique_id,ds,y\n${quoted.map((id) => `${id},2023-01-01,1\n${id},2023-01-02,2\n`).join('')}`;
  const forecast = await example(text);
  const third = forecast.columns.get('auto') as Float64Array;
  third.forEach((_, row) => {
    third[row] = row / 3 + 1e-17;
  });
  third[0] = -1.7976931348623157e308;
  third[1] = 5e-324;
  const csv = forecast.toCSV();
  assert.equal(csv.slice(0, csv.indexOf('\n')), 'unique_id,ds,auto,auto-lo-80,auto-hi-80,auto-lo-95,auto-hi-95');
  assert.ok(csv.endsWith('\n') && !csv.endsWith('\n\n'));
  const expected = forecast.toRows();
  const rows = parsed(csv);
  assert.equal(rows.length, expected.length);
  rows.forEach((row, i) => {
    assert.equal(row.unique_id, forecast.ids[i]);
    assert.equal(row.ds, expected[i].ds);
    for (const name of forecast.columns.keys()) assert.equal(Number(row[name]), expected[i][name], name);
  });
  assert.deepEqual(
    rows.filter((_, i) => i % 2 === 0).map((row) => row.unique_id),
    (await readFrame(text)).series.map(({ id }) => id),
  );
});

test('a forecast can be read as a frame', async () => {
  const forecast = await example(TWO);
  const frame = await readFrame(forecast.toCSV(), { target: 'auto' });
  assert.deepEqual(
    frame.series.map(({ id, y }) => [id, ...y]),
    [
      ['A', 0.5, 10.5],
      ['B', 100.5, 110.5],
    ],
  );
});

test('Parquet holds the same rows as CSV, and stamps as their axis has them', async () => {
  const texts = [
    TWO,
    'ds,y\n2023-01-31T22:00,1\n2023-01-31T23:00,2\n',
    'ds,y\n2023-01-31T22:00+02:00,1\n2023-01-31T23:00+02:00,2\n',
    'ds,y\n2023-01,1\n2023-02,2\n',
    'ds,y\n7,1\n8,2\n',
  ];
  const first = [];
  for (const text of texts) {
    const forecast = await example(text);
    const back = await readFrame(forecast.toParquet(), { target: 'auto-hi-80' });
    const values = back.series.flatMap(({ y }) => [...y]);
    assert.deepEqual(values, [...(forecast.columns.get('auto-hi-80') ?? [])]);
    assert.deepEqual([...new Set(back.series.map(({ id }) => id))], [...new Set(forecast.ids)]);
    first.push(formatTimestamp(back.axis, back.series[0].start));
  }
  // +02:00 becomes the same instant in UTC.
  assert.deepEqual(first, ['2023-01-03', '2023-02-01T00:00', '2023-01-31T22:00Z', '2023-03-01', '9']);
});
