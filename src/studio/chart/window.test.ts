import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { moved, zoomed } from './window.js';

suite('the window of the chart', () => {
  const whole = [0, 100] as const;
  test('the point that is zoomed about stays where it is', () => {
    assert.deepEqual(zoomed([20, 60], whole, 30, 0.5, 1), [25, 45]);
    assert.deepEqual(zoomed([20, 60], whole, 20, 0.5, 1), [20, 40]);
  });
  test('not closer than allowed, not wider than the whole', () => {
    assert.deepEqual(zoomed([20, 24], whole, 22, 0.1, 4), [20, 24]);
    assert.deepEqual(zoomed([20, 60], whole, 30, 10, 4), [0, 100]);
  });
  test('moved as far as the ends', () => {
    assert.deepEqual(moved([20, 60], whole, 10), [30, 70]);
    assert.deepEqual(moved([20, 60], whole, 70), [60, 100]);
    assert.deepEqual(moved([20, 60], whole, -70), [0, 40]);
  });
});
