import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { TidegateError } from '../errors.js';
import { advance } from './frequency.js';
import { type ReadOptions, type ReadSource, readFrame } from './read.js';
import { formatTimestamp } from './timestamp.js';

/** The frame as one object per series: id, first and next stamp after the end, values. */
async function brief(source: ReadSource, options?: ReadOptions) {
  const { series, axis } = await readFrame(source, options);
  return series.map(({ id, start, y }) => [
    id,
    formatTimestamp(axis, start),
    formatTimestamp(axis, advance(axis.freq, start, y.length)),
    [...y],
  ]);
}

/** `code: message` of the input error that reading gives; one line, with the source named. */
async function failure(source: ReadSource, options: ReadOptions = {}): Promise<string> {
  try {
    await readFrame(source, { source: 'sales.csv', ...options });
  } catch (error) {
    assert.ok(error instanceof TidegateError && error.kind === 'input', `not an input error: ${error}`);
    assert.ok(!error.message.includes('\n'));
    return `${error}`;
  }
  return 'none';
}

async function* stream<T>(...chunks: T[]) {
  yield* chunks;
}
const NaNs = Number.NaN;

test('a frame says everything about what was read', async () => {
  const text = 'unique_id,ds,y\nB,2023-01-01,1\nB,2023-02-01,\nA,2023-01-01,3\nB,2023-04-01,4\nA,2023-02-01,5\n';
  const frame = await readFrame(text, { source: 'sales.csv' });
  const none = { past: [], future: [], static: [] };
  assert.deepEqual(frame, {
    series: [
      { id: 'B', start: Date.UTC(2023, 0, 1), y: Float64Array.of(1, NaNs, NaNs, 4), ...none },
      { id: 'A', start: Date.UTC(2023, 0, 1), y: Float64Array.of(3, 5), ...none },
    ],
    axis: {
      kind: 'date',
      zone: '',
      freq: { alias: 'MS', unit: 'month', multiple: 1, monthEnd: false },
      style: { dates: '-', separator: 'T', precision: 'day' },
    },
    season: 12,
    seasonSource: 'frequency',
    names: { id: 'unique_id', time: 'ds', target: 'y' },
    covariates: none,
    rows: 5,
    missing: 2,
    source: 'sales.csv',
  });
});

test('text, bytes, gzip, blobs, streams and records give the same', async () => {
  const text = 'unique_id,ds,y\nA,2023-01-01,1\nA,2023-01-02,2.5\nB,2023-01-01,\nB,2023-01-02,4\n';
  const records = [
    { unique_id: 'A', ds: '2023-01-01', y: 1 },
    { unique_id: 'A', ds: '2023-01-02', y: 2.5 },
    { unique_id: 'B', ds: '2023-01-01', y: null },
    { unique_id: 'B', ds: '2023-01-02', y: 4 },
  ];
  const bytes = new TextEncoder().encode(text);
  const expected = await readFrame(text);
  assert.deepEqual([...expected.series[1].y], [NaNs, 4]);
  const sources: ReadSource[] = [
    `\ufeff${text.replaceAll('\n', '\r\n')}\r\n\r\n`,
    text.replaceAll(',', ';'),
    text.replaceAll(',', '\t'),
    bytes,
    Uint8Array.from(gzipSync(bytes)),
    new Blob([text]),
    new Blob([Uint8Array.from(gzipSync(bytes))]),
    new Response(text).body!,
    stream(...text),
    stream(...Array.from(bytes, (byte) => Uint8Array.of(byte))),
    records,
    stream(...records),
    JSON.stringify(records),
    `\n ${JSON.stringify(records, null, 2)}\n`,
    records.map((record) => JSON.stringify(record)).join('\n'),
    stream(...JSON.stringify(records)),
  ];
  for (const source of sources) assert.deepEqual(await readFrame(source), expected);
});

