import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { type ReadOptions, type ReadSource, readFrame } from './read.js';

const NaNs = Number.NaN;

/** Values by series id. */
async function values(source: ReadSource, options: ReadOptions) {
  const frame = await readFrame(source, { source: 'sales.csv', ...options });
  return Object.fromEntries(
    frame.series.map(({ id, y, past, future, static: fixed }) => [
      id,
      { y: [...y], past: past.map((v) => [...v]), future: future.map((v) => [...v]), static: [...fixed] },
    ]),
  );
}

/** `code: message` of the error that reading gives. */
async function failure(source: ReadSource, options: ReadOptions): Promise<string> {
  try {
    await readFrame(source, { source: 'sales.csv', ...options });
  } catch (error) {
    assert.ok(error instanceof TidegateError, `${error}`);
    assert.ok(!error.message.includes('\n'));
    return `${error}`;
  }
  return 'none';
}

test('covariates lie on the grid of y, which rows ahead lengthen', async () => {
  const text =
    'unique_id,ds,y,temp,promo,price,region\n' +
    'A,2023-01-01,1,10.5,true,5,north\nA,2023-01-02,2,,False,5,north\nA,2023-01-04,4,9,0,6,\n' +
    'A,2023-01-05,,,1,6,north\nA,2023-01-06,,,TRUE,7,north\n' +
    'B,2023-01-04,8,7,0,1,south\nB,2023-01-05,NA,,1,2,south\n';
  const options = { past: ['temp'], future: ['promo', 'price'], static: ['region'] };
  assert.deepEqual(await values(text, options), {
    A: {
      y: [1, 2, NaNs, 4, NaNs, NaNs],
      past: [[10.5, NaNs, NaNs, 9, NaNs, NaNs]],
      future: [
        [1, 0, NaNs, 0, 1, 1],
        [5, 5, NaNs, 6, 6, 7],
      ],
      static: ['north'],
    },
    B: {
      y: [8, NaNs],
      past: [[7, NaNs]],
      future: [
        [0, 1],
        [1, 2],
      ],
      static: ['south'],
    },
  });
  const frame = await readFrame(text, options);
  assert.deepEqual(frame.covariates, options);
  assert.deepEqual(frame.names, { id: 'unique_id', time: 'ds', target: 'y' });
  assert.equal(frame.missing, 1, 'the gap of A; rows ahead are no missing values');
  assert.equal(frame.rows, 7);
});

test('without covariates a frame has none', async () => {
  const frame = await readFrame('ds,y,x\n2023-01-01,1,5\n2023-01-02,2,5\n2023-01-03,,5\n');
  assert.deepEqual(frame.covariates, { past: [], future: [], static: [] });
  assert.deepEqual(frame.series[0].future, []);
  assert.equal(frame.series[0].y.length, 3);
  assert.equal(frame.missing, 0);
});

test('a named covariate is neither the target nor the id', async () => {
  const frame = await readFrame('date,load,temp,zone\n2023-01-01,5,1,x\n2023-01-02,6,2,x\n', {
    past: ['temp'],
    static: ['zone'],
  });
  assert.deepEqual(frame.names, { id: null, time: 'date', target: 'load' });
  assert.deepEqual(frame.series[0].static, ['x']);
});

