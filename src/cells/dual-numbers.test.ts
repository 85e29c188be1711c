/**
 * The gradients of every cell and variant against forward-mode differentiation with dual numbers a + b·ε, ε² = 0, of the
 * equations in docs/math.md, written here once more: scalar by scalar, each gate by itself, with nothing of the cells in
 * it. Exact up to rounding, for sequences of any length, where finite differences are good for 7 or 8 digits.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { type Arrays, type Build, gru, lstm, projectedLstm, rnn } from './cell-under-test.test.support.js';
import * as gruCell from './gru.js';
import * as lstmCell from './lstm.js';
import * as projectionCell from './lstm-projection.js';
import * as rnnCell from './rnn.js';
import { relativeError } from './torch-goldens.test.support.js';
import { VARIANTS } from './variants.test.support.js';

/** A value and its derivative by the one number that was chosen. */
interface Dual {
  v: number;
  d: number;
}
const dual = (v: number, d = 0): Dual => ({ v, d });
const plus = (...terms: Dual[]) => terms.reduce((a, b) => dual(a.v + b.v, a.d + b.d));
const minus = (a: Dual, b: Dual) => dual(a.v - b.v, a.d - b.d);
const times = (a: Dual, b: Dual) => dual(a.v * b.v, a.d * b.v + a.v * b.d);
const tanh = (a: Dual) => dual(Math.tanh(a.v), a.d / Math.cosh(a.v) / Math.cosh(a.v));
const sigma = (a: Dual) => dual(1 / (1 + Math.exp(-a.v)), a.d / (2 + Math.exp(a.v) + Math.exp(-a.v)));
const relu = (a: Dual) => (a.v > 0 ? a : dual(0));
const ONE = dual(1);

type Duals = Record<string, Dual[]>;
interface States {
  h: Dual[];
  c: Dual[];
}
/** One step of one sequence: p the parameters, x the input, s the states before. */
type Step = (p: Duals, x: Dual[], s: States) => States;

/** Row `row` of W times v. */
const rowTimes = (W: Dual[], row: number, v: Dual[]) =>
  plus(dual(0), ...v.map((value, k) => times(W[row * v.length + k], value)));
const units = <Value>(count: number, value: (j: number) => Value) => Array.from({ length: count }, (_, j) => value(j));

const H = 3;
const into = (p: Duals, row: number, x: Dual[], h: Dual[]) =>
  plus(rowTimes(p.Wx, row, x), rowTimes(p.Wh, row, h), p.b[row]);

const rnnStep =
  (phi: typeof tanh): Step =>
  (p, x, { h }) => ({ h: units(H, (j) => phi(into(p, j, x, h))), c: [] });

const leakyStep =
  (phi: typeof tanh): Step =>
  (p, x, { h }) => ({
    h: units(H, (j) => {
      const leak = p.leak.length === 1 ? p.leak[0] : p.leak[j];
      return plus(times(minus(ONE, leak), h[j]), times(leak, phi(into(p, j, x, h))));
    }),
    c: [],
  });

const mix = (z: Dual, n: Dual, h: Dual) => plus(times(minus(ONE, z), n), times(z, h));

const gruStep: Step = (p, x, { h }) => ({
  h: units(H, (j) => {
    const inward = (row: number) => plus(rowTimes(p.Wx, row, x), p.bx[row]);
    const around = (row: number) => plus(rowTimes(p.Wh, row, h), p.bh[row]);
    const r = sigma(plus(inward(j), around(j)));
    const z = sigma(plus(inward(H + j), around(H + j)));
    return mix(z, tanh(plus(inward(2 * H + j), times(r, around(2 * H + j)))), h[j]);
  }),
  c: [],
});

const gruResetBeforeStep: Step = (p, x, { h }) => {
  const reset = units(H, (j) => times(sigma(into(p, j, x, h)), h[j]));
  return {
    h: units(H, (j) => mix(sigma(into(p, H + j, x, h)), tanh(into(p, 2 * H + j, x, reset)), h[j])),
    c: [],
  };
};

