import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tiers } from './all-tiers.test.support.js';
import { type LayerSpec, Network, type NetworkState } from './index.js';
import { outputSize } from './layer-spec.js';
import { type OracleState, oracle, randomArray, relativeError, testRandom } from './oracle.test.support.js';

const TOLERANCE = 1e-5;

const plain = (state: NetworkState): OracleState =>
  state.map((entry) => entry && { h: Array.from(entry.h), c: Array.from(entry.c) });

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const error = relativeError(actual, expected);
  assert.ok(error <= TOLERANCE, `${what}: relative error ${error}`);
}

function closeState(actual: NetworkState, expected: OracleState, what: string): void {
  expected.forEach((entry, at) => {
    assert.equal(actual[at] === null, entry === null);
    if (entry === null) return;
    close(actual[at]!.h, entry.h, `${what} h of layer ${at}`);
    close(actual[at]!.c, entry.c, `${what} C of layer ${at}`);
  });
}

const randomState = (layers: readonly LayerSpec[], B: number, random: () => number): NetworkState =>
  layers.map((layer) => {
    const count = B * outputSize(layer);
    return layer.kind === 'lstm' ? { h: randomArray(random, count), c: randomArray(random, count, 1.5) } : null;
  });

function fill(network: Network, random: () => number): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, shape] of network.parameters) {
    const fan = shape[1] ?? 1;
    const data = randomArray(random, shape[0]! * fan, 1.5 / Math.sqrt(fan));
    network.write('value', name, data);
    values.set(name, data);
  }
  return values;
}

/** Everything the network computes for one random problem, against the oracle. */
function compare(network: Network, T: number, B: number, seed: number): void {
  const random = testRandom(seed);
  const { layers } = network;
  const what = `${layers.map((l) => `${l.kind[1]}${l.inputSize}>${outputSize(l)}`).join(' ')} T${T} B${B} ${network.tier}`;
  const values = fill(network, random);
  const x = randomArray(random, T * B * layers[0]!.inputSize, 2);
  const state = randomState(layers, B, random);
  const dState = randomState(layers, B, random);
  const expected = oracle(layers, values, x, T, B, plain(state));

  network.zeroGradients();
  network.forward(x, T, B, state);
  layers.forEach((_, at) => {
    close(network.layerOutput(at), expected.outputs[at]!, `${what}: output of layer ${at}`);
  });
  closeState(network.finalState(), expected.finalState, `${what}: final`);
  const dOutput = randomArray(random, expected.outputs.at(-1)!.length);
  const gradient = expected.backward(dOutput, plain(dState));
  network.backward(dOutput, dState);
  for (const [name, expectedGradient] of gradient.parameters)
    close(network.read('gradient', name), expectedGradient, `${what}: gradient of ${name}`);
  close(network.inputGradient(), gradient.input, `${what}: dx`);
  closeState(network.stateGradient(), gradient.state, `${what}: initial-state gradient`);
}

test('every array agrees with float64 for random stacks of odd and even sizes, in every tier', () => {
  const random = testRandom(7);
  const size = (limit: number) => 1 + Math.floor(random() * limit);
  for (let round = 0; round < 40; round++) {
    const depth = size(3);
    const layers: LayerSpec[] = [];
    let width = size(40);
    for (let at = 0; at < depth; at++) {
      const hiddenSize = size(40);
      layers.push({ kind: 'lstm', inputSize: width, hiddenSize });
      width = hiddenSize;
    }
    if (round % 4 !== 0) layers.push({ kind: 'linear', inputSize: width, outputSize: size(40) });
    const [steps, batch] = [size(6), size(14)];
    for (const tier of tiers)
      compare(new Network(layers, { steps, batch, training: true }, { tier }), steps, batch, round);
  }
});

test('every batch, width and hidden size around the tile edges agrees with float64', () => {
  for (const tier of tiers)
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 24, 25, 31, 32, 33]) {
      const layers: LayerSpec[] = [
        { kind: 'lstm', inputSize: n, hiddenSize: 5 },
        { kind: 'lstm', inputSize: 5, hiddenSize: n },
        { kind: 'linear', inputSize: n, outputSize: 34 - n },
      ];
      compare(new Network(layers, { steps: 3, batch: n, training: true }, { tier }), 3, n, n);
    }
});