test('a file of future covariates continues the rows, whatever the order of its columns', async () => {
  const text =
    'shop,ds,y,price,size\na,2023-01-01,1,5,10\na,2023-01-02,2,5,10\nb,2023-01-01,3,6,20\nb,2023-01-02,4,,20\n';
  const options = { future: ['price'], static: ['size'], futureName: 'plan.csv' };
  const ahead = 'price,ds,shop\n6,2023-01-03,b\n7,2023-01-02,b\n5,2023-01-03,a\n5.5,2023-01-04,a\n';
  const expected = {
    a: { y: [1, 2, NaNs, NaNs], past: [], future: [[5, 5, 5, 5.5]], static: [10] },
    b: { y: [3, 4, NaNs], past: [], future: [[6, 7, 6]], static: [20] },
  };
  assert.deepEqual(await values(text, { ...options, futureFile: ahead }), expected);
  assert.deepEqual(
    await values(text, { ...options, futureFile: new TextEncoder().encode(ahead.replaceAll(',', ';')) }),
    expected,
  );
  const frame = await readFrame(text, { ...options, futureFile: ahead });
  assert.equal(frame.rows, 4);
  assert.equal(frame.missing, 0);
  const wrong = (futureFile: string) => failure(text, { ...options, futureFile });
  assert.match(
    await wrong('shop,ds\na,2023-01-03\n'),
    /^no_column: plan\.csv has no column "price" for --future; it has "shop", "ds"/,
  );
  assert.match(await wrong('shop,ds,price\nc,2023-01-03,1\n'), /^unknown_series: plan\.csv, line 2 is for series "c"/);
  assert.match(
    await wrong('shop,ds,price\na,2023-01-02,9\n'),
    /^conflicting_covariate: sales\.csv, line 3, column "price" has 5 and plan\.csv, line 2 has 9 at 2023-01-02; /,
  );
  assert.match(
    await wrong('shop,ds,price\na,2023-01-03,1\na,2023-01-03,1\n'),
    /^duplicate_time: plan\.csv, lines 2 and 3 both have 2023-01-03/,
  );
  assert.match(await wrong('shop,ds,price\na,2023-01-03,cheap\n'), /^bad_number: plan\.csv, line 2, column "price"/);
  assert.match(await failure(text, { futureFile: ahead }), /^bad_covariates: .*Give --future/);
});

test('integer steps and rows without a time column continue too', async () => {
  assert.deepEqual(await values('y,x\n1,1\n2,2\n', { future: ['x'], futureFile: 'x\n3\n4\n' }), {
    y: { y: [1, 2, NaNs, NaNs], past: [], future: [[1, 2, 3, 4]], static: [] },
  });
});

test('static columns are numbers where all values are, else text', async () => {
  const read = async (a: string, b: string) => {
    const text = `id,ds,y,s\na,1,1,${a}\na,2,1,${a}\nb,1,1,${b}\nb,2,1,${b}\n`;
    return (await readFrame(text, { id: 'id', static: ['s'] })).series.map((series) => series.static[0]);
  };
  assert.deepEqual(await read('1', '2.5'), [1, 2.5]);
  assert.deepEqual(await read('true', 'false'), [1, 0]);
  assert.deepEqual(await read('1', 'x'), ['1', 'x']);
  assert.deepEqual(await read('', 'x'), ['', 'x']);
  assert.deepEqual(await read('NA', 'DE'), ['NA', 'DE'], 'Namibia');
  assert.deepEqual(await read('NA', '7'), [NaNs, 7]);
  const sparse = 'id,ds,y,s\na,1,1,\na,2,1,NaN\na,3,1,1.0\na,4,1,1\na,5,1,\n';
  assert.deepEqual((await readFrame(sparse, { id: 'id', static: ['s'] })).series[0].static, [1]);
});

test('a static column that varies names both rows', async () => {
  assert.match(
    await failure('id,ds,y,region\na,1,1,north\nb,1,1,south\na,2,1,east\n', { static: ['region'], id: 'id' }),
    /^static_varies: sales\.csv, line 2, column "region" has "north" and sales\.csv, line 4 "east" for series "a"; .*--past or --future/,
  );
});

test('what is no covariate says so', async () => {
  const text = 'ds,y,weather\n2023-01-01,1,sun\n2023-01-02,2,rain\n';
  assert.match(
    await failure(text, { past: ['weather'] }),
    /^bad_number: sales\.csv, line 2, column "weather" has "sun"; .*--static/,
  );
  assert.match(await failure('ds,y,x\n1,1,Infinity\n2,2,3\n', { past: ['x'] }), /^bad_number: .*line 2, column "x"/);
  assert.match(await failure(text, { past: ['wether'] }), /^no_column: .*"wether" for --past; it has "ds", "y"/);
  for (const options of [
    { past: ['y'], target: 'y' },
    { past: ['x'], future: ['x'] },
    { static: ['ds'], time: 'ds' },
  ])
    assert.match(await failure('ds,y,x\n1,1,1\n2,2,3\n', options), /^same_column: /);
  for (const past of ['x', [''], [1]])
    assert.match(await failure('ds,y,x\n1,1,1\n', { past } as unknown as ReadOptions), /^bad_covariates: /);
});
