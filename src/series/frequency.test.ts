import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { advance, anchorTo, parseFrequency, seasonOf, stepsBetween } from './frequency.js';

const at = (iso: string) => Date.parse(`${iso}${iso.length === 10 ? 'T00:00' : ''}Z`);
const iso = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T00:00', '');
/** The stamps of `count` steps from a start. */
const walk = (alias: string, start: string, count: number) =>
  Array.from({ length: count }, (_, k) => iso(advance(parseFrequency(alias), at(start), k)));

test('reads old and new pandas aliases, multiples and anchors', () => {
  const parsed = (alias: string) => {
    const { unit, multiple, monthEnd } = parseFrequency(alias);
    return `${multiple} ${unit}${monthEnd ? ' end' : ''}`;
  };
  const expected: Record<string, string> = {
    D: '1 day',
    B: '1 business-day',
    W: '1 week',
    'W-MON': '1 week',
    M: '1 month end',
    ME: '1 month end',
    MS: '1 month',
    Q: '1 quarter end',
    QE: '1 quarter end',
    'QE-NOV': '1 quarter end',
    QS: '1 quarter',
    Y: '1 year end',
    YE: '1 year end',
    A: '1 year end',
    'A-JUN': '1 year end',
    YS: '1 year',
    AS: '1 year',
    H: '1 hour',
    h: '1 hour',
    '2h': '2 hour',
    T: '1 minute',
    min: '1 minute',
    '15min': '15 minute',
    S: '1 second',
    s: '1 second',
    '250ms': '0.25 second',
    '10': '10 step',
    ' D ': '1 day',
    // The same step in a larger unit.
    '60min': '1 hour',
    '24h': '1 day',
    '7D': '1 week',
    '3MS': '1 quarter',
    '12ME': '1 year end',
    '36MS': '3 year',
  };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((alias) => [alias, parsed(alias)])), expected);
});

test('writes the alias that pandas writes', () => {
  const alias = (text: string) => parseFrequency(text).alias;
  assert.deepEqual(['M', 'H', 'T', 'A', '60min', '30min', 'W-mon', '2W-SUN', '1'].map(alias), [
    'ME',
    'h',
    'min',
    'YE',
    'h',
    '30min',
    'W-MON',
    '2W-SUN',
    '1',
  ]);
});

test('an unknown alias is a usage error with examples', () => {
  for (const alias of [
    '',
    'monthly',
    'm',
    '0',
    '0D',
    '-1D',
    '1.5h',
    'D-MON',
    'W-JAN',
    'MS-FEB',
    '5-MON',
    '__proto__',
  ]) {
    assert.throws(
      () => parseFrequency(alias),
      (error: unknown) =>
        error instanceof TidegateError &&
        error.kind === 'usage' &&
        error.code === 'bad_freq' &&
        error.message.includes('W-MON') &&
        !error.message.includes('\n'),
      alias,
    );
  }
});

test('months clamp the day to the month and find back to it', () => {
  assert.deepEqual(walk('MS', '2023-12-30', 4), ['2023-12-30', '2024-01-30', '2024-02-29', '2024-03-30']);
  assert.deepEqual(walk('MS', '2023-01-29', 3), ['2023-01-29', '2023-02-28', '2023-03-29']);
  assert.deepEqual(walk('YS', '2024-02-29', 5).slice(-2), ['2027-02-28', '2028-02-29']);
});

