import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decadesFor, judge, leftAfter, reachOf } from './left-over.js';

const fading = (perStep: number) => Float64Array.from({ length: 101 }, (_, lag) => lag * perStep);

suite('what is left of a gradient', () => {
  test('at a lag, and at the end of a line that is shorter', () => {
    assert.equal(leftAfter(fading(-0.25), 20), -5);
    assert.equal(leftAfter(fading(-0.25), 300), -25);
  });

  test('one percent is left for so many steps, or all the way', () => {
    assert.equal(reachOf(fading(-0.25)), 8);
    assert.equal(reachOf(fading(-3)), 0);
    assert.equal(reachOf(fading(-0.01)), null);
    assert.equal(reachOf(Float64Array.of(0, -1, -3, 0)), 1, 'who comes back has been gone');
  });

  test('beside an error of 1', () => {
    assert.equal(1 + 10 ** -16, 1);
    assert.deepEqual([-27, -16, -15, -1.9, 0, 1.7, 19].map(judge), [
      ...['lost', 'lost', 'faint', 'kept', 'kept', 'kept', 'grown'],
    ]);
  });

  test('the frame only grows for lines that explode', () => {
    assert.deepEqual(decadesFor([{ median: fading(-1) }, { median: fading(0.05) }]), [-30, 6]);
    assert.deepEqual(decadesFor([{ median: fading(0.2) }]), [-30, 30]);
  });
});
