import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineInfo, type LayerSpec, Network, type NetworkState } from './index.js';
import { outputSize } from './layer-spec.js';
import { type OracleState, oracle, randomArray, relativeError, testRandom } from './oracle.test.support.js';

const TOLERANCE = 1e-5;
const { tiers } = engineInfo();

const plain = (state: NetworkState): OracleState =>
  state.map((entry) => entry && { h: Array.from(entry.h), c: Array.from(entry.c) });

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const error = relativeError(actual, expected);
  assert.ok(error <= TOLERANCE, `${what}: relative error ${error}`);
}

function closeState(actual: NetworkState, expected: OracleState, what: string): void {
  expected.forEach((entry, at) => {
    if (entry === null) return assert.equal(actual[at], null);
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
    for (const tier of tiers) compare(new Network(layers, { steps, batch, training: true }, { tier }), steps, batch, round);
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
    for (const [T, B] of [[2, 60], [2, 61], [2, 125], [1, 200], [70, 7], [300, 1]] as const)
      compare(new Network(layers, { steps: T, batch: B, training: true }, { tier }), T, B, T);
});
