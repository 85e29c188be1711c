import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENGINE_BOUND, FINITE_DIFFERENCE_BOUND, VERIFY_CASES, verifyGradients } from './verify.js';

test('every cell, variant and stack passes, and the figures are those of a real check', () => {
  const rows = [...verifyGradients()];
  assert.ok(rows.length >= 15);
  assert.equal(rows.length, VERIFY_CASES);
  for (const { name, finiteDifferences, engine, ok } of rows) {
    assert.ok(ok, name);
    // Rounding leaves its trace in every honest comparison: an exact zero would mean that nothing was compared.
    assert.ok(finiteDifferences > 0 && finiteDifferences <= FINITE_DIFFERENCE_BOUND, `${name}: ${finiteDifferences}`);
    assert.ok(engine > 0 && engine <= ENGINE_BOUND, `${name}: ${engine}`);
  }
});
