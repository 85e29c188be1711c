import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tiers } from './all-tiers.test.support.js';
import { type LayerSpec, Network } from './index.js';
import { oracle, relativeError } from './oracle.test.support.js';

interface Tensor {
  shape: number[];
  data: number[];
}
/** One case of make_torch_goldens.py: float64 values of PyTorch, loss = Σ output·wOut + Σ hn·wH + Σ cn·wC. */
interface Golden {
  name: string;
  kind: string;
  options: {
    num_layers?: number;
    bidirectional?: boolean;
    proj_size?: number;
    bias?: boolean;
    nonlinearity?: 'tanh' | 'relu';
  };
  T: number;
  B: number;
  inputSize: number;
  hiddenSize: number;
  params: Record<string, Tensor>;
  dparams: Record<string, Tensor>;
  [tensor: string]: unknown;
}

const file = new URL('../../src/cells/fixtures/torch-goldens.json', import.meta.url);
const cases = (JSON.parse(readFileSync(file, 'utf8')) as { cases: Golden[] }).cases.filter(
  ({ options }) => !options.bidirectional,
);

/** The layer that PyTorch's module of this case has at place `at`. */
function layerOf({ kind, options, inputSize: first, hiddenSize }: Golden, at: number): LayerSpec {
  const inputSize = at === 0 ? first : (options.proj_size ?? hiddenSize);
  if (kind === 'RNN') return { kind: 'rnn', inputSize, hiddenSize, nonlinearity: options.nonlinearity ?? 'tanh' };
  if (kind === 'GRU') return { kind: 'gru', inputSize, hiddenSize, resetAfter: true };
  return { kind: 'lstm', inputSize, hiddenSize, ...(options.proj_size && { projSize: options.proj_size }) };
}

/** The engine's names and its one bias for each gate, from PyTorch's. */
function prepare(golden: Golden) {
  const { T, B, hiddenSize: H, options } = golden;
  const depth = options.num_layers ?? 1;
  const data = (name: string) => (golden[name] as Tensor | undefined)?.data ?? [];
  const layers = Array.from({ length: depth }, (_, at) => layerOf(golden, at));
  const values = new Map<string, number[]>();
  const gradients = new Map<string, number[]>();
  for (let at = 0; at < depth; at++) {
    for (const name of ['weight_ih', 'weight_hh', 'weight_hr']) {
      const value = golden.params[`${name}_l${at}`];
      if (value === undefined) continue;
      values.set(`${at}.${name}`, value.data);
      gradients.set(`${at}.${name}`, golden.dparams[`${name}_l${at}`]!.data);
    }
    const bias = (side: 'ih' | 'hh') => golden.params[`bias_${side}_l${at}`]?.data;
    const dBias = (side: 'ih' | 'hh') => golden.dparams[`bias_${side}_l${at}`]?.data;
    // The GRU's candidate has b_hn inside r ⊙ (…); all other biases only ever count as a sum.
    const apart = golden.kind === 'GRU' ? 2 * H : Number.POSITIVE_INFINITY;
    const width = golden.params[`weight_ih_l${at}`]!.shape[0]!;
    values.set(
      `${at}.bias`,
      Array.from({ length: width }, (_, n) => (bias('ih')?.[n] ?? 0) + (n < apart ? (bias('hh')?.[n] ?? 0) : 0)),
    );
    if (dBias('ih') !== undefined) gradients.set(`${at}.bias`, dBias('ih')!);
    if (golden.kind !== 'GRU') continue;
    values.set(`${at}.bias_hn`, bias('hh')!.slice(apart));
    gradients.set(`${at}.bias_hn`, dBias('hh')!.slice(apart));
  }
  const states = (h: string, c: string) =>
    layers.map((_, at) => {
      const part = (name: string) => {
        const all = data(name);
        return all.slice((at * all.length) / depth, ((at + 1) * all.length) / depth);
      };
      return { h: part(h), c: golden.kind === 'LSTM' ? part(c) : null };
    });
  return { T, B, layers, values, gradients, data, states };
}

type States = readonly ({ readonly h: ArrayLike<number>; readonly c: ArrayLike<number> | null } | null)[];

const float32 = (state: { h: number[]; c: number[] | null }[]) =>
  state.map(({ h, c }) => ({ h: Float32Array.from(h), c: c && Float32Array.from(c) }));

/** One state of all layers, as PyTorch gives it: [layers, B, ·]. Nothing where there is no c. */
const joined = (states: States, which: 'h' | 'c'): number[] =>
  states.flatMap((entry) => Array.from(entry?.[which] ?? []));

test('PyTorch has computed every case that the engine can run', () => {
  assert.deepEqual(
    cases.map(({ name }) => name),
    [
      'rnn-tanh',
      'rnn-relu',
      'rnn-2-layers',
      'gru-1-step',
      'gru',
      'lstm-1-step',
      'lstm',
      'lstm-odd-sizes',
      'lstm-hidden-17',
      'lstm-2-layers',
      'lstm-3-layers',
      'lstm-no-bias',
      'lstm-projection',
      'lstm-long',
    ],
  );
});

for (const golden of cases) {
  const { T, B, layers, values, gradients, data, states } = prepare(golden);

  test(`${golden.name}: the tests' float64 oracle agrees with PyTorch to 1e-11`, () => {
    const close = (actual: ArrayLike<number>, expected: number[], what: string) =>
      assert.ok(relativeError(actual, expected) <= 1e-11, `${what}: ${relativeError(actual, expected)}`);
    const result = oracle(layers, values, data('x'), T, B, states('h0', 'c0'));
    const back = result.backward(data('wOut'), states('wH', 'wC'));
    close(result.outputs.at(-1)!, data('output'), 'output');
    close(joined(result.finalState, 'h'), data('hn'), 'hn');
    close(joined(result.finalState, 'c'), data('cn'), 'cn');
    for (const [name, expected] of gradients) close(back.parameters.get(name)!, expected, name);
    close(back.input, data('dx'), 'dx');
    close(joined(back.state, 'h'), data('dh0'), 'dh0');
    close(joined(back.state, 'c'), data('dc0'), 'dc0');
  });

  for (const tier of tiers)
    test(`${golden.name}, tier ${tier}: outputs, states and every gradient agree with PyTorch to 1e-5`, () => {
      const close = (actual: ArrayLike<number>, expected: number[], what: string) =>
        assert.ok(relativeError(actual, expected) <= 1e-5, `${what}: ${relativeError(actual, expected)}`);
      const network = new Network(layers, { steps: T, batch: B, training: true }, { tier });
      assert.deepEqual([...network.parameters.keys()].sort(), [...values.keys()].sort());
      for (const [name, value] of values) network.write('value', name, value);
      network.forward(Float32Array.from(data('x')), T, B, float32(states('h0', 'c0')));
      close(network.output(), data('output'), 'output');
      close(joined(network.finalState(), 'h'), data('hn'), 'hn');
      close(joined(network.finalState(), 'c'), data('cn'), 'cn');
      network.backward(Float32Array.from(data('wOut')), float32(states('wH', 'wC')));
      for (const [name, expected] of gradients) close(network.read('gradient', name), expected, name);
      close(network.inputGradient(), data('dx'), 'dx');
      close(joined(network.stateGradient(), 'h'), data('dh0'), 'dh0');
      close(joined(network.stateGradient(), 'c'), data('dc0'), 'dc0');
    });
}
