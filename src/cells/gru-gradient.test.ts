/** The gradients of both forms of the GRU against central differences; and proof that the check is sharp. */
import { gru, gruResetBefore } from './cell-under-test.test.support.js';
import { type Mistake, testGradients, testMutants } from './gradient-suite.test.support.js';
import * as cell from './gru.js';
import * as resetBeforeCell from './gru-reset-before.js';

testGradients('GRU, reset-after', gru(cell));
testGradients('GRU, reset-before', gruResetBefore(resetBeforeCell));

const wrong = (find: string, put: string): Mistake[] => [['./gru.js', find, put]];
testMutants<typeof cell>('GRU, reset-after', './gru.js', (mutant) => [gru(mutant)], {
  'the error from the next step dropped': wrong('= dy[before + unit] + dh0[unit]', '= dy[before + unit]'),
  "the step's own loss dropped": wrong(
    '= dy[before + unit] + dh0[unit]',
    '= (t < T ? 0 : dy[before + unit]) + dh0[unit]',
  ),
  'the path past the candidate cut': wrong('dh0[unit] = dh * z;', 'dh0[unit] = 0;'),
  'the path past the candidate without its gate': wrong('dh0[unit] = dh * z;', 'dh0[unit] = dh;'),
  'the path through Wh cut': wrong('addInputGradient(dh0, 0, dq, 3 * before, Wh, B, 3 * H, H);', ''),
  'the reset gate left out of the path through Wnh': wrong('dq[gate + 2 * H] = dn * r;', 'dq[gate + 2 * H] = dn;'),
  'reset and update gate swapped': [
    ...wrong('da[gate] = dn', 'da[SWAP] = dn'),
    ...wrong('da[gate + H] = dh', 'da[gate] = dh'),
    ...wrong('da[SWAP] = dn', 'da[gate + H] = dn'),
  ],
  'update gate and candidate swapped': [
    ...wrong('const z = gates[gate + H];', 'const z = gates[gate + 2 * H];'),
    ...wrong('const n = gates[gate + 2 * H];', 'const n = gates[gate + H];'),
  ],
  'z and 1 − z swapped': wrong('const dn = dh * (1 - z) *', 'const dn = dh * z *'),
  'δ_z with h_t for h_{t−1}': wrong('(h[before + unit] - n)', '(h[before + B * H + unit] - n)'),
  "the candidate's derivative left out": wrong('* (1 - z) * (1 - n * n)', '* (1 - z)'),
  'δ_r without the bias inside the product': wrong(
    'q[gate + 2 * H] * r',
    '(q[gate + 2 * H] - parameters.bh[2 * H + j]) * r',
  ),
  'the two biases as one': wrong('addBiasGradient(dbh, dq,', 'addBiasGradient(dbh, da,'),
  'dWh of the input side': wrong('addWeightGradient(dWh, dq, h,', 'addWeightGradient(dWh, da, h,'),
  'dWx of the recurrent side': wrong('addWeightGradient(dWx, da, x,', 'addWeightGradient(dWx, dq, x,'),
  'dWx over the first step only': wrong('addWeightGradient(dWx, da, x, T * B,', 'addWeightGradient(dWx, da, x, B,'),
  'dWh over the first step only': wrong('addWeightGradient(dWh, dq, h, T * B,', 'addWeightGradient(dWh, dq, h, B,'),
  'dbx over the first step only': wrong('addBiasGradient(dbx, da, T * B,', 'addBiasGradient(dbx, da, B,'),
  'dbh over the first step only': wrong('addBiasGradient(dbh, dq, T * B,', 'addBiasGradient(dbh, dq, B,'),
  'dx of the first step only': wrong(
    'setInputGradient(dx, 0, da, 0, Wx, T * B,',
    'setInputGradient(dx, 0, da, 0, Wx, B,',
  ),
  'dWh with h_t for h_{t−1}': wrong('addWeightGradient(dWh, dq, h,', 'addWeightGradient(dWh, dq, h.subarray(B * H),'),
  'the final h ignored': wrong('dh0.set(dhT);', 'dh0.fill(0);'),
});

const before = (find: string, put: string): Mistake[] => [['./gru-reset-before.js', find, put]];
testMutants<typeof resetBeforeCell>(
  'GRU, reset-before',
  './gru-reset-before.js',
  (mutant) => [gruResetBefore(mutant)],
  {
    'the error from the next step dropped': before('= dy[before + j] + dh0[own + j]', '= dy[before + j]'),
    "the step's own loss dropped": before(
      '= dy[before + j] + dh0[own + j]',
      '= (row < (T - 1) * B ? 0 : dy[before + j]) + dh0[own + j]',
    ),
    'the path past the candidate cut': before('dh0[own + j] = dh * z;', 'dh0[own + j] = 0;'),
    'the path past the candidate without its gate': before('dh0[own + j] = dh * z;', 'dh0[own + j] = dh;'),
    'the path through the candidate cut': before('dh0[own + j] += ds[own + j] * r;', ''),
    'the reset gate left out of that path': before('dh0[own + j] += ds[own + j] * r;', 'dh0[own + j] += ds[own + j];'),
    'the path through the gates cut': before('addInputGradient(dh0, own, da, gate, Wh, 1, 2 * H, H);', ''),
    'the path through the update gate cut': before(
      'addInputGradient(dh0, own, da, gate, Wh, 1, 2 * H, H);',
      'addInputGradient(dh0, own, da, gate, Wh, 1, H, H);',
    ),
    'reset and update gate swapped': [
      ...before('da[gate + H + j] = dh', 'da[gate + j] = dh'),
      ...before('da[gate + j] = ds', 'da[gate + H + j] = ds'),
    ],
    'update gate and candidate swapped': [
      ...before('const z = gates[gate + H + j];', 'const z = gates[gate + 2 * H + j];'),
      ...before('const n = gates[gate + 2 * H + j];', 'const n = gates[gate + H + j];'),
    ],
    'z and 1 − z swapped': before('dh * (1 - z) *', 'dh * z *'),
    'δ_z with h_t for h_{t−1}': before('(h[before + j] - n)', '(h[before + B * H + j] - n)'),
    'δ_r as in reset-after': before('ds[own + j] * h[before + j] * r', 'da[gate + 2 * H + j] * ds[own + j] * r'),
    "the candidate's derivative left out": before('* (1 - z) * (1 - n * n)', '* (1 - z)'),
    'dWnh with h_{t−1} for r ⊙ h_{t−1}': before(
      'addWeightGradient(dWnh, da, resetState,',
      'addWeightGradient(dWnh, da, h,',
    ),
    'dWrh, dWzh with r ⊙ h_{t−1} for h_{t−1}': before(
      'addWeightGradient(dWh, da, h,',
      'addWeightGradient(dWh, da, resetState,',
    ),
    'dWnh over the first step only': before('addWeightGradient(dWnh,', 'if (row < B) addWeightGradient(dWnh,'),
    'dWrh, dWzh over the first step only': before('addWeightGradient(dWh,', 'if (row < B) addWeightGradient(dWh,'),
    'dWx over the first step only': before('addWeightGradient(dWx, da, x, T * B,', 'addWeightGradient(dWx, da, x, B,'),
    'db over the first step only': before('addBiasGradient(db, da, T * B,', 'addBiasGradient(db, da, B,'),
    'dx of the first step only': before(
      'setInputGradient(dx, 0, da, 0, Wx, T * B,',
      'setInputGradient(dx, 0, da, 0, Wx, B,',
    ),
    'the final h ignored': before('dh0.set(dhT);', 'dh0.fill(0);'),
  },
);
