import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halfLives } from '../../nn/unit-memory.js';
import { Random } from '../../random.js';
import { gateSaturation, saturationOf, unitHalfLives } from './gate-statistics.js';
import { layerWeights } from './layer-weights.js';
import { NetworkRun } from './network-run.js';
import { quartiles } from './quartiles.js';

test('an LSTM whose gates are set by their biases alone: f = σ(b_f), half-life −1/log₂ f', () => {
  const H = 2;
  const b = Float64Array.of(5, -5, Math.log(9), Math.log(0.5 ** 0.1 / (1 - 0.5 ** 0.1)), 0, 0, 0, 0);
  const weights = layerWeights(
    'lstm',
    H,
    (name) => ({ weight_ih: new Float64Array(8), weight_hh: new Float64Array(16), bias_ih: b })[name],
  );
  const [layer] = new NetworkRun([weights], new Float64Array(7)).layers;
  const lives = unitHalfLives(layer);
  assert.ok(lives && Math.abs(lives[0] - Math.log(0.5) / Math.log(0.9)) < 1e-9 && Math.abs(lives[1] - 10) < 1e-9);
  // i: one unit at 0.993, one at 0.007.
  assert.deepEqual(gateSaturation(layer).i, { low: 0.5, high: 0.5 });
  assert.deepEqual(gateSaturation(layer).o, { low: 0, high: 0 });
});

test('half-lives of a network are those that inspect tells', () => {
  const spec = { cell: 'gru', inputSize: 1, hiddenSize: 3, layers: 1, horizon: 1, levels: [0.5] } as const;
  const random = new Random('gru');
  const draw = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
  });
  const tensors = new Map([
    ['gru.weight_ih_l0', draw(9, 1)],
    ['gru.weight_hh_l0', draw(9, 3)],
    ['gru.bias_ih_l0', draw(9)],
    ['gru.bias_hh_l0', draw(9)],
  ]);
  const x = Float64Array.from({ length: 20 }, () => random.normal());
  const weights = layerWeights('gru', 3, (name) => tensors.get(`gru.${name}_l0`)?.data);
  const [layer] = new NetworkRun([weights], x).layers;
  const expected = halfLives(spec, tensors, [x]);
  unitHalfLives(layer)?.forEach((life, j) => {
    assert.ok(Math.abs(life / expected[j] - 1) < 1e-9);
  });
});

test('saturation counts values below 0.1 and above 0.9', () => {
  assert.deepEqual(saturationOf([0, 0.05, 0.1, 0.5, 0.9, 0.95, 1, 0.2]), { low: 0.25, high: 0.25 });
});

test('quartiles as R has them, and with infinities', () => {
  // quantile(c(8, 1, 4, 2), c(.25, .5, .75)) of R
  assert.deepEqual(quartiles([8, 1, 4, 2]), { low: 1.75, median: 3, high: 5 });
  const minus = Number.NEGATIVE_INFINITY;
  assert.deepEqual(quartiles([minus, minus, 1]), { low: minus, median: minus, high: minus });
});
