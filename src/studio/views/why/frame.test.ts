import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { endIn, type Frame, type Point, pathIn } from './frame.js';

const frame: Frame = { x: [0, 100], y: [-30, 6] };
const straight = (perStep: number): Point[] => Array.from({ length: 101 }, (_, lag) => [lag, lag * perStep]);

suite('the frame of a picture of lines', () => {
  test('a line that stays ends at its last point', () => {
    const { x, y, side } = endIn(frame, straight(-0.06));
    assert.deepEqual([x, side], [100, 'inside']);
    assert.ok(Math.abs(y - (12 / 36) * 100) < 1e-9);
  });

  test('a line that leaves ends at the border that it crosses', () => {
    const below = endIn(frame, straight(-0.8));
    assert.deepEqual([below.side, below.y], ['below', 100]);
    assert.ok(Math.abs(below.x - 30 / 0.8) < 1e-9);
    const above = endIn(frame, straight(0.2));
    assert.deepEqual([above.side, above.y], ['above', 0]);
    assert.ok(Math.abs(above.x - 30) < 1e-9);
  });

  test('who comes back has not left', () => {
    const points: Point[] = [
      [0, 0],
      [50, -90],
      [100, -3],
    ];
    assert.equal(endIn(frame, points).side, 'inside');
  });

  test('nothing at all is drawn far below, not as NaN', () => {
    const points: Point[] = [
      [0, 0],
      [1, Number.NEGATIVE_INFINITY],
    ];
    assert.doesNotMatch(pathIn(frame, points), /NaN|Infinity/);
    assert.equal(endIn(frame, points).side, 'below');
  });
});
