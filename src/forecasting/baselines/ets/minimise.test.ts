import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimise, type Objective } from './minimise.js';

const LIMITS = { iterations: 200, gain: 1e-14, step: 1 };

/** Rosenbrock 1960: a curved valley with its minimum 0 at (1, 1). */
const valley: Objective = {
  value: ([x, y]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2,
  gradient: ([x, y], d) => {
    d[0] = -400 * x * (y - x * x) - 2 * (1 - x);
    d[1] = 200 * (y - x * x);
  },
};

test('follows a curved valley to its end', () => {
  const z = Float64Array.of(-1.2, 1);
  assert.ok(minimise(valley, z, [1, 1], LIMITS) < 1e-10);
  assert.ok(Math.abs(z[0] - 1) < 1e-4 && Math.abs(z[1] - 1) < 1e-4, `${z}`);
});

test('finds the minimum of a quadratic in many scales, some of its directions flat', () => {
  const scales = [1e-3, 1, 50, 4000, 0];
  const z = new Float64Array(5).fill(3);
  const bowl: Objective = {
    value: (x) => scales.reduce((sum, scale, i) => sum + scale * (x[i] - i) ** 2, 7),
    gradient: (x, d) => {
      for (let i = 0; i < d.length; i++) d[i] = 2 * scales[i] * (x[i] - i);
    },
  };
  assert.ok(minimise(bowl, z, new Float64Array(5).fill(1), LIMITS) - 7 < 1e-9);
  assert.equal(z[4], 3);
});

test('stops before a wall, and says when it starts behind one', () => {
  const walled: Objective = {
    value: ([x]) => (x > 1 ? Number.POSITIVE_INFINITY : -x),
    gradient: (_, d) => {
      d[0] = -1;
    },
  };
  const z = Float64Array.of(0);
  const value = minimise(walled, z, [1], LIMITS);
  assert.ok(value === -z[0] && z[0] > 0.9 && z[0] <= 1, `${z}`);
  assert.equal(minimise(walled, Float64Array.of(2), [1], LIMITS), Number.POSITIVE_INFINITY);
});

test('one iteration at most goes one step', () => {
  const z = Float64Array.of(-1.2, 1);
  const before = valley.value(z);
  assert.ok(minimise(valley, z, [1, 1], { ...LIMITS, iterations: 1, step: 0.01 }) < before);
  assert.ok(Math.abs(z[0] + 1.2) <= 0.01 + 1e-12 && Math.abs(z[1] - 1) <= 0.01 + 1e-12);
});
