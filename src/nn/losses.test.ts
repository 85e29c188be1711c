/** Losses against PyTorch (fixtures/make_loss_goldens.py), mpmath, and finite differences. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { Random } from '../random.js';
import {
  crossEntropy,
  type FloatArray,
  gaussianNll,
  gradCheck,
  huber,
  type LossOptions,
  type LossResult,
  mae,
  mse,
  negativeBinomialNll,
  pinball,
} from './index.js';
import { logGamma } from './log-gamma.js';

interface Golden {
  loss: keyof typeof LOSSES;
  options: object;
  output: number[];
  target: (number | null)[];
  weights: number[] | null;
  value: number;
  dOutput: number[];
}
type Loss = <V extends FloatArray>(output: V, target: ArrayLike<number>, options?: never) => LossResult<V>;
const LOSSES = { mse, mae, huber, pinball, gaussianNll, negativeBinomialNll, crossEntropy } as unknown as Record<
  string,
  Loss
>;

const goldens = JSON.parse(
  readFileSync(new URL('../../src/nn/fixtures/loss-goldens.json', import.meta.url), 'utf8'),
) as { losses: Golden[]; counts: [number, number, number, number, number, number][]; logGamma: [number, number][] };

/** max |got − expected| / max |expected|. */
function assertClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(got.length, expected.length, what);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let k = 0; k < expected.length; k++)
    assert.ok(Math.abs(got[k] - expected[k]) <= tolerance * scale, `${what}[${k}]: ${got[k]}, expected ${expected[k]}`);
}

const weighted = ({ options, weights }: Golden) => ({ ...options, ...(weights ? { weights } : {}) }) as never;
const targetsOf = ({ target }: Golden) => Float64Array.from(target, (y) => y ?? Number.NaN);

suite("PyTorch's values", () => {
  goldens.losses.forEach((golden, n) => {
    test(`${golden.loss} ${JSON.stringify(golden.options)}, case ${n}`, () => {
      const loss = LOSSES[golden.loss];
      const exact = loss(Float64Array.from(golden.output), targetsOf(golden), weighted(golden));
      assertClose([exact.loss], [golden.value], 1e-12, 'loss');
      assertClose(exact.dOutput, golden.dOutput, 1e-12, 'dOutput');
      const single = loss(Float32Array.from(golden.output), targetsOf(golden), weighted(golden));
      assert.ok(single.dOutput instanceof Float32Array);
      assertClose([single.loss], [golden.value], 1e-5, 'loss in float32');
      assertClose(single.dOutput, golden.dOutput, 1e-5, 'dOutput in float32');
    });
  });

  test('every loss has its cases', () => {
    assert.deepEqual([...new Set(goldens.losses.map(({ loss }) => loss))].sort(), Object.keys(LOSSES).sort());
  });
});

test('central differences, every loss, with weights and masked targets', () => {
  for (const golden of goldens.losses) {
    const p = { output: Float64Array.from(golden.output) };
    const evaluate = () => LOSSES[golden.loss](p.output, targetsOf(golden), weighted(golden));
    const { worst } = gradCheck(() => evaluate().loss, p, { output: evaluate().dOutput });
    assert.ok(worst <= 1e-7, `${golden.loss}: ${worst}`);
  }
});

test('negative binomial: extreme means, dispersions and counts agree with 60 digits', () => {
  for (const [mean, dispersion, y, loss, dMean, dDispersion] of goldens.counts) {
    const got = negativeBinomialNll(Float64Array.of(mean, dispersion), [y]);
    const what = `raw ${mean}, ${dispersion}, count ${y}`;
    // The loss subtracts ln Γ(y + 1) and the like: its error is that of the largest term.
    const terms = 1 + logGamma(y + 1) + y * Math.abs(Math.log(1e-6)) + Math.abs(loss);
    assert.ok(Math.abs(got.loss - loss) <= 4e-15 * terms, `${what}: loss ${got.loss}, expected ${loss}`);
    assertClose([got.dOutput[0]], [dMean], 1e-12, `${what}: by the mean`);
    assert.ok(
      Math.abs(got.dOutput[1] - dDispersion) <= 1e-10 * Math.abs(dDispersion) + 1e-14,
      `${what}: by the dispersion ${got.dOutput[1]}, expected ${dDispersion}`,
    );
  }
});

test('negative binomial: probabilities of all counts add up to 1, with the mean asked for', () => {
  const least = 1e-9;
  const raw = (value: number) => Math.log(Math.expm1(value - least));
  for (const [mean, dispersion] of [
    [0.7, 0.3],
    [6, 2],
    [12, 1e-4],
  ]) {
    let [total, average] = [0, 0];
    for (let y = 0; y < 2000; y++) {
      const p = Math.exp(-negativeBinomialNll(Float64Array.of(raw(mean), raw(dispersion)), [y], { least }).loss);
      total += p;
      average += p * y;
    }
    assert.ok(Math.abs(total - 1) < 1e-9, `${total}`);
    assert.ok(Math.abs(average / mean - 1) < 1e-6, `${average}`);
  }
});

