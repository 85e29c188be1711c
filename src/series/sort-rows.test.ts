import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SortedRows } from './sort-rows.js';

/** Times and row numbers per series. */
function sorted(series: number[], time: number[], count: number) {
  const rows = new SortedRows(Int32Array.from(series), Float64Array.from(time), count);
  return rows.times.map((times, k) => Array.from(times, (t, i) => [t, rows.row(k, i)]));
}

test('rows in order, out of order by time, and out of order by series', () => {
  const inOrder = [
    [
      [1, 0],
      [3, 1],
    ],
    [[2, 2]],
  ];
  assert.deepEqual(sorted([0, 0, 1], [1, 3, 2], 2), inOrder);
  assert.deepEqual(sorted([0, 0, 1], [3, 1, 2], 2), [
    [
      [1, 1],
      [3, 0],
    ],
    [[2, 2]],
  ]);
  assert.deepEqual(sorted([0, 1, 0], [1, 2, 3], 2), [
    [
      [1, 0],
      [3, 2],
    ],
    [[2, 1]],
  ]);
  assert.deepEqual(
    sorted([0, 0, 0, 0], [2, 1, 2, 1], 1),
    [
      [
        [1, 1],
        [1, 3],
        [2, 0],
        [2, 2],
      ],
    ],
    'equal times keep order',
  );
  assert.deepEqual(sorted([], [], 0), []);
});
