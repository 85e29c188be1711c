/** What the leak means: λ = 1 is the plain network to the bit, and each unit forgets with its own half-life. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { leaky, rnn } from './cell-under-test.test.support.js';
import * as leakyCell from './leaky.js';
import { halfLifeOfLeak, leakOfHalfLife } from './leaky.js';
import * as rnnCell from './rnn.js';

const [T, B, D, H] = [30, 2, 3, 5];
const sizes = { T, B, D, H };
const zeros = (length: number) => new Float64Array(length);

for (const nonlinearity of ['tanh', 'relu'] as const) {
  for (const leaks of ['one', 'per unit'] as const) {
    test(`λ = 1 is the RNN bit for bit, forward and backward: ${nonlinearity}, leak: ${leaks}`, () => {
      const random = new Random('λ = 1');
      const normal = (length: number, deviation = 0.4) =>
        new Float64Array(length).map(() => random.normal(0, deviation));
      const values = { Wx: normal(H * D), Wh: normal(H * H), b: normal(H), h0: normal(B * H) };
      const leak = new Float64Array(leaks === 'one' ? 1 : H).fill(1);
      const [x, dy, dhT] = [normal(T * B * D, 1), normal(T * B * H, 1), normal(B * H, 1)];
      const plain = rnn(rnnCell, nonlinearity)(sizes, random, values);
      const same = leaky(leakyCell, nonlinearity, leaks)(sizes, random, { ...values, leak });
      assert.deepEqual(same.forward(x).y, plain.forward(x).y);
      const expected = plain.backward(dy, { h: dhT });
      const { parameters, ...data } = same.backward(dy, { h: dhT });
      const { leak: _, ...weights } = parameters;
      assert.deepEqual({ ...data, parameters: weights }, expected);
    });
  }
}

test('a unit that gets nothing new loses half in each half-life, and so does its error', () => {
  const halfLives = [1, 2, 5, 10, 30];
  const leak = Float64Array.from(halfLives, leakOfHalfLife);
  const values = { Wx: zeros(H * D), Wh: zeros(H * H), b: zeros(H), h0: new Float64Array(B * H).fill(8), leak };
  const cell = leaky(leakyCell, 'tanh', 'per unit')(sizes, new Random(0), values);
  const { y } = cell.forward(zeros(T * B * D));
  const { states } = cell.backward(zeros(T * B * H), { h: new Float64Array(B * H).fill(1) });
  for (const [j, steps] of halfLives.entries()) {
    for (let t = steps, left = 4; t <= T; t += steps, left /= 2)
      assert.ok(Math.abs(y[(t - 1) * B * H + j] / left - 1) < 1e-13, `half-life ${steps}, step ${t}`);
    assert.ok(Math.abs(states.h[j] / (1 / 2 ** (T / steps)) - 1) < 1e-13);
  }
});

test('half-life: ln 2 / −ln(1 − λ), and back', () => {
  assert.equal(halfLifeOfLeak(1), 0);
  assert.equal(halfLifeOfLeak(0.5), 1);
  assert.ok(Math.abs(halfLifeOfLeak(0.75) - 0.5) < 1e-15);
  // 0.9^6.5788 = ½
  assert.ok(Math.abs(halfLifeOfLeak(0.1) - 6.578813478960585) < 1e-13);
  assert.ok(Math.abs(halfLifeOfLeak(1e-12) * 1e-12 - Math.LN2) < 1e-11, 'no cancellation for slow units');
  assert.equal(leakOfHalfLife(0), 1);
  assert.equal(leakOfHalfLife(1), 0.5);
  for (const steps of [0.1, 1, 7, 1000, 1e9])
    assert.ok(Math.abs(halfLifeOfLeak(leakOfHalfLife(steps)) / steps - 1) < 1e-12);
});

test('one λ for all gathers the gradients of λ per unit', () => {
  const random = new Random('one λ');
  const normal = (length: number) => new Float64Array(length).map(() => random.normal(0, 0.5));
  const values = { Wx: normal(H * D), Wh: normal(H * H), b: normal(H), h0: normal(B * H) };
  const [x, dy, dhT] = [normal(T * B * D), normal(T * B * H), normal(B * H)];
  const dleak = (leaks: 'one' | 'per unit', leak: Float64Array) => {
    const cell = leaky(leakyCell, 'tanh', leaks)(sizes, random, { ...values, leak });
    cell.forward(x);
    return cell.backward(dy, { h: dhT }).parameters.leak;
  };
  const one = dleak('one', Float64Array.of(0.3));
  const each = dleak('per unit', new Float64Array(H).fill(0.3));
  assert.ok(Math.abs(one[0] - each.reduce((sum, value) => sum + value)) < 1e-12);
});

test('no steps: the final state is the initial one, and so is its error', () => {
  const cell = leaky(leakyCell, 'tanh', 'one')({ T: 0, B, D, H }, new Random(0));
  assert.deepEqual(cell.forward(zeros(0)).ends.h.slice(), cell.states.h);
  const dhT = cell.states.h.map((value) => value + 1);
  assert.deepEqual(cell.backward(zeros(0), { h: dhT }).states.h, dhT);
});

test('NaN in the input shows in the output of its own sequence only', () => {
  const cell = leaky(leakyCell, 'tanh', 'one')({ T: 3, B, D, H }, new Random(0));
  const x = zeros(3 * B * D);
  x[0] = Number.NaN;
  const { y } = cell.forward(x);
  for (let t = 0; t < 3; t++)
    assert.deepEqual(
      [...y.subarray(t * B * H, (t + 1) * B * H)].map(Number.isNaN),
      [...zeros(B * H)].map((_, k) => k < H),
    );
});
