import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysFromCivil } from './calendar.js';
import { addHolidays, holidayYears } from './holidays.js';
import { type ReadOptions, readFrame } from './read.js';

const christmas = new Set([daysFromCivil(2024, 12, 25), daysFromCivil(2024, 12, 26)]);

/** y and holidays of each series, from CSV text. */
async function holidays(text: string, horizon: number, options: ReadOptions = {}) {
  const frame = addHolidays(await readFrame(text, options), christmas, horizon);
  return frame.series.map(({ y, future }) => ({
    y: [...y],
    holiday: [...future[frame.covariates.future.indexOf('holiday')]],
  }));
}

test('days: known for the history and the horizon, with no value of y ahead', async () => {
  assert.deepEqual(await holidays('ds,y\n2024-12-24,1\n2024-12-25,2\n', 3), [
    { y: [1, 2, NaN, NaN, NaN], holiday: [0, 1, 1, 0, 0] },
  ]);
});

test('every hour of the day counts, by the clock of the stamps', async () => {
  const text = 'ds,y\n2024-12-24T22:00+01:00,1\n2024-12-24T23:00+01:00,2\n2024-12-25T00:00+01:00,2\n';
  assert.deepEqual((await holidays(text, 1))[0].holiday, [0, 0, 1, 1]);
});

test('business days leave the weekend out', async () => {
  const text = 'ds,y\n2024-12-19,1\n2024-12-20,2\n2024-12-23,1\n2024-12-24,2\n';
  assert.deepEqual((await holidays(text, 3, { freq: 'B' }))[0].holiday, [0, 0, 0, 0, 1, 1, 0]);
});

test('each series has its own end; other covariates stay as they were, and unknown ahead', async () => {
  const text =
    'unique_id,ds,y,p\na,2024-12-24,1,5\na,2024-12-25,1,6\na,2024-12-26,,7\nb,2024-12-23,3,8\nb,2024-12-24,3,9\n';
  const frame = addHolidays(await readFrame(text, { future: ['p'], target: 'y' }), christmas, 2);
  assert.deepEqual(frame.covariates.future, ['p', 'holiday']);
  assert.deepEqual(
    frame.series.map(({ y, future }) => [y.length, ...future.map((values) => [...values])]),
    [
      [4, [5, 6, 7, NaN], [0, 1, 1, 0]],
      [4, [8, 9, NaN, NaN], [0, 0, 1, 1]],
    ],
  );
});

test('the years that are touched, the horizon too', async () => {
  const frame = await readFrame('ds,y\n2023-12-30,1\n2023-12-31,2\n');
  assert.deepEqual(holidayYears(frame, 1), { first: 2023, last: 2024 });
});

test('steps that have no day, and a covariate of that name, are told', async () => {
  const refused = async (text: string, options: ReadOptions = {}) => {
    const frame = await readFrame(text, options);
    return () => {
      holidayYears(frame, 2);
      addHolidays(frame, christmas, 2);
    };
  };
  assert.throws(await refused('ds,y\n1,1\n2,2\n'), /no_calendar_days|integer steps; .* Leave --holidays out/);
  assert.throws(await refused('ds,y\n2024-01,1\n2024-02,2\n'), /frequency MS/);
  assert.throws(await refused('ds,y\n2024-01-01,1\n2024-01-08,2\n'), /frequency W/);
  const named = 'ds,y,holiday\n2024-01-01,1,0\n2024-01-02,2,1\n';
  assert.throws(await refused(named, { future: ['holiday'], target: 'y' }), { code: 'bad_covariates' });
});
