/** The leaky network's gradient, by λ too, against central differences; and proof that the check is sharp. */
import { leaky } from './cell-under-test.test.support.js';
import { type Mistake, testGradients, testMutants } from './gradient-suite.test.support.js';
import * as cell from './leaky.js';

const NONLINEARITIES = ['tanh', 'relu'] as const;
const LEAKS = ['one', 'per unit'] as const;

for (const nonlinearity of NONLINEARITIES)
  for (const leaks of LEAKS) testGradients(`leaky, ${nonlinearity}, leak: ${leaks}`, leaky(cell, nonlinearity, leaks));

const wrong = (find: string, put: string): Mistake[] => [['./leaky.js', find, put]];
testMutants<typeof cell>(
  'leaky',
  './leaky.js',
  (mutant) => NONLINEARITIES.flatMap((nonlinearity) => LEAKS.map((leaks) => leaky(mutant, nonlinearity, leaks))),
  {
    'the error from the next step dropped': wrong('= dy[before + unit] + dh0[unit]', '= dy[before + unit]'),
    "the step's own loss dropped": wrong(
      '= dy[before + unit] + dh0[unit]',
      '= (t < T ? 0 : dy[before + unit]) + dh0[unit]',
    ),
    'the path past the nonlinearity cut': wrong('dh0[unit] = (1 - lambda) * dh;', 'dh0[unit] = 0;'),
    'the path through Wh cut': wrong('addInputGradient(dh0, 0, dz, before, Wh, B, H, H);', ''),
    'the path past the nonlinearity without its leak': wrong('dh0[unit] = (1 - lambda) * dh;', 'dh0[unit] = dh;'),
    'λ and 1 − λ swapped': wrong('dz[before + unit] = dh * lambda *', 'dz[before + unit] = dh * (1 - lambda) *'),
    'dλ with h_t for h_{t−1}': wrong('(at - h[before + unit])', '(at - h[before + B * H + unit])'),
    'dλ without h_{t−1}': wrong('(at - h[before + unit])', 'at'),
    'dλ of the first step only': wrong('dleak[own] += dh', 'dleak[own] += (t > 1 ? 0 : 1) * dh'),
    'dλ from the own-step loss only': wrong('dleak[own] += dh', 'dleak[own] += dy[before + unit]'),
    'φ′ of h_t for that of a_t': wrong('phiSlope(at,', 'phiSlope(h[before + B * H + unit],'),
    'dWx over the first step only': wrong('addWeightGradient(dWx, dz, x, T * B,', 'addWeightGradient(dWx, dz, x, B,'),
    'dWh over the first step only': wrong('addWeightGradient(dWh, dz, h, T * B,', 'addWeightGradient(dWh, dz, h, B,'),
    'db over the first step only': wrong('addBiasGradient(db, dz, T * B,', 'addBiasGradient(db, dz, B,'),
    'dx of the first step only': wrong(
      'setInputGradient(dx, 0, dz, 0, Wx, T * B,',
      'setInputGradient(dx, 0, dz, 0, Wx, B,',
    ),
    'dWh with h_t for h_{t−1}': wrong('addWeightGradient(dWh, dz, h,', 'addWeightGradient(dWh, dz, h.subarray(B * H),'),
    'the final h ignored': wrong('dh0.set(dhT);', 'dh0.fill(0);'),
  },
);