test('batches beyond one block of rows and steps beyond one chunk agree with float64', () => {
  const layers: LayerSpec[] = [
    { kind: 'lstm', inputSize: 2, hiddenSize: 9 },
    { kind: 'linear', inputSize: 9, outputSize: 3 },
  ];
  for (const tier of tiers)
    for (const [T, B] of [
      [2, 60],
      [2, 61],
      [2, 125],
      [1, 200],
      [70, 7],
      [300, 1],
    ] as const)
      compare(new Network(layers, { steps: T, batch: B, training: true }, { tier }), T, B, T);
});

test('padding stays zero: after training, every array still agrees and the norm is that of the real parameters', () => {
  const layers: LayerSpec[] = [
    { kind: 'lstm', inputSize: 3, hiddenSize: 9 },
    { kind: 'lstm', inputSize: 9, hiddenSize: 21 },
    { kind: 'linear', inputSize: 21, outputSize: 6 },
  ];
  for (const tier of tiers) {
    const network = new Network(layers, { steps: 4, batch: 5, training: true }, { tier });
    const random = testRandom(3);
    fill(network, random);
    network.setBatch(randomArray(random, 4 * 5 * 3), randomArray(random, 4 * 5 * 3), 4, 5);
    for (let step = 1; step <= 30; step++)
      network.trainStep({ levels: [0.2, 0.8], learningRate: 0.05, weightDecay: 0.1, clipNorm: 1, step });
    let squares = 0;
    for (const name of network.parameters.keys()) for (const g of network.read('gradient', name)) squares += g * g;
    assert.ok(Math.abs(network.gradientNorm() / Math.sqrt(squares) - 1) < 1e-6);
    compare(network, 4, 5, 11);
  }
});

const STACK: readonly LayerSpec[] = [
  { kind: 'lstm', inputSize: 3, hiddenSize: 10 },
  { kind: 'lstm', inputSize: 10, hiddenSize: 7 },
  { kind: 'linear', inputSize: 7, outputSize: 4 },
];

/** Every number of one forward and backward pass. */
function everything(network: Network, T: number, B: number, seed: number): Float32Array[] {
  const random = testRandom(seed);
  const values = fill(network, random);
  network.zeroGradients();
  network.forward(randomArray(random, T * B * 3), T, B, randomState(STACK, B, random));
  const states = network.finalState();
  const output = network.output();
  network.backward(randomArray(random, T * B * 4), randomState(STACK, B, random));
  const gradients = [...values.keys()].map((name) => network.read('gradient', name));
  const both = [...states, ...network.stateGradient()].flatMap((entry) => (entry ? [entry.h, entry.c] : []));
  return [output, ...gradients, network.inputGradient(), ...both];
}

test('other sizes up to the capacity, one after the other, give the bits of a fresh network', () => {
  for (const tier of tiers) {
    const used = new Network(STACK, { steps: 9, batch: 70, training: true }, { tier });
    for (const [T, B] of [
      [9, 70],
      [1, 1],
      [3, 5],
      [9, 2],
      [4, 70],
      [2, 64],
      [9, 70],
    ] as const) {
      const fresh = new Network(STACK, { steps: T, batch: B, training: true }, { tier });
      assert.deepEqual(everything(used, T, B, T * B), everything(fresh, T, B, T * B), `T ${T}, B ${B}`);
    }
  }
});

test('without a gradient of the final state, nothing of an earlier backward pass is left, for batches of any size', () => {
  // Several panels wide: what is left behind can lie in any of them.
  const wide: LayerSpec[] = [
    { kind: 'lstm', inputSize: 3, hiddenSize: 40 },
    { kind: 'linear', inputSize: 40, outputSize: 4 },
  ];
  for (const tier of tiers) {
    for (const batch of [5, 63, 64, 65, 168]) {
      const make = () => {
        const network = new Network(wide, { steps: 3, batch, training: true }, { tier });
        fill(network, testRandom(1));
        return network;
      };
      const x = randomArray(testRandom(2), 3 * batch * 3);
      const dOutput = randomArray(testRandom(3), 3 * batch * 4);
      const gradientsAfter = (network: Network) => {
        network.forward(x, 3, batch);
        network.zeroGradients();
        network.backward(dOutput);
        return [...network.parameters.keys()].map((name) => network.read('gradient', name));
      };
      const used = make();
      gradientsAfter(used);
      assert.deepEqual(gradientsAfter(used), gradientsAfter(make()), `${tier}, batch ${batch}`);
    }
  }
});