test('the option names win over the convention, the convention over looks', async () => {
  const text = 'ds,y,unique_id,day,units,shop\n1,10,a,2023-01-01,7,x\n2,20,a,2023-01-02,8,x\n';
  assert.deepEqual(await brief(text), [['a', '1', '3', [10, 20]]]);
  assert.deepEqual(await brief(text, { time: 'day', target: 'units', id: 'shop' }), [
    ['x', '2023-01-01', '2023-01-03', [7, 8]],
  ]);
  assert.match(
    await failure(text, { time: 'date' }),
    /^no_column: sales\.csv has no column "date" for --time; it has "ds", "y", "unique_id", "day", "units", "shop"/,
  );
  await assert.rejects(readFrame(text, { time: 'day', target: 'day' }), { kind: 'usage', code: 'same_column' });
});

test('roles are seen from the values', async () => {
  const names = async (text: string, options?: ReadOptions) => {
    const { names, axis } = await readFrame(text, options);
    return [names.id, names.time, names.target, axis.freq.alias];
  };
  assert.deepEqual(await names('Month,Passengers\n1949-01,112\n1949-02,118\n'), [null, 'Month', 'Passengers', 'MS']);
  assert.deepEqual(await names('units,shop,when\n3,a,2023-01-01\n4,a,2023-01-02\n'), ['shop', 'when', 'units', 'D']);
  assert.deepEqual(await names('value,step\n5,1\n3,2\n9,3\n'), [null, 'step', 'value', '1'], 'a name for time');
  assert.deepEqual(await names('n,value\n5,1\n6,2\n9,3\n'), [null, 'n', 'value', '1'], 'first, and increasing');
  assert.deepEqual(await names('s,n,value\na,5,1\na,6,2\nb,5,3\n'), ['s', 'n', 'value', '1'], 'increasing per series');
  assert.deepEqual(
    await names(',date,sales\n0,2023-01-01,5\n1,2023-01-02,4\n'),
    [null, 'date', 'sales', 'D'],
    'pandas index',
  );
  assert.deepEqual(await names('units,when\n7,20230131\n5,20230201\n'), [null, 'when', 'units', 'D'], 'compact days');
  assert.deepEqual(await names('flow\n5\n3\n'), [null, null, 'flow', '1']);
  assert.deepEqual(
    await names('ds,y,promo\n2023-01-01,5,true\n2023-01-02,4,False\n'),
    [null, 'ds', 'y', 'D'],
    'a flag is no id',
  );
  assert.deepEqual(await names('country,ds,y\nNA,1,5\nDE,1,4\n'), ['country', 'ds', 'y', '1'], 'Namibia');
  assert.deepEqual(await names('ds,y,remark\n1,5,\n2,4,storm\n'), [null, 'ds', 'y', '1'], 'remarks are no id');
  assert.deepEqual(await names('ds,y,x\n1,,2\n2,3,2\n'), [null, 'ds', 'y', '1']);
});

test('whatever could be two things is an error that says which option decides', async () => {
  assert.match(
    await failure('ds,temperature,load\n1,5,6\n2,6,7\n'),
    /^ambiguous_target: sales\.csv has 2 numeric columns: "temperature", "load"; .*--target/,
  );
  assert.match(await failure('date,shop\n2023-01-01,a\n'), /^no_numeric_column: .*"date", "shop".*--target/);
  assert.match(
    await failure('shop,item,ds,y\na,b,1,2\na,c,1,2\n'),
    /^ambiguous_id: sales\.csv has 2 text columns: "shop", "item"; .*--id/,
  );
  assert.match(
    await failure('sold,booked,y\n2023-01-01,2023-01-02,5\n'),
    /^ambiguous_time: .*"sold", "booked"; .*--time/,
  );
  assert.match(await failure('year,month,sales\n2023,1,5\n2023,2,6\n'), /^ambiguous_time: .*"year", "month"/);
});

test('a series without an id column is named after its target; steps count from 1 without a time column', async () => {
  assert.deepEqual(await brief('flow\n5\n\n3\n'), [['flow', '1', '4', [5, NaNs, 3]]]);
  assert.deepEqual(await brief('s,flow\na,5\nb,6\na,3\n'), [
    ['a', '1', '3', [5, 3]],
    ['b', '1', '2', [6]],
  ]);
});

