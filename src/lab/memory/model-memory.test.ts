import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryTraces } from './memory-traces.js';
import { modelMemory } from './model-memory.js';

const H = 3;
const F = [0.9, 0.5, 0.1];

/** An LSTM without recurrent weights: its gates are set by their biases, so all of its memory is known by hand. */
function network() {
  const spec = { cell: 'lstm', inputSize: 1, hiddenSize: H, layers: 1, horizon: 2, levels: [0.1, 0.5, 0.9] } as const;
  const bias = new Float32Array(4 * H);
  F.forEach((f, j) => {
    bias[H + j] = Math.log(f / (1 - f));
  });
  const Wx = new Float32Array(4 * H).fill(0.3, 2 * H, 3 * H);
  const head = new Float32Array(6 * H).fill(1, 2 * H, 4 * H);
  const tensors = new Map([
    ['lstm.weight_ih_l0', { shape: [4 * H, 1], data: Wx }],
    ['lstm.weight_hh_l0', { shape: [4 * H, H], data: new Float32Array(4 * H * H) }],
    ['lstm.bias_ih_l0', { shape: [4 * H], data: bias }],
    ['lstm.bias_hh_l0', { shape: [4 * H], data: new Float32Array(4 * H) }],
    ['head.weight', { shape: [6, H], data: head }],
  ]);
  return { spec, tensors };
}

const near = (got: number, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(got - expected) <= tolerance, `${got} for ${expected}`);

test('without recurrent weights each unit keeps f per step, of its state and of its gradient', () => {
  // Without input C stays 0 and every unit has the same part in the gradient at lag 0.
  const memory = modelMemory([network(), network()], [new Float64Array(60), new Float64Array(40)], { distance: 10 });
  assert.ok(memory.reached);
  assert.equal(memory.kept.median.length, 14);
  memory.kept.median.forEach((kept, lag) => {
    near(kept, 0.5 * Math.log10(F.reduce((sum, f) => sum + f ** (2 * lag), 0) / 3));
  });
  assert.equal(
    memory.short?.median[1],
    Number.NEGATIVE_INFINITY,
    'the short form knows no other way than the recurrent weights',
  );
  assert.equal(memory.units.length, 6);
  const [first, second] = memory.units;
  assert.deepEqual([first.unit, second.unit], [0, 0]);
  near(first.halfLife ?? 0, Math.log(0.5) / Math.log(0.9), 1e-4);
  near(first.gatesKeep ?? 0, 0.9 ** 10);
  near(first.gradientKeeps, Math.log10(0.9 ** 10 / Math.sqrt(3)));
  near(memory.halfLives?.median ?? 0, 1, 1e-5);
  assert.ok(memory.plain.median[10] < -1, 'a plain RNN forgets');
});

test('series that are too short for the distance say so', () => {
  const memory = modelMemory([network()], [new Float64Array(6)], { distance: 12 });
  assert.equal(memory.reached, false);
  assert.equal(memory.kept.median.length, 6);
});

test('traces are the equations of the cell: C_t = f ⊙ C_{t−1} + i ⊙ g, h_t = o ⊙ tanh C_t', () => {
  const x = Float64Array.of(1, -2, 0.5, 3);
  const [{ gates, c, h, steps, halfLives, saturation }] = memoryTraces(network(), x);
  assert.ok(c);
  assert.equal(steps, 4);
  for (let t = 0; t < 4; t++) {
    for (let j = 0; j < H; j++) {
      const at = t * H + j;
      near(gates.f[at], F[j]);
      near(gates.i[at], 0.5);
      near(gates.g[at], Math.tanh(Math.fround(0.3) * x[t]), 1e-12);
      near(c[at], (t > 0 ? gates.f[at] * c[at - H] : 0) + gates.i[at] * gates.g[at], 1e-12);
      near(h[at], gates.o[at] * Math.tanh(c[at]), 1e-12);
    }
  }
  near(halfLives?.[1] ?? 0, 1, 1e-5);
  // σ of a float32 bias may fall to either side of 0.9 and 0.1.
  assert.equal(saturation.o.low, 0);
});
