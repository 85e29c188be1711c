import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAB_CELLS } from '../training/cells.js';
import { gradientInTraining } from './gradient-in-training.js';

const small = { task: 'adding', length: 20, hiddenSize: 8, batch: 16, updates: 20, every: 10, seed: 3 };

for (const cell of Object.keys(LAB_CELLS)) {
  test(`${cell}: measured at its start and on the way, from all of it at lag 0 on`, () => {
    const { points, length } = gradientInTraining({ ...small, cell });
    assert.deepEqual(
      points.map(({ updates }) => updates),
      [0, 10, 20],
    );
    for (const { kept, score } of points) {
      assert.equal(kept.length, length);
      assert.equal(kept[0], 0);
      assert.ok(Number.isFinite(score));
      assert.ok(kept.every((value) => !Number.isNaN(value)));
    }
    assert.notDeepEqual(points[0].kept, points[2].kept);
  });
}

test('an orthogonal tanh network starts near 1, the short form far below; the same seed, the same numbers', () => {
  const start = (cell: string) => gradientInTraining({ ...small, cell, updates: 1, every: 1 }).points[0].kept[15];
  assert.ok(start('rnn') > -2, `${start('rnn')}`);
  assert.ok(start('lstm-short') < -6, `${start('lstm-short')}`);
  assert.ok(start('lstm') > start('lstm-short') + 3);
  assert.deepEqual(gradientInTraining({ ...small, cell: 'gru' }), gradientInTraining({ ...small, cell: 'gru' }));
});

test('what cannot be trained or measured is refused', () => {
  assert.throws(() => gradientInTraining({ ...small, cell: 'esn' }), /unknown_cell: .*"esn"/);
  assert.throws(() => gradientInTraining({ ...small, cell: 'lstm', length: 1 }), /bad_option: length is 1/);
  assert.throws(() => gradientInTraining({ ...small, cell: 'lstm', every: 0 }), /bad_option: every is 0/);
});
