import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import type { QuantileCell, Tensors } from './quantile-network.js';
import { halfLives } from './unit-memory.js';

const spec = (cell: QuantileCell, inputSize: number, hiddenSize: number, layers = 1) => ({
  cell,
  inputSize,
  hiddenSize,
  layers,
  horizon: 1,
  levels: [0.5],
});

const tensors = (cell: QuantileCell, values: Record<string, readonly number[]>): Tensors =>
  new Map(
    Object.entries(values).map(([name, data]) => [
      `${cell}.${name}`,
      { shape: [data.length], data: Float32Array.from(data) },
    ]),
  );

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const close = (got: number, wanted: number, tolerance = 1e-9) => {
  assert.ok(Math.abs(got / wanted - 1) < tolerance, `${got} is not ${wanted}`);
};

test('an LSTM of one unit: the forget gate along the sequences, step by step', () => {
  // All of these are float32 numbers.
  const [wi, wf, wg, wo] = [0.5, -0.75, 1.25, 0.25];
  const [ui, uf, ug, uo] = [-0.5, 0.5, 0.75, 1];
  const [bi, bf, bg, bo] = [0.125, 1.5, -0.25, 0];
  const dict = tensors('lstm', {
    weight_ih_l0: [wi, wf, wg, wo],
    weight_hh_l0: [ui, uf, ug, uo],
    bias_ih_l0: [bi, bf - 1, bg, bo],
    bias_hh_l0: [0, 1, 0, 0],
  });
  const sequences = [Float64Array.of(1, -2, 0.5, 3), Float64Array.of(0.25, 1)];
  let sum = 0;
  for (const x of sequences) {
    let h = 0;
    let c = 0;
    for (const value of x) {
      const f = sigmoid(wf * value + uf * h + bf);
      sum += Math.log(f);
      c = f * c + sigmoid(wi * value + ui * h + bi) * Math.tanh(wg * value + ug * h + bg);
      h = sigmoid(wo * value + uo * h + bo) * Math.tanh(c);
    }
  }
  const [life] = halfLives(spec('lstm', 1, 1), dict, sequences);
  close(life, Math.log(0.5) / (sum / 6));
});

test('a GRU of one unit: what its update gate keeps', () => {
  const dict = tensors('gru', {
    weight_ih_l0: [0.5, -0.75, 1.25],
    weight_hh_l0: [0.25, 0.5, -1],
    bias_ih_l0: [0, 2, 0.5],
    bias_hh_l0: [0.5, 0.25, -0.125],
  });
  const x = Float64Array.of(1, -2, 0.5, 3);
  let h = 0;
  let sum = 0;
  for (const value of x) {
    const r = sigmoid(0.5 * value + 0.25 * h + 0.5);
    const z = sigmoid(-0.75 * value + 0.5 * h + 2.25);
    const n = Math.tanh(1.25 * value + 0.5 + r * (-1 * h - 0.125));
    sum += Math.log(z);
    h = (1 - z) * n + z * h;
  }
  close(halfLives(spec('gru', 1, 1), dict, [x])[0], Math.log(0.5) / (sum / 4));
});

test('an upper layer reads the lower one', () => {
  // The lower layer's output is o·tanh(c) with all gates open or shut by their biases; the upper forget gate sees it.
  const dict = tensors('lstm', {
    weight_ih_l0: [0, 0, 0, 0],
    weight_hh_l0: [0, 0, 0, 0],
    bias_ih_l0: [0.5, -0.5, 1, 2],
    weight_ih_l1: [0, 4, 0, 0],
    weight_hh_l1: [0, 0, 0, 0],
    bias_ih_l1: [0, 1, 0, 0],
  });
  let c = 0;
  let sum = 0;
  for (let t = 0; t < 5; t++) {
    c = sigmoid(-0.5) * c + sigmoid(0.5) * Math.tanh(1);
    sum += Math.log(sigmoid(4 * sigmoid(2) * Math.tanh(c) + 1));
  }
  const lives = halfLives(spec('lstm', 1, 1, 2), dict, [new Float64Array(5)]);
  close(lives[0], Math.log(0.5) / Math.log(sigmoid(-0.5)));
  close(lives[1], Math.log(0.5) / (sum / 5));
});

test('a leak has its half-life whatever the data; a leak of one keeps nothing', () => {
  const dict = tensors('leaky', {
    weight_ih_l0: [1, 2, 3, 4],
    weight_hh_l0: new Array(16).fill(0.25),
    bias_ih_l0: [0, 0, 0, 0],
    leak_l0: [1, 0.5, 0.25, 1 / 1024],
  });
  const lives = halfLives(spec('leaky', 1, 4), dict, [Float64Array.of(1, 2, 3)]);
  assert.equal(lives[0], 0);
  close(lives[1], 1);
  close(lives[2], Math.log(0.5) / Math.log(0.75));
  close(lives[3], Math.log(0.5) / Math.log(1023 / 1024));
});

test('a plain RNN at rest forgets by the size of its rotation; one that grows forgets nothing', () => {
  const rotation = (gain: number) => [0.6, -0.8, 0.8, 0.6].map((value) => gain * value);
  const dict = (gain: number) =>
    tensors('rnn', { weight_ih_l0: [0, 0], weight_hh_l0: rotation(gain), bias_ih_l0: [0, 0] });
  const x = new Float64Array(40);
  const [life, ...more] = halfLives(spec('rnn', 1, 2), dict(0.875), [x]);
  assert.deepEqual(more, [], 'one number for the network');
  close(life, Math.log(0.5) / Math.log(0.875), 1e-6);
  assert.equal(halfLives(spec('rnn', 1, 2), dict(1.25), [x])[0], Number.POSITIVE_INFINITY);
  assert.equal(halfLives(spec('rnn', 1, 2), dict(0), [x])[0], 0);
});

test('a plain RNN under way: as fast as two states that differ a little come together', () => {
  const random = new Random('rnn');
  const [D, H, T] = [3, 5, 30];
  const draw = (n: number, size: number) => Array.from({ length: n }, () => Math.fround(size * random.normal()));
  const layers = [D, H].map((inputs) => ({ Wx: draw(H * inputs, 0.5), Wh: draw(H * H, 0.4), b: draw(H, 0.2), inputs }));
  const dict = tensors(
    'rnn',
    Object.fromEntries(
      layers.flatMap(({ Wx, Wh, b }, l) => [
        [`weight_ih_l${l}`, Wx],
        [`weight_hh_l${l}`, Wh],
        [`bias_ih_l${l}`, b],
      ]),
    ),
  );
  const x = Float64Array.from({ length: T * D }, () => random.normal());
  const run = (shift: number) => {
    let states = layers.map(() => new Array<number>(H).fill(shift / Math.sqrt(2 * H)));
    for (let t = 0; t < T; t++) {
      let input = [...x.subarray(t * D, (t + 1) * D)];
      states = layers.map(({ Wx, Wh, b, inputs }, l) => {
        const before = states[l];
        input = Array.from({ length: H }, (_, i) =>
          Math.tanh(
            b[i] +
              input.reduce((sum, value, j) => sum + Wx[i * inputs + j] * value, 0) +
              before.reduce((sum, value, j) => sum + Wh[i * H + j] * value, 0),
          ),
        );
        return input;
      });
    }
    return states.flat();
  };
  const [lower, upper] = [run(-1e-4), run(1e-4)];
  const distance = Math.hypot(...upper.map((value, i) => value - lower[i]));
  const [life] = halfLives(spec('rnn', D, H, 2), dict, [x]);
  close(life, Math.log(0.5) / (Math.log(distance / 2e-4) / T), 1e-4);
});
