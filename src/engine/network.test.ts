import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tiers } from './all-tiers.test.support.js';
import { differences, fill, randomState, TOLERANCE } from './compare.test.support.js';
import { type LayerSpec, Network, type NetworkState } from './index.js';
import { KIND_NAMES, layerOf, stackOf } from './layer-kinds.test.support.js';
import { outputSize } from './layer-spec.js';
import { randomArray, relativeError, testRandom } from './oracle.test.support.js';

/** Everything the network computes for one random problem, against the oracle. */
function compare(network: Network, T: number, B: number, seed: number, tolerance = TOLERANCE): void {
  const what = network.layers.map((l) => `${l.kind} ${l.inputSize}>${outputSize(l)}`).join(', ');
  assert.deepEqual(differences(network, T, B, seed, tolerance), [], `${what}, T ${T}, B ${B}, tier ${network.tier}`);
}

test('every array agrees with float64 for random stacks of all kinds, in every tier', () => {
  const random = testRandom(7);
  const size = (limit: number) => 1 + Math.floor(random() * limit);
  for (let round = 0; round < 60; round++) {
    const kinds = Array.from({ length: 3 }, () => KIND_NAMES[size(KIND_NAMES.length) - 1]!);
    const sizes = Array.from({ length: size(3) }, () => size(40));
    const layers = stackOf(kinds, size(40), sizes, size(40));
    if (round % 4 === 0) layers.pop();
    const [steps, batch] = [size(6), size(14)];
    for (const tier of tiers)
      compare(new Network(layers, { steps, batch, training: true }, { tier }), steps, batch, round);
  }
});

const EDGES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 24, 25, 31, 32, 33, 40];