test('rows of any order are sorted by time, series keep the order of their first row', async () => {
  assert.deepEqual(await brief('id,ds,y\nz,3,30\na,2,200\nz,1,10\na,1,100\nz,2,20\n'), [
    ['z', '1', '4', [10, 20, 30]],
    ['a', '1', '3', [100, 200]],
  ]);
});

test('gaps and missing values are NaN, also at both ends', async () => {
  const frame = await readFrame('ds,y\n1,\n2,5\n3,NA\n6,null\n5,0\n7,nan\n');
  assert.deepEqual([...frame.series[0].y], [NaNs, 5, NaNs, NaNs, 0, NaNs, NaNs]);
  assert.equal(frame.missing, 2, 'counted between the first and the last value');
  assert.equal(frame.rows, 6);
  assert.match(
    await failure('id,ds,y\na,1,2\nb,1,\n'),
    /^all_missing: sales\.csv: series "b" has no value in column "y"/,
  );
});

test('any id works', async () => {
  const ids = ['__proto__', 'constructor', '', ' ', 'ü "x", y', 'two\nlines', '0'];
  const named = ids.filter((id) => id.trim() !== '');
  const text = `unique_id,ds,y\n${named.map((id) => `"${id.replaceAll('"', '""')}",1,2`).join('\n')}`;
  assert.deepEqual(
    (await readFrame(text)).series.map(({ id }) => id),
    named,
  );
  assert.deepEqual(
    (await readFrame(JSON.stringify(named.map((id) => ({ unique_id: id, ds: 1, y: 2 }))))).series.map(({ id }) => id),
    named,
  );
  assert.match(await failure('unique_id,ds,y\na,1,2\n,2,3\n'), /^no_id: sales\.csv, line 3, column "unique_id"/);
});

test('a number that cannot be read is an error with its place', async () => {
  assert.match(
    await failure('id,ds,y\n"a\nb",1,2\n"a\nb",2,3..5\n'),
    /^bad_number: sales\.csv, line 4, column "y" has "3\.\.5"; needed a finite number.*missing/,
  );
  assert.match(await failure('ds,y\n1,Infinity\n'), /^bad_number: sales\.csv, line 2/);
  assert.match(await failure('ds,y\n1,"1,5"\n'), /^bad_number/);
  assert.match(await failure('ds\ty\n1\t1,5\n2\t1,5x\n'), /^bad_number: sales\.csv, line 3/);
  assert.deepEqual(await brief('ds;y\n1;1,5\n2;2.5\n'), [['y', '1', '3', [1.5, 2.5]]]);
  assert.match(
    await failure([
      { ds: 1, y: 1 },
      { ds: 2, y: Number.POSITIVE_INFINITY },
    ]),
    /^bad_number: sales\.csv, row 2/,
  );
  const far = Array.from({ length: 3000 }, (_, i) => `${i},${i === 2500 ? 'x' : i}`).join('\n');
  assert.match(await failure(`ds,y\n${far}`), /^bad_number: sales\.csv, line 2502, column "y" has "x"/);
});

test('a time that cannot be read is an error with its place and the form it needs', async () => {
  assert.match(
    await failure('ds,y\n2023-02-28,1\n2023-02-30,2\n'),
    /^bad_time: sales\.csv, line 3, column "ds" has "2023-02-30"; needed .*ISO 8601/,
  );
  const dayFirst = /^bad_time: sales\.csv, line 2, column "\w+" has "01\/02\/2023"; .*ISO 8601.*cannot be told apart/;
  assert.match(await failure('when,sales\n01/02/2023,1\n02/02/2023,2\n'), dayFirst);
  assert.match(await failure('ds,y\n01/02/2023,1\n'), dayFirst);
  assert.match(await failure('Period,sales\nJan-49,1\nFeb-49,2\n'), /^bad_time: .*"Period" has "Jan-49"/);
  assert.match(await failure('x,sales\nJan-49,1\nFeb-49,2\n'), /^bad_time: .*"x" has "Jan-49"/);
  assert.match(await failure('ds,y\n2023-01-01,1\n,2\n'), /^bad_time: sales\.csv, line 3, column "ds" has no time/);
  assert.match(await failure('ds,y\n2023-01-01,1\n2023-01-02,2\n7,2\n'), /^bad_time: sales\.csv, line 4/);
  assert.match(await failure('ds,y\n1,1\n2,2\n2023-01-02,2\n'), /^bad_time: .*needed an integer step/);
  assert.match(await failure([{ ds: new Date(Number.NaN), y: 1 }]), /^bad_time: sales\.csv, row 1/);
});

