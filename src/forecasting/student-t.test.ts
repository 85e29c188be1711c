import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { twoSidedT } from './student-t.js';

/** [t, freedom, two-sided probability] by R; see make_loss_tests.R. */
const POINTS: [number, number, number][] = JSON.parse(
  readFileSync(new URL('../../src/forecasting/fixtures/loss-tests.json', import.meta.url), 'utf8'),
).t;

test('two-sided probabilities as in R, from the middle far into the tails', () => {
  for (const [t, freedom, expected] of POINTS) {
    const p = twoSidedT(t, freedom);
    assert.ok(Math.abs(p - expected) <= 1e-9 * expected, `t ${t}, ${freedom} degrees: ${p}, not ${expected}`);
  }
});

test('the ends, and what is not defined', () => {
  assert.equal(twoSidedT(0, 3), 1);
  assert.equal(twoSidedT(Number.POSITIVE_INFINITY, 3), 0);
  assert.equal(twoSidedT(Number.NaN, 3), Number.NaN);
  assert.equal(twoSidedT(1, 0), Number.NaN);
});
