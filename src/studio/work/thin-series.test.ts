import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { thinSeries } from './thin-series.js';

suite('a series for the window', () => {
  test('is as it is while it is short', () => {
    const points = { time: Float64Array.of(1, 2), y: Float64Array.of(5, Number.NaN) };
    const same = thinSeries(points);
    assert.equal(same.time, points.time);
    assert.equal(same.y, points.y);
  });

  test('keeps the extremes of every run, gaps, and its end', () => {
    const y = Float64Array.from([3, 1, 9, 4, 5, 5, Number.NaN, Number.NaN, Number.NaN, 2, 8, 7, 6]);
    const time = Float64Array.from(y, (_, k) => 10 * k);
    // Ten early points in runs of three, of which two are kept each; the last three are whole.
    const thin = thinSeries({ time, y }, 10, 3);
    assert.deepEqual([...thin.time], [10, 20, 30, 40, 60, 90, 100, 110, 120]);
    assert.deepEqual([...thin.y], [1, 9, 4, 5, Number.NaN, 2, 8, 7, 6]);
  });

  test('is no longer than asked for, in order', () => {
    const y = Float64Array.from({ length: 100_000 }, (_, k) => Math.sin(k));
    const thin = thinSeries({ time: y.map((_, k) => k), y }, 1000, 100);
    assert.ok(thin.y.length <= 1000 && thin.y.length > 900);
    assert.ok(thin.time.every((time, k) => k === 0 || time > thin.time[k - 1]));
    assert.equal(Math.max(...thin.y), Math.max(...y.subarray(0, 99_900), ...y.subarray(99_900)));
  });
});
