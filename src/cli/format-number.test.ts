import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatColumn, formatNumber } from './format-number.js';

test('about five significant digits, no needless zeros', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-12.5, '-12.5'],
    [Math.PI, '3.1416'],
    [1234.5678, '1234.6'],
    [0.00123456, '0.0012346'],
    [0.1 + 0.2, '0.3'],
    [99999.96, '100000'],
    [9.99996, '10'],
    [100, '100'],
    [1000000, '1000000'],
  ];
  for (const [x, text] of cases) assert.equal(formatNumber(x), text);
});

test('whole digits are kept up to 1e15; an exponent outside of ordinary sizes', () => {
  const cases: [number, string][] = [
    [1234567.8, '1234568'],
    [-123456789012345, '-123456789012345'],
    [1e15, '1e15'],
    [-1.23456e20, '-1.2346e20'],
    [1.7e308, '1.7e308'],
    [1e-5, '0.00001'],
    [9.999e-6, '9.999e-6'],
    [5e-324, '4.9407e-324'],
  ];
  for (const [x, text] of cases) assert.equal(formatNumber(x), text);
});

test('what is no ordinary number', () => {
  assert.deepEqual([Number.NaN, Infinity, -Infinity].map(formatNumber), ['–', '∞', '-∞']);
});

test('reading a formatted number back gives it within five digits, for all sizes', () => {
  for (let exponent = -300; exponent <= 300; exponent += 3) {
    for (const digits of [1, -1.00005, 7.7777777, 9.99999]) {
      const x = digits * Number(`1e${exponent}`);
      assert.ok(Math.abs(Number(formatNumber(x)) - x) <= 5e-5 * Math.abs(x), `${x} → ${formatNumber(x)}`);
    }
  }
});

test('a column shares its decimals', () => {
  assert.deepEqual(formatColumn([9.87654, 12.5, 101.234]), ['9.88', '12.50', '101.23']);
  assert.deepEqual(formatColumn([1, 20, 300]), ['1', '20', '300']);
  assert.deepEqual(formatColumn([0, 0.5, 1e6]), ['0', '0.5', '1000000.0']);
  assert.deepEqual(formatColumn([0.81234, 1.3, Number.NaN]), ['0.8123', '1.3000', '–']);
  assert.deepEqual(formatColumn([]), []);
  assert.deepEqual(formatColumn([Number.NaN, 0]), ['–', '0']);
});

test('the smallest of a column keeps two digits; too wide a range is written one by one', () => {
  assert.deepEqual(formatColumn([1234.5, 0.00123]), ['1234.5000', '0.0012']);
  assert.deepEqual(formatColumn([1e20, 1]), ['1e20', '1']);
  assert.deepEqual(formatColumn([1000.5, 1e-9]), ['1000.5', '1e-9']);
});
