import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOf } from './report.js';

const NaNs = Number.NaN;

/** Scores with the given MASE (and ten times that as sMAPE). */
const scored = (masePerModel: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(masePerModel).map(([name, mase]) => [name, { mase, smape: 10 * mase, rmse: mase, pinball: mase }]),
  );

test('a win says by how much, over what, and what the model is made of', () => {
  const verdict = verdictOf(
    'auto',
    12,
    { lstm: 0.704, theta: 0.293, 'seasonal-naive': 0.003 },
    scored({ auto: 0.6, lstm: 0.65, 'seasonal-naive': 1, theta: 0.8 }),
    2,
  );
  assert.match(verdict, /^auto \(70 % lstm, 29 % theta\) beats seasonal-naive by 40 %/);
  assert.match(verdict, /MASE 0\.60 against 1\.00 over 2 rolling origins/);
  assert.ok(!verdict.includes('alone did better'));
});

test('a win or a loss says whether chance could have done it, where that is known', () => {
  const scores = (own: number) => scored({ auto: own, 'seasonal-naive': 1 });
  const verdict = (own: number, p: number) => verdictOf('auto', 12, { lstm: 1 }, scores(own), 2, { p });
  assert.match(verdict(0.6, 0.0004), /inside the history \(more than chance: p < 0\.001\)\.$/);
  assert.match(verdict(0.6, 0.023), /\(more than chance: p = 0\.02\)/);
  assert.match(verdict(0.9, 0.05), /\(it may be chance: p = 0\.05\)/);
  assert.match(verdict(1.4, 0.31), /seasonal-naive forecast wins here.*\(it may be chance: p = 0\.31\)/);
  assert.doesNotMatch(verdict(0.6, NaNs), /chance|NaN/);
});

test('a loss is said, with the better model', () => {
  const verdict = verdictOf('lstm', 12, { lstm: 1 }, scored({ lstm: 1.4, 'seasonal-naive': 1, theta: 0.9 }), 1);
  assert.match(verdict, /seasonal-naive forecast wins/);
  assert.match(verdict, /MASE 1\.40 against 1\.00 over 1 rolling origin inside/);
  assert.match(verdict, /--model theta/);
  assert.ok(!verdict.includes('beats'));
});

test('a win over the reference does not hide a rival that was better still', () => {
  const verdict = verdictOf('lstm', 12, { lstm: 1 }, scored({ lstm: 0.9, 'seasonal-naive': 1, theta: 0.5 }), 3);
  assert.match(verdict, /lstm beats seasonal-naive by 10 %/);
  assert.match(verdict, /theta alone did better \(0\.50\)/);
});

test('half a percent is neither a win nor a loss, and no model recommends itself', () => {
  for (const mase of [0.997, 1, 1.003]) {
    const verdict = verdictOf('auto', 12, {}, scored({ auto: mase, 'seasonal-naive': 1, theta: 2 }), 3);
    assert.doesNotMatch(verdict, /wins|beats|--model auto/, verdict);
  }
});

test('without a season the reference is the naive forecast', () => {
  assert.match(verdictOf('theta', 1, { theta: 1 }, scored({ theta: 0.5, naive: 1 }), 3), /theta beats naive by 50 %/);
});

test('where MASE is not defined sMAPE takes its place', () => {
  const scores = {
    auto: { mase: NaNs, smape: 5, rmse: 1, pinball: 1 },
    'seasonal-naive': { mase: NaNs, smape: 20, rmse: 1, pinball: 1 },
  };
  const verdict = verdictOf('auto', 4, { lstm: 1 }, scores, 3);
  assert.match(verdict, /beats seasonal-naive by 75 %: sMAPE 5\.00 against 20\.0/);
});

test('the reference itself is reported without a comparison', () => {
  const verdict = verdictOf(
    'seasonal-naive',
    12,
    { 'seasonal-naive': 1 },
    scored({ 'seasonal-naive': 1.234, theta: 2 }),
    3,
  );
  assert.match(verdict, /seasonal-naive/);
  assert.match(verdict, /1\.23/);
  assert.doesNotMatch(verdict, /beats|wins/);
});

test('a forecast that has not been checked is called so', () => {
  const verdict = verdictOf('auto', 12, { lstm: 0.5, theta: 0.5 }, {}, 0);
  assert.match(verdict, /has not been checked/);
  assert.doesNotMatch(verdict, /beats|wins|NaN/);
});

test('an exact reference is not beaten, and one line holds no NaN or Infinity', () => {
  const exact = { mase: NaNs, smape: 0, rmse: 0, pinball: 0 };
  const close = { mase: NaNs, smape: 0.1, rmse: 1, pinball: 1 };
  const cases: [string, Record<string, typeof exact>][] = [
    ['auto', { auto: close, naive: exact }],
    ['auto', { auto: exact, naive: exact }],
    ['auto', { auto: exact, naive: close }],
    ['naive', { naive: exact }],
  ];
  for (const [model, scores] of cases) {
    const verdict = verdictOf(model, 1, {}, scores, 3);
    assert.doesNotMatch(verdict, /NaN|Infinity|undefined|\n/, verdict);
    if (scores.naive === exact) assert.doesNotMatch(verdict, /beats/, verdict);
  }
});

test('weights that were chosen by the origin they are scored on: the verdict says so', () => {
  const verdict = (crossFitted: boolean) =>
    verdictOf('auto', 12, { lstm: 0.6, ets: 0.4 }, scored({ auto: 0.5, 'seasonal-naive': 1 }), 1, { crossFitted });
  assert.match(verdict(false), /The same origin chose the weights: expect a little less\.$/);
  assert.doesNotMatch(verdict(true), /same origin/);
});
