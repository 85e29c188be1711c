import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskRun } from './run.js';
import { summarise } from './summary.js';

const run = (cell: string, updates: number | null, best: number, more: Partial<TaskRun> = {}): TaskRun => ({
  ...{ task: 'adding', cell, seed: 1, length: 100, hiddenSize: 32, measure: 'MSE', goal: 0.01, memoryless: 1 / 6 },
  solved: updates === null ? null : { updates, sequences: updates * 64 },
  ...{ best, seconds: 1, curve: [] },
  ...more,
});

test('medians over seeds, a run that failed standing last', () => {
  const [lstm, rnn] = summarise([
    run('lstm', 900, 0.009),
    run('rnn', null, 0.16),
    run('lstm', null, 0.15),
    run('lstm', 300, 0.004),
    run('rnn', null, 0.17),
    run('rnn', 100, 0.001),
  ]);
  assert.deepEqual(lstm, {
    ...{ task: 'adding', cell: 'lstm', length: 100, seeds: 3, solved: 2 },
    ...{ updates: 900, sequences: 57_600, best: 0.009, seconds: 1 },
  });
  assert.deepEqual([rnn.cell, rnn.solved, rnn.updates, rnn.sequences, rnn.best], ['rnn', 1, null, null, 0.16]);
});

test('an even number of seeds is judged by the worse of the two in the middle', () => {
  const of = (measure: TaskRun['measure']) =>
    summarise([0.2, 0.9].map((best) => run('lstm', null, best, { measure })))[0];
  assert.equal(of('MSE').best, 0.9);
  assert.equal(of('share right').best, 0.2);
});

test('other lengths and sizes are other lines', () => {
  const runs = [run('lstm', 1, 0), run('lstm', 1, 0, { length: 400 }), run('lstm', 1, 0, { hiddenSize: 64 })];
  assert.equal(summarise(runs).length, 3);
});