test('duplicated stamps name both lines and how to tell series apart', async () => {
  assert.match(
    await failure('ds,y,store\n2023-01-01,1,1\n2023-01-02,1,1\n2023-01-02,2,2\n2023-01-01,2,2\n'),
    /^duplicate_time: sales\.csv, lines 3 and 4 both have 2023-01-02; .*--id \(columns: "store"\)/,
  );
  assert.match(
    await failure('unique_id,ds,y\na,1,1\nb,1,1\nb,2,1\nb,1,2\n'),
    /^duplicate_time: sales\.csv, lines 3 and 5 both have 1 for series "b"/,
  );
});

test('an irregular axis names series, stamp and line; --freq can allow it', async () => {
  const stamp = (hour: number) => new Date(Date.UTC(2023, 0, 1, hour)).toISOString().slice(0, 16).replace('T', ' ');
  const rows = Array.from({ length: 60 }, (_, i) => `a,${stamp(i)},${i}`).join('\n');
  const text = `id,ds,y\nb,2023-01-01 00:00,1\n${rows}\na,2023-01-01 07:20,5\n`;
  assert.match(
    await failure(text),
    /^irregular_time: series "a" 2023-01-01 07:20 \(sales\.csv, line 63\) is not a whole number of steps of h after .*--freq/,
  );
  const frame = await readFrame(text, { freq: '20min' });
  assert.equal(frame.axis.freq.alias, '20min');
  assert.equal(frame.series[1].y.length, 59 * 3 + 1);
  assert.equal(frame.series[1].y[22], 5);
});

test('--freq and --season decide; the anchor is that of the data', async () => {
  const of = async (text: string, options: ReadOptions) => {
    const { axis, season, seasonSource } = await readFrame(text, options);
    return [axis.freq.alias, season, seasonSource];
  };
  assert.deepEqual(await of('ds,y\n2023-01-01,1\n2023-03-01,2\n', { freq: 'MS' }), ['MS', 12, 'frequency']);
  assert.deepEqual(await of('ds,y\n2023-01-01,1\n2023-03-01,2\n', { freq: 'M' }), ['MS', 12, 'frequency']);
  assert.deepEqual(await of('ds,y\n2023-01-31,1\n2023-02-28,2\n', { freq: 'M' }), ['ME', 12, 'frequency']);
  assert.deepEqual(await of('ds,y\n2023-01,1\n2023-02,2\n', { freq: 'M' }), ['MS', 12, 'frequency']);
  assert.deepEqual(await of('ds,y\n2023-01-03,1\n2023-01-10,2\n', { freq: 'W' }), ['W-TUE', 52, 'frequency']);
  assert.deepEqual(await of('ds,y\n1,1\n2,2\n', { season: 24 }), ['1', 24, 'given']);
  assert.deepEqual(await of('ds,y\n1,1\n2,2\n', {}), ['1', 1, 'none']);
  assert.match(
    await failure('ds,y\n2023-01-01,1\n2023-01-02,2\n', { freq: 'B' }),
    /^irregular_time: 2023-01-01 .* B; /,
  );
  assert.match(await failure('ds,y\n2023-01-01,1\n2023-01-12,2\n', { freq: 'W' }), /^irregular_time: 2023-01-12 /);
  const usage = (options: ReadOptions, code: string) =>
    assert.rejects(readFrame('ds,y\n1,1\n', options), { kind: 'usage', code });
  await usage({ freq: 'monthly' }, 'bad_freq');
  await usage({ freq: 'h' }, 'bad_freq');
  await usage({ season: 0 }, 'bad_season');
  await usage({ season: 1.5 }, 'bad_season');
  await assert.rejects(readFrame('ds,y\n2023-01-01,1\n', { freq: '1' }), { kind: 'usage', code: 'bad_freq' });
});

