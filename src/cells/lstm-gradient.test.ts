/**
 * The gradients of the LSTM and of every combination of its variants against central differences, on sequences long
 * enough to have a through time in them; and proof that this check is sharp: every plausible mistake must fail it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { type LstmForm, lstm, projectedLstm } from './cell-under-test.test.support.js';
import {
  type Mistake,
  SETTINGS,
  TOLERANCE,
  testGradients,
  testMutants,
  worstError,
} from './gradient-suite.test.support.js';
import * as cell from './lstm.js';
import * as projectionCell from './lstm-projection.js';

const FORMS: Record<string, LstmForm> = {
  standard: {},
  'with peepholes': { peepholes: true },
  'without forget gate': { forgetGate: false },
  'with peepholes, without forget gate': { peepholes: true, forgetGate: false },
};
const smaller = (H: number) => H - 1;

for (const [name, form] of Object.entries(FORMS)) {
  testGradients(`LSTM, ${name}`, lstm(cell, form));
  testGradients(`LSTM with projection, ${name}`, projectedLstm(projectionCell, smaller, form));
}

test('without a forget gate, what belongs to it has gradient 0', () => {
  const [T, B, D, H] = [4, 2, 3, 5];
  const unit = lstm(cell, { forgetGate: false, peepholes: true })({ T, B, D, H }, new Random('1997'));
  unit.forward(new Float64Array(T * B * D).fill(0.5));
  const ends = { h: new Float64Array(B * H).fill(1), c: new Float64Array(B * H).fill(1) };
  const { parameters } = unit.backward(new Float64Array(T * B * H).fill(1), ends);
  for (const [name, width] of Object.entries({ Wx: D, Wh: H, b: 1, P: 1 })) {
    const rows = parameters[name].subarray(H * width, 2 * H * width);
    assert.ok(
      rows.every((value) => value === 0),
      name,
    );
    assert.ok(
      parameters[name].subarray(0, H * width).some((value) => value !== 0),
      name,
    );
  }
});

const inFile =
  (file: string) =>
  (find: string, put: string): Mistake[] => [[file, find, put]];
const [block, recurrent, projection] = ['./lstm-block.js', './lstm.js', './lstm-projection.js'].map(inFile);

/** Mistakes in the way through time, which the LSTM and the projection write alike. */
const throughTime = (wrong: typeof block, output: 'H' | 'R'): Record<string, Mistake[]> => ({
  'dWx of the last step only': wrong('const first = complete ? 0 :', 'const first ='),
  'dWh over the first step only': wrong('addWeightGradient(dWh, dz, h, T * B,', 'addWeightGradient(dWh, dz, h, B,'),
  'db over the first step only': wrong('addBiasGradient(db, dz, T * B,', 'addBiasGradient(db, dz, B,'),
  'dx of the first step only': wrong(
    'setInputGradient(dx, 0, dz, 0, Wx, T * B,',
    'setInputGradient(dx, 0, dz, 0, Wx, B,',
  ),
  'dWh with h_t for h_{t−1}': wrong(
    'addWeightGradient(dWh, dz, h,',
    `addWeightGradient(dWh, dz, h.subarray(B * ${output}),`,
  ),
  'the final C ignored': wrong('dc0.set(dcT);', 'dc0.fill(0);'),
  'the final h ignored': wrong('dh0.set(dhT);', 'dh0.fill(0);'),
});

