/** The plain network's gradient against central differences, tanh and ReLU, and proof that the check is sharp. */
import { rnn } from './cell-under-test.test.support.js';
import { type Mistake, testGradients, testMutants } from './gradient-suite.test.support.js';
import * as cell from './rnn.js';

for (const nonlinearity of ['tanh', 'relu'] as const) testGradients(`RNN, ${nonlinearity}`, rnn(cell, nonlinearity));

const wrong = (find: string, put: string): Mistake[] => [['./rnn.js', find, put]];
testMutants<typeof cell>('RNN', './rnn.js', (mutant) => [rnn(mutant, 'tanh'), rnn(mutant, 'relu')], {
  'the error from the next step dropped': wrong('= dy[before + unit] + dh0[unit]', '= dy[before + unit]'),
  "the step's own loss dropped": wrong(
    '= dy[before + unit] + dh0[unit]',
    '= (t < T ? 0 : dy[before + unit]) + dh0[unit]',
  ),
  'dWx over the first step only': wrong('addWeightGradient(dWx, dz, x, T * B,', 'addWeightGradient(dWx, dz, x, B,'),
  'dWh over the first step only': wrong('addWeightGradient(dWh, dz, h, T * B,', 'addWeightGradient(dWh, dz, h, B,'),
  'db over the first step only': wrong('addBiasGradient(db, dz, T * B,', 'addBiasGradient(db, dz, B,'),
  'dx of the first step only': wrong(
    'setInputGradient(dx, 0, dz, 0, Wx, T * B,',
    'setInputGradient(dx, 0, dz, 0, Wx, B,',
  ),
  'dWh with h_t for h_{t−1}': wrong('addWeightGradient(dWh, dz, h,', 'addWeightGradient(dWh, dz, h.subarray(B * H),'),
  'φ′ from h_{t−1}': wrong('phiSlope(h[now + unit]', 'phiSlope(h[before + unit]'),
  'φ′ left out': wrong('dh * phiSlope(h[now + unit], nonlinearity)', 'dh'),
  'the final h ignored': wrong('dh0.set(dhT);', 'dh0.fill(0);'),
});

const slope = (find: string, put: string): Mistake[] => [['./activations.js', find, put]];
testMutants<typeof cell>('RNN activations', './rnn.js', (mutant) => [rnn(mutant, 'tanh'), rnn(mutant, 'relu')], {
  'tanh′ left out': slope('1 - a * a', '1'),
  'ReLU′ left out': slope('a > 0 ? 1 : 0', '1'),
});