test('years are dates when the column or the frequency says so', async () => {
  assert.deepEqual(await brief('year,y\n1999,1\n2001,2\n2000,3\n'), [['y', '1999', '2002', [1, 3, 2]]]);
  assert.equal((await readFrame('year,y\n1999,1\n2000,2\n')).axis.freq.alias, 'YS');
  assert.equal((await readFrame('ds,y\n1999,1\n2000,2\n', { freq: 'YS' })).axis.kind, 'date');
  assert.equal((await readFrame('ds,y\n1999,1\n2000,2\n')).axis.kind, 'integer');
  assert.deepEqual(await brief('ds,y\n20230227,1\n20230228,2\n'), [['y', '20230227', '20230301', [1, 2]]]);
});

test('one stamp is enough when its form shows the step, or the frequency is given', async () => {
  assert.deepEqual(await brief('ds,y\n2023-12,1\n'), [['y', '2023-12', '2024-01', [1]]]);
  assert.deepEqual(await brief('ds,y\n2023-12-31,1\n', { freq: 'ME' }), [['y', '2023-12-31', '2024-01-31', [1]]]);
  assert.match(await failure('ds,y\n2023-12-01,1\n'), /^no_frequency: /);
});

test('stamps are written as they were read, and as finely as the frequency needs', async () => {
  assert.deepEqual(await brief('ds,y\n2023-01-01 00:00:00,1\n2023-01-01 12:00:00,2\n'), [
    ['y', '2023-01-01 00:00:00', '2023-01-02 00:00:00', [1, 2]],
  ]);
  assert.deepEqual(await brief('ds,y\n2023/01/30,1\n2023/01/31,2\n'), [['y', '2023/01/30', '2023/02/01', [1, 2]]]);
  assert.deepEqual(await brief('ds,y\n2023-01-01,1\n2023-01-02,2\n', { freq: '12h' }), [
    ['y', '2023-01-01T00:00', '2023-01-02T12:00', [1, NaNs, 2]],
  ]);
  assert.deepEqual(await brief('ds,y\n2023-01-01T00:00,1\n2023-01-02T00:00:00,2\n'), [
    ['y', '2023-01-01T00:00:00', '2023-01-03T00:00:00', [1, 2]],
  ]);
  assert.deepEqual(await brief('ds,y\n2023-01-01T00:00,1\n2023-01-01T00:00:30,2\n'), [
    ['y', '2023-01-01T00:00:00', '2023-01-01T00:01:00', [1, 2]],
  ]);
});

test('zone-less times are never shifted, over a change to summer time too', async () => {
  assert.deepEqual(await brief('ds,y\n2023-03-26T01:00,1\n2023-03-26T02:00,2\n2023-03-26T03:00,3\n'), [
    ['y', '2023-03-26T01:00', '2023-03-26T04:00', [1, 2, 3]],
  ]);
});

test('one offset is kept; several become UTC, unless only local days are regular', async () => {
  assert.deepEqual(await brief('ds,y\n2023-01-01T22:00+02:00,1\n2023-01-01T23:00+02:00,2\n'), [
    ['y', '2023-01-01T22:00+02:00', '2023-01-02T00:00+02:00', [1, 2]],
  ]);
  assert.deepEqual(await brief('ds,y\n2023-01-01T22:00Z,1\n2023-01-01T23:00Z,2\n'), [
    ['y', '2023-01-01T22:00Z', '2023-01-02T00:00Z', [1, 2]],
  ]);
  // The hour from 2 to 3 happens twice at the end of summer time.
  const autumn =
    'ds,y\n2023-10-29T01:00+02:00,1\n2023-10-29T02:00+02:00,2\n2023-10-29T02:00+01:00,3\n2023-10-29T03:00+01:00,4\n';
  assert.deepEqual(await brief(autumn), [['y', '2023-10-28T23:00Z', '2023-10-29T03:00Z', [1, 2, 3, 4]]]);
  const days = 'ds,y\n2023-03-25 00:00:00+01:00,1\n2023-03-26 00:00:00+01:00,2\n2023-03-27 00:00:00+02:00,3\n';
  assert.deepEqual(await brief(days), [['y', '2023-03-25 00:00:00', '2023-03-28 00:00:00', [1, 2, 3]]]);
  assert.match(
    await failure('ds,y\n2023-01-01T22:00+02:00,1\n2023-01-01T23:00,2\n'),
    /^bad_time: sales\.csv, line 3, .*time zone in all rows or in none/,
  );
});

