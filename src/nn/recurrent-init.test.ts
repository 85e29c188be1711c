/** How layers start: properties of the start values, gate by gate, through `stateDict()`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Numbers } from './cell-runner.js';
import { GRU, type Initialisation, LSTM, RNN } from './index.js';
import { HIDDEN as H, VARIANTS } from './recurrent-cases.test.support.js';
import type { StateDict } from './state-dict.js';

const SEED = { seed: 2, engine: 'reference' } as const;
const big = { inputSize: 30, hiddenSize: 64, ...SEED };

/** Uniform in ±bound: inside, mean 0 and variance bound²/3 within five standard errors. */
function assertUniform(label: string, data: ArrayLike<number>, bound: number): void {
  const values = Array.from(data);
  assert.ok(
    values.every((value) => Math.abs(value) <= bound),
    `${label}: within ±${bound}`,
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const each = bound / Math.sqrt(values.length);
  assert.ok(Math.abs(mean) < 5 * 0.5774 * each, `${label}: mean ${mean}`);
  assert.ok(Math.abs(variance - (bound * bound) / 3) < 5 * 0.2982 * bound * each, `${label}: variance ${variance}`);
}

const gates = { RNN: 1, LeakyRNN: 1, GRU: 3, LSTM: 4 };
/** The square of each gate's recurrent matrix: W·Wᵀ, or Wᵀ·W of a tall one, [n,n]. */
function squares(data: Numbers, count: number, rows: number, columns: number): number[][] {
  return Array.from({ length: count }, (_, gate) => {
    const n = Math.min(rows, columns);
    const [between, within, length] = rows <= columns ? [columns, 1, columns] : [1, columns, rows];
    const at = gate * rows * columns;
    return Array.from({ length: n * n }, (_, k) => {
      const [i, j] = [Math.floor(k / n), k % n];
      let sum = 0;
      for (let m = 0; m < length; m++) sum += data[at + i * between + m * within] * data[at + j * between + m * within];
      return sum;
    });
  });
}

for (const { name, layer, states, build } of VARIANTS) {
  const start = (init: Initialisation): StateDict<Numbers> =>
    build({ ...SEED, init, numLayers: 2, bidirectional: true }).stateDict();
  const isOwn = (parameter: string) =>
    parameter.startsWith('leak') || (layer === 'LSTM' && parameter.startsWith('bias_ih'));

  test(`${name}: orthogonal is orthogonal gate by gate; biases and peepholes 0`, () => {
    for (const [parameter, { data, shape }] of Object.entries(start('orthogonal'))) {
      if (isOwn(parameter)) continue;
      if (!parameter.startsWith('weight'))
        assert.ok(
          data.every((value) => value === 0),
          parameter,
        );
      if (!parameter.startsWith('weight_hh')) continue;
      for (const square of squares(data, gates[layer as 'RNN'], H, shape[1])) {
        const n = Math.sqrt(square.length);
        for (const [k, value] of square.entries())
          assert.ok(Math.abs(value - Number(Math.floor(k / n) === k % n)) < 1e-12, `${parameter}: ${value}`);
      }
    }
  });

  test(`${name}: glorot stays within its bound gate by gate, and uses it`, () => {
    for (const [parameter, { data, shape }] of Object.entries(start('glorot'))) {
      if (!parameter.startsWith('weight')) continue;
      const outputs = parameter.startsWith('weight_hr') ? states.h : H;
      const bound = Math.sqrt(6 / (outputs + shape[1]));
      const largest = Math.max(...data.map(Math.abs));
      assert.ok(largest <= bound && largest > 0.5 * bound, `${parameter}: ${largest} of ${bound}`);
    }
  });
}

test('default: uniform in ±1/√H, peepholes and projections too', () => {
  const layer = new LSTM({ ...big, projSize: 16, peephole: true, forgetBias: 0 });
  for (const [name, { data }] of Object.entries(layer.stateDict())) assertUniform(name, data, 1 / 8);
});

test('glorot: uniform by the shape of a gate, forget bias and nothing else in the biases', () => {
  const { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 } = new LSTM({ ...big, init: 'glorot' }).stateDict();
  assertUniform('weight_ih', weight_ih_l0.data, Math.sqrt(6 / (64 + 30)));
  assertUniform('weight_hh', weight_hh_l0.data, Math.sqrt(6 / (64 + 64)));
  assert.ok(bias_ih_l0.data.every((value, k) => value === (k >= 64 && k < 128 ? 1 : 0)));
  assert.ok(bias_hh_l0.data.every((value) => value === 0));
});

test('identity: the IRNN hands on its state without an input, and its error', () => {
  const layer = new RNN({ inputSize: 2, hiddenSize: 3, nonlinearity: 'relu', init: 'identity', engine: 'reference' });
  const h = Float64Array.of(0.5, 0.25, 2);
  const { state } = layer.forward(new Float64Array(200), { steps: 100, batch: 1, state: { h } });
  assert.deepEqual(state.h, h);
  const dState = { h: Float64Array.of(1, -2, 3) };
  assert.deepEqual(layer.backward({ dState }).dState, dState);
});

test('chrono: gates that start with time constants spread over 2 … longest steps', () => {
  const longest = 50;
  const lstm = new LSTM({ ...big, init: 'chrono', longest }).stateDict();
  const gru = new GRU({ ...big, init: 'chrono', longest }).stateDict();
  for (const [label, bias, hidden, others] of [
    ['LSTM f', lstm.bias_ih_l0.data.slice(64, 128), lstm.bias_hh_l0.data, lstm.bias_ih_l0.data.slice(128)],
    [
      'GRU z',
      gru.bias_ih_l0.data.slice(64, 128),
      gru.bias_hh_l0.data,
      [...gru.bias_ih_l0.data.filter((_, k) => k < 64 || k >= 128)],
    ],
  ] as const) {
    // 1/(1 − σ(b)) = 1 + e^b, uniform in 2 … longest.
    const constants = bias.map((value) => 1 + Math.exp(value));
    assert.ok(
      constants.every((steps) => steps >= 2 && steps <= longest),
      label,
    );
    assertUniform(
      label,
      constants.map((steps) => steps - (2 + longest) / 2),
      (longest - 2) / 2,
    );
    assert.ok(
      [...hidden, ...others].every((value) => value === 0),
      `${label}: all other biases 0`,
    );
  }
  assert.deepEqual(
    lstm.bias_ih_l0.data.slice(0, 64),
    lstm.bias_ih_l0.data.slice(64, 128).map((value) => -value),
  );
  assertUniform('weights', lstm.weight_hh_l0.data, 1 / 8);
});
