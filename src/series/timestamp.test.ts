import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTimestamp, parseTimestamp, zoneMinutes } from './timestamp.js';

test('reads the forms of ISO 8601, as wall-clock time', () => {
  const cases: [string, string, number, string][] = [
    ['2023-01-31', 'date', Date.UTC(2023, 0, 31), ''],
    ['2023/01/31', 'date', Date.UTC(2023, 0, 31), ''],
    ['2023-01', 'date', Date.UTC(2023, 0, 1), ''],
    ['1969-12-31T23:59', 'datetime', -60_000, ''],
    ['2023-01-31 14:30:05', 'datetime', Date.UTC(2023, 0, 31, 14, 30, 5), ''],
    ['2023-01-31T14:30:05.25', 'datetime', Date.UTC(2023, 0, 31, 14, 30, 5, 250), ''],
    ['2023-01-31T14:30:05.250000000Z', 'datetime', Date.UTC(2023, 0, 31, 14, 30, 5, 250), 'Z'],
    ['2023-01-31T14:30+02:00', 'datetime', Date.UTC(2023, 0, 31, 14, 30), '+02:00'],
    ['2023-01-31 14:30:00-0330', 'datetime', Date.UTC(2023, 0, 31, 14, 30), '-03:30'],
    ['2023-01-31 14:30:00+00', 'datetime', Date.UTC(2023, 0, 31, 14, 30), '+00:00'],
    ['  2024-02-29 ', 'date', Date.UTC(2024, 1, 29), ''],
    ['42', 'integer', 42, ''],
    ['-7', 'integer', -7, ''],
    ['3.0', 'integer', 3, ''],
    ['1949', 'integer', 1949, ''],
    ['20230131', 'integer', 20230131, ''],
  ];
  for (const [text, kind, time, zone] of cases) {
    const { style: _, ...stamp } = parseTimestamp(text)!;
    assert.deepEqual(stamp, { kind, time, zone }, text);
  }
});

test('years and compact dates only when asked', () => {
  assert.equal(parseTimestamp('1949', { years: true })?.time, Date.UTC(1949, 0, 1));
  assert.equal(parseTimestamp('20230131', { compact: true })?.time, Date.UTC(2023, 0, 31));
  assert.equal(parseTimestamp('20230231', { compact: true }), null);
});

test('anything ambiguous, impossible or unknown is null', () => {
  const bad = [
    '',
    'x',
    '01/02/2023',
    '2023-02-30',
    '2023-02-29',
    '2023-13-01',
    '2023-00-01',
    '2023-1-5',
    '2023/01',
    '2023-01/05',
    '23-01-05',
    '2023-01-31T24:00',
    '2023-01-31T14:60',
    '2023-01-31T14:30:60',
    '2023-01-31T14',
    '2023-01-31T14:30:05.',
    '2023-01-31T14:30:05.1234567',
    '2023-01-31T14:30 UTC',
    '2023-01-31T14:30+2',
    '2023-01-31T14:30+99:00',
    '2023-01-31x14:30',
    '2023-01-31T14:30Zjunk',
    '1.5',
    '1e3',
    '99999999999999999999',
    'Jan-49',
  ];
  for (const text of bad) assert.equal(parseTimestamp(text), null, text);
});

test('writes what it read, in the same style, over many stamps', () => {
  const pieces = [
    (iso: string) => iso.slice(0, 7),
    (iso: string) => iso.slice(0, 10),
    (iso: string) => iso.slice(0, 10).replaceAll('-', '/'),
    (iso: string) => iso.slice(0, 16),
    (iso: string) => `${iso.slice(0, 16).replace('T', ' ')}Z`,
    (iso: string) => `${iso.slice(0, 19)}+05:30`,
    (iso: string) => iso.slice(0, 23),
  ];
  for (let i = 0; i < 20_000; i++) {
    // Steps of some 51 days, 7 hours, 11 minutes, 13.017 s from 100 to about 2900.
    const date = new Date(Date.UTC(2000, 0, 1) + (i - 13_000) * 4_432_273_017);
    const text = pieces[i % pieces.length](date.toISOString());
    const stamp = parseTimestamp(text);
    assert.ok(stamp, text);
    assert.equal(formatTimestamp(stamp, stamp.time), text);
  }
  const year = parseTimestamp('0049', { years: true })!;
  assert.equal(formatTimestamp(year, year.time), '0049');
  const compact = parseTimestamp('20240229', { compact: true })!;
  assert.equal(formatTimestamp(compact, compact.time), '20240229');
  assert.equal(formatTimestamp({ kind: 'integer', zone: '' }, -3), '-3');
  assert.equal(formatTimestamp({ kind: 'date', zone: '' }, Date.UTC(12_345, 0, 1)), '+012345-01-01');
});

test('offsets in minutes ahead of UTC', () => {
  assert.deepEqual(['', 'Z', '+02:00', '-03:30'].map(zoneMinutes), [0, 0, 120, -210]);
});
