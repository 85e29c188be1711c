/** What data from the world look like, and what becomes of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { type ReadOptions, readFrame } from './read.js';
import { formatTimestamp } from './timestamp.js';

const NaNs = Number.NaN;

async function read(text: string, options?: ReadOptions) {
  const { series, axis, missing } = await readFrame(text, { source: 'data.csv', ...options });
  const [first] = series;
  return {
    start: formatTimestamp(axis, first.start),
    freq: axis.freq.alias,
    y: [...first.y],
    missing,
    series: series.length,
  };
}

async function failure(text: string, options?: ReadOptions): Promise<string> {
  try {
    await read(text, options);
  } catch (error) {
    assert.ok(error instanceof TidegateError && error.kind === 'input', `${error}`);
    return `${error}`;
  }
  return 'none';
}

/** A table of stamps with y = 0, 1, 2 … */
const table = (stamps: readonly string[]) => `ds,y\n${stamps.map((stamp, i) => `${stamp},${i}`).join('\n')}\n`;

/** Wall clocks of Berlin (with their offset, where asked), from an instant in UTC, every `minutes`. */
function berlin(from: number, count: number, minutes: number, offsets = false): string[] {
  return Array.from({ length: count }, (_, k) => {
    const instant = new Date(from + k * minutes * 60_000);
    // The offset that the time zone database has, by the runtime.
    const parts = Object.fromEntries(
      new Intl.DateTimeFormat('en-GB', {
        timeZone: 'Europe/Berlin',
        dateStyle: 'short',
        timeStyle: 'short',
      })
        .formatToParts(instant)
        .map(({ type, value }) => [type, value]),
    );
    const local = `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
    const ahead = (Date.parse(`${local}Z`) - instant.getTime()) / 3_600_000;
    return offsets ? `${local}+0${ahead}:00` : local;
  });
}

test('clocks that are put forward leave one missing hour in local times', async () => {
  const { y, freq, missing } = await read(table(berlin(Date.UTC(2023, 2, 25, 23), 24, 60)));
  assert.equal(freq, 'h');
  assert.equal(missing, 1);
  assert.deepEqual(y.slice(0, 5), [0, 1, NaNs, 2, 3]);
});

test('clocks that are put back are recognised in the error about the repeated hour', async () => {
  const autumn = Date.UTC(2023, 9, 27);
  for (const minutes of [60, 30, 15]) {
    assert.match(
      await failure(table(berlin(autumn, (72 * 60) / minutes, minutes))),
      /^duplicate_time: .* both have 2023-10-29T02:00; needed one row .* autumn: .* UTC or with their offset, such as 2023-10-29T02:00\+01:00\.$/,
    );
  }
  // Two whole years of hours have two such nights.
  assert.match(await failure(table(berlin(Date.UTC(2022, 0, 1), 2 * 8760, 60))), /autumn/);
  const twice = [...berlin(autumn, 10, 60), ...berlin(autumn + 3_600_000, 3, 60)];
  assert.match(await failure(table(twice)), /^duplicate_time: .*--id.*; else keep one row\.$/);
  assert.match(await failure(table(['2023-10-29', '2023-10-30', '2023-10-30'])), /; else keep one row\.$/);
});

test('offsets that change with the clocks are instants: nothing is missing or twice', async () => {
  for (const [from, utc] of [
    [Date.UTC(2023, 2, 25, 23), '2023-03-25T23:00Z'],
    [Date.UTC(2023, 9, 28, 22), '2023-10-28T22:00Z'],
  ] as const) {
    const { start, freq, missing, y } = await read(table(berlin(from, 48, 60, true)));
    assert.deepEqual([start, freq, missing, y.length], [utc, 'h', 0, 48]);
  }
});

test('a zone in some rows only is an error', async () => {
  assert.match(
    await failure(table(['2023-01-01T00:00Z', '2023-01-01T01:00'])),
    /^bad_time: data\.csv, line 3, column "ds" has "2023-01-01T01:00"; needed a time zone in all rows or in none/,
  );
});

test('weeks may fall on any day', async () => {
  for (const [day, name] of ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'].entries()) {
    const weeks = Array.from({ length: 6 }, (_, k) =>
      new Date(Date.UTC(2023, 0, 2 + day + 7 * k)).toISOString().slice(0, 10),
    );
    assert.equal((await read(table(weeks))).freq, `W-${name}`);
    assert.deepEqual((await read(table(weeks.filter((_, k) => k !== 3)))).y, [0, 1, 2, NaNs, 3, 4]);
  }
});

test('month ends, quarters, years and business days, with gaps', async () => {
  const of = async (stamps: readonly string[]) => {
    const { freq, y } = await read(table(stamps));
    return [freq, ...y];
  };
  assert.deepEqual(await of(['2024-01-31', '2024-02-29', '2024-04-30']), ['ME', 0, 1, NaNs, 2]);
  assert.deepEqual(await of(['2023-03-31', '2023-06-30', '2023-12-31']), ['QE', 0, 1, NaNs, 2]);
  assert.deepEqual(await of(['2020-06-30', '2021-06-30', '2023-06-30']), ['YE-JUN', 0, 1, NaNs, 2]);
  // From Thursday over a weekend, then a holiday on Tuesday.
  assert.deepEqual(await of(['2023-01-05', '2023-01-06', '2023-01-09', '2023-01-11']), ['B', 0, 1, 2, NaNs, 3]);
  assert.equal((await read('year,y\n1990,1\n1991,2\n1993,4\n')).freq, 'YS');
});

test('an irregular stamp is named with its line', async () => {
  assert.match(
    await failure(
      table(['2023-01-01T00:00', '2023-01-01T01:00', '2023-01-01T01:40', '2023-01-01T03:00', '2023-01-01T04:00']),
    ),
    /^irregular_time: 2023-01-01T01:40 \(data\.csv, line 4\) is not a whole number of steps of h after/,
  );
});

test('what is no number says what to do about it', async () => {
  const advice = async (text: string, options?: ReadOptions) => (await failure(text, options)).split(/\. (?=[A-Z])/)[1];
  const commas = (cell: string) => `ds,y\n1,5\n2,"${cell}"\n3,7\n`;
  const target = { target: 'y' };
  assert.equal(await advice(commas('1,234')), 'Take out the separators of thousands');
  assert.equal(await advice(commas("12'345'678.5")), 'Take out the separators of thousands');
  assert.equal(await advice(commas('1 234')), 'Take out the separators of thousands');
  assert.equal(
    await advice(commas('1,5')),
    'Write a point for the decimal sign, or separate the columns by semicolons',
  );
  for (const cell of ['inf', '-Infinity'])
    assert.equal(await advice(commas(cell)), 'An infinite value cannot be used; leave the cell empty');
  for (const cell of ['-', 'n/a', 'None', '?', '.', '#N/A'])
    assert.equal(await advice(commas(cell), target), 'Leave the cell empty if the value is missing', cell);
  assert.equal(await advice(commas('12 EUR')), 'Correct it');
  assert.match(await failure(commas('12 EUR')), /^bad_number: data\.csv, line 3, column "y" has "12 EUR"; /);
  assert.match(await failure('[{"ds":1,"y":1},{"ds":2,"y":1e999}]'), /^bad_number: data\.csv, line 1, .*infinite/);
});

test('decimal commas, but not thousands beside them', async () => {
  assert.deepEqual((await read('ds;y\n1;1,5\n2;-0,25\n3;7\n')).y, [1.5, -0.25, 7]);
  assert.deepEqual((await read('ds;y\n1;1.5\n2;2.25\n')).y, [1.5, 2.25], 'points in a file of semicolons');
  assert.match(
    await failure('ds;y\n1;999,5\n2;1.234\n'),
    /^bad_number: data\.csv, line 3, column "y" has "1\.234"; needed one decimal sign in the whole column, and no separators of thousands\. Take out/,
  );
  assert.deepEqual((await read('ds;y\n1;999,5\n2;2.5\n')).y, [999.5, 2.5], 'nothing to mistake');
  assert.match(await failure('ds;y\n1;1.234\n2;999,5\n'), /^bad_number: data\.csv, line 3, .*one decimal sign/);
  assert.match(await failure('ds;y\n1;999,5\n2;1.234,5\n'), /line 3, .*Take out the separators of thousands/);
});

test('the ways to write a missing value', async () => {
  const cells = ['', 'NaN', 'nan', 'null', 'NULL', 'NA', 'na', ' '];
  const { y, missing } = await read(`ds,y\n0,1\n${cells.map((cell, i) => `${i + 1},${cell}`).join('\n')}\n9,2\n`);
  assert.deepEqual(y, [1, ...cells.map(() => NaNs), 2]);
  assert.equal(missing, cells.length);
});

test('a row without an id is an error with its line', async () => {
  assert.match(
    await failure('unique_id,ds,y\na,1,1\n,2,2\n'),
    /^no_id: data\.csv, line 3, column "unique_id" has no id; .*--id/,
  );
});

test('constant, all-zero, negative, huge and tiny values, and one value are taken as they are', async () => {
  for (const values of [[5, 5, 5], [0, 0, 0], [-1, -2, -3], [1e300, 1e-300, 5e-324], [7]]) {
    const text = `ds,y\n${values.map((value, i) => `${i + 1},${value}`).join('\n')}\n`;
    assert.deepEqual((await read(text)).y, values);
  }
});

test('series of different lengths, rows in any order, a byte-order mark', async () => {
  const text = '\ufeffunique_id,ds,y\nb,2023-01-03,3\na,2023-01-01,1\nb,2023-01-01,1\nc,2023-01-05,9\nb,2023-01-02,2\n';
  const { series } = await readFrame(text);
  assert.deepEqual(
    series.map(({ id, y }) => [id, ...y]),
    [
      ['b', 1, 2, 3],
      ['a', 1],
      ['c', 9],
    ],
  );
});
