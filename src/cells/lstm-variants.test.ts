/** What the variants of the LSTM are to the standard one, to the bit; and what the short form of back-propagation loses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { type Arrays, type Build, type LstmForm, lstm, projectedLstm } from './cell-under-test.test.support.js';
import { addForgetBias, fillUniform } from './initialisation.js';
import * as cell from './lstm.js';
import * as projectionCell from './lstm-projection.js';

const [T, B, D, H] = [12, 2, 3, 4];
const OPEN = 40;
const zeros = (length: number) => new Float64Array(length);

function run(build: Build, values: Arrays, x: Float64Array, T: number) {
  const unit = build({ T, B, D, H }, new Random(0), values);
  const { y, ends } = unit.forward(x);
  const outputs = { y: y.slice(), h: ends.h.slice(), c: ends.c.slice() };
  const random = new Random('errors');
  const normal = (length: number) => new Float64Array(length).map(() => random.normal());
  return { ...outputs, ...unit.backward(normal(y.length), { h: normal(ends.h.length), c: normal(ends.c.length) }) };
}
function randomValues(steps = T) {
  const random = new Random('variants');
  const normal = (length: number) => new Float64Array(length).map(() => random.normal());
  const values: Arrays = {
    Wx: normal(4 * H * D),
    Wh: normal(4 * H * H),
    b: normal(4 * H),
    h0: normal(B * H),
    c0: normal(B * H),
  };
  return { values, x: normal(steps * B * D), normal };
}

test('peepholes of weight 0 are the LSTM bit for bit', () => {
  const { values, x } = randomValues();
  const { parameters, ...same } = run(lstm(cell, { peepholes: true }), { ...values, P: zeros(3 * H) }, x, T);
  const { P, ...weights } = parameters;
  assert.deepEqual({ ...same, parameters: weights }, run(lstm(cell), values, x, T));
  assert.ok(
    P.every((value) => value !== 0),
    'what has weight 0 has a gradient',
  );
});

test('a projection by the identity is the LSTM', () => {
  const { values, x } = randomValues();
  const Wp = zeros(H * H).map((_, k) => (k % (H + 1) === 0 ? 1 : 0));
  const { parameters, ...same } = run(
    projectedLstm(projectionCell, () => H),
    { ...values, Wp },
    x,
    T,
  );
  const { Wp: _, ...weights } = parameters;
  assert.deepEqual({ ...same, parameters: weights }, run(lstm(cell), values, x, T));
});

test('the form of 1997 is the LSTM with forget gates that are always open, whatever stands in their weights', () => {
  const { values, x } = randomValues();
  const open = structuredClone(values);
  open.Wx.fill(0, H * D, 2 * H * D);
  open.Wh.fill(0, H * H, 2 * H * H);
  open.b.fill(OPEN, H, 2 * H);
  const got = run(lstm(cell, { forgetGate: false }), values, x, T);
  assert.deepEqual(withoutSignOfZero(got), withoutSignOfZero(run(lstm(cell), open, x, T)));
});

/** −0 as 0: a gradient of zero may come with either. */
function withoutSignOfZero<Value>(value: Value): Value {
  if (value instanceof Float64Array) return value.map((number) => number + 0) as Value;
  return Object.fromEntries(
    Object.entries(value as object).map(([name, of]) => [name, withoutSignOfZero(of)]),
  ) as Value;
}

test('1997, with shut input gates: C stays bit for bit over 1000 steps', () => {
  const { values, x } = randomValues(1000);
  values.Wx.fill(0, 0, H * D);
  values.Wh.fill(0, 0, H * H);
  values.b.fill(-1000, 0, H);
  assert.deepEqual(run(lstm(cell, { forgetGate: false }), values, x, 1000).c, values.c0);
});

test('a peephole lets C open the gates: with all other weights 0 they depend on C alone', () => {
  const values: Arrays = {
    Wx: zeros(4 * H * D),
    Wh: zeros(4 * H * H),
    b: zeros(4 * H),
    P: new Float64Array(3 * H).fill(-1000),
    h0: zeros(B * H),
    c0: new Float64Array(B * H).map((_, k) => (k % 2 === 0 ? 2 : -2)),
  };
  // C > 0 shuts all its gates for ever, and C is erased in the first step; C < 0 opens them, and C stays and is put out.
  const { y, c } = run(lstm(cell, { peepholes: true }), values, zeros(B * D), 1);
  assert.deepEqual(
    [...c],
    [...values.c0].map((value) => Math.min(value, 0)),
  );
  assert.deepEqual(
    [...y],
    [...values.c0].map((value) => (value > 0 ? 0 : Math.tanh(value))),
  );
});

