/** Eigenvalue moduli of Hessenberg matrices, against LAPACK's and closed forms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hessenbergEigenvalueModuli } from './hessenberg-eigenvalues.js';
import { eigenvalueCases, relativeError } from './reservoir-references.test.support.js';

function moduliOf(matrix: ArrayLike<number>, n: number): Float64Array {
  const moduli = new Float64Array(n);
  assert.equal(hessenbergEigenvalueModuli(moduli, Float64Array.from(matrix), n), true);
  return moduli.sort();
}

const isHessenberg = (matrix: Float64Array, n: number) =>
  matrix.every((value, k) => value === 0 || Math.floor(k / n) <= (k % n) + 1);

for (const { name, n, matrix, moduli } of eigenvalueCases.filter(({ matrix, n }) => isHessenberg(matrix, n))) {
  test(`${name}: LAPACK's moduli`, () => {
    const off = relativeError(moduliOf(matrix, n), moduli);
    assert.ok(off < 1e-12, `off by ${off}`);
  });
}

test('a tridiagonal Toeplitz matrix: a + 2·√(bc)·cos(kπ/(n+1))', () => {
  const [n, a, b, c] = [12, 0.3, 2, 0.5];
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = a;
    if (i > 0) matrix[i * n + i - 1] = c;
    if (i < n - 1) matrix[i * n + i + 1] = b;
  }
  const expected = Float64Array.from({ length: n }, (_, k) =>
    Math.abs(a + 2 * Math.sqrt(b * c) * Math.cos(((k + 1) * Math.PI) / (n + 1))),
  ).sort();
  assert.ok(relativeError(moduliOf(matrix, n), expected) < 1e-13);
});

test('a companion matrix has the roots of its polynomial: (x − 3)(x + 2)(x² + 2x + 17)', () => {
  // x⁴ + x³ + 9x² − 29x − 102; the pair −1 ± 4i has modulus √17.
  const matrix = [-1, -9, 29, 102, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
  assert.ok(relativeError(moduliOf(matrix, 4), [2, 3, Math.sqrt(17), Math.sqrt(17)]) < 1e-14);
});

test('a cyclic shift, which the ordinary shifts map onto itself, is taken apart all the same', () => {
  for (const n of [3, 4, 16]) {
    const matrix = new Float64Array(n * n).map((_, k) => (k % n === (Math.floor(k / n) + n - 1) % n ? 2 : 0));
    assert.ok(relativeError(moduliOf(matrix, n), new Float64Array(n).fill(2)) < 1e-13, `n = ${n}`);
  }
});

test('numbers that are not finite are reported, not searched for ever', () => {
  const matrix = Float64Array.of(1, 2, 3, 4, Number.NaN, 6, 0, 8, 9);
  assert.equal(hessenbergEigenvalueModuli(new Float64Array(3), matrix, 3), false);
});