test('month, quarter and year ends stay ends', () => {
  assert.deepEqual(walk('ME', '2024-01-31', 4), ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']);
  assert.deepEqual(walk('ME', '2023-02-28', 3), ['2023-02-28', '2023-03-31', '2023-04-30']);
  assert.deepEqual(walk('QE', '2023-06-30', 4), ['2023-06-30', '2023-09-30', '2023-12-31', '2024-03-31']);
  assert.deepEqual(walk('YE', '2023-02-28', 2), ['2023-02-28', '2024-02-29']);
});

test('business days go over weekends, holidays are none', () => {
  // 2023-12-29 was a Friday.
  assert.deepEqual(walk('B', '2023-12-28', 4), ['2023-12-28', '2023-12-29', '2024-01-01', '2024-01-02']);
  assert.equal(iso(advance(parseFrequency('B'), at('2024-01-01'), -1)), '2023-12-29');
  assert.equal(iso(advance(parseFrequency('B'), at('2024-01-03T09:30'), 5)), '2024-01-10T09:30');
  assert.equal(stepsBetween(parseFrequency('B'), at('2023-12-29'), at('2023-12-30')), null, 'a Saturday');
  assert.equal(stepsBetween(parseFrequency('B'), at('2023-12-30'), at('2024-01-01')), null, 'from a Saturday');
  for (const weekend of ['2024-01-06', '2024-01-07'])
    assert.equal(iso(advance(parseFrequency('B'), at(weekend), 0)), '2024-01-08');
  assert.equal(stepsBetween(parseFrequency('B'), at('2023-01-02'), at('2024-01-01')), 260);
});

test('days have 24 hours, whatever clocks do in summer', () => {
  assert.deepEqual(walk('D', '2023-03-25', 3), ['2023-03-25', '2023-03-26', '2023-03-27']);
  assert.deepEqual(walk('h', '2023-03-26T01:00', 3), ['2023-03-26T01:00', '2023-03-26T02:00', '2023-03-26T03:00']);
  assert.deepEqual(walk('W', '2024-02-26', 2), ['2024-02-26', '2024-03-04']);
});

test('stepsBetween is the inverse of advance, forwards and backwards', () => {
  const starts = ['2019-12-31', '2020-02-28', '2020-02-29', '2023-05-16T13:45', '1899-11-30', '1969-12-31T23:00'].map(
    at,
  );
  const aliases = [
    's',
    '90s',
    '15min',
    'h',
    '6h',
    'D',
    '3D',
    'W',
    'MS',
    '5MS',
    'ME',
    'QS',
    'QE',
    'YS',
    'YE',
    'B',
    '2B',
  ];
  for (const alias of aliases) {
    const freq = parseFrequency(alias);
    for (const rough of starts) {
      const start = advance(freq, rough, 0);
      for (let k = -40; k <= 400; k += 1) {
        assert.equal(stepsBetween(freq, start, advance(freq, start, k)), k, `${alias} from ${iso(start)}: ${k}`);
      }
    }
  }
  assert.equal(stepsBetween(parseFrequency('7'), 3, 24), 3);
  assert.equal(advance(parseFrequency('7'), 3, 3), 24);
});

test('stepsBetween is null off the grid', () => {
  const between = (alias: string, from: string, to: string) => stepsBetween(parseFrequency(alias), at(from), at(to));
  assert.equal(between('h', '2023-01-01', '2023-01-01T00:30'), null);
  assert.equal(between('D', '2023-01-01', '2023-01-02T00:30'), null);
  assert.equal(between('MS', '2023-01-01', '2023-02-02'), null);
  assert.equal(between('QS', '2023-01-01', '2023-02-01'), null);
  assert.equal(between('ME', '2023-01-31', '2023-02-27'), null);
  assert.equal(between('ME', '2023-01-30', '2023-02-28'), null, 'does not start at a month end');
  assert.equal(stepsBetween(parseFrequency('2'), 1, 4), null);
});

test('the anchor is the one that the data have', () => {
  const anchored = (alias: string, ...starts: string[]) => anchorTo(parseFrequency(alias), starts.map(at)).alias;
  assert.equal(anchored('W', '2023-01-01'), 'W-SUN');
  assert.equal(anchored('W-MON', '2023-01-04', '2023-01-11'), 'W-WED');
  assert.equal(anchored('W', '2023-01-01', '2023-01-02'), 'W', 'different weekdays');
  assert.equal(anchored('2W', '2023-01-02'), '2W-MON');
  assert.equal(anchored('QS', '2023-04-01'), 'QS');
  assert.equal(anchored('QS', '2023-05-01'), 'QS-FEB');
  assert.equal(anchored('QE', '2023-06-30'), 'QE');
  assert.equal(anchored('QE', '2023-04-30'), 'QE-JAN');
  assert.equal(anchored('YS', '2023-01-01'), 'YS');
  assert.equal(anchored('YS', '2023-04-01', '2020-04-01'), 'YS-APR');
  assert.equal(anchored('YE', '2023-12-31'), 'YE');
  assert.equal(anchored('YE', '2023-06-30'), 'YE-JUN');
  assert.equal(anchored('D', '2023-06-30'), 'D');
});

test('default seasons', () => {
  const expected: Record<string, number> = {
    MS: 12,
    ME: 12,
    '2MS': 6,
    QS: 4,
    YS: 1,
    W: 52,
    '2W': 26,
    D: 7,
    '2D': 1,
    B: 5,
    h: 24,
    '2h': 12,
    '5h': 1,
    '30min': 48,
    '15min': 96,
    '5min': 288,
    min: 60,
    '2min': 30,
    s: 60,
    '10s': 360,
    '500ms': 120,
    '1': 1,
    '3': 1,
  };
  assert.deepEqual(
    Object.fromEntries(Object.keys(expected).map((alias) => [alias, seasonOf(parseFrequency(alias))])),
    expected,
  );
});
