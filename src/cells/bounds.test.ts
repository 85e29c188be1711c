import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import {
  clipByValue,
  commonNorm,
  projectRowNorms,
  projectSpectralNorm,
  projectSpectralRadius,
  spectralNorm,
} from './bounds.js';
import { fillOrthogonal } from './initialisation.js';

const near = (got: number, expected: number, relative = 1e-12) =>
  assert.ok(Math.abs(got - expected) <= relative * Math.abs(expected), `${got} for ${expected}`);
const normal = (seed: string, length: number) => {
  const random = new Random(seed);
  return new Float64Array(length).map(() => random.normal());
};

test('the common norm of several arrays: neither overflow nor underflow on the way, and not finite is seen', () => {
  assert.equal(commonNorm([Float64Array.of(3, 0), Float64Array.of(0, 4)]), 5);
  near(commonNorm([Float64Array.of(3e200, 4e200)]), 5e200);
  near(commonNorm([Float64Array.of(3e-200), Float64Array.of(4e-200)]), 5e-200);
  assert.equal(commonNorm([Float64Array.of(1, Number.NaN, 2)]), Number.NaN);
  assert.equal(commonNorm([Float64Array.of(1, Number.NEGATIVE_INFINITY, 2)]), Number.POSITIVE_INFINITY);
  assert.equal(commonNorm([]), 0);
  assert.equal(commonNorm([new Float64Array(3)]), 0);
});

test('clip by value: each number by itself, NaN stays', () => {
  const values = Float64Array.of(-3, -1, 0.5, 1, Number.POSITIVE_INFINITY, Number.NaN);
  clipByValue([values], 1);
  assert.deepEqual([...values], [-1, -1, 0.5, 1, 1, Number.NaN]);
});

test('max-norm: only the rows that are too long, to the bound, in their direction', () => {
  const W = Float64Array.of(3, 4, 0.3, 0.4, 0, -9);
  projectRowNorms(W, 3, 2, 2);
  near(W[0], 1.2);
  near(W[1], 1.6);
  assert.deepEqual([...W.subarray(2, 4)], [0.3, 0.4]);
  assert.deepEqual([...W.subarray(4)], [0, -2]);
});

/** U·diag(singular)·Vᵀ [rows,columns] with random orthogonal U and V: a matrix whose singular values are known. */
function withSingularValues(singular: number[], rows: number, columns: number): Float64Array {
  const random = new Random('singular values');
  const [U, V] = [new Float64Array(rows * rows), new Float64Array(columns * columns)];
  fillOrthogonal(U, rows, rows, random);
  fillOrthogonal(V, columns, columns, random);
  return new Float64Array(rows * columns).map((_, k) => {
    const [r, c] = [Math.floor(k / columns), k % columns];
    return singular.reduce((sum, s, j) => sum + U[r * rows + j] * s * V[c * columns + j], 0);
  });
}

test('spectral norm: the largest singular value, of matrices made from known ones, however close the next', () => {
  near(spectralNorm(Float64Array.of(3, 0, 0, -7), 2, 2), 7);
  near(spectralNorm(Float64Array.of(1, 1, -1, -1), 2, 2), 2);
  // (√5 + 1)/2 for the shear.
  near(spectralNorm(Float64Array.of(1, 1, 0, 1), 2, 2), 1.618033988749895);
  for (const [rows, columns] of [
    [5, 5],
    [3, 9],
    [9, 3],
    [40, 10],
  ]) {
    for (const singular of [
      [2.5, 1, 0.1],
      [2.5, 2.4999999, 2],
      [2.5, 2.5, 2.5],
      [2.5, 0, 0],
    ])
      near(spectralNorm(withSingularValues(singular, rows, columns), rows, columns), 2.5, 1e-8);
  }
  assert.equal(spectralNorm(new Float64Array(6), 2, 3), 0);
});

test('spectral-norm projection: scaled to the bound where above, untouched where below', () => {
  const W = normal('project', 8 * 5);
  const before = spectralNorm(W, 8, 5);
  const kept = W.slice();
  assert.equal(projectSpectralNorm(W, 8, 5, before * 1.01), before);
  assert.deepEqual(W, kept);
  assert.equal(projectSpectralNorm(W, 8, 5, 0.9), before);
  near(spectralNorm(W, 8, 5), 0.9, 1e-8);
  for (const [k, value] of W.entries()) near(value, (kept[k] * 0.9) / before);
});

test('spectral-radius projection: also for a complex pair, which power iteration never settles on', () => {
  // A rotation by 0.6, 0.8 times 2, seen in a skew basis: eigenvalues 1.2 ± 1.6i, radius 2, norm above it.
  const W = Float64Array.of(1.2, -16, 0.16, 1.2);
  near(projectSpectralRadius(W, 2, 1), 2, 1e-9);
  near(W[1], -8, 1e-9);
  near(projectSpectralRadius(W, 2, 1), 1, 1e-9);
  const triangular = Float64Array.of(0.5, 100, 0, -0.8);
  near(projectSpectralRadius(triangular, 2, 1), 0.8, 1e-9);
  assert.deepEqual([...triangular], [0.5, 100, 0, -0.8], 'a large norm alone is no reason');
});

test('after the projection the powers of the matrix stop growing', () => {
  const n = 30;
  const W = normal('powers', n * n);
  assert.ok(projectSpectralRadius(W, n, 0.95) > 4);
  let v: Float64Array = normal('start', n);
  for (let step = 0; step < 600; step++)
    v = v.map((_, r) => v.reduce((sum, value, c) => sum + W[r * n + c] * value, 0));
  const growth = Math.exp(Math.log(Math.hypot(...v)) / 600);
  near(growth, 0.95, 0.01);
});

test('not finite: NaN is returned and nothing is scaled', () => {
  const W = Float64Array.of(1, Number.NaN, 2, 3);
  assert.ok(Number.isNaN(projectSpectralNorm(W, 2, 2, 0.1)));
  assert.ok(Number.isNaN(projectSpectralRadius(W, 2, 0.1)));
  assert.deepEqual([...W], [1, Number.NaN, 2, 3]);
});
