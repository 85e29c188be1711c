import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { mse } from './losses.js';
import { LSTM } from './lstm.js';
import { lstmCell } from './lstm-cell.js';
import { SequenceNetwork } from './sequence-network.js';

const CELL = lstmCell(6, {
  forgetGate: true,
  peephole: false,
  projSize: 0,
  bptt: 'full',
  forgetBias: 1,
  longest: undefined,
});
const [T, B, D] = [5, 3, 2];
const data = (target: Float32Array) => {
  const random = new Random('x');
  return { x: Float32Array.from({ length: T * B * D }, () => random.normal()), target, steps: T, batch: B };
};
const build = (loss: 'squared' | 'cross-entropy', outputSize: number) =>
  new SequenceNetwork({ cell: CELL, inputSize: D, outputSize, init: 'orthogonal', loss }, new Random(1), {
    steps: T,
    batch: B,
  });

test('starts as the layer with that initialisation does: gates half open, forget gates more', () => {
  // With zero biases but b_f = 1 and an input of zeros, c and h stay 0 and so does the answer.
  const network = build('squared', 1);
  const zeros = { ...data(new Float32Array(T * B)), x: new Float32Array(T * B * D) };
  assert.deepEqual([...network.forward(zeros)], new Array(T * B).fill(0));
  const layer = new LSTM({ inputSize: D, hiddenSize: 6, init: 'orthogonal', seed: 1 });
  assert.ok(
    layer
      .stateDict()
      .bias_ih_l0.data.subarray(6, 12)
      .every((bias) => bias === 1),
  );
});

test('squared: the loss is the mean over the targets that there are, and steps lower it', () => {
  const target = new Float32Array(T * B).fill(Number.NaN).fill(0.7, (T - 1) * B);
  const network = build('squared', 1);
  const batch = data(target);
  const output = network.forward(batch);
  const expected = mse(output.slice((T - 1) * B), target.slice((T - 1) * B)).loss;
  const first = network.trainStep(batch, { learningRate: 0.01, clipNorm: 1 });
  assert.ok(Math.abs(first - expected) < 1e-6);
  let last = first;
  for (let k = 0; k < 200; k++) last = network.trainStep(batch, { learningRate: 0.01, clipNorm: 1 });
  assert.ok(last < 1e-3 * first, `${first} to ${last}`);
});

test('cross-entropy: learns classes by heart', () => {
  const target = new Float32Array(T * B).map((_, row) => (row % 4 === 3 ? Number.NaN : row % 3));
  const network = build('cross-entropy', 3);
  const batch = data(target);
  const first = network.trainStep(batch, { learningRate: 0.02, clipNorm: 1 });
  assert.ok(Math.abs(first - Math.log(3)) < 0.5, `${first}`);
  let last = first;
  for (let k = 0; k < 400; k++) last = network.trainStep(batch, { learningRate: 0.02, clipNorm: 1 });
  assert.ok(last < 0.05, `${last}`);
});
