import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradientStudy } from './gradient-study.js';
import type { QuartileLine } from './quartiles.js';
import { UNTRAINED_CELLS, type UntrainedName } from './untrained-cells.js';

/**
 * ‖∂L/∂C‖ (∂L/∂h where there is no C) of untrained cells, H = 64, lag 100, measured once by another program whose inputs
 * are not on record.
 */
const ELSEWHERE: [UntrainedName, number][] = [
  ['rnn', 4e-25],
  ['rnn-orthogonal', 2e-7],
  ['rnn-wide', 4e20],
  ['lstm-b0', 1e-19],
  ['lstm', 2e-6],
  ['lstm-b3', 36],
  ['lstm-chrono', 7],
];

/** Decades between a single measurement and the middle half of ours. */
function distance({ low, high }: QuartileLine, lag: number, value: number): number {
  const log = Math.log10(value);
  return Math.max(0, low[lag] - log, log - high[lag]);
}

for (const [name, value] of ELSEWHERE) {
  test(`${name}: the gradient of 100 steps ago is as large as elsewhere, to one order of magnitude`, () => {
    const { h, c } = gradientStudy(UNTRAINED_CELLS[name], { singularLags: [] });
    const away = distance(c ?? h, 100, value);
    assert.ok(away <= 1, `${away} decades`);
  });
}

test('the short form with b_f = 1 loses everything: 5e-82 elsewhere', () => {
  const { short } = gradientStudy(UNTRAINED_CELLS.lstm, { singularLags: [] });
  assert.ok(short);
  const away = distance(short, 100, 5e-82);
  assert.ok(away <= 1, `${away} decades: ${short.low[100]} … ${short.high[100]}`);
});

test('the bound holds, σ₁ is above what a loss keeps, and the same seed gives the same numbers', () => {
  const options = { hiddenSize: 12, lag: 30, seeds: 3, singularLags: [30] };
  const study = gradientStudy(UNTRAINED_CELLS['rnn-wide'], options);
  assert.ok(study.boundPerStep !== null && study.singular[0].high <= 30 * (study.boundPerStep + 0.2));
  const plain = gradientStudy(UNTRAINED_CELLS.rnn, { ...options, seeds: 1 });
  assert.ok(plain.h.median[30] - Math.log10(Math.sqrt(12)) <= plain.singular[0].median + 1e-6);
  assert.ok(plain.boundPerStep !== null && plain.singular[0].median <= 30 * plain.boundPerStep);
  assert.deepEqual(gradientStudy(UNTRAINED_CELLS.rnn, { ...options, seeds: 1 }), plain);
});

test('a wrong count is refused', () => {
  assert.throws(() => gradientStudy(UNTRAINED_CELLS.rnn, { lag: 0 }), /invalid_option: .*"lag".*got 0/);
});
