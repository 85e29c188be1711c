import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import {
  addForgetBias,
  fillChronoBias,
  fillGlorot,
  fillIdentity,
  fillLogSpreadLeaks,
  fillOrthogonal,
  fillUniform,
} from './initialisation.js';

/** Uniform on ±bound has mean 0 and variance bound²/3; both within five standard errors, and the range used to its ends. */
function assertUniform(values: Float64Array, bound: number): void {
  assert.ok(values.every((value) => value >= -bound && value < bound));
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value) / n;
  const variance = values.reduce((sum, value) => sum + value * value) / n;
  assert.ok(Math.abs(mean) < (5 * bound) / Math.sqrt(3 * n), `${mean}`);
  // The variance of u² on ±bound is (1/5 − 1/9)·bound⁴.
  assert.ok(Math.abs(variance - (bound * bound) / 3) < (5 * 0.2982 * bound * bound) / Math.sqrt(n), `${variance}`);
  assert.ok(Math.max(...values) > 0.995 * bound && Math.min(...values) < -0.995 * bound);
}

test('uniform in ±1/√H: within the bounds, and up to them', () => {
  const values = new Float64Array(20_000).fill(9);
  fillUniform(values, 25, new Random(1));
  assertUniform(values, 0.2);
});

test('Glorot: uniform in ±√(6 / (inputs + outputs))', () => {
  const W = new Float64Array(100 * 200).fill(9);
  fillGlorot(W, 100, 200, new Random(1));
  assertUniform(W, Math.sqrt(0.02));
});

test('Glorot fills one matrix of a stack, and leaves the rest', () => {
  const W = new Float64Array(20).fill(9);
  fillGlorot(W.subarray(6), 2, 3, new Random(1));
  assert.deepEqual(
    [...W].map((value) => value === 9),
    [...W].map((_, k) => k < 6 || k >= 12),
  );
});

for (const [rows, columns] of [
  [1, 1],
  [40, 40],
  [7, 30],
  [30, 7],
]) {
  test(`orthogonal [${rows},${columns}]: the vectors of the shorter side have length gain and are at right angles`, () => {
    const W = new Float64Array(rows * columns).fill(9);
    fillOrthogonal(W, rows, columns, new Random('orthogonal'), 1.5);
    const wide = rows <= columns;
    const [count, length] = wide ? [rows, columns] : [columns, rows];
    const entry = (v: number, k: number) => (wide ? W[v * columns + k] : W[k * columns + v]);
    for (let u = 0; u < count; u++) {
      for (let v = 0; v < count; v++) {
        let product = 0;
        for (let k = 0; k < length; k++) product += entry(u, k) * entry(v, k);
        assert.ok(Math.abs(product - (u === v ? 2.25 : 0)) < 1e-14, `${u}·${v} = ${product}`);
      }
    }
  });
}

test('orthogonal matrices are drawn from all of them alike: mean 0, E w² = 1/n, E w⁴ = 3/(n(n+2)), both determinants', () => {
  const n = 4;
  const random = new Random('all alike');
  const draws = 4000;
  let [first, second, fourth, positive] = [0, 0, 0, 0];
  const W = new Float64Array(n * n);
  for (let draw = 0; draw < draws; draw++) {
    fillOrthogonal(W, n, n, random);
    // The last entry too, which a careless sign convention would give away.
    const w = W[n * n - 1];
    first += w / draws;
    second += (w * w) / draws;
    fourth += (w * w * w * w) / draws;
    if (determinant(W, n) > 0) positive++;
  }
  assert.ok(Math.abs(first) < 0.04 && Math.abs(second - 0.25) < 0.02 && Math.abs(fourth - 0.125) < 0.02);
  assert.ok(Math.abs(positive / draws - 0.5) < 0.04);
});

/** By expansion along the first row. */
function determinant(A: ArrayLike<number>, n: number): number {
  if (n === 1) return A[0];
  return Array.from({ length: n }, (_, column) => {
    const minor = Array.from(A).filter((_, k) => k >= n && k % n !== column);
    return (column % 2 === 0 ? 1 : -1) * A[column] * determinant(minor, n - 1);
  }).reduce((sum, term) => sum + term);
}

test('identity, and a multiple of it', () => {
  const Wh = new Float64Array(4).fill(9);
  fillIdentity(Wh, 2);
  assert.deepEqual([...Wh], [1, 0, 0, 1]);
  fillIdentity(Wh, 2, 0.01);
  assert.deepEqual([...Wh], [0.01, 0, 0, 0.01]);
});

test('the forget bias goes on the second quarter of i f g o, and adds', () => {
  const b = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  addForgetBias(b, 0.5, 2);
  assert.deepEqual([...b], [1, 2, 3.5, 4.5, 5, 6, 7, 8]);
});

test('chrono: e^b_f uniform in 1 … longest − 1, b_i = −b_f, g and o untouched', () => {
  const [H, longest] = [5000, 200];
  const b = new Float64Array(4 * H).fill(9);
  fillChronoBias(b, longest, H, new Random('chrono'));
  for (let j = 0; j < H; j++) assert.equal(b[j], -b[H + j]);
  assert.ok(b.subarray(2 * H).every((value) => value === 9));
  const half = (longest - 2) / 2;
  assertUniform(
    b.slice(H, 2 * H).map((value) => Math.exp(value) - 1 - half),
    half * (1 + 1e-12),
  );
  // Time constants 1/(1 − f) then lie in 2 … longest.
  const constants = [...b.slice(H, 2 * H)].map((value) => 1 + Math.exp(value));
  assert.ok(Math.min(...constants) >= 2 - 1e-12 && Math.max(...constants) <= longest * (1 + 1e-12));
});

test('log-spread leaks: equal ratios from the fastest to the slowest, both exact', () => {
  const leak = new Float64Array(4);
  fillLogSpreadLeaks(leak, 1, 0.001);
  for (const [j, expected] of [1, 0.1, 0.01, 0.001].entries()) assert.ok(Math.abs(leak[j] / expected - 1) < 1e-14);
  assert.equal(leak[0], 1);
  assert.equal(leak[3], 0.001);
  const one = new Float64Array(1);
  fillLogSpreadLeaks(one, 0.5, 0.1);
  assert.equal(one[0], 0.5);
});

test('the same seed gives the same numbers', () => {
  for (const fill of [
    (W: Float64Array, random: Random) => fillGlorot(W, 3, 3, random),
    (W: Float64Array, random: Random) => fillOrthogonal(W, 3, 3, random),
    (W: Float64Array, random: Random) => fillChronoBias(W, 50, 2, random),
  ]) {
    const [a, b, c] = [1, 1, 2].map((seed) => {
      const W = new Float64Array(9);
      fill(W, new Random(seed));
      return W;
    });
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
  }
});
