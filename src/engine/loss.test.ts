import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tiers } from './all-tiers.test.support.js';
import { type LayerSpec, Network } from './index.js';
import { oracle, randomArray, relativeError, testRandom } from './oracle.test.support.js';

/** A bare linear layer with no input: its outputs are its biases, and the gradient of its bias is ∂loss/∂output. */
function outputs(values: readonly number[], tier = tiers[0]!): Network {
  const network = new Network(
    [{ kind: 'linear', inputSize: 1, outputSize: values.length }],
    { steps: 1, batch: 1, training: true },
    { tier },
  );
  network.write('value', '0.bias', values);
  return network;
}
const frozen = { learningRate: 0, step: 1 };

test('one target at three levels: the values worked out by hand', () => {
  for (const tier of tiers) {
    // d = 2 − y = 1, −1, 0.5;  ρ = 0.1·1, (0.5 − 1)·(−1), 0.9·0.5
    const network = outputs([1, 3, 1.5], tier);
    network.setBatch(new Float32Array(1), Float32Array.of(2), 1, 1);
    const loss = network.trainStep({ levels: [0.1, 0.5, 0.9], ...frozen });
    assert.ok(Math.abs(loss - (0.1 + 0.5 + 0.45) / 3) < 1e-7, String(loss));
    const gradient = network.read('gradient', '0.bias');
    [-0.1 / 3, 0.5 / 3, -0.9 / 3].forEach((expected, i) => {
      assert.ok(Math.abs(gradient[i]! - expected) < 1e-7, `gradient ${i}: ${gradient[i]}`);
    });
  }
});

test('output q·K + k is level q of target k, and an exact hit has no gradient', () => {
  const network = outputs([0, 0, 5, 0]); // levels 0.2, 0.7 of targets 5, 1
  network.setBatch(new Float32Array(1), Float32Array.of(5, 1), 1, 1);
  const loss = network.trainStep({ levels: [0.2, 0.7], ...frozen });
  assert.ok(Math.abs(loss - (0.2 * 5 + 0.2 * 1 + 0 + 0.7 * 1) / 4) < 1e-6, String(loss));
  const gradient = network.read('gradient', '0.bias');
  [-0.05, -0.05, 0, -0.175].forEach((expected, i) => {
    assert.ok(Math.abs(gradient[i]! - expected) < 1e-7, `gradient ${i}: ${gradient[i]}`);
  });
});

test('squared and Huber: values and slopes worked out by hand, masked and weighted, in every tier', () => {
  // d = target − y = 3, −0.5, masked
  const target = Float32Array.of(5, 1, Number.NaN);
  const cases = [
    { loss: { loss: 'squared' }, value: (9 + 0.25) / 2, slopes: [-6 / 2, 1 / 2, 0] },
    // Beyond the bound 2: 2·(3 − 1); within it: ½·0.25.
    { loss: { loss: 'huber', bound: 2 }, value: (4 + 0.125) / 2, slopes: [-2 / 2, 0.5 / 2, 0] },
  ] as const;
  for (const tier of tiers)
    for (const { loss, value, slopes } of cases) {
      const network = outputs([2, 1.5, 7], tier);
      // The weight of the only row cancels out of a mean.
      network.setBatch(new Float32Array(1), target, 1, 1, Float32Array.of(3));
      assert.ok(Math.abs(network.evaluate(loss) - value) < 1e-6, `${loss.loss}: ${network.evaluate(loss)}`);
      assert.ok(Math.abs(network.trainStep({ ...loss, ...frozen }) - value) < 1e-6);
      const gradient = network.read('gradient', '0.bias');
      for (const [i, slope] of slopes.entries()) assert.ok(Math.abs(gradient[i]! - slope) < 1e-6, `${loss.loss} ${i}`);
    }
});

test('squared and Huber over a batch: the gradient is the derivative of the value', () => {
  const layers: LayerSpec[] = [{ kind: 'linear', inputSize: 3, outputSize: 18 }];
  for (const loss of [{ loss: 'squared' }, { loss: 'huber', bound: 0.7 }] as const) {
    const network = new Network(layers, { steps: 3, batch: 40, training: true });
    const random = testRandom(5);
    const bias = randomArray(random, 18);
    network.write('value', '0.weight', randomArray(random, 54));
    network.write('value', '0.bias', bias);
    network.setBatch(
      randomArray(random, 360),
      randomArray(random, 2160, 2),
      3,
      40,
      randomArray(random, 40).map(Math.abs),
    );
    network.trainStep({ ...loss, ...frozen });
    const gradient = network.read('gradient', '0.bias');
    const at = (i: number, shift: number) => {
      network.write('value', '0.bias', bias.with(i, bias[i]! + shift));
      return network.evaluate(loss);
    };
    for (const i of [0, 7, 8, 15, 16, 17]) {
      const slope = (at(i, 0.02) - at(i, -0.02)) / 0.04;
      assert.ok(
        Math.abs(slope - gradient[i]!) < 2e-3 * Math.abs(slope) + 1e-5,
        `${loss.loss} ${i}: ${gradient[i]}, ${slope}`,
      );
    }
  }
});

