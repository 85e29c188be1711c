import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleTask } from './sample.js';

test('a sample of the adding problem asks for the sum of its two marked numbers', () => {
  const { x, target, steps, inputSize } = sampleTask('adding', 40, 7);
  let [sum, marks] = [0, 0];
  for (let t = 0; t < steps; t++) {
    if (x[t * inputSize + 1] !== 1) continue;
    sum += x[t * inputSize];
    marks += 1;
  }
  assert.equal(marks, 2);
  assert.ok(Math.abs(target[steps - 1] - sum) < 1e-6);
  assert.deepEqual(sampleTask('adding', 40, 7).x, x);
  assert.notDeepEqual(sampleTask('adding', 40, 8).x, x);
});
