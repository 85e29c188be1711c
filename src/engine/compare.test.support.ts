/** Random problems for a network, and everything that it computes for them against the float64 oracle. */
import type { LayerSpec, Network, NetworkState } from './index.js';
import { outputSize, stateSizes } from './layer-spec.js';
import { type OracleState, oracle, randomArray, relativeError, testRandom } from './oracle.test.support.js';

/** Relative error of each array. */
export const TOLERANCE = 1e-5;

const plain = (state: NetworkState): OracleState =>
  state.map((entry) => entry && { h: Array.from(entry.h), c: entry.c && Array.from(entry.c) });

export const randomState = (layers: readonly LayerSpec[], B: number, random: () => number): NetworkState =>
  layers.map((layer) => {
    const sizes = stateSizes(layer);
    return sizes && { h: randomArray(random, B * sizes.h), c: sizes.c ? randomArray(random, B * sizes.c, 1.5) : null };
  });

/** Sets every parameter to random values, leaks within (0.05, 0.95), and returns them. */
export function fill(network: Network, random: () => number): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, shape] of network.parameters) {
    const fan = shape[1] ?? 1;
    let data = randomArray(random, shape[0]! * fan, 1.5 / Math.sqrt(fan));
    if (name.endsWith('.leak')) data = data.map((value) => 0.5 + 0.3 * value);
    network.write('value', name, data);
    values.set(name, data);
  }
  return values;
}

/** The arrays of `network` for one random problem that differ from the oracle's by more than the tolerance. */
export function differences(network: Network, T: number, B: number, seed: number, tolerance: number): string[] {
  const random = testRandom(seed);
  const { layers } = network;
  const wrong: string[] = [];
  const close = (actual: ArrayLike<number> | null, expected: ArrayLike<number> | null, what: string) => {
    if (actual === null && expected === null) return;
    const error = actual === null || expected === null ? Number.NaN : relativeError(actual, expected);
    if (!(error <= tolerance)) wrong.push(`${what}: relative error ${error}`);
  };
  const closeState = (actual: NetworkState, expected: OracleState, what: string) =>
    expected.forEach((entry, at) => {
      close(actual[at]?.h ?? null, entry?.h ?? null, `${what} h of layer ${at}`);
      close(actual[at]?.c ?? null, entry?.c ?? null, `${what} C of layer ${at}`);
    });

  const values = fill(network, random);
  const x = randomArray(random, T * B * layers[0]!.inputSize, 2);
  const state = randomState(layers, B, random);
  const dState = randomState(layers, B, random);
  const expected = oracle(layers, values, x, T, B, plain(state));
  network.zeroGradients();
  network.forward(x, T, B, state);
  layers.forEach((_, at) => {
    close(network.layerOutput(at), expected.outputs[at]!, `output of layer ${at}`);
  });
  closeState(network.finalState(), expected.finalState, 'final');
  const dOutput = randomArray(random, T * B * outputSize(layers.at(-1)!));
  const gradient = expected.backward(dOutput, plain(dState));
  network.backward(dOutput, dState);
  for (const [name, expectedGradient] of gradient.parameters)
    close(network.read('gradient', name), expectedGradient, `gradient of ${name}`);
  close(network.inputGradient(), gradient.input, 'dx');
  closeState(network.stateGradient(), gradient.state, 'initial-state gradient');
  return wrong;
}