test('a loss whose object is changed between two steps is taken as it is then', () => {
  const network = outputs([1, 3]);
  network.setBatch(new Float32Array(1), Float32Array.of(2), 1, 1);
  const loss = { levels: [0.1, 0.5] };
  const first = network.evaluate(loss);
  loss.levels[0] = 0.9;
  assert.ok(Math.abs(network.evaluate(loss) - (0.9 + 0.5) / 2) < 1e-6 && network.evaluate(loss) !== first);
});

const LAYERS: readonly LayerSpec[] = [
  { kind: 'lstm', inputSize: 2, hiddenSize: 6 },
  { kind: 'linear', inputSize: 6, outputSize: 21 },
];
const LEVELS = [0.1, 0.5, 0.95];
const [T, B, K] = [4, 6, 7];

interface Problem {
  network: Network;
  values: Map<string, Float32Array>;
  x: Float32Array;
  target: Float32Array;
  weight: Float32Array;
}
function problem(seed: number, tier = tiers[0]!): Problem {
  const random = testRandom(seed);
  const network = new Network(LAYERS, { steps: T, batch: B, training: true }, { tier });
  const values = new Map<string, Float32Array>();
  for (const [name, shape] of network.parameters) {
    values.set(name, randomArray(random, shape[0]! * (shape[1] ?? 1), 0.7));
    network.write('value', name, values.get(name)!);
  }
  const target = randomArray(random, T * B * K, 2).map((value) => (random() < 0.3 ? Number.NaN : value));
  const weight = randomArray(random, T * B).map(Math.abs);
  weight[3] = 0;
  return { network, values, x: randomArray(random, T * B * 2), target, weight };
}

/** The loss and ∂loss/∂y by the formula, in float64. */
function formula(y: ArrayLike<number>, target: Float32Array, weight: (row: number) => number) {
  const [Q, width] = [LEVELS.length, LEVELS.length * K];
  let [sum, total] = [0, 0];
  const slopes = new Array<number>(T * B * width).fill(0);
  for (let row = 0; row < T * B; row++)
    for (let k = 0; k < K; k++) {
      const wanted = target[row * K + k]!;
      if (Number.isNaN(wanted)) continue;
      for (let q = 0; q < Q; q++) {
        const at = row * width + q * K + k;
        const d = wanted - y[at]!;
        sum += weight(row) * Math.max(LEVELS[q]! * d, (LEVELS[q]! - 1) * d);
        total += weight(row);
        slopes[at] = weight(row) * (d > 0 ? -LEVELS[q]! : d < 0 ? 1 - LEVELS[q]! : 0);
      }
    }
  return { loss: sum / total, dOutput: slopes.map((slope) => slope / total) };
}

test('loss and all gradients agree with float64 under masks and weights', () => {
  for (const tier of tiers)
    for (const weighting of ['none', 'row', 'step'] as const) {
      const { network, values, x, target, weight } = problem(1, tier);
      const given = weighting === 'none' ? undefined : weighting === 'row' ? weight.subarray(0, B) : weight;
      const weightOf = (row: number) =>
        weighting === 'none' ? 1 : weighting === 'row' ? weight[row % B]! : weight[row]!;
      const exact = oracle(LAYERS, values, x, T, B, []);
      const { loss, dOutput } = formula(exact.outputs[1]!, target, weightOf);
      const expected = exact.backward(dOutput, []);
      network.setBatch(x, target, T, B, given);
      assert.ok(Math.abs(network.evaluate({ levels: LEVELS }) / loss - 1) < 1e-5);
      assert.ok(Math.abs(network.trainStep({ levels: LEVELS, ...frozen }) / loss - 1) < 1e-5);
      for (const [name, gradient] of expected.parameters) {
        const error = relativeError(network.read('gradient', name), gradient);
        assert.ok(error <= 1e-5, `${weighting} ${name}: ${error}`);
      }
    }
});

test('the formula of these tests is the derivative: central differences of its loss', () => {
  const { target, weight } = problem(2);
  const y = Array.from(randomArray(testRandom(9), T * B * LEVELS.length * K, 2));
  const { dOutput } = formula(y, target, (row) => weight[row]!);
  for (let i = 0; i < y.length; i += 5) {
    const at = (shift: number) => formula(y.with(i, y[i]! + shift), target, (row) => weight[row]!).loss;
    assert.ok(Math.abs((at(1e-6) - at(-1e-6)) / 2e-6 - dOutput[i]!) < 1e-8, `output ${i}`);
  }
});