test('the short form: the same forward, and dWx of the last step alone', () => {
  const { values, normal } = randomValues();
  const x = new Float64Array(T * B * D).fill(1);
  const [dy, ends] = [normal(T * B * H), { h: normal(B * H), c: normal(B * H) }];
  const [complete, short] = (['complete', 'short'] as const).map((bptt) => {
    const unit = lstm(cell, { bptt })({ T, B, D, H }, new Random(0), values);
    return { y: unit.forward(x).y, gradients: unit.backward(dy, ends).parameters };
  });
  assert.deepEqual(short.y, complete.y);
  // With x = 1 throughout, the sum over all steps is db; over the last alone, it is what the last step says alone.
  const everyColumn = (b: Float64Array) => [...b].flatMap((value) => Array<number>(D).fill(value));
  assertNear(complete.gradients.Wx, everyColumn(complete.gradients.b));
  const c0 = lstm(cell)({ T: T - 1, B, D, H }, new Random(0), values)
    .forward(x.subarray(B * D))
    .ends.c.slice();
  const h0 = complete.y.slice((T - 2) * B * H, (T - 1) * B * H);
  const last = lstm(cell)({ T: 1, B, D, H }, new Random(0), { ...values, h0, c0 });
  last.forward(x.subarray(0, B * D));
  assertNear(short.gradients.Wx, everyColumn(last.backward(dy.subarray((T - 1) * B * H), ends).parameters.b));
});

function assertNear(got: Float64Array, expected: number[]): void {
  assert.equal(got.length, expected.length);
  for (const [k, value] of expected.entries()) assert.ok(Math.abs(got[k] - value) <= 1e-12, `${got[k]} for ${value}`);
}

test('for two steps the input gate and the candidate are off by tens of per cent, the output gate is not', () => {
  const errors: number[] = [];
  for (let seed = 0; seed < 20; seed++) {
    const random = new Random(`two steps ${seed}`);
    const normal = (length: number) => new Float64Array(length).map(() => random.normal());
    const sizes = { T: 2, B, D, H };
    const [x, wH] = [normal(2 * B * D), normal(B * H)];
    const values = {
      Wx: normal(4 * H * D),
      Wh: normal(4 * H * H),
      b: normal(4 * H),
      h0: normal(B * H),
      c0: normal(B * H),
    };
    const db = (bptt: 'complete' | 'short') => {
      const unit = lstm(cell, { bptt })(sizes, random, values);
      unit.forward(x);
      return unit.backward(zeros(2 * B * H), { h: wH, c: zeros(B * H) }).parameters.b;
    };
    const [complete, short] = [db('complete'), db('short')];
    assert.deepEqual(short.subarray(3 * H), complete.subarray(3 * H), 'δ_o needs no δ_C');
    for (const gate of [0, 2]) {
      const rows = (b: Float64Array) => b.subarray(gate * H, (gate + 1) * H);
      const difference = rows(short).map((value, k) => value - rows(complete)[k]);
      errors.push(Math.hypot(...difference) / Math.hypot(...rows(complete)));
    }
  }
  errors.sort((a, b) => a - b);
  const median = errors[errors.length / 2];
  assert.ok(median > 0.1 && median < 0.7, `${median}`);
});

/** ‖∂(h_T·1)/∂h_t‖ 100 steps before the end, of an untrained LSTM with forget bias 1, U(±1/√H) weights and normal inputs. */
function gradientAtLag100(form: LstmForm, seed: number): number {
  const [steps, units] = [100, 64];
  const random = new Random(`lag ${seed}`);
  const uniform = (length: number) => {
    const values = zeros(length);
    fillUniform(values, units, random);
    return values;
  };
  const b = uniform(4 * units);
  addForgetBias(b, 1, units);
  const values = {
    Wx: uniform(4 * units),
    Wh: uniform(4 * units * units),
    b,
    h0: zeros(units),
    c0: zeros(units),
  };
  const unit = lstm(cell, form)({ T: steps, B: 1, D: 1, H: units }, random, values);
  unit.forward(zeros(steps).map(() => random.normal()));
  const { states } = unit.backward(zeros(steps * units), { h: new Float64Array(units).fill(1), c: zeros(units) });
  return Math.hypot(...states.h);
}

test('at lag 100 an untrained LSTM with b_f = 1 still feels an error of about 1e-6; by the short form, about 1e-80', () => {
  const median = (form: LstmForm) =>
    Math.log10(Array.from({ length: 5 }, (_, seed) => gradientAtLag100(form, seed)).sort((a, b) => a - b)[2]);
  const [complete, short] = [median({}), median({ bptt: 'short' })];
  assert.ok(complete > -9 && complete < -4, `1e${complete}`);
  assert.ok(short > -95 && short < -70, `1e${short}`);
});

test('no steps: the final state is the initial one, and so is its error, also with a projection', () => {
  const sizes = { T: 0, B, D, H };
  for (const bptt of ['complete', 'short'] as const) {
    for (const build of [lstm(cell, { bptt, peepholes: true }), projectedLstm(projectionCell, () => 2, { bptt })]) {
      const unit = build(sizes, new Random('none'));
      const { ends } = unit.forward(zeros(0));
      assert.deepEqual({ h: ends.h.slice(), c: ends.c.slice() }, unit.states);
      const errors = { h: unit.states.h.map((value) => value + 1), c: unit.states.c.map((value) => value + 1) };
      const { states, parameters } = unit.backward(zeros(0), errors);
      assert.deepEqual(states, errors);
      assert.ok(Object.values(parameters).every((values) => values.every((value) => value === 0)));
    }
  }
});
