import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from './sparkline.js';

test('from the lowest block to the highest', () => {
  assert.equal(sparkline([1, 2, 3, 4, 5, 6, 7, 8]), '▁▂▃▄▅▆▇█');
  assert.equal(sparkline([-3, 4]), '▁█');
  assert.equal(sparkline(Float64Array.of(0, 10, 5, 0)), '▁█▅▁');
});

test('missing values are gaps and do not bend the scale', () => {
  assert.equal(sparkline([1, Number.NaN, 8]), '▁ █');
  assert.equal(sparkline([1, Infinity, 8, -Infinity]), '▁ █ ');
  assert.equal(sparkline([Number.NaN, Number.NaN]), '  ');
});

test('constant, single and empty series', () => {
  assert.equal(sparkline([5, 5, 5]), '▄▄▄');
  assert.equal(sparkline([0]), '▄');
  assert.equal(sparkline([]), '');
});

test('the range of huge numbers does not overflow', () => {
  assert.equal(sparkline([-1.7e308, 0, 1.7e308]), '▁▅█');
});

test('a long series is averaged over equal stretches, leaving out what is missing', () => {
  assert.equal(sparkline([0, 0, 7, 7], 2), '▁█');
  assert.equal(sparkline([0, Number.NaN, 7, 7, Number.NaN, Number.NaN], 3), '▁█ ');
  // Means 0, 3.5 and 7 over the thirds of 0 0 | 3 4 | 7 7.
  assert.equal(sparkline([0, 0, 3, 4, 7, 7], 3), '▁▅█');
  assert.equal(sparkline(new Float64Array(1000), 40).length, 40);
  assert.equal(sparkline([1.7e308, 1.7e308, 0, 0], 2), '█▁');
});