test('what a masked target would have been makes no difference; neither does a row of weight zero', () => {
  const { network, x, target, weight } = problem(3);
  network.setBatch(x, target, T, B, weight);
  const loss = network.evaluate({ levels: LEVELS });
  const changed = target.slice();
  changed.fill(123, 3 * K, 4 * K); // row 3 has weight 0
  network.setBatch(x, changed, T, B, weight);
  assert.equal(network.evaluate({ levels: LEVELS }), loss);
});

test('a batch without any target has loss 0 and gradients 0', () => {
  const { network, x, target } = problem(4);
  network.setBatch(
    x,
    target.map(() => Number.NaN),
    T,
    B,
  );
  assert.equal(network.trainStep({ levels: LEVELS, ...frozen }), 0);
  assert.equal(network.gradientNorm(), 0);
});

test('trainStep is forward, loss, backward, clipping and Adam, one after the other', () => {
  for (const clipNorm of [undefined, 0.05, 100]) {
    const [fused, apart] = [problem(6), problem(6)];
    const { values, x, target, weight } = fused;
    fused.network.setBatch(x, target, T, B, weight);
    const options = { learningRate: 0.02, weightDecay: 0.1, beta2: 0.99, step: 1 };
    fused.network.trainStep({ ...options, levels: LEVELS, ...(clipNorm !== undefined && { clipNorm }) });

    const { network } = apart;
    network.forward(x, T, B);
    network.backward(Float32Array.from(formula(network.output(), target, (row) => weight[row]!).dOutput));
    const norm = network.gradientNorm();
    if (clipNorm !== undefined) network.scaleGradients(Math.min(1, clipNorm / (norm + 1e-6)));
    if (clipNorm === 0.05) assert.ok(norm > 0.05 && Math.abs(network.gradientNorm() / 0.05 - 1) < 1e-4);
    network.adam(options);
    for (const name of values.keys()) {
      const error = relativeError(fused.network.read('value', name), network.read('value', name));
      assert.ok(error <= 2e-6, `clip ${clipNorm}, ${name}: ${error}`);
    }
  }
});

test('training lowers the loss, and twice the same training gives the same bits', () => {
  for (const tier of tiers) {
    const run = () => {
      const { network, x, target } = problem(7, tier);
      network.setBatch(x, target, T, B);
      const before = network.evaluate({ levels: LEVELS });
      for (let step = 1; step <= 300; step++)
        network.trainStep({ levels: LEVELS, learningRate: 0.02, clipNorm: 1, step });
      return { before, after: network.evaluate({ levels: LEVELS }), weights: network.read('value', '0.weight_hh') };
    };
    const first = run();
    assert.ok(first.after < 0.25 * first.before, `${first.before} -> ${first.after}`);
    assert.deepEqual(run(), first);
  }
});

test('a gradient that is not finite changes no parameter and shows in the loss', () => {
  const { network, values, x, target } = problem(8);
  const broken = x.slice();
  broken[0] = Number.NaN;
  network.setBatch(broken, target, T, B);
  assert.ok(Number.isNaN(network.trainStep({ levels: LEVELS, learningRate: 0.1, step: 1 })));
  for (const [name, value] of values) assert.deepEqual(network.read('value', name), value);
  network.setBatch(x, target, T, B);
  assert.ok(Number.isFinite(network.trainStep({ levels: LEVELS, learningRate: 0.1, step: 1 })));
});

test('batches and levels that do not fit are refused', () => {
  const { network, x, target, weight } = problem(9);
  assert.throws(() => network.setBatch(x, target.subarray(1), T, B), { code: 'bad_size' });
  assert.throws(() => network.setBatch(x.subarray(1), target, T, B), { code: 'bad_size' });
  assert.throws(() => network.setBatch(x, new Float32Array(T * B * 5), T, B), { code: 'bad_size' });
  assert.throws(() => network.setBatch(x, target, T, B, weight.subarray(1)), { code: 'bad_size' });
  assert.throws(() => network.setBatch(x, target, T, B, weight.with(0, -1)), { code: 'bad_weight' });
  assert.throws(() => network.evaluate({ levels: LEVELS }), { code: 'no_batch' });
  network.setBatch(x, target, T, B);
  assert.throws(() => network.evaluate({ levels: [0.5] }), { code: 'bad_levels' });
  assert.throws(() => network.evaluate({ levels: [0.1, 0.5, 1] }), { code: 'bad_levels' });
  assert.throws(() => network.evaluate({ loss: 'cubic' } as never), { code: /^bad_/ });
  assert.throws(() => network.trainStep({ levels: LEVELS, ...frozen, clipNorm: 0 }), { code: 'bad_option' });
  network.forward(x, T, B);
  assert.throws(() => network.evaluate({ levels: LEVELS }), { code: 'no_batch' });
});
