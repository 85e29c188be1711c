import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicHolidays } from './node-holidays.js';
import { installedVersion } from './node-optional.js';

const DAY_MS = 86_400_000;
const stamps = async (place: string, first: number, last = first) =>
  [...(await publicHolidays(place, { first, last }))]
    .sort((a, b) => a - b)
    .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));

test('the public holidays of a country, as its laws have them', async () => {
  // The nine of all German states.
  assert.deepEqual(await stamps('DE', 2024), [
    '2024-01-01',
    '2024-03-29',
    '2024-04-01',
    '2024-05-01',
    '2024-05-09',
    '2024-05-20',
    '2024-10-03',
    '2024-12-25',
    '2024-12-26',
  ]);
  const american = await stamps('us', 2023, 2024);
  for (const day of ['2023-07-04', '2023-11-23', '2024-01-15', '2024-11-28']) assert.ok(american.includes(day), day);
  assert.ok(!american.includes('2024-02-14'), 'what is only observed is none');
});

test('a region has its own', async () => {
  assert.ok((await stamps('CA-ON', 2024)).includes('2024-02-19'), 'Family Day of Ontario');
  assert.ok(!(await stamps('CA-QC', 2024)).includes('2024-02-19'));
  assert.ok((await stamps('DE-BY', 2024)).includes('2024-11-01'));
});

test('unknown places are told, not taken for another', async () => {
  for (const place of ['XX', '', 'Germany', '__proto__'])
    await assert.rejects(stamps(place, 2024), { code: 'unknown_country' });
  await assert.rejects(stamps('CA-ZZ', 2024), /unknown_country|"ZZ" of "CA-ZZ"; there are AB, BC/);
});

test('packages are found without being loaded', () => {
  assert.match(installedVersion('date-holidays') ?? '', /^\d+\.\d+\.\d+/);
  assert.match(installedVersion('@duckdb/node-api') ?? '', /^\d+\.\d+\.\d+/);
  assert.equal(installedVersion('no-such-package'), null);
});
