import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { addForgetBias, fillUniform } from './initialisation.js';

test('uniform in ±1/√H: within the bounds, and up to them', () => {
  const values = new Float64Array(20_000).fill(9);
  fillUniform(values, 25, new Random(1));
  assert.ok(values.every((value) => value >= -0.2 && value < 0.2));
  // Uniform on ±a has mean 0 and variance a²/3; at this count the standard errors are 0.0008 and 0.00008.
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value) / values.length;
  assert.ok(Math.abs(mean) < 0.004, `${mean}`);
  assert.ok(Math.abs(variance - 0.04 / 3) < 0.0004, `${variance}`);
  assert.ok(Math.max(...values) > 0.199 && Math.min(...values) < -0.199);
});

test('the forget bias goes on the second quarter of i f g o, and adds', () => {
  const b = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  addForgetBias(b, 0.5, 2);
  assert.deepEqual([...b], [1, 2, 3.5, 4.5, 5, 6, 7, 8]);
});
