import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimeKind } from './forecast-picture.js';
import { timeTicks } from './time-ticks.js';

const ticks = (kind: TimeKind, start: string, end: string, count: number) =>
  timeTicks(kind, Date.parse(start), Date.parse(end), count).map(({ label, context }) =>
    context === undefined ? label : `${label}/${context}`,
  );

test('years, months, days and hours, each with what it belongs to where that changes', () => {
  assert.deepEqual(ticks('date', '1949-01-01', '1952-06-01', 4), ['1949', '1950', '1951', '1952']);
  assert.deepEqual(ticks('date', '2023-08-10', '2024-08-10', 4), ['Oct/2023', 'Jan/2024', 'Apr', 'Jul']);
  assert.deepEqual(ticks('date', '2023-12-29', '2024-01-03', 6), [
    '29 Dec/2023',
    '30 Dec',
    '31 Dec',
    '1 Jan/2024',
    '2 Jan',
    '3 Jan',
  ]);
  assert.deepEqual(ticks('datetime', '2024-02-28T06:00Z', '2024-02-29T18:00Z', 3), [
    '12:00/28 Feb 2024',
    '00:00/29 Feb',
    '12:00',
  ]);
  assert.deepEqual(ticks('datetime', '2024-02-28T06:00:00Z', '2024-02-28T06:00:02Z', 2), [
    '06:00:00/28 Feb 2024',
    '06:00:01',
    '06:00:02',
  ]);
});

test('a date axis never shows a time of day, an integer axis never a fraction', () => {
  assert.deepEqual(ticks('date', '2024-03-01', '2024-03-03', 12), ['1 Mar/2024', '2 Mar', '3 Mar']);
  assert.deepEqual(
    timeTicks('integer', 0, 3, 12).map(({ label }) => label),
    ['0', '1', '2', '3'],
  );
  assert.deepEqual(
    timeTicks('integer', -2, 2, 2).map(({ label }) => label),
    ['−2', '0', '2'],
  );
});

test('one moment has one tick', () => {
  const moment = Date.parse('2024-05-17T13:37:00Z');
  assert.deepEqual(timeTicks('datetime', moment, moment, 5), [
    { time: moment, label: '13:37', context: '17 May 2024' },
  ]);
  assert.deepEqual(timeTicks('date', moment, moment, 5), [{ time: moment, label: '17 May', context: '2024' }]);
  assert.deepEqual(timeTicks('integer', 7, 7, 5), [{ time: 7, label: '7' }]);
});

test('ticks lie within the axis and ascend', () => {
  for (const days of [0.01, 0.3, 1, 6, 40, 400, 5000, 40000]) {
    const start = Date.parse('2001-09-09T01:46:40Z');
    const end = start + days * 86_400_000;
    const times = timeTicks('datetime', start, end, 7).map(({ time }) => time);
    assert.ok(times.length >= 2 && times.length <= 15, `${days}: ${times.length}`);
    assert.ok(times.every((time, i) => time >= start && time <= end && (i === 0 || time > times[i - 1])));
  }
});
