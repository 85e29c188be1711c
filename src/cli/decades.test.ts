import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecades } from './decades.js';

test('logs are written as the numbers that they stand for', () => {
  const cases: [number, string][] = [
    [-24.38, '4.2e-25'],
    [0, '1'],
    [Math.log10(0.31), '0.31'],
    [Math.log10(8), '8'],
    [20.3, '2.0e20'],
    [-82.0001, '1.0e-82'],
    [-500, '1.0e-500'],
    [Number.NEGATIVE_INFINITY, '0'],
    [Number.NaN, '–'],
  ];
  for (const [decades, text] of cases) assert.equal(formatDecades(decades), text);
});
