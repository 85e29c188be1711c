import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { mackeyGlass, mackeyGlass84 } from './mackey-glass.js';
import { varianceOf } from './nrmse.js';

test('84 steps ahead, N = 400: NRMSE ≤ 1e-3, and below the 2.8e-4 of Jaeger 2001', () => {
  const runs = [1, 2].map((seed) => mackeyGlass84(400, seed));
  const errors = runs.map((run) => run.nrmse);
  assert.ok(
    errors.every((error) => error <= 1e-3),
    `${errors}`,
  );
  assert.ok(Math.min(...errors) <= 2.8e-4, `${errors}`);
  for (const { simple, shown } of runs) {
    assert.ok(simple.nrmse > 0.5, `the last value has ${simple.nrmse}`);
    assert.equal(shown.output.length, shown.truth.length);
    // What is shown begins with the first free step, on the truth.
    assert.ok(Math.abs(shown.output[0] - shown.truth[0]) < 1e-3);
    assert.ok(Math.abs(shown.output[50] - shown.truth[50]) < 1e-2);
  }
});

test('the series is the published one', () => {
  const series = mackeyGlass(3000, new Random('a'));
  // Jaeger 2001, figure 4: the squashed series lies in about (−0.5, 0.3).
  assert.ok(Math.min(...series) > -0.6 && Math.min(...series) < -0.4);
  assert.ok(Math.max(...series) > 0.25 && Math.max(...series) < 0.4);
  assert.ok(Math.abs(Math.sqrt(varianceOf(series)) - 0.22) < 0.03, `${Math.sqrt(varianceOf(series))}`);
});
