import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envelope } from './envelope.js';

test('every part of the axis has the least and the greatest of its values, or none', () => {
  const time = Float64Array.from([0, 1, 2, 3, 8, 9, 10]);
  const y = Float64Array.from([5, -1, Number.NaN, 4, 2, 3, 7]);
  const { low, high } = envelope({ time, y }, [0, 10], 3);
  assert.deepEqual([...low], [-1, 4, 2]);
  assert.deepEqual([...high], [5, 4, 7]);
  const empty = envelope({ time, y }, [20, 30], 2);
  assert.ok([...empty.low, ...empty.high].every(Number.isNaN));
});
