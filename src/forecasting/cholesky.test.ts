import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factorise, substitute } from './cholesky.js';

test('a system whose solution is known: the upper triangle is not read, the factor is that of the book', () => {
  // 4 12 −16; 12 37 −43; −16 −43 98 = L·Lᵀ with L = 2; 6 1; −8 5 3.
  const matrix = Float64Array.of(4, Number.NaN, Number.NaN, 12, 37, Number.NaN, -16, -43, 98);
  const b = Float64Array.of(4 + 24 - 48, 12 + 74 - 129, -16 - 86 + 294);
  factorise(matrix, 3, 0);
  assert.deepEqual(
    [0, 3, 4, 6, 7, 8].map((at) => matrix[at]),
    [2, 6, 1, -8, 5, 3],
  );
  substitute(b, matrix, 3);
  for (const [i, value] of b.entries()) assert.ok(Math.abs(value - (i + 1)) < 1e-12, `${b}`);
});

test('a pivot below the least counts as that', () => {
  const matrix = Float64Array.of(1, 0, 1, 1);
  factorise(matrix, 2, 0.25);
  assert.deepEqual([matrix[0], matrix[2], matrix[3]], [1, 1, 0.5]);
});
