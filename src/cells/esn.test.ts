/** One step of the reservoir by its equation, and the echo-state property. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { type EsnWeights, esnStep } from './esn.js';
import { drawReservoir } from './reservoir.js';
import { sparseFromDense } from './sparse-matrix.js';

test('a step worked by hand: leak, input, recurrence, feedback, bias and noise each have their part', () => {
  const weights: EsnWeights = {
    Wx: Float64Array.of(0.5, -1, 0.25, 2),
    Wh: sparseFromDense([0, 0.4, -0.6, 0.1], 2, 2),
    b: Float64Array.of(0.05, -0.15),
    Wfb: Float64Array.of(0.3, -0.7),
  };
  const h = Float64Array.of(0.2, -0.3);
  const x = Float64Array.of(9, 9, 0.8, 0.1);
  const z = new Float64Array(2);
  esnStep(h, z, x, 2, Float64Array.of(0.5), weights, 0.3, Float64Array.of(0.01, 0.02));
  // z₁ = .5·.8 − 1·.1 + .4·(−.3) + .3·.5 + .05 + .01 ; z₂ = .25·.8 + 2·.1 − .6·.2 + .1·(−.3) − .7·.5 − .15 + .02
  const [z1, z2] = [0.39, -0.23];
  assert.ok(Math.abs(z[0] - z1) < 1e-15 && Math.abs(z[1] - z2) < 1e-15, `${z}`);
  assert.ok(Math.abs(h[0] - (0.7 * 0.2 + 0.3 * Math.tanh(z1))) < 1e-15, `${h}`);
  assert.ok(Math.abs(h[1] - (0.7 * -0.3 + 0.3 * Math.tanh(z2))) < 1e-15, `${h}`);
});

/** max |h − h′| of two random initial states after `steps` under the same input, over reservoirs of several seeds. */
function distance(spectralRadius: number, leak: number, steps: number, inputScaling = 0.3): number {
  let worst = 0;
  for (const seed of [1, 2, 3]) {
    const N = 60;
    const random = new Random(seed);
    const scales = { density: 0.1, spectralRadius, inputScaling, biasScaling: 0, feedback: 0 };
    const weights = drawReservoir({ N, D: 1, O: 1 }, scales, random);
    const states = [0, 1].map(() => new Float64Array(N).map(() => random.uniform(-1, 1)));
    const z = new Float64Array(N);
    for (let t = 0; t < steps; t++) {
      const x = Float64Array.of(random.uniform(-1, 1));
      for (const h of states) esnStep(h, z, x, 0, new Float64Array(1), weights, leak, undefined);
    }
    worst = Math.max(worst, ...states[0].map((value, i) => Math.abs(value - states[1][i])));
  }
  return worst;
}

test('echo states: two initial states converge under the same input when ρ < 1, and faster for a smaller ρ', () => {
  assert.ok(distance(0.9, 1, 0) > 1);
  assert.ok(distance(0.9, 1, 600) < 1e-12, `${distance(0.9, 1, 600)}`);
  assert.ok(distance(0.5, 1, 60) < 1e-12, `${distance(0.5, 1, 60)}`);
  assert.ok(distance(0.9, 0.3, 1500) < 1e-12, 'leaky');
  assert.ok(distance(0.5, 1, 20) < 0.01 * distance(0.9, 1, 20));
});

test('a large spectral radius has no echo states: the initial state is never forgotten', () => {
  assert.ok(distance(3, 1, 2000) > 0.1, `${distance(3, 1, 2000)}`);
});
