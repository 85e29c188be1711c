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
  options: { num_layers?: number; bidirectional?: boolean; proj_size?: number; bias?: boolean };
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
  ({ kind, options }) => kind === 'LSTM' && !options.bidirectional && !options.proj_size,
);

/** The engine's names and its one bias, from PyTorch's. */
function prepare(golden: Golden) {
  const { T, B, inputSize, hiddenSize: H, options } = golden;
  const depth = options.num_layers ?? 1;
  const data = (name: string) => (golden[name] as Tensor).data;
  const layers = Array.from(
    { length: depth },
    (_, at): LayerSpec => ({ kind: 'lstm', inputSize: at === 0 ? inputSize : H, hiddenSize: H }),
  );
  const values = new Map<string, number[]>();
  const gradients = new Map<string, number[]>();
  for (let at = 0; at < depth; at++) {
    for (const name of ['weight_ih', 'weight_hh']) {
      values.set(`${at}.${name}`, golden.params[`${name}_l${at}`]!.data);
      gradients.set(`${at}.${name}`, golden.dparams[`${name}_l${at}`]!.data);
    }
    const [first, second] = ['ih', 'hh'].map((side) => golden.params[`bias_${side}_l${at}`]?.data);
    values.set(
      `${at}.bias`,
      Array.from({ length: 4 * H }, (_, n) => (first?.[n] ?? 0) + (second?.[n] ?? 0)),
    );
    const bias = golden.dparams[`bias_ih_l${at}`];
    if (bias !== undefined) gradients.set(`${at}.bias`, bias.data);
  }
  const states = (h: string, c: string) =>
    layers.map((_, at) => {
      const part = (name: string) => data(name).slice(at * B * H, (at + 1) * B * H);
      return { h: part(h), c: part(c) };
    });
  return { T, B, layers, values, gradients, data, states };
}

const float32 = (state: { h: number[]; c: number[] }[]) =>
  state.map(({ h, c }) => ({ h: Float32Array.from(h), c: Float32Array.from(c) }));

test('PyTorch has computed every case that the engine can run', () => {
  assert.deepEqual(
    cases.map(({ name }) => name),
    [
      'lstm-1-step',
      'lstm',
      'lstm-odd-sizes',
      'lstm-hidden-17',
      'lstm-2-layers',
      'lstm-3-layers',
      'lstm-no-bias',
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
    for (const [name, expected] of gradients) close(back.parameters.get(name)!, expected, name);
    close(back.input, data('dx'), 'dx');
    close(
      back.state.flatMap((entry) => entry!.h),
      data('dh0'),
      'dh0',
    );
    close(
      back.state.flatMap((entry) => entry!.c),
      data('dc0'),
      'dc0',
    );
  });

  for (const tier of tiers)
    test(`${golden.name}, tier ${tier}: outputs, states and every gradient agree with PyTorch to 1e-5`, () => {
      const close = (actual: ArrayLike<number>, expected: number[], what: string) =>
        assert.ok(relativeError(actual, expected) <= 1e-5, `${what}: ${relativeError(actual, expected)}`);
      const network = new Network(layers, { steps: T, batch: B, training: true }, { tier });
      for (const [name, value] of values) network.write('value', name, value);
      network.forward(Float32Array.from(data('x')), T, B, float32(states('h0', 'c0')));
      close(network.output(), data('output'), 'output');
      const final = network.finalState();
      close(
        final.flatMap((entry) => [...entry!.h]),
        data('hn'),
        'hn',
      );
      close(
        final.flatMap((entry) => [...entry!.c]),
        data('cn'),
        'cn',
      );
      network.backward(Float32Array.from(data('wOut')), float32(states('wH', 'wC')));
      for (const [name, expected] of gradients) close(network.read('gradient', name), expected, name);
      close(network.inputGradient(), data('dx'), 'dx');
      const initial = network.stateGradient();
      close(
        initial.flatMap((entry) => [...entry!.h]),
        data('dh0'),
        'dh0',
      );
      close(
        initial.flatMap((entry) => [...entry!.c]),
        data('dc0'),
        'dc0',
      );
    });
}
