import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { windowRun } from './windows.js';

const NaNs = Number.NaN;

test('each window is the last values minus its level, its target the next ones', () => {
  const z = Float64Array.of(1, 3, 6, 10, 15);
  const { input, target, level, steps } = windowRun(z, z, 1, 5, 3, 2);
  assert.equal(steps, 4);
  assert.deepEqual([...level], [3, 6, 10, 15]);
  // Before the series begins its first value stands in.
  assert.deepEqual([...input], [-2, -2, 0, -5, -3, 0, -7, -4, 0, -9, -5, 0]);
  assert.deepEqual([...target], [3, 7, 4, 9, 5, NaNs, NaNs, NaNs]);
});

test('a value that was not observed is an input but no target', () => {
  const z = Float64Array.of(1, 2, 3, 4);
  const { input, target } = windowRun(z, [1, NaNs, 3, 4], 0, 3, 2, 2);
  assert.deepEqual([...input], [0, 0, -1, 0, -1, 0]);
  assert.equal(target[0], NaNs);
  assert.equal(target[1], 2);
  assert.equal(target[4], 1);
});

test('no window sees past its end', () => {
  const random = new Random('leak');
  const z = Float64Array.from({ length: 30 }, () => random.normal());
  const clean = windowRun(z, z, 0, 30, 7, 5);
  for (let end = 0; end < 30; end++) {
    for (const poison of [1e9, NaNs, Number.POSITIVE_INFINITY]) {
      const poisoned = z.map((value, t) => (t > end ? poison : value));
      const { input, level } = windowRun(poisoned, poisoned, 0, end + 1, 7, 5);
      assert.deepEqual(input, clean.input.slice(0, 7 * (end + 1)));
      assert.deepEqual(level, clean.level.slice(0, end + 1));
    }
  }
});

test('targets are the values after the window: input and target never share one', () => {
  const z = Float64Array.from({ length: 20 }, (_, t) => t * t);
  const { target, level } = windowRun(z, z, 4, 19, 6, 3);
  for (let s = 0; s < 15; s++)
    for (let k = 0; k < 3; k++) {
      const t = 4 + s + 1 + k;
      assert.equal(target[3 * s + k] + level[s], t < 20 ? t * t : NaNs);
    }
});

test('a small change on a huge level keeps all its digits', () => {
  const z = Float64Array.of(1e9, 1e9 + 0.5, 1e9 + 0.75);
  const { input, target } = windowRun(z, z, 1, 2, 2, 1);
  assert.deepEqual([...input, ...target], [-0.5, 0, 0.25]);
});
