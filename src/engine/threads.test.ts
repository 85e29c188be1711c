/** Several threads: the same bits as one, whoever helps and whenever; the shapes of a sweep against float64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { tiers } from './all-tiers.test.support.js';
import { differences, fill, randomState, TOLERANCE } from './compare.test.support.js';
import { type LayerSpec, Network } from './index.js';
import { KIND_NAMES, stackOf } from './layer-kinds.test.support.js';
import { outputSize } from './layer-spec.js';
import { randomArray, testRandom } from './oracle.test.support.js';
import { MOST_SHARDS, shardRule, shardsOf, trainingShards } from './shards.js';

type Sizes = readonly [T: number, B: number];

const build = (layers: readonly LayerSpec[], [steps, batch]: Sizes, tier: (typeof tiers)[number], threads: number) =>
  new Network(layers, { steps, batch, training: true }, { tier, threads, leastShared: 0 });

/** Works until all helpers have come. */
async function gather(network: Network, [T, B]: Sizes): Promise<void> {
  const x = new Float32Array(T * B * network.layers[0]!.inputSize);
  for (let attempt = 0; network.helpers() < network.threads - 1; attempt++) {
    assert.ok(
      attempt < 400,
      `after ${attempt} attempts ${network.helpers()} of ${network.threads - 1} helpers are there`,
    );
    network.forward(x, T, B);
    await sleep(10);
  }
}

/** Every number of a forward and a backward pass and of three training steps. */
function everything(network: Network, [T, B]: Sizes): Float32Array[] {
  const random = testRandom(5);
  const { layers } = network;
  const width = outputSize(layers.at(-1)!);
  fill(network, random);
  network.zeroGradients();
  for (const moment of ['moment1', 'moment2'] as const)
    for (const name of network.parameters.keys()) network.write(moment, name, network.read(moment, name).fill(0));
  const x = randomArray(random, T * B * layers[0]!.inputSize);
  network.forward(x, T, B, randomState(layers, B, random));
  const states = (state: ReturnType<Network['finalState']>) =>
    state.flatMap((entry) => [entry?.h, entry?.c].filter((a) => a instanceof Float32Array));
  const results = [network.output(), ...states(network.finalState())];
  network.backward(randomArray(random, T * B * width), randomState(layers, B, random));
  const all = (what: 'value' | 'gradient') => [...network.parameters.keys()].map((name) => network.read(what, name));
  results.push(...all('gradient'), network.inputGradient(), ...states(network.stateGradient()));
  network.setBatch(x, randomArray(random, T * B * width), T, B);
  const losses = [1, 2, 3].map((step) =>
    network.trainStep({ levels: [0.3], learningRate: 0.01, weightDecay: 0.01, clipNorm: 0.5, step }),
  );
  results.push(Float32Array.from(losses), all('value').flatMap((a) => [...a]) as never);
  return results;
}

test('a batch of any size is cut into shards that hold every row once; for training by its size alone', () => {
  for (let batch = 1; batch <= 600; batch++)
    for (const rule of [shardRule(true, 3), shardRule(false, 1), shardRule(false, 5)]) {
      const shards = shardsOf(batch, rule(batch));
      let next = 0;
      for (const { first, rows } of shards) {
        assert.equal(first, next);
        assert.ok(rows > 0);
        next += rows;
      }
      assert.equal(next, batch);
      assert.ok(
        shards.length <= MOST_SHARDS && shards.length >= rule(Math.max(1, batch - 1)),
        'a larger batch never has fewer',
      );
    }
  assert.equal(shardRule(true, 1), shardRule(true, 64));
});

for (const kind of KIND_NAMES)
  test(`${kind}: one, two and three threads give the same bits`, async () => {
    const layers = stackOf([kind, 'lstm'], 3, [18, 9], 4);
    for (const tier of tiers)
      for (const sizes of [
        [4, 17],
        [3, 66],
        [2, 261],
      ] as const) {
        const expected = everything(build(layers, sizes, tier, 1), sizes);
        for (const threads of [2, 3]) {
          const network = build(layers, sizes, tier, threads);
          await gather(network, sizes);
          assert.deepEqual(everything(network, sizes), expected, `${tier}, ${threads} threads, batch ${sizes[1]}`);
          network.rest();
        }
      }
  });

test('an LSTM over so many steps that what it keeps is fetched ahead: the same bits on one, two and three threads', async () => {
  const layers = stackOf(['lstm'], 2, [39], 3);
  const sizes = [480, 17] as const;
  for (const tier of tiers) {
    const expected = everything(build(layers, sizes, tier, 1), sizes);
    for (const threads of [2, 3]) {
      const network = build(layers, sizes, tier, threads);
      await gather(network, sizes);
      assert.deepEqual(everything(network, sizes), expected, `${tier}, ${threads} threads`);
      network.rest();
    }
  }
});

