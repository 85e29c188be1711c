/** Recursive least squares against the batch, and against the textbook's recursion of the inverse covariance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { solveTriangle } from './least-squares.js';
import { columnsOf, relativeError, ridgeCases } from './reservoir-references.test.support.js';
import { ridgeRegression, setRidgePrior } from './ridge.js';
import { rlsUpdate } from './rls.js';

/** Takes the rows in by portions of `count` and solves. */
function online(columns: Float64Array, rows: number, count: number, ridge: number, forgetting: number, M: number) {
  const sizes = { M, O: columns.length / rows - M };
  const width = M + sizes.O;
  const factor = new Float64Array(M * width);
  setRidgePrior(factor, ridge, sizes);
  for (let from = 0; from < rows; from += count) {
    const size = Math.min(count, rows - from);
    const portion = new Float64Array(width * size).map(
      (_, k) => columns[Math.floor(k / size) * rows + from + (k % size)],
    );
    rlsUpdate(factor, portion, size, forgetting, sizes);
  }
  const W = new Float64Array(sizes.O * M);
  assert.equal(solveTriangle(W, factor, sizes), -1);
  return W;
}

for (const { name, rows, ridge, sizes, columns, W } of ridgeCases) {
  test(`${name}: without forgetting, row by row is the batch`, () => {
    const batch = new Float64Array(W.length);
    ridgeRegression(batch, new Float64Array(sizes.M * (sizes.M + sizes.O)), columns(), rows, ridge, sizes);
    for (const count of [1, 3])
      assert.ok(relativeError(online(columns(), rows, count, ridge, 1, sizes.M), batch) <= 1e-8);
  });
}

test('with forgetting: the textbook recursion K = P·a/(λ + aᵀPa), w += K·(y − wᵀa), P = (P − K·aᵀP)/λ', () => {
  const [rows, M, ridge, forgetting] = [60, 4, 0.1, 0.9];
  const random = new Random('forgetting');
  const A = new Float64Array(rows * M).map((_, k) => (k % M === 0 ? 1 : random.normal()));
  const Y = new Float64Array(rows).map(() => random.normal());
  // The constant has no penalty here; in the recursion a penalty of 1e-9 stands for none.
  let P = Array.from({ length: M }, (_, i) => Array.from({ length: M }, (_, j) => (i === j ? 1 / ridge : 0)));
  P[0][0] = 1e9;
  let w = new Array<number>(M).fill(0);
  for (let t = 0; t < rows; t++) {
    const a = Array.from(A.subarray(t * M, (t + 1) * M));
    const Pa = P.map((row) => row.reduce((sum, value, j) => sum + value * a[j], 0));
    const denominator = forgetting + Pa.reduce((sum, value, j) => sum + value * a[j], 0);
    const error = Y[t] - w.reduce((sum, value, j) => sum + value * a[j], 0);
    w = w.map((value, j) => value + (Pa[j] / denominator) * error);
    P = P.map((row, i) => row.map((value, j) => (value - (Pa[i] * Pa[j]) / denominator) / forgetting));
  }
  for (const count of [1, 7, rows]) {
    const got = online(columnsOf(A, Y, rows, M, 1), rows, count, ridge, forgetting, M);
    assert.ok(relativeError(got, w) < 1e-6, `portions of ${count}: ${got} and ${w}`);
  }
});

test('forgetting follows a relation that changed; without it the average stays', () => {
  const rows = 400;
  const random = new Random('change');
  const A = new Float64Array(rows * 2).map((_, k) => (k % 2 === 0 ? 1 : random.normal()));
  const Y = new Float64Array(rows).map((_, t) => (t < rows / 2 ? 1 : -1) * A[t * 2 + 1]);
  const slope = (forgetting: number) => online(columnsOf(A, Y, rows, 2, 1), rows, 1, 1e-6, forgetting, 2)[1];
  assert.ok(Math.abs(slope(0.9) + 1) < 1e-6);
  assert.ok(Math.abs(slope(1)) < 0.2);
});
