/**
 * The cells against PyTorch in float64 (fixtures/make_torch_goldens.py): output, final states and every gradient, to
 * 1e-12 relative per array.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compare, type GoldenCase, relativeError } from './torch-goldens.test.support.js';

export type { GoldenCase } from './torch-goldens.test.support.js';

const TOLERANCE = 1e-12;

const { cases } = JSON.parse(
  readFileSync(new URL('../../src/cells/fixtures/torch-goldens.json', import.meta.url), 'utf8'),
) as { cases: GoldenCase[] };

test('there are 16 cases', () => assert.equal(cases.length, 16));

for (const golden of cases) {
  test(`${golden.name}: output, states and gradients as PyTorch`, () => {
    const comparisons = compare(golden);
    // Output, dx, every parameter; and each state and its gradient, once per layer and direction.
    const states = (golden.kind === 'LSTM' ? 4 : 2) * golden.h0.shape[0];
    assert.equal(comparisons.length, 2 + Object.keys(golden.dparams).length + states);
    for (const comparison of comparisons) {
      const error = relativeError(comparison);
      assert.ok(error <= TOLERANCE, `${comparison.label}: ${error}`);
    }
  });
}
