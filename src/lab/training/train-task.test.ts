import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELL_NAMES } from './cells.js';
import { type TaskProgress, trainOnTask } from './train-task.js';

const withoutSeconds = ({ seconds, ...run }: ReturnType<typeof trainOnTask>) => {
  assert.ok(seconds > 0);
  return run;
};

for (const cell of CELL_NAMES)
  test(`${cell}: runs on squared and on cross-entropy tasks, the same for the same seed and any number of threads`, () => {
    for (const task of ['adding', 'embedded-reber']) {
      const length = task === 'adding' ? { length: 12 } : {};
      const options = { task, cell, seed: 3, ...length, hiddenSize: 12, updates: 60, untilSolved: false };
      const run = withoutSeconds(trainOnTask(options));
      // A reservoir's regression may have its fill of rows before.
      const last = run.curve.at(-1)!.updates;
      assert.ok(last === 60 || (cell === 'esn' && task === 'embedded-reber' && last > 16 && last < 60), `${last}`);
      assert.ok(run.curve.every(({ score }) => Number.isFinite(score)));
      assert.deepEqual(withoutSeconds(trainOnTask(options, undefined, 2)), run);
      assert.notDeepEqual(withoutSeconds(trainOnTask({ ...options, seed: 4 })).curve, run.curve);
    }
  });

test('what the lab is about: an LSTM learns the order of two symbols 50 steps back; by the short form it does not', () => {
  const run = (cell: string) =>
    trainOnTask({ task: 'temporal-order', cell, seed: 1, length: 50, updates: cell === 'lstm' ? 800 : 400 });
  const [complete, short] = [run('lstm'), run('lstm-short')];
  assert.ok(complete.solved, `best ${complete.best}`);
  assert.ok(short.best < 0.5, `best ${short.best}`);
});

test('a run ends when it is solved, and reports its curve as it goes', () => {
  const heard: number[] = [];
  const run = trainOnTask({ task: 'embedded-reber', cell: 'lstm', seed: 1, updates: 1000 }, ({ updates, fraction }) => {
    heard.push(updates);
    assert.equal(fraction, updates / 1000);
  });
  assert.ok(run.solved && run.solved.updates < 1000);
  assert.equal(run.curve.at(-1)?.updates, run.solved.updates);
  assert.deepEqual(
    heard,
    run.curve.map(({ updates }) => updates),
  );
  assert.equal(run.length, null);
});

test('progress shows what was asked of the test sequences and what the network said', () => {
  const heard: TaskProgress[] = [];
  const hear = (progress: TaskProgress) => heard.push(progress);
  trainOnTask({ task: 'adding', cell: 'gru', seed: 1, length: 10, updates: 50 }, hear);
  for (const { answers, score } of heard) {
    assert.ok(answers && answers.wanted.length === 64 && answers.given.length === 64);
    const errors = answers.wanted.map((wanted, k) => (wanted - answers.given[k]) ** 2);
    const error = errors.reduce((sum, one) => sum + one, 0) / 64;
    // A quarter of the test sequences, so not exactly the score, but of its size.
    assert.ok(error > score / 3 && error < score * 3, `${error}, ${score}`);
  }
  trainOnTask({ task: 'temporal-order', cell: 'gru', seed: 1, length: 20, updates: 1 }, hear);
  assert.ok(heard.at(-1)?.answers?.given.every((one) => [0, 1, 2, 3].includes(one)));
});

test('wrong use is refused before anything is trained', () => {
  const refused = (options: object, code: string, message: RegExp) =>
    assert.throws(() => trainOnTask({ task: 'adding', cell: 'lstm', seed: 1, ...options }), { code, message });
  refused({ task: 'addition' }, 'unknown_task', /use one of adding, /);
  refused({ cell: 'lstn' }, 'unknown_cell', /use one of rnn, /);
  refused({ length: 1 }, 'bad_option', /length is 1; adding needs a whole number from 2 on/);
  refused({ length: 10.5 }, 'bad_option', /length/);
  refused({ hiddenSize: 0 }, 'bad_option', /hiddenSize is 0/);
  refused({ learningRate: Number.NaN }, 'bad_option', /learningRate is NaN/);
});
