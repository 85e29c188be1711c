import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { firstWindow, plotData } from './plot-data.js';

const numbers = (...values: number[]) => Float64Array.from(values);
const known = { id: 'a', index: 0, time: numbers(1, 2, 3), y: numbers(5, Number.NaN, 7), forecast: null };
const band = (level: number, lo: number, hi: number) => ({ level, lo: numbers(lo, lo), hi: numbers(hi, hi) });
const ahead = {
  ...known,
  forecast: {
    time: numbers(4, 5),
    median: numbers(8, 9),
    bands: [band(80, 6, 10), band(95, 4, 12)],
    baseline: numbers(7, 7),
  },
};

suite('the data of the chart', () => {
  test('a history alone, with a gap where a value is missing', () => {
    assert.deepEqual(plotData(known), {
      columns: [
        [1, 2, 3],
        [5, null, 7],
      ],
      levels: [],
      known: 3,
    });
  });

  test('what is ahead begins at the last value; the widest band is first, to be drawn under the others', () => {
    assert.deepEqual(plotData(ahead), {
      columns: [
        [1, 2, 3, 4, 5],
        [5, null, 7, null, null],
        [null, null, 7, 7, 7],
        [null, null, 7, 8, 9],
        [null, null, 7, 4, 4],
        [null, null, 7, 12, 12],
        [null, null, 7, 6, 6],
        [null, null, 7, 10, 10],
      ],
      levels: [95, 80],
      known: 3,
    });
  });

  test('at first a history is seen as a whole, a forecast with the last of it', () => {
    const time = Float64Array.from({ length: 500 }, (_, k) => k);
    assert.deepEqual(firstWindow({ ...known, time, y: time }), [0, 499]);
    const forecast = { ...ahead.forecast, time: numbers(500, 501) };
    assert.deepEqual(firstWindow({ ...known, time, y: time, forecast }), [440, 501]);
  });
});
