/** What the gates of a GRU mean, shown with gates that are open or shut to the last bit, in both forms; and the edge sizes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { type Arrays, type Build, gru, gruResetBefore } from './cell-under-test.test.support.js';
import * as gruCell from './gru.js';
import * as resetBeforeCell from './gru-reset-before.js';

const [T, B, D, H] = [1000, 2, 3, 5];
const [OPEN, SHUT] = [40, -1000];
const GATES = ['r', 'z', 'n'];
const FORMS: Record<string, Build> = { 'reset-after': gru(gruCell), 'reset-before': gruResetBefore(resetBeforeCell) };

/** Random values, except that some gates are held at exactly 0 or 1 whatever comes in. */
function valuesWith(held: { r?: number; z?: number }, seed = 'gates'): Arrays & { x: Float64Array } {
  const random = new Random(seed);
  const normal = (length: number) => new Float64Array(length).map(() => random.normal());
  const values = {
    Wx: normal(3 * H * D),
    Wh: normal(3 * H * H),
    bx: normal(3 * H),
    bh: normal(3 * H),
    h0: normal(B * H),
    x: normal(T * B * D),
  };
  for (const [gate, z] of Object.entries(held)) {
    const row = GATES.indexOf(gate) * H;
    values.Wx.fill(0, row * D, (row + H) * D);
    values.Wh.fill(0, row * H, (row + H) * H);
    values.bx.fill(z, row, row + H);
    values.bh.fill(0, row, row + H);
  }
  return Object.assign(values, { b: values.bx });
}

const run = (build: Build, values: Arrays) => {
  const cell = build({ T, B, D, H }, new Random(0), values);
  return { cell, y: cell.forward(values.x).y };
};
const at = (y: Float64Array, t: number) => y.slice((t - 1) * B * H, t * B * H);
const zeros = (length: number) => new Float64Array(length);

/** tanh(Wnx·x + bnx + bnh) [B,H]: the candidate of a unit that has forgotten its state. */
function freshCandidate({ Wx, bx, bh, x }: Arrays, t: number, inner: number): Float64Array {
  const result = zeros(B * H);
  for (let n = 0; n < B; n++) {
    for (let j = 0; j < H; j++) {
      const row = 2 * H + j;
      let sum = 0;
      for (let k = 0; k < D; k++) sum += x[((t - 1) * B + n) * D + k] * Wx[row * D + k];
      result[n * H + j] = Math.tanh(bx[row] + sum + inner * bh[row]);
    }
  }
  return result;
}

for (const [name, build] of Object.entries(FORMS)) {
  test(`${name}: z = 1 keeps h bit for bit over 1000 steps, and its error too`, () => {
    const values = valuesWith({ z: OPEN });
    const { cell, y } = run(build, values);
    for (let t = 1; t <= T; t++) assert.deepEqual(at(y, t), values.h0);
    const dhT = values.h0.map((value) => value * 3);
    const { states, dx, parameters } = cell.backward(zeros(T * B * H), { h: dhT });
    assert.deepEqual(states.h, dhT, 'the error comes back unchanged');
    assert.ok(
      [...dx, ...parameters.Wx].every((value) => value === 0),
      'and nothing of it leaks out',
    );
  });

  test(`${name}: z = 0 takes the candidate, r = 0 a candidate that knows nothing of h: together no memory at all`, () => {
    const values = valuesWith({ z: SHUT, r: SHUT });
    const { cell, y } = run(build, values);
    for (const t of [1, 2, T]) {
      const expected = freshCandidate(values, t, 0);
      for (const [k, value] of at(y, t).entries()) assert.ok(Math.abs(value - expected[k]) <= 1e-15);
    }
    const { states } = cell.backward(new Float64Array(T * B * H).fill(1), { h: zeros(B * H) });
    assert.ok(
      states.h.every((value) => value === 0),
      'no error comes back from a state that was not used',
    );
  });

  test(`${name}: r = 0 forgets h in the candidate only`, () => {
    const values = valuesWith({ r: SHUT });
    const first = at(run(build, values).y, 1);
    // The same without any weight from h to the candidate: its content cannot have mattered.
    const cut = valuesWith({ r: SHUT });
    cut.Wh.fill(0, 2 * H * H);
    assert.deepEqual(first, at(run(build, cut).y, 1));
    const other = valuesWith({ r: SHUT });
    other.h0.fill(0);
    assert.notDeepEqual(first, at(run(build, other).y, 1), 'the update gate still lets h through');
  });

  test(`${name}: h stays between the initial state and ±1`, () => {
    const { y } = run(build, { ...valuesWith({}), h0: new Float64Array(B * H).fill(0.5) });
    assert.ok(y.every((value) => Math.abs(value) <= 1));
  });

  test(`${name}: no steps: the final state is the initial one, and so is its error`, () => {
    const values = valuesWith({});
    const cell = build({ T: 0, B, D, H }, new Random(0), values);
    assert.deepEqual(cell.forward(zeros(0)).ends.h.slice(), values.h0);
    const dhT = values.h0.map((value) => value + 1);
    assert.deepEqual(cell.backward(zeros(0), { h: dhT }).states.h, dhT);
  });

  test(`${name}: NaN in the input shows in the output of its own sequence only`, () => {
    const values = valuesWith({});
    values.x[0] = Number.NaN;
    const { y } = run(build, values);
    for (const t of [1, 2, T])
      assert.deepEqual(
        [...at(y, t)].map(Number.isNaN),
        [...zeros(B * H)].map((_, k) => k < H),
      );
  });
}

test('the two forms are one where r = 1 and bnh = 0, and differ elsewhere', () => {
  const open = valuesWith({ r: OPEN });
  open.bh.fill(0);
  const [after, before] = Object.values(FORMS).map((build) => run(build, open).y);
  // Only nearly: the sums of products are added up in another order. Ten steps, lest that grow.
  for (let k = 0; k < 10 * B * H; k++) assert.ok(Math.abs(after[k] - before[k]) <= 1e-12, `${k}`);
  const ajar = valuesWith({});
  ajar.bh.fill(0);
  const [first, second] = Object.values(FORMS).map((build) => at(run(build, ajar).y, 1));
  assert.ok(first.some((value, k) => Math.abs(value - second[k]) > 1e-3));
});
