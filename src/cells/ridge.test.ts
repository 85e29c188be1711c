/** Ridge regression against 60-digit arithmetic (fixtures/make_reservoir_references.py), and what the penalty does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { solveTriangle } from './least-squares.js';
import { columnsOf, relativeError, ridgeCases } from './reservoir-references.test.support.js';
import { ridgeRegression, setRidgePriorAround } from './ridge.js';

for (const { name, rows, ridge, sizes, columns, W, condition } of ridgeCases) {
  test(`${name}: the exact minimiser`, () => {
    const got = new Float64Array(sizes.M * sizes.O);
    const factor = new Float64Array(sizes.M * (sizes.M + sizes.O));
    assert.equal(ridgeRegression(got, factor, columns(), rows, ridge, sizes), -1);
    // The condition number times the rounding; the normal equations would have its square.
    const bound = 100 * Number.EPSILON * Math.min(condition, 1e7);
    assert.ok(relativeError(got, W) <= bound, `off by ${relativeError(got, W)}, allowed ${bound}`);
  });
}

test('a larger ridge gives smaller weights, larger residuals and the mean of y all the same', () => {
  const [rows, M] = [50, 6];
  const random = new Random('shrinkage');
  const A = new Float64Array(rows * M).map((_, k) => (k % M === 0 ? 1 : random.normal()));
  const Y = new Float64Array(rows).map(() => 5 + random.normal());
  let before = { size: Number.POSITIVE_INFINITY, error: 0 };
  for (const ridge of [0, 1e-6, 1e-2, 1, 10, 100, 1e4, 1e8]) {
    const W = new Float64Array(M);
    ridgeRegression(W, new Float64Array(M * (M + 1)), columnsOf(A, Y, rows, M, 1), rows, ridge, { M, O: 1 });
    const residuals = Array.from(Y, (y, t) => y - W.reduce((sum, w, j) => sum + w * A[t * M + j], 0));
    const now = {
      size: Math.sqrt(W.subarray(1).reduce((sum, w) => sum + w * w, 0)),
      error: residuals.reduce((sum, residual) => sum + residual * residual, 0),
    };
    assert.ok(now.size < before.size && now.error > before.error, `ridge ${ridge}`);
    assert.ok(Math.abs(residuals.reduce((sum, residual) => sum + residual, 0)) < 1e-11, `ridge ${ridge}: mean`);
    before = now;
  }
  assert.ok(before.size < 1e-5, 'in the end nothing but the mean is left');
});

test('a prior around known weights gives them back when there are no rows but one that they fit', () => {
  const sizes = { M: 4, O: 2 };
  const W0 = Float64Array.of(0.5, 1, -2, 3, -0.25, 0, 4, 1);
  const factor = new Float64Array(4 * 6);
  setRidgePriorAround(factor, W0, 1e-3, sizes);
  factor.set([1, 0, 0, 0, 0.5, -0.25]); // the row a = [1, 0, 0, 0], y = W0·a
  const W = new Float64Array(8);
  assert.equal(solveTriangle(W, factor, sizes), -1);
  assert.ok(relativeError(W, W0) < 1e-15);
});