/** Mistakes inside the block. */
const blockMutants: Record<string, Mistake[]> = {
  'the short form: δ_C without what comes back from C of the next step': block('(carry ? dc[unit] : 0)', '0'),
  'the path C_t → C_{t−1} cut': block('dc[unit] = dC * f +', 'dc[unit] ='),
  'the forget gate left out of the path C_t → C_{t−1}': block('dc[unit] = dC * f +', 'dc[unit] = dC +'),
  'input and forget gate swapped': [
    ...block('dz[gate] = dC *', 'dz[SWAP] = dC *'),
    ...block('dz[gate + H] = dC *', 'dz[gate] = dC *'),
    ...block('dz[SWAP] = dC *', 'dz[gate + H] = dC *'),
  ],
  'candidate and output gate swapped': [
    ...block('const g = gates[gate + 2 * H];', 'const g = gates[gate + 3 * H];'),
    ...block('const o = gates[gate + 3 * H];', 'const o = gates[gate + 2 * H];'),
  ],
  'the forget gate sees C_t for C_{t−1}': block('dC * c[before + unit] * f', 'dC * c[now + unit] * f'),
  "the candidate's derivative left out": block('* i * (1 - g * g)', '* i'),
  'δ_o from δ_C': [...block('dz[gate + 3 * H] = dzo;', 'dz[gate + 3 * H] = dC * tanhC * o * (1 - o);')],
};
const peepholeMutants: Record<string, Mistake[]> = {
  'the path C_t → o cut': block('peep(P, 2 * H + j, dzo)', '0'),
  'the path C_{t−1} → i cut': block('peep(P, j, dz[gate])', '0'),
  'the path C_{t−1} → f cut': block('peep(P, H + j, dz[gate + H])', '0'),
  'the peepholes of i and f swapped': [
    ...block('dP[j] += dz[gate] *', 'dP[j] += dz[gate + H] *'),
    ...block('dP[H + j] += dz[gate + H] *', 'dP[H + j] += dz[gate] *'),
  ],
  'dP_o with C_{t−1}': block('dzo * c[now + unit]', 'dzo * c[before + unit]'),
  'dP_i with C_t': block('dP[j] += dz[gate] * c[before + unit]', 'dP[j] += dz[gate] * c[now + unit]'),
  'dP_f with C_t': block('dz[gate + H] * c[before + unit];\n', 'dz[gate + H] * c[now + unit];\n'),
  'dP over the first step only': block('if (dP === undefined)', 'if (dP === undefined || t > 1)'),
};

const lstmThroughTime: Record<string, Mistake[]> = {
  ...throughTime(recurrent, 'H'),
  "the step's own loss dropped": recurrent(
    'dh0[unit] += dy[before + unit]',
    'dh0[unit] += t < T ? 0 : dy[before + unit]',
  ),
  'the error from the next step dropped': recurrent('dh0[unit] += dy[before + unit]', 'dh0[unit] = dy[before + unit]'),
};

testMutants<typeof cell>('LSTM', './lstm.js', (mutant) => [lstm(mutant)], {
  ...blockMutants,
  ...lstmThroughTime,
});
testMutants<typeof cell>('LSTM without forget gate', './lstm.js', (mutant) => [lstm(mutant, { forgetGate: false })], {
  ...without(
    blockMutants,
    'the forget gate left out of the path C_t → C_{t−1}',
    'the forget gate sees C_t for C_{t−1}',
  ),
  ...lstmThroughTime,
  'an error for the forget gate all the same': block('* f * (1 - f)', '* 0.25'),
});
testMutants<typeof cell>('LSTM with peepholes', './lstm.js', (mutant) => [lstm(mutant, { peepholes: true })], {
  ...blockMutants,
  ...peepholeMutants,
  ...lstmThroughTime,
});
testMutants<typeof projectionCell>(
  'LSTM with projection',
  './lstm-projection.js',
  (mutant) => [projectedLstm(mutant, smaller)],
  {
    ...blockMutants,
    ...throughTime(projection, 'R'),
    "the step's own loss dropped": projection('= dy[before * R + k] +', '= (t < T ? 0 : dy[before * R + k]) +'),
    'the error from the next step dropped': projection('= dy[before * R + k] + dh0[k]', '= dy[before * R + k]'),
    'dWp over the first step only': projection(
      'addWeightGradient(dWp, dh, m, T * B,',
      'addWeightGradient(dWp, dh, m, B,',
    ),
    'dWp from the own-step loss only': projection('addWeightGradient(dWp, dh, m,', 'addWeightGradient(dWp, dy, m,'),
  },
);

/** The short form against differences: how far off its gradients are, for the loss on the last step. */
const shortError = (T: number, build = lstm(cell, { bptt: 'short' })) =>
  worstError(
    build,
    SETTINGS.filter((setting) => setting.T === T && setting.lossOn === 'last' && setting.layers === 1),
  );

for (const [name, form] of Object.entries(FORMS)) {
  test(`the short form, ${name}: exact for one step, wrong from two on`, () => {
    for (const build of [
      lstm(cell, { ...form, bptt: 'short' }),
      projectedLstm(projectionCell, smaller, { ...form, bptt: 'short' }),
    ]) {
      assert.ok(shortError(1, build) <= TOLERANCE);
      for (const T of [2, 3]) assert.ok(shortError(T, build) > 0.01, `T = ${T}`);
    }
  });
}

function without(mutants: Record<string, Mistake[]>, ...names: string[]): Record<string, Mistake[]> {
  return Object.fromEntries(Object.entries(mutants).filter(([name]) => !names.includes(name)));
}
