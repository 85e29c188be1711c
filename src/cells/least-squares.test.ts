/** The triangular factor against known factorisations and properties. Signs of R's rows are free, so compare |R|. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { absorbRows, solveTriangle } from './least-squares.js';
import { columnsOf, relativeError } from './reservoir-references.test.support.js';

const random = new Random('least squares');
const normal = (length: number) => new Float64Array(length).map(() => random.normal());

test('the textbook matrix has the textbook triangle, and solves exactly', () => {
  const A = [12, -51, 4, 6, 167, -68, -4, 24, -41];
  const solution = [1, -2, 3];
  const Y = [0, 1, 2].map((i) => A[3 * i] * solution[0] + A[3 * i + 1] * solution[1] + A[3 * i + 2] * solution[2]);
  const sizes = { M: 3, O: 1 };
  const factor = new Float64Array(12);
  absorbRows(factor, columnsOf(A, Y, 3, 3, 1), 3, sizes);
  const R = [0, 1, 2].map((i) => Array.from(factor.subarray(4 * i, 4 * i + 3), Math.abs));
  const expected = [
    [14, 21, 14],
    [0, 175, 70],
    [0, 0, 35],
  ];
  R.forEach((row, i) => {
    assert.ok(relativeError(row, expected[i]) < 1e-14, `row ${i}: ${row}`);
  });
  const W = new Float64Array(3);
  assert.equal(solveTriangle(W, factor, sizes), -1);
  assert.ok(relativeError(W, solution) < 1e-13);
});

// Widths around the four columns that share a pass.
for (const M of [1, 2, 3, 4, 5, 8, 9]) {
  test(`M = ${M}: rows may come in any portions; R keeps the inner products of all rows`, () => {
    const [rows, O] = [13, 2];
    const sizes = { M, O };
    const [A, Y] = [normal(rows * M), normal(rows * O)];
    const factorOf = (portions: number[]) => {
      const factor = new Float64Array(M * (M + O));
      let from = 0;
      for (const count of portions) {
        const [partA, partY] = [A.subarray(from * M), Y.subarray(from * O)];
        absorbRows(factor, columnsOf(partA, partY, count, M, O), count, sizes);
        from += count;
      }
      assert.equal(from, rows);
      return factor;
    };
    const whole = factorOf([rows]);
    for (const portions of [new Array(rows).fill(1), [4, 0, 9], [12, 1]])
      assert.ok(relativeError(factorOf(portions).map(Math.abs), whole.map(Math.abs)) < 1e-13, `${portions}`);
    const columns = columnsOf(A, Y, rows, M, O);
    for (let j = 0; j < M; j++) {
      for (let k = 0; k < M + O; k++) {
        let [ofRows, ofFactor] = [0, 0];
        for (let i = 0; i < rows; i++) ofRows += columns[j * rows + i] * columns[k * rows + i];
        for (let i = 0; i < M; i++) ofFactor += whole[i * (M + O) + j] * whole[i * (M + O) + k];
        assert.ok(Math.abs(ofRows - ofFactor) < 1e-12, `columns ${j}, ${k}: ${ofRows}, ${ofFactor}`);
        if (k < j) assert.equal(whole[j * (M + O) + k], 0, 'below the diagonal');
      }
    }
  });
}

test('a column that depends on earlier ones is named, and so is one of fewer rows than columns', () => {
  const rows = 9;
  const A = normal(rows * 4);
  for (let row = 0; row < rows; row++) A[row * 4 + 2] = 2 * A[row * 4] - A[row * 4 + 1];
  const factorOf = (count: number) => {
    const factor = new Float64Array(4 * 5);
    absorbRows(factor, columnsOf(A, normal(rows), count, 4, 1), count, { M: 4, O: 1 });
    return factor;
  };
  const W = new Float64Array(4);
  assert.equal(solveTriangle(W, factorOf(rows), { M: 4, O: 1 }), 2);
  assert.equal(solveTriangle(W, factorOf(1), { M: 4, O: 1 }), 1);
  assert.equal(solveTriangle(W, factorOf(0), { M: 4, O: 1 }), 0);
});
