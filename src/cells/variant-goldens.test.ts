/**
 * The variants that PyTorch does not have as layers, against its automatic differentiation of their equations written
 * out (fixtures/make_variant_goldens.py): outputs, final states and every gradient, to 1e-12 relative per array.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../random.js';
import type { SequenceSizes } from './sequence-sizes.js';
import { relativeError } from './torch-goldens.test.support.js';
import { VARIANTS } from './variants.test.support.js';

type Numbers = Record<string, number[]>;
interface VariantCase extends SequenceSizes {
  name: string;
  values: Numbers;
  x: number[];
  wOut: number[];
  ends: Numbers;
  output: number[];
  finals: Numbers;
  dx: number[];
  gradients: Numbers;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../src/cells/fixtures/variant-goldens.json', import.meta.url), 'utf8'),
) as { cases: VariantCase[] };
const arrays = (numbers: Numbers) =>
  Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, Float64Array.from(values)]));

test('every variant has its case', () => {
  assert.deepEqual(
    cases.map(({ name }) => name),
    Object.keys(VARIANTS),
  );
});

for (const { name, T, B, D, H, values, x, wOut, ends, output, finals, dx, gradients } of cases) {
  test(`${name}: output, states and gradients as PyTorch's automatic differentiation`, () => {
    const cell = VARIANTS[name]({ T, B, D, H }, new Random(0), arrays(values));
    const assertClose = (label: string, got: Float64Array, expected: number[]) => {
      const error = relativeError({ label, got, expected });
      assert.ok(error <= 1e-12, `${label}: ${error}`);
    };
    const forward = cell.forward(Float64Array.from(x));
    assertClose('output', forward.y, output);
    for (const [state, expected] of Object.entries(finals))
      assertClose(`final ${state}`, forward.ends[state], expected);
    const backward = cell.backward(Float64Array.from(wOut), arrays(ends));
    assertClose('dx', backward.dx, dx);
    const { h, c } = backward.states;
    const got: Record<string, Float64Array> = { ...backward.parameters, h0: h, ...(c && { c0: c }) };
    assert.deepEqual(Object.keys(got).sort(), Object.keys(gradients).sort());
    for (const [parameter, expected] of Object.entries(gradients))
      assertClose(`d${parameter}`, got[parameter], expected);
  });
}
