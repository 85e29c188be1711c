/** The spectral radius against LAPACK's eigenvalues, the largest a complex pair more often than not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { eigenvalueCases } from './reservoir-references.test.support.js';
import { spectralRadius } from './spectral-radius.js';

const product = (A: Float64Array, n: number) => (out: Float64Array, v: Float64Array) => {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += A[i * n + j] * v[j];
    out[i] = sum;
  }
};

for (const { name, n, matrix, moduli } of eigenvalueCases) {
  test(`${name}: LAPACK's largest modulus, whatever the start vector`, () => {
    for (const seed of [1, 2, 3]) {
      const got = spectralRadius(product(matrix, n), n, new Random(seed));
      const off = Math.abs(got - moduli[n - 1]) / moduli[n - 1];
      assert.ok(off <= 1e-9, `seed ${seed}: ${got}, off by ${off}`);
    }
  });
}

test('a large matrix with a known pair: blocks of rotations scaled to 0.9 · k/400, mixed by reflections', () => {
  const n = 800;
  const u = new Float64Array(n).map((_, k) => 1 / (k + 1));
  const reflect = (v: Float64Array) => {
    let [overlap, size] = [0, 0];
    for (let k = 0; k < n; k++) {
      overlap += u[k] * v[k];
      size += u[k] * u[k];
    }
    return v.map((value, k) => value - (2 * overlap * u[k]) / size);
  };
  const multiply = (out: Float64Array, v: Float64Array) => {
    const w = reflect(v);
    for (let k = 0; k < n; k += 2) {
      const scale = (0.9 * (k / 2 + 1)) / (n / 2);
      out[k] = scale * (0.6 * w[k] - 0.8 * w[k + 1]);
      out[k + 1] = scale * (0.8 * w[k] + 0.6 * w[k + 1]);
    }
    out.set(reflect(out));
  };
  let products = 0;
  const got = spectralRadius(
    (out, v) => {
      products += 1;
      multiply(out, v);
    },
    n,
    new Random('large'),
  );
  assert.ok(Math.abs(got - 0.9) < 0.9e-6, `${got}`);
  assert.ok(products < n, `${products} products: not the whole space`);
});

test('the zero matrix has radius 0, and numbers that are not finite give NaN', () => {
  for (const n of [1, 5, 120]) {
    assert.equal(
      spectralRadius((out) => out.fill(0), n, new Random(0)),
      0,
    );
  }
  assert.ok(Number.isNaN(spectralRadius((out) => out.fill(Number.POSITIVE_INFINITY), 5, new Random(0))));
});
