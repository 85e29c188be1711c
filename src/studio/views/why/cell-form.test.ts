import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gradientStudy } from '../../../lab-entry-browser.js';
import { type CellForm, hasShortForm, KINDS, STARTS, untrainedCell } from './cell-form.js';

const form: CellForm = { kind: 'lstm', start: 'orthogonal', forgetBias: 2, chrono: false, hiddenSize: 8 };

suite('the cell that the knobs make', () => {
  test('each has the knobs of its kind, and no others', () => {
    assert.deepEqual(untrainedCell(form), { cell: 'lstm', recurrent: 'orthogonal', forgetBias: 2 });
    assert.equal(untrainedCell({ ...form, chrono: true }).forgetBias, 'chrono');
    assert.deepEqual(untrainedCell({ ...form, kind: 'gru' }), { cell: 'gru', recurrent: 'orthogonal' });
    assert.deepEqual(untrainedCell({ ...form, kind: 'irnn' }), {
      ...{ cell: 'rnn', recurrent: 'identity', nonlinearity: 'relu' },
    });
  });

  test('the lab measures every kind at every start, and knows a short form of the same', () => {
    for (const kind of KINDS)
      for (const start of STARTS) {
        const study = gradientStudy(untrainedCell({ ...form, kind, start }), {
          ...{ hiddenSize: 8, lag: 5, seeds: 2, singularLags: [] },
        });
        assert.equal(study.h.median.length, 6);
        assert.equal(study.short !== null, hasShortForm(kind), kind);
      }
  });
});
