import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laserError } from './santa-fe-laser.js';

/** No laser: pulses that grow and collapse, between 0 and 255. */
const pulses = Float64Array.from({ length: 1100 }, (_, t) => {
  const age = t % 73;
  return Math.round(127 + 1.6 * age * Math.sin((2 * Math.PI * age) / 7.3));
});

test('learns 1000 points and is compared on the next 100', () => {
  for (const what of ['one step', 'free run'] as const) {
    const run = laserError(pulses, 200, 1, what);
    assert.equal(run.shown.output.length, 100);
    assert.deepEqual(
      run.shown.truth,
      [...pulses.slice(1000)].map((value) => value / 128 - 0.5),
    );
    if (what === 'one step') assert.ok(run.nrmse < 0.5 * run.simple.nrmse, `${run.nrmse}`);
    else assert.ok(run.shown.output.every((value) => value >= -0.5 && value < 1.5));
  }
});

test('a file that is not the data set is refused', () => {
  assert.throws(() => laserError(pulses.subarray(1), 50, 1, 'one step'), { code: 'series_too_short' });
  const wrong = pulses.slice();
  wrong[4] = 256;
  assert.throws(() => laserError(wrong, 50, 1, 'one step'), { code: 'bad_values', message: /number 5 .* is 256/ });
});
