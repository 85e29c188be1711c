/** Products of Jacobians whose singular values, exponents and gradients are known by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillOrthogonal } from '../../cells/initialisation.js';
import { Random } from '../../random.js';
import { gradientByLag } from './gradient-by-lag.js';
import type { LayerWeights } from './layer-weights.js';
import { lyapunovExponents } from './lyapunov.js';
import { NetworkRun } from './network-run.js';
import { largestSingularValue } from './singular-value.js';

/** A tanh network that rests at zero, where tanh′ = 1: its Jacobian is Wh at every step. */
function atRest(Wh: Float64Array, H: number, steps: number): NetworkRun {
  const weights: LayerWeights = {
    cell: 'rnn',
    ...{ Wx: new Float64Array(H), Wh, b: new Float64Array(H), leak: new Float64Array(H).fill(1) },
    ...{ nonlinearity: 'tanh' as const, hiddenSize: H },
  };
  return new NetworkRun([weights], new Float64Array(steps));
}

/** Q·diag(values)·Qᵀ, Q orthogonal. */
function symmetric(values: readonly number[]): Float64Array {
  const n = values.length;
  const Q = new Float64Array(n * n);
  fillOrthogonal(Q, n, n, new Random('basis'));
  const A = new Float64Array(n * n);
  for (let r = 0; r < n; r++)
    for (let c = 0; c < n; c++) for (let k = 0; k < n; k++) A[r * n + c] += Q[r * n + k] * values[k] * Q[c * n + k];
  return A;
}

const near = (got: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(got - expected) <= tolerance, `${got} for ${expected}`);

test('a symmetric linear network: σ₁ over a lag is a power of the largest eigenvalue, exponents are the logs of all', () => {
  const values = [1.1, 0.9, 0.5, 0.2];
  const run = atRest(symmetric(values), 4, 400);
  for (const lag of [1, 10, 100, 400]) near(largestSingularValue(run, lag), lag * Math.log10(1.1), 1e-4);
  const exponents = lyapunovExponents(run, { count: 4 });
  values.forEach((value, k) => {
    near(exponents[k], Math.log(value), 1e-6);
  });
});

test('a shear: the product of n of them is known, and grows before it fades', () => {
  // A = a·[1 s; 0 1], Aⁿ = aⁿ·[1 n·s; 0 1], σ₁(Aⁿ) = aⁿ·(n·s + √(n²s² + 4))/2.
  const [a, s] = [0.9, 1];
  const run = atRest(Float64Array.of(a, a * s, 0, a), 2, 60);
  for (const n of [1, 5, 20, 60]) {
    const sigma = n * Math.log10(a) + Math.log10((n * s + Math.sqrt(n * n * s * s + 4)) / 2);
    near(largestSingularValue(run, n), sigma, 1e-5);
  }
  assert.ok(largestSingularValue(run, 5) > 0, 'every eigenvalue is below 1, and yet');
});

test('far beyond the range of numbers: 0.3 and 3 over 2000 steps', () => {
  const chain = atRest(Float64Array.of(0.3), 1, 2001);
  const { h } = gradientByLag(chain, Float64Array.of(1), 2000);
  [0, 1, 2, 3, 4, 5, 100, 2000].forEach((lag) => {
    near(h[lag], lag * Math.log10(0.3), 1e-9);
  });
  near(10 ** h[5], 0.00243, 1e-12);
  near(largestSingularValue(chain, 2000), 2000 * Math.log10(0.3), 1e-9);
  const growing = atRest(Float64Array.of(3), 1, 2001);
  near(gradientByLag(growing, Float64Array.of(1), 2000).h[2000], 2000 * Math.log10(3), 1e-9);
});

test('what is dead is −∞, without NaN', () => {
  const run = atRest(Float64Array.of(0, 1, 0, 0), 2, 10);
  assert.equal(largestSingularValue(run, 3), Number.NEGATIVE_INFINITY);
  assert.equal(gradientByLag(run, Float64Array.of(1, 1), 5).h[5], Number.NEGATIVE_INFINITY);
  assert.equal(lyapunovExponents(run)[0], Number.NEGATIVE_INFINITY);
});
