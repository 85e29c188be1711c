import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { byHalfLife, heldOf, momentOf, saturatedAt } from './moment.js';

/** Two units over three steps; C and h as an LSTM makes them of the gates. */
const gates = {
  f: Float64Array.of(0.5, 1, 0.5, 1, 0.5, 0.05),
  i: Float64Array.of(1, 0.5, 0, 0.5, 1, 0.5),
  g: Float64Array.of(0.8, -0.4, 0.2, 0.2, -0.6, 0.4),
  o: Float64Array.of(1, 0.5, 1, 0.5, 1, 0.5),
};
const c = new Float64Array(6);
const h = new Float64Array(6);
for (let at = 0; at < 6; at++) {
  c[at] = gates.f[at] * (at < 2 ? 0 : c[at - 2]) + gates.i[at] * gates.g[at];
  h[at] = gates.o[at] * Math.tanh(c[at]);
}
const traces = { steps: 3, hiddenSize: 2, gates, c, h, saturation: {}, halfLives: Float64Array.of(1, Infinity) };

suite('a moment inside the cell', () => {
  test('of one unit: what is kept and what is added make C, at every step', () => {
    for (const unit of [0, 1])
      for (const step of [0, 1, 2]) {
        const now = momentOf(traces, step, unit);
        assert.ok(Math.abs(now.kept + now.added - now.c) < 1e-15);
        assert.ok(Math.abs(now.o * Math.tanh(now.c) - now.h) < 1e-15);
      }
    assert.equal(momentOf(traces, 0, 0).before, 0);
  });

  test('of all units: mean gates, and mean sizes of what has a sign', () => {
    const now = momentOf(traces, 0, null);
    assert.equal(now.f, 0.75);
    assert.ok(Math.abs(now.c - (0.8 + 0.2) / 2) < 1e-15);
  });

  test('what is held is the product of the forget gates since', () => {
    assert.deepEqual(heldOf(traces, 2, 0), [0.25, 0.5, 1]);
    assert.deepEqual(heldOf(traces, 2, 1), [0.05, 0.05, 1]);
    assert.deepEqual(heldOf(traces, 2, null), [0.15, 0.275, 1]);
    assert.deepEqual(heldOf(traces, 0, 0), [1]);
  });

  test('gates that are wide open or shut, and units in the order of their memory', () => {
    assert.deepEqual(saturatedAt(traces, 2), { open: 0, shut: 1 });
    assert.deepEqual(saturatedAt(traces, 0), { open: 1, shut: 0 });
    assert.deepEqual(byHalfLife(traces), [1, 0]);
  });
});