test('ln Γ to 1e-15', () => {
  for (const [x, expected] of goldens.logGamma)
    assert.ok(Math.abs(logGamma(x) - expected) <= 2e-15 * Math.max(1, Math.abs(expected)), `${x}: ${logGamma(x)}`);
  for (let n = 1, factorial = 1; n < 20; factorial *= n++)
    assert.ok(Math.abs(Math.exp(logGamma(n)) / factorial - 1) < 1e-13);
});

suite('what counts', () => {
  const random = new Random('losses');
  const output = new Float64Array(12).map(() => random.normal());
  const target = new Float64Array(12).map(() => random.normal());

  test('a mask, NaN targets, zero weights and leaving the elements out are the same', () => {
    const left = [0, 3, 4, 7, 11];
    const keep = Array.from(output, (_, k) => !left.includes(k));
    const some = (values: Float64Array) => values.filter((_, k) => keep[k]);
    const short = mse(some(output), some(target));
    const withNaN = target.map((y, k) => (keep[k] ? y : Number.NaN));
    const bad = output.map((value, k) => (keep[k] ? value : Number.NaN));
    for (const [what, result] of Object.entries({
      mask: mse(output, target, { mask: keep }),
      'mask of numbers': mse(output, target, { mask: Uint8Array.from(keep, Number) }),
      'NaN targets': mse(output, withNaN),
      'zero weights': mse(output, target, { weights: keep.map(Number) }),
      'NaN outputs under the mask': mse(bad, target, { mask: keep }),
    })) {
      assert.equal(result.loss, short.loss, what);
      assert.deepEqual(some(result.dOutput), short.dOutput, what);
      for (const k of left) assert.ok(Object.is(result.dOutput[k], 0), what);
    }
  });

  test('a weight of 2 is the element twice', () => {
    const twice = mae(Float64Array.of(1, 1, 5), [0.5, 0.5, 9]);
    assert.equal(mae(Float64Array.of(1, 5), [0.5, 9], { weights: [2, 1] }).loss, twice.loss);
  });

  test('nothing counts: loss 0 and gradient 0', () => {
    const nothing = huber(Float64Array.of(1, 2), [Number.NaN, 3], { mask: [1, 0] });
    assert.equal(nothing.loss, 0);
    assert.deepEqual(nothing.dOutput, new Float64Array(2));
    assert.equal(crossEntropy(Float64Array.of(1, 2), [-100]).loss, 0);
    assert.equal(mse(new Float32Array(0), []).loss, 0);
  });

  test('a NaN output that counts is not hidden', () => {
    assert.ok(Number.isNaN(mse(Float64Array.of(Number.NaN, 1), [1, 1]).loss));
    assert.ok(Number.isNaN(pinball(Float64Array.of(Number.NaN), [1], { levels: [0.5] }).loss));
  });

  test('large logits neither overflow nor vanish', () => {
    const { loss, dOutput } = crossEntropy(Float64Array.of(1000, 0, -1000), [1]);
    assert.equal(loss, 1000);
    assert.deepEqual(dOutput, Float64Array.of(1, -1, 0));
  });

  test('the inputs are left alone', () => {
    const copies = [output.slice(), target.slice()];
    gaussianNll(output, target.subarray(0, 6));
    mse(output, target);
    assert.deepEqual([output, target], copies);
  });
});

test('wrong arguments are refused, each with its code', () => {
  const two = Float64Array.of(1, 2);
  const cases: [string, () => unknown][] = [
    ['wrong_array_type', () => mse([1, 2] as never, [1, 2])],
    ['wrong_length', () => mse(two, [1])],
    ['wrong_length', () => pinball(two, [1], { levels: [0.1, 0.5, 0.9] })],
    ['wrong_length', () => pinball(two, [1], { levels: [0.1, 0.9], targetSize: 2 })],
    ['wrong_length', () => mse(two, two, { mask: [1] })],
    ['wrong_length', () => mse(two, two, { weights: [1] })],
    ['wrong_length', () => crossEntropy(Float64Array.of(1, 2, 3), [0, 1])],
    ['bad_weight', () => mse(two, two, { weights: [1, -1] })],
    ['bad_weight', () => mse(two, two, { weights: [1, Number.NaN] } as LossOptions)],
    ['bad_levels', () => pinball(two, [1], { levels: [0.1, 1] })],
    ['bad_levels', () => pinball(two, [1], { levels: [] })],
    ['bad_target', () => crossEntropy(two, [2])],
    ['bad_target', () => crossEntropy(two, [0.5])],
    ['bad_target', () => negativeBinomialNll(two, [-1])],
    ['bad_target', () => negativeBinomialNll(two, [1.5])],
    ['invalid_option', () => huber(two, two, { delta: 0 })],
    ['invalid_option', () => gaussianNll(two, [1], { leastScale: -1 })],
    ['invalid_option', () => crossEntropy(two, [1], { classWeights: [1] })],
  ];
  for (const [code, call] of cases) assert.throws(call, { name: 'TidegateError', code }, String(call));
});
