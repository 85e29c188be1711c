import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { targetInto, type WindowedSeries, windowInto } from './windows.js';

const NaNs = Number.NaN;
/** Values of other series in the same arrays: none may ever be read. */
const BEFORE = 3;
const AFTER = 4;

/** A series among others, whose values are poison; y tells what was observed. */
function among(z: ArrayLike<number>, y: ArrayLike<number> = z, poison = 1e9): WindowedSeries {
  const length = z.length;
  const all = new Float64Array(BEFORE + length + AFTER).fill(poison);
  all.set(Array.from(z), BEFORE);
  const observed = new Uint8Array(all.length).fill(1);
  for (let t = 0; t < length; t++) observed[BEFORE + t] = Number.isNaN(y[t]) ? 0 : 1;
  return { z: all, observed, offset: BEFORE, length };
}

/** The windows that end at from … to − 1, one after the other. */
function windowRun(series: WindowedSeries, from: number, to: number, inputSteps: number, horizon: number) {
  const steps = to - from;
  const input = new Float32Array(steps * inputSteps);
  const target = new Float32Array(steps * horizon).fill(NaNs);
  const level = new Float64Array(steps);
  for (let s = 0; s < steps; s++) {
    level[s] = windowInto(input, s * inputSteps, series, from + s, inputSteps);
    targetInto(target, s * horizon, series, from + s, horizon);
  }
  return { input, target, level, steps };
}

test('each window is the last values minus its level, its target the next ones', () => {
  const z = Float64Array.of(1, 3, 6, 10, 15);
  const { input, target, level, steps } = windowRun(among(z), 1, 5, 3, 2);
  assert.equal(steps, 4);
  assert.deepEqual([...level], [3, 6, 10, 15]);
  // Before the series begins its first value stands in.
  assert.deepEqual([...input], [-2, -2, 0, -5, -3, 0, -7, -4, 0, -9, -5, 0]);
  assert.deepEqual([...target], [3, 7, 4, 9, 5, NaNs, NaNs, NaNs]);
});

test('a value that was not observed is an input but no target', () => {
  const z = Float64Array.of(1, 2, 3, 4);
  const { input, target } = windowRun(among(z, [1, NaNs, 3, 4]), 0, 3, 2, 2);
  assert.deepEqual([...input], [0, 0, -1, 0, -1, 0]);
  assert.equal(target[0], NaNs);
  assert.equal(target[1], 2);
  assert.equal(target[4], 1);
});

test('a window that ends on a bridge is asked for nothing', () => {
  const { target } = windowRun(among([1, 2, 3, 4], [1, NaNs, 3, 4]), 1, 2, 2, 2);
  assert.deepEqual([...target], [NaNs, NaNs]);
});

test('no window sees past its end, nor into another series', () => {
  const random = new Random('leak');
  const z = Float64Array.from({ length: 30 }, () => random.normal());
  const clean = windowRun(among(z), 0, 30, 7, 5);
  for (const poison of [1e9, NaNs, Number.POSITIVE_INFINITY]) {
    assert.deepEqual(windowRun(among(z, z, poison), 0, 30, 7, 5), clean);
    for (let end = 0; end < 30; end++) {
      const poisoned = z.map((value, t) => (t > end ? poison : value));
      const { input, level } = windowRun(among(poisoned), 0, end + 1, 7, 5);
      assert.deepEqual(input, clean.input.slice(0, 7 * (end + 1)));
      assert.deepEqual(level, clean.level.slice(0, end + 1));
    }
  }
});

test('targets are the values after the window: input and target never share one', () => {
  const z = Float64Array.from({ length: 20 }, (_, t) => t * t);
  const { target, level } = windowRun(among(z), 4, 19, 6, 3);
  for (let s = 0; s < 15; s++)
    for (let k = 0; k < 3; k++) {
      const t = 4 + s + 1 + k;
      assert.equal(target[3 * s + k] + level[s], t < 20 ? t * t : NaNs);
    }
});

test('a small change on a huge level keeps all its digits', () => {
  const z = Float64Array.of(1e9, 1e9 + 0.5, 1e9 + 0.75);
  const { input, target } = windowRun(among(z), 1, 2, 2, 1);
  assert.deepEqual([...input, ...target], [-0.5, 0, 0.25]);
});

test('only the places of the window are written, from the given one on', () => {
  const out = new Float64Array(9).fill(7);
  const series = among([1, 2, 4, 8]);
  windowInto(out, 2, series, 2, 3);
  targetInto(out, 6, series, 2, 2);
  assert.deepEqual([...out], [7, 7, -3, -2, 0, 7, 4, 7, 7]);
});