test('Date objects are instants; at midnight UTC they are days', async () => {
  const at = (...values: number[]) => values.map((time, i) => ({ ds: new Date(time), y: i }));
  assert.deepEqual(await brief(at(Date.UTC(2023, 0, 31), Date.UTC(2023, 1, 28))), [
    ['y', '2023-01-31', '2023-03-31', [0, 1]],
  ]);
  assert.deepEqual(await brief(at(Date.UTC(2023, 0, 1, 23), Date.UTC(2023, 0, 2))), [
    ['y', '2023-01-01T23:00:00.000Z', '2023-01-02T01:00:00.000Z', [0, 1]],
  ]);
});

test('records: numbers, big integers, keys in any order, keys that are left out', async () => {
  const records = [
    { ds: 1n, y: 5n },
    { y: 6, ds: 2 },
    { ds: 3, extra: 'x' },
    { ds: 4, y: '7' },
  ];
  assert.deepEqual(await brief(records), [['y', '1', '5', [5, 6, NaNs, 7]]]);
  assert.deepEqual(await brief([{ ds: 1, constructor: 5 }, { ds: 2 }], { target: 'constructor' }), [
    ['constructor', '1', '3', [5, NaNs]],
  ]);
  assert.match(await failure([{ ds: [1], y: 2 }]), /^bad_row: sales\.csv, row 1, column "ds" has a list or object/);
  assert.match(await failure([3] as never), /^bad_row: sales\.csv, row 1 has no object/);
});

test('JSON that cannot be read is an error with its line', async () => {
  assert.match(await failure('[{"ds":1,"y":2},\n{"ds":2,"y":}]'), /^bad_json: sales\.csv, line 2 /);
  assert.match(await failure('[{"ds":1,"y":2},\n{"ds":2'), /^bad_json: sales\.csv, line 2 .*does not end/);
  assert.match(await failure('[{"ds":1,"y":2}'), /^bad_json: .*array that does not end/);
  assert.match(await failure('[{"ds":1,"y":2} {"ds":2,"y":2}]'), /^bad_json/);
  assert.match(await failure('[1,2]'), /^bad_json: .*one object per row/);
  assert.match(await failure('{"a":1}\n[{"a":2}]'), /^bad_json/);
  assert.match(
    await failure('{"ds":1,"y":"a}\\"]"}\n{"ds":2,"y":3}\n{"ds":3,"y":3}'),
    /^bad_number: sales\.csv, line 1, .*"a\}/,
  );
  assert.match(await failure('[]'), /^no_rows/);
});

test('files without a table', async () => {
  for (const empty of ['', '\ufeff', ' \n\r\n ', new Uint8Array(0), stream<string>(), Uint8Array.from(gzipSync(''))])
    assert.match(await failure(empty), /^empty_file: sales\.csv is empty/);
  assert.match(await failure('ds,y\n\n'), /^no_rows: sales\.csv has a header \("ds", "y"\) but no rows/);
  assert.match(await failure([]), /^no_rows/);
  assert.match(await failure('PK\u0003\u0004\0\0'), /^not_text/);
  assert.match(await failure('112\n118\n'), /^no_header/);
});

test('stamps too far apart for their step are refused before memory runs out', async () => {
  assert.match(await failure('ds,y\n1,1\n2,1\n900000000000000,2\n'), /^too_sparse: sales\.csv: series "y" has 3 rows/);
  assert.match(
    await failure('ds,y\n0001-01-01T00:00:00,1\n0001-01-01T00:00:01,1\n9999-01-01T00:00:00,2\n'),
    /^too_sparse/,
  );
});

test('errors of a source reach the caller', async () => {
  const failure = new Error('disk');
  async function* broken() {
    yield 'ds,y\n';
    throw failure;
  }
  await assert.rejects(readFrame(broken()), (error) => error === failure);
});
