import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { normalQuantile } from './normal.js';

/** [p, Φ⁻¹(p)] by scipy; see make_normal.py. */
const POINTS: [number, number][] = JSON.parse(
  readFileSync(new URL('../../src/forecasting/fixtures/normal-quantiles.json', import.meta.url), 'utf8'),
);

test('quantiles as in scipy, from the middle to 1e-300 and across the seams of the approximation', () => {
  for (const [p, expected] of POINTS) {
    const error = Math.abs(normalQuantile(p) - expected);
    assert.ok(error <= 4e-15 * Math.max(0.05, Math.abs(expected)), `p ${p}: off by ${error}`);
  }
});

test('the quantile function is odd about a half and strictly increasing', () => {
  assert.equal(normalQuantile(0.5), 0);
  let before = Number.NEGATIVE_INFINITY;
  for (let k = 1; k < 4096; k++) {
    const p = k / 4096;
    const value = normalQuantile(p);
    assert.ok(value > before);
    assert.equal(value + normalQuantile(1 - p), 0);
    before = value;
  }
});