const lstmStep =
  (forgetGate: boolean): Step =>
  (p, x, { h, c }) => {
    const peep = (k: number, value: Dual) => (p.P === undefined ? dual(0) : times(p.P[k], value));
    const C = units(H, (j) => {
      const i = sigma(plus(into(p, j, x, h), peep(j, c[j])));
      const f = forgetGate ? sigma(plus(into(p, H + j, x, h), peep(H + j, c[j]))) : ONE;
      return plus(times(f, c[j]), times(i, tanh(into(p, 2 * H + j, x, h))));
    });
    const m = units(H, (j) => times(sigma(plus(into(p, 3 * H + j, x, h), peep(2 * H + j, C[j]))), tanh(C[j])));
    return { h: p.Wp === undefined ? m : units(h.length, (k) => rowTimes(p.Wp, k, m)), c: C };
  };

const STEPS: Record<string, [Build, Step]> = {
  'rnn-tanh': [rnn(rnnCell, 'tanh'), rnnStep(tanh)],
  'rnn-relu': [rnn(rnnCell, 'relu'), rnnStep(relu)],
  gru: [gru(gruCell), gruStep],
  lstm: [lstm(lstmCell), lstmStep(true)],
  'lstm-projection': [projectedLstm(projectionCell, () => 2), lstmStep(true)],
  ...Object.fromEntries(
    Object.entries(VARIANTS).map(([name, build]) => {
      if (name.startsWith('leaky')) return [name, [build, leakyStep(name.includes('relu') ? relu : tanh)]];
      return [name, [build, name.startsWith('gru') ? gruResetBeforeStep : lstmStep(!name.includes('1997'))]];
    }),
  ),
};

/** The loss of a batch as a dual number: Σ w ⊙ (outputs, final states). */
function lossOf(step: Step, values: Duals, T: number, B: number, weights: Arrays): Dual {
  const row = (array: Dual[], at: number, count: number) =>
    array.slice((at * array.length) / count, ((at + 1) * array.length) / count);
  const dot = (a: Dual[], w: Float64Array, at: number) =>
    plus(dual(0), ...a.map((value, k) => times(value, dual(w[at * a.length + k]))));
  let loss = dual(0);
  for (let n = 0; n < B; n++) {
    let s = { h: row(values.h0, n, B), c: values.c0 === undefined ? [] : row(values.c0, n, B) };
    for (let t = 0; t < T; t++) {
      s = step(values, row(values.x, t * B + n, T * B), s);
      loss = plus(loss, dot(s.h, weights.y, t * B + n));
    }
    loss = plus(loss, dot(s.h, weights.h, n), dot(s.c, weights.c, n));
  }
  return loss;
}

for (const [name, [build, step]] of Object.entries(STEPS)) {
  for (const T of [1, 2, 3, 20]) {
    test(`${name}, T = ${T}: every gradient as with dual numbers, to 1e-12`, () => {
      const [B, D] = [2, 2];
      const random = new Random(`${name} ${T}`);
      const normal = (length: number) => new Float64Array(length).map(() => random.normal());
      const cell = build({ T, B, D, H }, random);
      const { h, c = new Float64Array(0) } = cell.states;
      const weights = { y: normal(T * B * cell.outputSize), h: normal(h.length), c: normal(c.length) };
      const inputs: Arrays = { ...cell.parameters, x: normal(T * B * D), h0: h, ...(c.length > 0 && { c0: c }) };
      const { y, ends } = cell.forward(inputs.x);
      const { dx, parameters, states } = cell.backward(weights.y, { h: weights.h, c: weights.c });
      const gradients: Arrays = { ...parameters, x: dx, h0: states.h, ...(states.c && { c0: states.c }) };

      const values: Duals = Object.fromEntries(
        Object.entries(inputs).map(([input, numbers]) => [input, Array.from(numbers, (v) => dual(v))]),
      );
      const dot = (a: Float64Array, w: Float64Array) => a.reduce((sum, value, k) => sum + value * w[k], 0);
      const ours = dot(y, weights.y) + dot(ends.h, weights.h) + (ends.c ? dot(ends.c, weights.c) : 0);
      const loss = lossOf(step, values, T, B, weights).v;
      assert.ok(Math.abs(ours - loss) <= 1e-13 * (1 + Math.abs(loss)), `the loss: ${ours} for ${loss}`);
      for (const [input, numbers] of Object.entries(values)) {
        const expected = numbers.map((number) => {
          number.d = 1;
          const { d } = lossOf(step, values, T, B, weights);
          number.d = 0;
          return d;
        });
        const error = relativeError({ label: input, got: gradients[input], expected });
        assert.ok(error <= 1e-12, `${input}: ${error}`);
      }
    });
  }
}
