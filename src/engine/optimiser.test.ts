import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tiers } from './all-tiers.test.support.js';
import { fill } from './compare.test.support.js';
import { type LayerSpec, Network } from './index.js';
import { KIND_NAMES, layerOf, stackOf } from './layer-kinds.test.support.js';
import { randomArray, relativeError, testRandom } from './oracle.test.support.js';

/** One case of fixtures/make_adam_goldens.py. */
interface Golden {
  name: string;
  options: { learningRate: number; beta1: number; beta2: number; epsilon: number; weightDecay: number };
  clipNorm: number | null;
  parameters: Record<string, { shape: number[]; data: number[] }>;
  steps: { gradients: Record<string, number[]>; norm: number; values: Record<string, number[]> }[];
}
const file = new URL('../../src/engine/fixtures/adam-goldens.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Golden[] };

const LAYERS: readonly LayerSpec[] = [
  { kind: 'lstm', inputSize: 2, hiddenSize: 3 },
  { kind: 'linear', inputSize: 3, outputSize: 2 },
];
const capacity = { steps: 2, batch: 3, training: true };

for (const golden of cases)
  for (const tier of tiers)
    test(`${golden.name}, tier ${tier}: every step agrees with PyTorch to 1e-6`, () => {
      const network = new Network(LAYERS, capacity, { tier });
      for (const [name, { shape, data }] of Object.entries(golden.parameters)) {
        assert.deepEqual(network.parameters.get(name), shape);
        network.write('value', name, data);
      }
      golden.steps.forEach(({ gradients, norm, values }, i) => {
        for (const [name, data] of Object.entries(gradients)) network.write('gradient', name, data);
        const actual = network.gradientNorm();
        assert.ok(Math.abs(actual / norm - 1) < 1e-6, `norm ${actual}, expected ${norm}`);
        if (golden.clipNorm !== null) network.scaleGradients(Math.min(1, golden.clipNorm / (actual + 1e-6)));
        network.adam({ ...golden.options, step: i + 1 });
        for (const [name, expected] of Object.entries(values)) {
          const error = relativeError(network.read('value', name), expected);
          assert.ok(error <= 1e-6, `step ${i + 1}, ${name}: ${error}`);
        }
      });
    });

test('the moments can be saved and written back: training goes on with the same bits', () => {
  const names = [...new Network(LAYERS, capacity).parameters.keys()];
  const random = testRandom(5);
  const gradients = Array.from({ length: 6 }, () => names.map((name) => [name, randomArray(random, 12 * 3)] as const));
  const apply = (network: Network, from: number, to: number) => {
    for (let i = from; i < to; i++) {
      for (const [name, data] of gradients[i]!)
        network.write('gradient', name, data.subarray(0, network.read('gradient', name).length));
      network.adam({ learningRate: 0.01, weightDecay: 0.1, step: i + 1 });
    }
  };
  const whole = new Network(LAYERS, capacity);
  apply(whole, 0, 6);
  const first = new Network(LAYERS, capacity);
  apply(first, 0, 3);
  const second = new Network(LAYERS, capacity);
  for (const name of names)
    for (const slot of ['value', 'moment1', 'moment2'] as const) second.write(slot, name, first.read(slot, name));
  apply(second, 3, 6);
  for (const name of names) assert.deepEqual(second.read('value', name), whole.read('value', name));
});

test('options outside their range are refused', () => {
  const network = new Network(LAYERS, capacity);
  const good = { learningRate: 0.1, step: 1 };
  for (const bad of [
    { learningRate: -1 },
    { learningRate: Number.NaN },
    { step: 0 },
    { step: 1.5 },
    { beta1: 1 },
    { beta2: -0.1 },
    { epsilon: 0 },
    { weightDecay: -1 },
  ])
    assert.throws(() => network.adam({ ...good, ...bad }), { code: 'bad_option' }, JSON.stringify(bad));
});

test('weight decay shrinks weights only: no bias, leak or peephole', () => {
  for (const tier of tiers)
    for (const kind of KIND_NAMES) {
      const network = new Network(stackOf([kind], 3, [18, 5], 4), capacity, { tier });
      const values = fill(network, testRandom(6));
      network.adam({ learningRate: 0.5, weightDecay: 0.5, step: 1 });
      for (const [name, before] of values) {
        const kept = name.includes('weight') ? 0.75 : 1;
        assert.deepEqual(
          network.read('value', name),
          before.map((value) => value * kept),
          `${kind}, ${name}`,
        );
      }
    }
});

test('Adam keeps leaks between 1e-4 and 1', () => {
  for (const tier of tiers) {
    const network = new Network([layerOf('leaky tanh', 2, 19)], capacity, { tier });
    const gradient = Float32Array.from({ length: 19 }, (_, unit) => [1, -1, 0][unit % 3]!);
    network.write('value', '0.leak', new Float32Array(19).fill(0.5));
    network.write('gradient', '0.leak', gradient);
    network.adam({ learningRate: 10, step: 1 });
    const expected = gradient.map((g) => (g > 0 ? 1e-4 : g < 0 ? 1 : 0.5));
    assert.deepEqual(network.read('value', '0.leak'), expected);
  }
});