test('a row gives the same bits whatever the other rows of its batch', () => {
  const all = new Network(STACK, { steps: 5, batch: 11, training: false });
  const one = new Network(STACK, { steps: 5, batch: 1, training: false });
  const x = randomArray(testRandom(2), 5 * 11 * 3);
  fill(all, testRandom(1));
  fill(one, testRandom(1));
  all.forward(x, 5, 11);
  const together = all.output();
  for (let row = 0; row < 11; row++) {
    const pick = (a: Float32Array, width: number) =>
      Float32Array.from({ length: 5 * width }, (_, i) => a[(Math.floor(i / width) * 11 + row) * width + (i % width)]!);
    one.forward(pick(x, 3), 5, 1);
    assert.deepEqual(one.output(), pick(together, 4), `row ${row}`);
  }
});

test('a network for inference gives the bits of one for training, and its state carries on', () => {
  const training = new Network(STACK, { steps: 8, batch: 3, training: true });
  const inference = new Network(STACK, { steps: 8, batch: 3, training: false });
  const x = randomArray(testRandom(2), 8 * 3 * 3);
  for (const network of [training, inference]) fill(network, testRandom(1));
  training.forward(x, 8, 3);
  inference.forward(x, 8, 3);
  assert.deepEqual(inference.output(), training.output());
  assert.deepEqual(inference.finalState(), training.finalState());

  const parts: number[] = [];
  let state: NetworkState | undefined;
  for (const [from, steps] of [
    [0, 3],
    [3, 1],
    [4, 4],
  ] as const) {
    inference.forward(x.subarray(from * 9, (from + steps) * 9), steps, 3, state);
    parts.push(...inference.output());
    state = inference.finalState();
  }
  assert.deepEqual(Float32Array.from(parts), training.output());
  assert.deepEqual(state, training.finalState());
});

test('parameter gradients add up over backward passes', () => {
  const network = new Network(STACK, { steps: 3, batch: 2, training: true });
  const random = testRandom(4);
  fill(network, random);
  const x = randomArray(random, 18);
  const dOutput = randomArray(random, 24);
  const pass = () => {
    network.forward(x, 3, 2);
    network.backward(dOutput);
  };
  pass();
  const once = [...network.parameters.keys()].map((name) => network.read('gradient', name));
  pass();
  [...network.parameters.keys()].forEach((name, i) => {
    close(
      network.read('gradient', name),
      once[i]!.map((g) => 2 * g),
      name,
    );
  });
  network.zeroGradients();
  assert.equal(network.gradientNorm(), 0);
});

test('wrong use is refused with a stable code', () => {
  const code = (expected: string) => (error: unknown) => (error as { code?: string }).code === expected;
  const capacity = { steps: 2, batch: 2, training: true };
  assert.throws(() => new Network([], capacity), code('bad_layers'));
  assert.throws(() => new Network([{ kind: 'lstm', inputSize: 0, hiddenSize: 3 }], capacity), code('bad_layers'));
  assert.throws(() => new Network([STACK[0]!, STACK[2]!], capacity), code('bad_layers'));
  assert.throws(() => new Network(STACK, { ...capacity, batch: 1.5 }), code('bad_capacity'));
  assert.throws(() => new Network(STACK, { steps: 1e6, batch: 1e4, training: true }), code('network_too_large'));

  const network = new Network(STACK, capacity);
  assert.throws(() => network.output(), code('no_forward'));
  assert.throws(() => network.backward(new Float32Array(16)), code('no_forward'));
  assert.throws(() => network.forward(new Float32Array(18), 3, 2), code('bad_size'));
  assert.throws(() => network.forward(new Float32Array(11), 2, 2), code('bad_size'));
  network.forward(new Float32Array(12), 2, 2);
  assert.throws(() => network.inputGradient(), code('no_forward'));
  assert.throws(() => network.forward(new Float32Array(12), 2, 2, [null]), code('bad_size'));
  assert.throws(() => network.backward(new Float32Array(15)), code('bad_size'));
  network.backward(new Float32Array(16));
  assert.throws(() => network.backward(new Float32Array(16)), code('no_forward'));
  assert.throws(() => network.read('value', 'weight'), code('unknown_parameter'));
  assert.throws(() => network.write('value', '2.bias', [1, 2]), code('bad_size'));
  assert.throws(() => network.evaluate([0.5]), code('no_batch'));
  const inference = new Network(STACK, { ...capacity, training: false });
  assert.throws(() => inference.zeroGradients(), code('not_training'));
  assert.throws(() => inference.read('moment1', '2.bias'), code('not_training'));
});
