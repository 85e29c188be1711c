/** Sparse matrices say the same as the dense ones they come from. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSparseProduct, denseFromSparse, sparseFromDense } from './sparse-matrix.js';

test('dense to sparse and back, empty rows and all; the product adds to what is there', () => {
  const dense = Float64Array.of(0, 2, 0, -1, 0, 0, 0, 0, 3, 0.5, 0, -4);
  const A = sparseFromDense(dense, 4, 3);
  assert.deepEqual([...A.starts], [0, 1, 2, 3, 5]);
  assert.deepEqual([...A.columns], [1, 0, 2, 0, 2]);
  assert.deepEqual(denseFromSparse(A, 4, 3), dense);
  const out = Float64Array.of(100, 200, 300, 400);
  addSparseProduct(out, A, Float64Array.of(10, 20, 30));
  assert.deepEqual([...out], [140, 190, 390, 285]);
});

test('a matrix without entries adds nothing', () => {
  const out = Float64Array.of(1, 2);
  addSparseProduct(out, sparseFromDense(new Float64Array(4), 2, 2), Float64Array.of(5, 6));
  assert.deepEqual([...out], [1, 2]);
});
