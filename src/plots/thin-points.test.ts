import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pixel, thinPoints } from './thin-points.js';

/** 10 000 noisy points over 500 pixels. */
const dense: Pixel[] = Array.from({ length: 10_000 }, (_, i) => [i / 20, ((i * 7919) % 1009) + (i % 13)]);

test('few points stay as they are', () => {
  assert.equal(thinPoints(dense, 10_000), dense);
  assert.deepEqual(thinPoints([], 0), []);
});

test('every pixel column keeps its first, least, greatest and last point, in order', () => {
  const thin = thinPoints(dense);
  assert.ok(thin.length <= 4 * 500);
  for (let column = 0; column < 500; column++) {
    const of = (points: readonly Pixel[]) => points.filter(([x]) => Math.floor(x) === column);
    const [before, after] = [of(dense), of(thin)];
    const ys = (points: Pixel[]) => points.map(([, y]) => y);
    assert.equal(Math.min(...ys(after)), Math.min(...ys(before)));
    assert.equal(Math.max(...ys(after)), Math.max(...ys(before)));
    assert.deepEqual([after[0], after.at(-1)], [before[0], before.at(-1)]);
  }
  assert.ok(
    thin.every(([x], i) => i === 0 || x > thin[i - 1][0]),
    'x ascends, so no point is doubled',
  );
});

test('a gap of a whole column breaks the line, single missing values do not', () => {
  const gappy = dense.map(([x, y], i): Pixel => [x, (x >= 100 && x < 103) || i % 20 === 3 ? Number.NaN : y]);
  const thin = thinPoints(gappy);
  const breaks = thin.filter(([, y]) => Number.isNaN(y)).map(([x]) => Math.floor(x));
  assert.deepEqual(breaks, [100, 101, 102]);
});
