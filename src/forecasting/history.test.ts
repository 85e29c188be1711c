import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { readFrame } from '../series/read.js';
import { formatTimestamp } from '../series/timestamp.js';
import { historiesOf, seasonFor, seasonLengths, timesOf } from './history.js';

const NaNs = Number.NaN;

/** The histories of a CSV text, and the stamps of the `count` steps after each. */
async function continued(text: string, count = 3) {
  const frame = await readFrame(text);
  return historiesOf(frame).map((history) => {
    const stamps = (from: number, n: number) =>
      Array.from(timesOf(history, frame.axis, from, n), (time) => formatTimestamp(frame.axis, time));
    return {
      id: history.id,
      y: [...history.y],
      own: stamps(0, history.y.length),
      next: stamps(history.y.length, count),
    };
  });
}

test('a history begins and ends with a value; gaps inside stay', async () => {
  const [a, b] = await continued(
    'unique_id,ds,y\nA,2023-01-01,\nA,2023-01-02,5\nA,2023-01-04,7\nA,2023-01-05,\nB,2023-01-03,1\nB,2023-01-04,2\n',
  );
  assert.deepEqual(a, {
    id: 'A',
    y: [5, NaNs, 7],
    own: ['2023-01-02', '2023-01-03', '2023-01-04'],
    // What follows the last value comes next, even where the file has a row without a value for it.
    next: ['2023-01-05', '2023-01-06', '2023-01-07'],
  });
  assert.deepEqual(b.next, ['2023-01-05', '2023-01-06', '2023-01-07']);
});

test('steps ahead go on in the rhythm of the stamps', async () => {
  const next = async (text: string) => (await continued(text))[0].next;
  assert.deepEqual(await next('ds,y\n2023-11-30,1\n2023-12-31,2\n'), ['2024-01-31', '2024-02-29', '2024-03-31']);
  assert.deepEqual(await next('ds,y\n2023-11,1\n2023-12,2\n'), ['2024-01', '2024-02', '2024-03']);
  // Business days: over a weekend.
  assert.deepEqual(
    await next('ds,y\n2024-01-04,1\n2024-01-05,2\n2024-01-08,3\n2024-01-09,4\n2024-01-10,5\n2024-01-11,6\n'),
    ['2024-01-12', '2024-01-15', '2024-01-16'],
  );
  // The wall clock knows no daylight saving.
  assert.deepEqual(await next('ds,y\n2023-03-26 00:00,1\n2023-03-26 01:00,2\n'), [
    '2023-03-26 02:00',
    '2023-03-26 03:00',
    '2023-03-26 04:00',
  ]);
  assert.deepEqual(await next('ds,y\n10,1\n20,2\n'), ['30', '40', '50']);
});

test('missing values at the start do not move the day of the month', async () => {
  const rows = ['2022-01-30,', '2022-02-28,1', '2022-03-30,2', '2022-04-30,3', '2022-05-30,4'];
  const [{ own, next }] = await continued(`ds,y\n${rows.join('\n')}\n`);
  assert.deepEqual(own, ['2022-02-28', '2022-03-30', '2022-04-30', '2022-05-30']);
  assert.deepEqual(next, ['2022-06-30', '2022-07-30', '2022-08-30']);
});

test('the season: told, else of the frequency, else asked of the values of integer steps', async () => {
  const season = async (text: string, given?: number) => {
    const frame = await readFrame(text);
    return seasonFor(frame, historiesOf(frame), given === undefined ? undefined : [given]);
  };
  const pattern = [3, 9, 4, 1];
  const steps = Array.from({ length: 40 }, (_, t) => `${t},${t % 9 === 4 ? '' : pattern[t % 4]}`).join('\n');
  const months = '2023-01,1\n2023-02,2\n2023-03,4';
  const years = Array.from({ length: 40 }, (_, t) => `${1980 + t}-01-01,${pattern[t % 4]}`).join('\n');
  assert.deepEqual(await season(`ds,y\n${months}\n`), { length: 12, longer: [], source: 'frequency' });
  assert.deepEqual(await season(`ds,y\n${months}\n`, 3), { length: 3, longer: [], source: 'given' });
  assert.deepEqual(await season(`ds,y\n${months}\n`, 1), { length: 1, longer: [], source: 'given' });
  assert.deepEqual(await season(`ds,y\n${steps}\n`), { length: 4, longer: [], source: 'detected' });
  assert.deepEqual(await season('ds,y\n1,5\n2,6\n3,8\n'), { length: 1, longer: [], source: 'none' });
  assert.deepEqual(await season(`ds,y\n${years}\n`), { length: 1, longer: [], source: 'none' }, 'years have no season');
});

test('a season that was told when reading is a told one', async () => {
  const frame = await readFrame('ds,y\n1,5\n2,6\n3,8\n', { season: 6 });
  assert.deepEqual(seasonFor(frame, historiesOf(frame)), { length: 6, longer: [], source: 'given' });
});

test('several seasons that were told: the first is the principal one', async () => {
  const frame = await readFrame('ds,y\n1,5\n2,6\n3,8\n');
  const season = seasonFor(frame, historiesOf(frame), [24, 168]);
  assert.deepEqual(season, { length: 24, longer: [168], source: 'given' });
  assert.deepEqual(seasonLengths(season), [24, 168]);
  assert.deepEqual(seasonLengths({ length: 1, longer: [], source: 'none' }), []);
});

test('hours show a week where they have one', async () => {
  const hourly = async (weekend: number) => {
    const random = new Random('hours');
    const rows = Array.from({ length: 24 * 40 }, (_, t) => ({
      ds: new Date(Date.UTC(2024, 0, 1, t)).toISOString().slice(0, 16),
      y: (Math.floor(t / 24) % 7 > 4 ? weekend : 1) * Math.sin((2 * Math.PI * t) / 24) + 0.1 * random.normal(),
    }));
    const frame = await readFrame(rows);
    return seasonFor(frame, historiesOf(frame));
  };
  assert.deepEqual(await hourly(-1), { length: 24, longer: [168], source: 'frequency' });
  assert.deepEqual(await hourly(1), { length: 24, longer: [], source: 'frequency' });
});

test('covariates lie under their values: past ones end with them, future ones go on', async () => {
  const frame = await readFrame('ds,y,p,f\n1,,9,0\n2,5,1,10\n3,,2,20\n4,7,3,30\n5,,4,40\n6,,5,\n', {
    past: ['p'],
    future: ['f'],
  });
  const [{ y, past, future, offset }] = historiesOf(frame);
  assert.deepEqual([offset, ...y], [1, 5, NaNs, 7]);
  assert.deepEqual([...past[0]], [1, 2, 3]);
  assert.deepEqual([...future[0]], [10, 20, 30, 40, NaNs]);
});
