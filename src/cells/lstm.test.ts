/** What the gates of an LSTM mean, shown with gates that are open or shut to the last bit; and the edge sizes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { lstmBackward, lstmForward } from './lstm.js';

const [T, B, D, H] = [1000, 2, 3, 5];
const [OPEN, SHUT] = [40, -1000];
const GATES = ['i', 'f', 'g', 'o'];

/** A run over T random steps with ordinary weights, except that some gates are held at exactly 0 or 1. */
function run(held: { i?: number; f?: number; o?: number }) {
  const random = new Random('gates');
  const normal = (length: number) => new Float64Array(length).map(() => random.normal());
  const parameters = { Wx: normal(4 * H * D), Wh: normal(4 * H * H), b: normal(4 * H) };
  for (const [gate, z] of Object.entries(held)) {
    const row = GATES.indexOf(gate) * H;
    parameters.Wx.fill(0, row * D, (row + H) * D);
    parameters.Wh.fill(0, row * H, (row + H) * H);
    parameters.b.fill(z, row, row + H);
  }
  const trace = {
    h: new Float64Array((T + 1) * B * H),
    c: new Float64Array((T + 1) * B * H),
    gates: new Float64Array(T * B * 4 * H),
  };
  const [x, h0, c0] = [normal(T * B * D), normal(B * H), normal(B * H)];
  lstmForward(trace, x, h0, c0, parameters, { T, B, D, H });
  return {
    ...trace,
    x,
    h0,
    c0,
    parameters,
    stateAt: (s: Float64Array, t: number) => s.slice(t * B * H, (t + 1) * B * H),
  };
}

test('f = 1 and i = 0 keep C bit for bit over 1000 steps, and its error too', () => {
  const { h, c, gates, x, c0, parameters, stateAt } = run({ f: OPEN, i: SHUT });
  for (let t = 1; t <= T; t++) assert.deepEqual(stateAt(c, t), c0);
  assert.notDeepEqual(stateAt(h, T), stateAt(h, 1), 'h goes on responding to the input');

  const zeros = (length: number) => new Float64Array(length);
  const gradients = { dx: zeros(T * B * D), dh0: zeros(B * H), dc0: zeros(B * H), dz: zeros(T * B * 4 * H) };
  const weights = { dWx: zeros(4 * H * D), dWh: zeros(4 * H * H), db: zeros(4 * H) };
  const dcT = c0.map((value) => value * 3);
  const trace = { h, c, gates };
  lstmBackward({ ...gradients, ...weights }, zeros(T * B * H), zeros(B * H), dcT, trace, x, parameters, { T, B, D, H });
  assert.deepEqual(gradients.dc0, dcT, 'the constant error carousel');
});

test('f = 0 erases: C_t is i ⊙ C̃ of its own step, whatever was before', () => {
  const { c, gates } = run({ f: SHUT });
  for (let t = 1; t <= T; t++) {
    for (let n = 0; n < B; n++) {
      for (let j = 0; j < H; j++) {
        const gate = ((t - 1) * B + n) * 4 * H + j;
        assert.equal(c[(t * B + n) * H + j], gates[gate] * gates[gate + 2 * H]);
      }
    }
  }
});

test('o = 0 silences h while C lives on', () => {
  const { h, c, stateAt } = run({ o: SHUT });
  for (let t = 1; t <= T; t++) assert.ok(stateAt(h, t).every((value) => value === 0));
  for (let t = 2; t <= T; t++) assert.notDeepEqual(stateAt(c, t), stateAt(c, t - 1));
});

test('no steps: the final state is the initial one, and so is its error', () => {
  const sizes = { T: 0, B: 1, D: 1, H: 2 };
  const trace = { h: new Float64Array(2), c: new Float64Array(2), gates: new Float64Array(0) };
  const none = new Float64Array(0);
  const parameters = { Wx: new Float64Array(8), Wh: new Float64Array(16), b: new Float64Array(8) };
  lstmForward(trace, none, Float64Array.of(1, 2), Float64Array.of(3, 4), parameters, sizes);
  assert.deepEqual([...trace.h, ...trace.c], [1, 2, 3, 4]);
  const [dh0, dc0] = [new Float64Array(2), new Float64Array(2)];
  const gradients = {
    dx: none,
    dh0,
    dc0,
    dz: none,
    dWx: new Float64Array(8),
    dWh: new Float64Array(16),
    db: new Float64Array(8),
  };
  lstmBackward(gradients, none, Float64Array.of(5, 6), Float64Array.of(7, 8), trace, none, parameters, sizes);
  assert.deepEqual([...dh0, ...dc0], [5, 6, 7, 8]);
});

test('NaN in the input shows in the output of its own sequence only', () => {
  const random = new Random('nan');
  const normal = (length: number) => new Float64Array(length).map(() => random.normal());
  const sizes = { T: 2, B: 2, D: 1, H: 2 };
  const trace = { h: new Float64Array(12), c: new Float64Array(12), gates: new Float64Array(32) };
  const parameters = { Wx: normal(8), Wh: normal(16), b: normal(8) };
  lstmForward(trace, Float64Array.of(Number.NaN, 1, 2, 3), normal(4), normal(4), parameters, sizes);
  assert.deepEqual([...trace.h.subarray(4)].map(Number.isNaN), [true, true, false, false, true, true, false, false]);
});