test('a network for inference gives the same bits on one, two and three threads, streaming too', async () => {
  const layers = stackOf(['lstm', 'gru reset-after', 'leaky tanh', 'lstm with projection'], 3, [18, 9, 20, 12], 4);
  const capacity = { steps: 3, batch: 61, training: false };
  const run = (network: Network) => {
    const random = testRandom(8);
    fill(network, random);
    network.forward(randomArray(random, 3 * 61 * 3), 3, 61, randomState(layers, 61, random));
    const results = [network.output(), network.finalState()];
    network.startStream(61, network.finalState());
    for (let t = 0; t < 3; t++) results.push(network.step(randomArray(random, 61 * 3)).slice(), network.finalState());
    return results;
  };
  for (const tier of tiers) {
    const expected = run(new Network(layers, capacity, { tier, threads: 1 }));
    for (const threads of [2, 3]) {
      const network = new Network(layers, capacity, { tier, threads, leastShared: 0 });
      await gather(network, [3, 61]);
      assert.deepEqual(run(network), expected, `${tier}, ${threads} threads`);
      network.rest();
    }
  }
});

test('networks take turns: the helpers go from one to the other and back', async () => {
  const layers = stackOf(['lstm'], 3, [18], 4);
  const sizes = [3, 40] as const;
  const expected = everything(build(layers, sizes, tiers[0]!, 1), sizes);
  const networks = [2, 2, 3].map((threads) => build(layers, sizes, tiers[0]!, threads));
  for (let turn = 0; turn < 8; turn++) {
    const network = networks[turn % networks.length]!;
    await gather(network, sizes);
    assert.deepEqual(everything(network, sizes), expected);
    for (const other of networks) if (other !== network) assert.ok(other.helpers() <= other.threads - 1);
  }
  // Without a pause in between, each task is done by those who happen to be there.
  for (let turn = 0; turn < 60; turn++)
    assert.deepEqual(everything(networks[turn % networks.length]!, sizes), expected, `turn ${turn}`);
});

test('random shapes of all kinds from 1 to 70 agree with float64, in every tier, on one to three threads', async () => {
  const random = testRandom(11);
  const size = (limit: number) => 1 + Math.floor(random() * limit);
  for (let round = 0; round < 36; round++) {
    const layers = stackOf([KIND_NAMES[round % KIND_NAMES.length]!], size(70), [size(70)], size(70));
    const sizes = [size(4), round % 3 === 0 ? 16 + size(54) : size(70)] as const;
    const what = layers.map((l) => `${l.kind} ${l.inputSize}>${outputSize(l)}`).join(', ');
    for (const tier of tiers) {
      const threads = 1 + ((round + tiers.indexOf(tier)) % 3);
      const network = build(layers, sizes, tier, threads);
      if (trainingShards(sizes[1]) > 1) await gather(network, sizes);
      const wrong = differences(network, ...sizes, round, TOLERANCE);
      assert.deepEqual(wrong, [], `${what}, T ${sizes[0]}, B ${sizes[1]}, ${tier}, ${threads} threads`);
      network.rest();
    }
  }
});

test('no array is allocated and nothing is lost over 10 000 training steps', async () => {
  const sizes = [4, 16] as const;
  const network = build(stackOf(['lstm'], 1, [8], 1), sizes, tiers[0]!, 2);
  await gather(network, sizes);
  const random = testRandom(1);
  fill(network, random);
  network.setBatch(randomArray(random, 64), randomArray(random, 64), ...sizes);
  const train = (from: number, to: number) => {
    let loss = Number.NaN;
    for (let step = from; step <= to; step++) loss = network.trainStep({ levels: [0.5], learningRate: 1e-3, step });
    return loss;
  };
  train(1, 500);
  const before = process.memoryUsage().arrayBuffers;
  const loss = train(501, 10_500);
  assert.ok(Number.isFinite(loss));
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown <= 0, `array buffers grew by ${grown} bytes`);
  network.rest();
});

test('where threads cannot be had, a network that asks for them works on one', async () => {
  const { engineHost, provideHost } = await import('./host.js');
  const host = engineHost();
  const sizes = [3, 40] as const;
  const layers = stackOf(['gru reset-after'], 3, [9], 4);
  const expected = everything(build(layers, sizes, 'simd', 1), sizes);
  try {
    const { startThread: _, ...alone } = host;
    provideHost(alone);
    const network = build(layers, sizes, 'simd', 4);
    assert.equal(network.threads, 1);
    assert.deepEqual(everything(network, sizes), expected);
    // Threads that never come cost their help only.
    provideHost({ ...host, startThread: () => ({ postMessage: () => {} }) });
    const waiting = build(layers, sizes, 'simd', 40);
    assert.deepEqual(everything(waiting, sizes), expected);
    assert.ok(waiting.helpers() <= 2, 'those that were there before');
    waiting.rest();
  } finally {
    provideHost(host);
  }
});
