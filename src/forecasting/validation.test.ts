import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validationOrigins } from './validation.js';

test('any length and horizon: origins ascend, keep a horizon free behind them and between them', () => {
  for (let horizon = 1; horizon <= 40; horizon++) {
    for (let length = 0; length <= 300; length++) {
      const origins = validationOrigins(length, horizon);
      const what = `length ${length}, horizon ${horizon}: ${origins}`;
      assert.ok(origins.length <= 3, what);
      origins.forEach((origin, i) => {
        assert.ok(Number.isInteger(origin) && origin >= 1, what);
        assert.ok(origin <= length - horizon, what);
        if (i > 0) assert.ok(origin - origins[i - 1] >= horizon, what);
      });
      if (origins.length === 0) continue;
      assert.equal(origins[origins.length - 1], length - horizon, `${what}: the last one uses all the values`);
      // More than one origin may take at most three tenths of the history away.
      if (origins.length > 1) assert.ok(length - origins[0] <= 0.3 * length + 1e-9, what);
      assert.ok(origins[0] >= horizon / 2, what);
    }
  }
});

test('none where the history cannot spare a horizon', () => {
  for (let horizon = 1; horizon <= 40; horizon++)
    for (let length = 0; length <= horizon; length++) assert.deepEqual(validationOrigins(length, horizon), []);
  assert.deepEqual(validationOrigins(5, 1), []);
});

test('a longer history never has fewer origins; a long one has several', () => {
  for (const horizon of [1, 7, 12, 48]) {
    let before = 0;
    for (let length = 0; length <= 40 * horizon; length++) {
      const { length: count } = validationOrigins(length, horizon);
      assert.ok(count >= before, `length ${length}, horizon ${horizon}`);
      before = count;
    }
    assert.ok(before > 1);
  }
  // Twelve years of months, a year apart.
  assert.deepEqual(validationOrigins(144, 12).slice(-2), [120, 132]);
});
