import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import type { TimeKind } from './frame.js';
import { advance, parseFrequency } from './frequency.js';
import { inferFrequency } from './inference.js';

const times = (...stamps: string[]) => Float64Array.from(stamps, (stamp) => Date.parse(`${stamp}Z`));
const days = (...stamps: string[]) => times(...stamps.map((day) => `${day}T00:00`));
const alias = (...series: Float64Array[]) => inferFrequency(series, 'date').alias;
const failure = (series: Float64Array[], kind: TimeKind = 'date') => {
  try {
    return inferFrequency(series, kind).alias;
  } catch (error) {
    assert.ok(error instanceof TidegateError);
    assert.equal(error.kind, 'input');
    return `${error}`;
  }
};

test('finds every kind of step, whole or with gaps', () => {
  const cases: [string, string][] = [
    ['s', '2023-02-27T22:00'],
    ['10s', '2023-02-27T22:00'],
    ['min', '2023-02-27T22:00'],
    ['15min', '2023-02-27T22:00'],
    ['h', '2023-02-27T22:00'],
    ['6h', '2023-02-27T22:00'],
    ['D', '2023-02-27T00:00'],
    ['2D', '2023-02-27T00:00'],
    ['B', '2023-02-27T00:00'],
    ['W-SUN', '2023-02-26T00:00'],
    ['W-WED', '2023-03-01T00:00'],
    ['2W-MON', '2023-02-27T00:00'],
    ['4W-MON', '2023-02-27T00:00'],
    ['MS', '2023-02-01T00:00'],
    ['ME', '2023-02-28T00:00'],
    ['2MS', '2023-02-01T00:00'],
    ['QS', '2023-01-01T00:00'],
    ['QS-FEB', '2023-02-01T00:00'],
    ['QE', '2023-03-31T00:00'],
    ['2QS', '2023-01-01T00:00'],
    ['YS', '2023-01-01T00:00'],
    ['YE', '2023-12-31T00:00'],
    ['5YS', '2020-01-01T00:00'],
  ];
  for (const [expected, start] of cases) {
    const freq = parseFrequency(expected);
    const all = Float64Array.from({ length: 40 }, (_, k) => advance(freq, Date.parse(`${start}Z`), k));
    assert.equal(alias(all), expected);
    const gappy = all.filter((_, k) => k % 7 !== 3 && k % 11 !== 5 && k !== 20);
    assert.equal(alias(gappy), expected, `${expected} with gaps`);
  }
});

test('days of a month in the middle, or clamped, are monthly', () => {
  assert.equal(alias(days('2023-01-15', '2023-02-15', '2023-03-15')), 'MS');
  assert.equal(alias(days('2023-01-30', '2023-02-28', '2023-03-30', '2023-04-30')), 'MS');
});

test('five days of one week are days; a weekend stepped over makes business days', () => {
  assert.equal(alias(days('2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05')), 'D');
  assert.equal(alias(days('2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09')), 'B');
  assert.equal(alias(days('2024-01-04', '2024-01-05', '2024-01-06', '2024-01-08', '2024-01-09')), 'D');
});

test('series may start at different phases', () => {
  assert.equal(alias(days('2023-01-01', '2023-01-08', '2023-01-15'), days('2023-01-03', '2023-01-10')), 'W');
  assert.equal(alias(days('2021-04-01', '2022-04-01'), days('2021-07-01', '2022-07-01')), 'YS');
});

test('the smaller step counts where enough stamps need it', () => {
  const hourly = Array.from({ length: 10 }, (_, i) => Date.UTC(2023, 0, 1, i));
  const halves = [3.5, 5.5].map((hour) => Date.UTC(2023, 0, 1) + hour * 3_600_000);
  assert.equal(alias(Float64Array.from([...hourly, ...halves]).sort()), '30min');
});

test('integer steps', () => {
  const steps = (...values: number[]) => inferFrequency([Float64Array.from(values)], 'integer').alias;
  assert.equal(steps(1, 2, 3, 5), '1');
  assert.equal(steps(10, 20, 40, 50), '10');
  assert.equal(steps(7), '1');
  assert.match(
    failure([Float64Array.from([1, 5, 9, 20])], 'integer'),
    /^irregular_time: 20 is not .* steps of 4 after 1;/,
  );
});

test('an irregular axis is an error that names the first stamp off the grid', () => {
  const hourly = Array.from({ length: 200 }, (_, i) => Date.UTC(2023, 0, 1, i));
  const stray = Float64Array.from([...hourly, Date.UTC(2023, 0, 3, 10, 7)]).sort();
  assert.match(
    failure([stray], 'datetime'),
    /^irregular_time: 2023-01-03T10:07:00 is not a whole number of steps of h /,
  );
  // One stamp on the 17th among first days: the months are right, and the 17th is named.
  const months = days('2023-01-01', '2023-02-01', '2023-03-01', '2023-04-01', '2023-04-17', '2023-05-01');
  assert.match(failure([months]), /^irregular_time: 2023-04-17 .* steps of MS after 2023-01-01;.*--freq/);
});

test('a stray stamp in a short monthly series is the one that is named', () => {
  const stamps = days('2024-01-01', '2024-02-01', '2024-03-01', '2024-03-09', '2024-04-01', '2024-05-01');
  assert.match(failure([stamps]), /^irregular_time: 2024-03-09 is not a whole number of steps of MS after 2024-01-01/);
});

test('days and hours with a gap of months stay days and hours', () => {
  assert.equal(alias(days('2024-01-01', '2024-01-02', '2024-01-03', '2024-06-01', '2024-06-02')), 'D');
  assert.equal(alias(times('2024-01-31T22:00', '2024-01-31T23:00', '2024-02-01T00:00', '2024-05-01T00:00')), 'h');
});

test('single stamps show no step', () => {
  assert.match(failure([days('2023-01-01'), days('2023-02-01')]), /^no_frequency: .*--freq MS/);
});
