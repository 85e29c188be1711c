/** A drawn reservoir has the density, the scales and the spectral radius that were asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { drawReservoir, type ReservoirScales } from './reservoir.js';
import { denseFromSparse } from './sparse-matrix.js';

const SCALES: ReservoirScales = {
  density: 0.2,
  spectralRadius: 0.8,
  inputScaling: 0.5,
  biasScaling: 0.3,
  feedback: 0.7,
};
const draw = (N: number, scales: Partial<ReservoirScales> = {}, seed = 1) =>
  drawReservoir({ N, D: 3, O: 2 }, { ...SCALES, ...scales }, new Random(seed));

/** ρ = lim ‖A^k‖^{1/k} (Gelfand), by squaring 40 times with the logarithm of the norm kept apart. */
function gelfandRadius(matrix: Float64Array, n: number): number {
  let A = matrix;
  let logarithm = 0;
  for (let squaring = 0; squaring <= 40; squaring++) {
    const norm = Math.sqrt(A.reduce((sum, value) => sum + value * value, 0));
    logarithm = 2 * logarithm + Math.log(norm);
    const B = A.map((value) => value / norm);
    if (squaring === 40) break;
    A = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) A[i * n + j] += B[i * n + k] * B[k * n + j];
    }
  }
  return Math.exp(logarithm * 2 ** -40);
}

test('the spectral radius, by another method', () => {
  for (const [N, density] of [
    [1, 1],
    [2, 1],
    [30, 0.05],
    [50, 0.2],
    [64, 1],
  ]) {
    for (const spectralRadius of [0.8, 1.3]) {
      const { Wh } = draw(N, { density, spectralRadius });
      const got = gelfandRadius(denseFromSparse(Wh, N, N), N);
      assert.ok(Math.abs(got - spectralRadius) < 1e-6 * spectralRadius, `N ${N}, density ${density}: ${got}`);
    }
  }
});

test('the density: as many different, ascending columns in every row, at least one', () => {
  for (const [N, density, perRow] of [
    [50, 0.2, 10],
    [50, 0.001, 1],
    [50, 1, 50],
    [7, 0.5, 4],
  ]) {
    const { starts, columns, values } = draw(N, { density }).Wh;
    assert.equal(values.length, N * perRow);
    assert.ok(values.every((value) => value !== 0));
    const used = new Set(columns);
    for (let i = 0; i < N; i++) {
      assert.equal(starts[i + 1] - starts[i], perRow);
      const row = [...columns.subarray(starts[i], starts[i + 1])];
      assert.ok(row.every((column, k) => column >= 0 && column < N && (k === 0 || column > row[k - 1])));
    }
    assert.ok(used.size > N / 3, 'columns all over the matrix');
  }
});

test('input weights, biases and feedback fill the range of their scale, evenly', () => {
  const { Wx, b, Wfb } = draw(800);
  for (const [values, length, scale] of [
    [Wx, 2400, 0.5],
    [b, 800, 0.3],
    [Wfb as Float64Array, 1600, 0.7],
  ] as const) {
    assert.equal(values.length, length);
    assert.ok(values.every((value) => Math.abs(value) <= scale));
    assert.ok(Math.max(...values) > 0.99 * scale && Math.min(...values) < -0.99 * scale);
    const variance = values.reduce((sum, value) => sum + value * value, 0) / length;
    assert.ok(Math.abs(variance / ((scale * scale) / 3) - 1) < 0.1, `variance ${variance}`);
  }
  assert.equal(draw(20, { feedback: 0 }).Wfb, undefined);
});

test('the seed decides everything, and a scale changes nothing but its own part', () => {
  assert.deepEqual(draw(40), draw(40));
  assert.notDeepEqual(draw(40).Wh.values, draw(40, {}, 2).Wh.values);
  const [one, other] = [draw(40), draw(40, { inputScaling: 1, feedback: 0 })];
  assert.deepEqual(one.Wh, other.Wh);
  assert.deepEqual(one.b, other.b);
  assert.deepEqual(
    one.Wx.map((value) => value * 2),
    other.Wx,
  );
});