for (const kind of KIND_NAMES) {
  test(`${kind}: every batch, width and hidden size around the tile edges agrees with float64`, () => {
    for (const tier of tiers)
      for (const n of EDGES) {
        const layers = stackOf([kind], n, [5, n], 41 - n);
        compare(new Network(layers, { steps: 3, batch: n, training: true }, { tier }), 3, n, n);
      }
  });

  test(`${kind}: batches beyond one block of rows and steps beyond one chunk agree with float64`, () => {
    const layers = stackOf([kind], 2, [9], 3);
    // Without a forget gate C grows for ever (past 100 here) and nothing fades: what rounding does adds up over the steps.
    const endless = layers[0]!.kind === 'lstm' && layers[0]!.forgetGate === false;
    const tolerance = (steps: number) => (endless && steps > 100 ? 4e-5 : TOLERANCE);
    for (const tier of tiers)
      for (const [T, B] of [
        [2, 60],
        [2, 61],
        [2, 125],
        [1, 200],
        [70, 7],
        [300, 1],
      ] as const)
        compare(new Network(layers, { steps: T, batch: B, training: true }, { tier }), T, B, T, tolerance(T));
  });

  test(`${kind}: hidden sizes of several panels and batches of 64 and more agree with float64`, () => {
    for (const tier of tiers)
      for (const [H, B] of [
        [17, 64],
        [40, 65],
        [33, 130],
      ] as const)
        compare(new Network([layerOf(kind, 3, H)], { steps: 3, batch: B, training: true }, { tier }), 3, B, H);
  });

  test(`${kind}: padding stays zero: after training, arrays still agree and the norm is that of the real parameters`, () => {
    for (const tier of tiers) {
      const network = new Network(stackOf([kind], 3, [9, 21], 6), { steps: 4, batch: 5, training: true }, { tier });
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

  test(`${kind}: other sizes up to the capacity, one after the other, give the bits of a fresh network`, () => {
    const stack = stackOf([kind], 3, [18, 7], 4);
    for (const tier of tiers) {
      const used = new Network(stack, { steps: 9, batch: 70, training: true }, { tier });
      for (const [T, B] of [
        [9, 70],
        [1, 1],
        [3, 5],
        [9, 2],
        [4, 70],
        [2, 64],
        [9, 70],
      ] as const) {
        const fresh = new Network(stack, { steps: T, batch: B, training: true }, { tier });
        assert.deepEqual(everything(used, T, B, T * B), everything(fresh, T, B, T * B), `T ${T}, B ${B}`);
      }
    }
  });

  test(`${kind}: without given states, nothing of earlier passes is left, for batches of any size`, () => {
    // Several panels wide: what is left behind can lie in any of them.
    const wide = stackOf([kind], 3, [40], 4);
    for (const tier of tiers)
      for (const batch of [5, 63, 64, 65, 168]) {
        const make = () => {
          const network = new Network(wide, { steps: 3, batch, training: true }, { tier });
          fill(network, testRandom(1));
          return network;
        };
        const x = randomArray(testRandom(2), 3 * batch * 3);
        const dOutput = randomArray(testRandom(3), 3 * batch * 4);
        const pass = (network: Network) => {
          network.forward(x, 3, batch);
          network.zeroGradients();
          network.backward(dOutput);
          return [
            network.output(),
            ...gradientsOf(network),
            network.inputGradient(),
            ...arraysOf(network.stateGradient()),
          ];
        };
        const used = make();
        used.forward(x, 3, batch, randomState(wide, batch, testRandom(4)));
        used.backward(dOutput, randomState(wide, batch, testRandom(5)));
        const expected = pass(make());
        for (let again = 0; again < 3; again++) assert.deepEqual(pass(used), expected, `${tier}, batch ${batch}`);
      }
  });

  test(`${kind}: a row gives the same bits whatever the other rows of its batch`, () => {
    const stack = stackOf([kind], 3, [10, 7], 4);
    for (const tier of tiers) {
      const all = new Network(stack, { steps: 5, batch: 11, training: false }, { tier });
      const one = new Network(stack, { steps: 5, batch: 1, training: false }, { tier });
      const x = randomArray(testRandom(2), 5 * 11 * 3);
      fill(all, testRandom(1));
      fill(one, testRandom(1));
      all.forward(x, 5, 11);
      const together = all.output();
      for (let row = 0; row < 11; row++) {
        const pick = (a: Float32Array, width: number) =>
          Float32Array.from(
            { length: 5 * width },
            (_, i) => a[(Math.floor(i / width) * 11 + row) * width + (i % width)]!,
          );
        one.forward(pick(x, 3), 5, 1);
        assert.deepEqual(one.output(), pick(together, 4), `row ${row}`);
      }
    }
  });

  test(`${kind}: a network for inference gives the bits of one for training, and its state carries on`, () => {
    const stack = stackOf([kind], 3, [18, 7], 4);
    const training = new Network(stack, { steps: 8, batch: 3, training: true });
    const inference = new Network(stack, { steps: 8, batch: 3, training: false });
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

  test(`${kind}: parameter gradients add up over backward passes`, () => {
    const network = new Network(stackOf([kind], 3, [10, 7], 4), { steps: 3, batch: 2, training: true });
    const random = testRandom(4);
    fill(network, random);
    const x = randomArray(random, 18);
    const dOutput = randomArray(random, 24);
    const pass = () => {
      network.forward(x, 3, 2);
      network.backward(dOutput);
    };
    pass();
    const once = gradientsOf(network);
    pass();
    gradientsOf(network).forEach((twice, i) => {
      const error = relativeError(
        twice,
        once[i]!.map((g) => 2 * g),
      );
      assert.ok(error <= TOLERANCE, `${[...network.parameters.keys()][i]}: ${error}`);
    });
    network.zeroGradients();
    assert.equal(network.gradientNorm(), 0);
  });
}

const gradientsOf = (network: Network): Float32Array[] =>
  [...network.parameters.keys()].map((name) => network.read('gradient', name));

const arraysOf = (state: NetworkState): Float32Array[] =>
  state.flatMap((entry) => (entry === null ? [] : entry.c === null ? [entry.h] : [entry.h, entry.c]));

/** Every number of one forward and backward pass. */
function everything(network: Network, T: number, B: number, seed: number): Float32Array[] {
  const random = testRandom(seed);
  const { layers } = network;
  fill(network, random);
  network.zeroGradients();
  network.forward(randomArray(random, T * B * 3), T, B, randomState(layers, B, random));
  const results = [network.output(), ...arraysOf(network.finalState())];
  network.backward(randomArray(random, T * B * 4), randomState(layers, B, random));
  return [...results, ...gradientsOf(network), network.inputGradient(), ...arraysOf(network.stateGradient())];
}

const STACK: readonly LayerSpec[] = stackOf(['lstm'], 3, [10, 7], 4);

test('parameters have the names and shapes of PyTorch, gate by gate', () => {
  const shapes = (layer: LayerSpec) =>
    Object.fromEntries(new Network([layer], { steps: 1, batch: 1, training: false }).parameters);
  const plain = (rows: number, width: number) => {
    return { '0.weight_ih': [rows, 3], '0.weight_hh': [rows, width], '0.bias': [rows] };
  };
  assert.deepEqual(shapes(layerOf('rnn relu', 3, 18)), plain(18, 18));
  assert.deepEqual(shapes(layerOf('leaky tanh', 3, 18)), { ...plain(18, 18), '0.leak': [18] });
  assert.deepEqual(shapes(layerOf('gru reset-before', 3, 18)), plain(54, 18));
  assert.deepEqual(shapes(layerOf('gru reset-after', 3, 18)), { ...plain(54, 18), '0.bias_hn': [18] });
  assert.deepEqual(shapes(layerOf('lstm', 3, 18)), plain(72, 18));
  assert.deepEqual(shapes(layerOf('lstm of 1997', 3, 18)), plain(72, 18));
  assert.deepEqual(shapes(layerOf('lstm with peepholes', 3, 18)), { ...plain(72, 18), '0.peephole': [3, 18] });
  assert.deepEqual(shapes(layerOf('lstm with projection', 3, 18)), { ...plain(72, 6), '0.weight_hr': [6, 18] });
});

test('what is written is read back, every element in a place of its own', () => {
  for (const kind of KIND_NAMES) {
    const network = new Network(stackOf([kind], 5, [19, 7], 18), { steps: 1, batch: 1, training: true });
    for (const slot of ['value', 'gradient', 'moment1', 'moment2'] as const) {
      let next = 1;
      const written = [...network.parameters].map(([name, shape]) => {
        const count = shape.reduce((product, length) => product * length, 1);
        const data = Float32Array.from({ length: count }, () => next++);
        network.write(slot, name, data);
        return data;
      });
      const read = [...network.parameters.keys()].map((name) => network.read(slot, name));
      assert.deepEqual(read, written, `${kind}, ${slot}`);
    }
  }
});

test('leaky units with λ = 1 are the plain network, bit for bit; that is how they start', () => {
  for (const nonlinearity of ['tanh', 'relu'] as const) {
    const pair = (['leaky', 'rnn'] as const).map((kind) => {
      const layer: LayerSpec = { kind, inputSize: 3, hiddenSize: 19, nonlinearity };
      const network = new Network([layer], { steps: 6, batch: 5, training: true });
      for (const name of ['0.weight_ih', '0.weight_hh', '0.bias'])
        network.write('value', name, randomArray(testRandom(name.length), network.read('value', name).length, 0.5));
      network.forward(randomArray(testRandom(1), 6 * 5 * 3), 6, 5);
      return network.output();
    });
    assert.deepEqual(pair[0], pair[1]);
  }
});

test('without a forget gate the rows of f count for nothing and have no gradient', () => {
  const H = 11;
  const network = new Network([layerOf('lstm of 1997', 3, H)], { steps: 5, batch: 4, training: true });
  fill(network, testRandom(1));
  const x = randomArray(testRandom(2), 60);
  const run = () => {
    network.forward(x, 5, 4);
    return network.output();
  };
  const before = run();
  for (const [name, inner] of [
    ['0.weight_ih', 3],
    ['0.weight_hh', H],
    ['0.bias', 1],
  ] as const)
    network.write(
      'value',
      name,
      network.read('value', name).map((v, i) => (Math.floor(i / (H * inner)) === 1 ? v + 3 : v)),
    );
  assert.deepEqual(run(), before);
  network.backward(randomArray(testRandom(3), 5 * 4 * H));
  for (const [name, inner] of [
    ['0.weight_ih', 3],
    ['0.weight_hh', H],
    ['0.bias', 1],
  ] as const) {
    const gates = [0, 1, 2, 3].map((gate) =>
      network.read('gradient', name).subarray(gate * H * inner, (gate + 1) * H * inner),
    );
    assert.deepEqual(
      gates.map((rows) => rows.some((g) => g !== 0)),
      [true, false, true, true],
    );
  }
});

test('a state without c, where there is none or zero is meant, is accepted; one too many is refused', () => {
  const gru = new Network([layerOf('gru reset-after', 2, 3)], { steps: 1, batch: 1, training: false });
  gru.forward(new Float32Array(2), 1, 1, [{ h: new Float32Array(3), c: null }]);
  assert.equal(gru.finalState()[0]!.c, null);
  assert.throws(() => gru.forward(new Float32Array(2), 1, 1, [{ h: new Float32Array(3), c: new Float32Array(3) }]), {
    code: 'bad_size',
  });
  const lstm = new Network([layerOf('lstm with projection', 2, 9)], { steps: 1, batch: 1, training: false });
  fill(lstm, testRandom(1));
  lstm.forward(new Float32Array(2), 1, 1, [{ h: new Float32Array(3), c: null }]);
  const without = lstm.output();
  lstm.forward(new Float32Array(2), 1, 1, [{ h: new Float32Array(3), c: new Float32Array(9) }]);
  assert.deepEqual(lstm.output(), without);
});

test('wrong use is refused with a stable code', () => {
  const code = (expected: string) => (error: unknown) => (error as { code?: string }).code === expected;
  const capacity = { steps: 2, batch: 2, training: true };
  assert.throws(() => new Network([], capacity), code('bad_layers'));
  assert.throws(() => new Network([{ kind: 'lstm', inputSize: 0, hiddenSize: 3 }], capacity), code('bad_layers'));
  assert.throws(() => new Network([STACK[0]!, STACK[2]!], capacity), code('bad_layers'));
  const sizes = { inputSize: 2, hiddenSize: 3 };
  for (const layer of [
    { kind: 'dense', ...sizes },
    { kind: 'toString', ...sizes },
    { kind: 'rnn', ...sizes },
    { kind: 'rnn', ...sizes, nonlinearity: 'sine' },
    { kind: 'leaky', ...sizes, nonlinearity: 'sine' },
    { kind: 'gru', ...sizes },
    { kind: 'gru', inputSize: 2, resetAfter: true },
    { kind: 'gru', inputSize: 2, hiddenSize: 2.5, resetAfter: true },
    { kind: 'lstm', ...sizes, projSize: 0 },
    { kind: 'lstm', ...sizes, peephole: 1 },
    { kind: 'lstm', ...sizes, forgetGate: 'no' },
    { kind: 'linear', inputSize: 2 },
  ])
    assert.throws(() => new Network([layer as LayerSpec], capacity), code('bad_layers'), JSON.stringify(layer));
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
  assert.throws(() => network.evaluate({ levels: [0.5] }), code('no_batch'));
  const inference = new Network(STACK, { ...capacity, training: false });
  assert.throws(() => inference.zeroGradients(), code('not_training'));
  assert.throws(() => inference.read('moment1', '2.bias'), code('not_training'));
});
