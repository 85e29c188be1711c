import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherRows, packBySequences, packBySteps, scatterRows } from './packing.js';

const CASES: [steps: number, lengths: number[]][] = [
  [1, [1]],
  [1, [1, 1]],
  [4, [4, 4, 4]],
  [4, [3]],
  [5, [2, 5, 1, 5, 3]],
  [6, [1, 1]],
  [3, [1, 2, 3]],
];

for (const pack of [packBySteps, packBySequences]) {
  for (const [steps, lengths] of CASES) {
    test(`${pack.name}, ${steps} steps, lengths ${lengths}`, () => {
      const batch = lengths.length;
      const { rows, mirrored, order, segments, paddedRows, whole } = pack(steps, batch, lengths);
      assert.equal(paddedRows, steps * batch);
      const expected = lengths.flatMap((length, b) => Array.from({ length }, (_, t) => t * batch + b));
      assert.deepEqual([...rows].sort(), expected.sort(), 'every step that is there, once');
      assert.deepEqual([...order].sort(), [...lengths.keys()], 'every sequence, once');

      for (const [row, other] of mirrored.entries()) {
        const [t, b] = [Math.floor(rows[row] / batch), rows[row] % batch];
        assert.equal(rows[other], (lengths[b] - 1 - t) * batch + b, 'as far from the end as from the start');
      }

      // The segments in turn: all rows once, and every sequence step by step from its start to its end.
      const next = new Array<number>(batch).fill(0);
      let row = 0;
      for (const segment of segments) {
        assert.equal(segment.row, row);
        for (let t = 0; t < segment.steps; t++) {
          for (let n = 0; n < segment.batch; n++) {
            const sequence = order[segment.place + n];
            assert.equal(rows[row++], next[sequence]++ * batch + sequence);
          }
        }
      }
      assert.deepEqual(next, lengths);
      if (pack === packBySequences) return;
      assert.equal(segments.length, new Set(lengths).size, 'no more segments than lengths');
      assert.equal(
        whole,
        lengths.every((length) => length === steps),
      );
    });
  }
}

test('gather and scatter are inverse, and leave what is not there at zero', () => {
  const { rows } = packBySteps(3, 2, [1, 3]);
  const padded = Float64Array.of(1, 2, 3, 4, 0, 0, 5, 6, 0, 0, 7, 8);
  const packed = gatherRows(new Float64Array(8), padded, 2, rows);
  assert.deepEqual(packed, Float64Array.of(3, 4, 1, 2, 5, 6, 7, 8), 'the longer sequence first');
  assert.deepEqual(scatterRows(new Float64Array(12), packed, 2, rows), padded);
});
