import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tiers } from './all-tiers.test.support.js';
import { engineInfo, Network } from './index.js';
import { randomArray, relativeError, testRandom } from './oracle.test.support.js';
import { instantiateIn, moduleOf } from './tier.js';

const { tier: best, allWasmBytes } = engineInfo();

/** Every finite float32 of a coarse grid over all exponents and a fine one over [−20, 20]. */
function arguments32(): Float32Array {
  const values: number[] = [];
  for (let bits = 0; bits < 0x7f800000; bits += 0x3331) values.push(new Float32Array(Uint32Array.of(bits).buffer)[0]!);
  for (let x = 0; x <= 20; x += 1 / 8192) values.push(x);
  const both = [...values, ...values.map((x) => -x)];
  while (both.length % 16 !== 0) both.push(0);
  return Float32Array.from(both);
}

/** The kernels' functions of one number, and how many neighbours of a row of 16 each takes. */
const FUNCTIONS = { sigmaRows: 16, sigmaHalves: 8, tanhHalves: 8, outputHalves: 8, slopeOfTanhArray: 16 };

/** f of every value, whose number is a multiple of 16; `outputHalves` is o·tanh C with o = 1. */
function apply(tier: (typeof tiers)[number], name: keyof typeof FUNCTIONS, values: Float32Array): Float32Array {
  const width = FUNCTIONS[name];
  const rows = values.length / width;
  const bytes = 64 * rows;
  const pages = 1 + Math.ceil((2 * bytes) / 65536);
  const { kernels, memory } = instantiateIn(moduleOf(tier, false)!, pages, false);
  const floats = new Float32Array(memory.buffer, 65536, 16 * rows);
  for (let i = 0; i < values.length; i++) floats[Math.floor(i / width) * 16 + (i % width)] = values[i]!;
  new Float32Array(memory.buffer, 65536 + bytes, 16 * rows).fill(1);
  if (name === 'slopeOfTanhArray') kernels[name](65536, values.length);
  else if (name === 'outputHalves') kernels[name](65536, 65536, 65536 + bytes, rows);
  else kernels[name](65536, 65536, rows);
  return values.map((_, i) => floats[Math.floor(i / width) * 16 + (i % width)]!);
}

test('tanh and σ are within 5e-7 and 2.5e-7 of float64, within their bounds and odd', () => {
  const x = arguments32();
  const negative = x.map((value) => -value);
  for (const tier of tiers)
    for (const name of ['tanhHalves', 'outputHalves', 'sigmaRows', 'sigmaHalves'] as const) {
      const isTanh = name === 'tanhHalves' || name === 'outputHalves';
      const y = apply(tier, name, x);
      const mirrored = apply(tier, name, negative);
      let error = 0;
      for (let i = 0; i < x.length; i++) {
        error = Math.max(error, Math.abs(y[i]! - (isTanh ? Math.tanh(x[i]!) : 1 / (1 + Math.exp(-x[i]!)))));
        if (!(y[i]! <= 1 && y[i]! >= (isTanh ? -1 : 0))) assert.fail(`${tier} ${name}: out of bounds at ${x[i]}`);
        if (isTanh && mirrored[i] !== -y[i]!) assert.fail(`${tier} ${name}: not odd at ${x[i]}`);
      }
      assert.ok(error < (isTanh ? 5e-7 : 2.5e-7), `${tier} ${name}: ${error}`);
    }
});

test('the slope of tanh has a small relative error wherever it is not below 1e-34, and NaN stays', () => {
  const x = arguments32();
  for (const tier of tiers) {
    const slope = apply(tier, 'slopeOfTanhArray', x);
    for (let i = 0; i < x.length; i++) {
      const exact = 1 / Math.cosh(x[i]!) ** 2;
      // The rounding of 2x, the exponent of e, is a relative error that grows with x.
      const bound = 5e-7 * (1 + Math.min(Math.abs(x[i]!), 45)) * exact + 1e-34;
      if (!(Math.abs(slope[i]! - exact) <= bound)) assert.fail(`${tier}: ${slope[i]} at ${x[i]}, exactly ${exact}`);
    }
    assert.ok(Number.isNaN(apply(tier, 'slopeOfTanhArray', new Float32Array(16).fill(Number.NaN))[0]));
  }
});

test('zero gives exactly zero and one half, infinities saturate, NaN stays', () => {
  const x = new Float32Array(16);
  x.set([0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  for (const tier of tiers) {
    const [tanh, sigma] = [apply(tier, 'tanhHalves', x), apply(tier, 'sigmaRows', x)];
    assert.equal(tanh[0], 0);
    assert.equal(sigma[0], 0.5);
    assert.ok(tanh[1]! > 1 - 3e-7 && tanh[2]! < -1 + 3e-7 && sigma[1]! > 1 - 3e-7 && sigma[2]! < 3e-7);
    assert.ok(Number.isNaN(tanh[3]) && Number.isNaN(sigma[3]));
  }
});

test('the default tier is the best that the host can run; another can be asked for', () => {
  const layers = [{ kind: 'lstm', inputSize: 1, hiddenSize: 1 }] as const;
  const capacity = { steps: 1, batch: 1, training: false };
  assert.equal(new Network(layers, capacity).tier, best);
  assert.equal(tiers[0], best);
  assert.ok(tiers.includes('simd'));
  for (const tier of tiers) assert.equal(new Network(layers, capacity, { tier }).tier, tier);
  if (!tiers.includes('fma'))
    assert.throws(() => new Network(layers, capacity, { tier: 'fma' }), { code: 'tier_unavailable' });
  assert.ok(allWasmBytes <= 100_000, `${allWasmBytes} bytes`);
});

test('the tiers agree to the last digits', () => {
  const layers = [{ kind: 'lstm', inputSize: 5, hiddenSize: 12 }] as const;
  const run = (tier: (typeof tiers)[number]) => {
    const random = testRandom(1);
    const network = new Network(layers, { steps: 6, batch: 3, training: false }, { tier });
    for (const [name, shape] of network.parameters)
      network.write('value', name, randomArray(random, shape[0]! * (shape[1] ?? 1)));
    network.forward(randomArray(random, 90), 6, 3);
    return network.output();
  };
  for (const tier of tiers) assert.ok(relativeError(run(tier), run('simd')) < 1e-6);
});
