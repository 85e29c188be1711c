import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { outcomeOf, progressOf } from './outcome.js';

const adding = { measure: 'MSE', goal: 0.01, memoryless: 1 / 6 } as const;
const order = { measure: 'share right', goal: 0.99, memoryless: 0.25 } as const;
const curve = (...scores: number[]) =>
  scores.map((score, k) => ({ run: 0, updates: k * 50, score, solved: false, answers: null }));

suite('what has come of a cell that learns', () => {
  test('solved: after how many updates', () => {
    const points = [...curve(1.1, 0.2), { run: 0, updates: 100, score: 0.008, solved: true, answers: null }];
    assert.deepEqual(outcomeOf(points, adding), { kind: 'solved', updates: 100 });
  });

  test('an error near that of guessing, or a share, is guessing; the best counts', () => {
    assert.deepEqual(outcomeOf(curve(1.1, 0.159, 0.17), adding), { kind: 'guessing', best: 0.159 });
    assert.deepEqual(outcomeOf(curve(0.2, 0.29, 0.26), order), { kind: 'guessing', best: 0.29 });
    assert.equal(outcomeOf(curve(1.2), adding).kind, 'guessing');
  });

  test('in between', () => {
    assert.deepEqual(outcomeOf(curve(1.1, 0.09), adding), { kind: 'between', best: 0.09 });
    assert.deepEqual(outcomeOf(curve(0.2, 0.8), order), { kind: 'between', best: 0.8 });
  });

  test('progress: who has solved it is there', () => {
    const solved = [{ run: 0, updates: 100, score: 0.008, solved: true, answers: null }];
    assert.equal(progressOf([solved, curve(1, 1, 1)], 200), 0.75);
    assert.equal(progressOf([[], []], 200), 0);
  });
});
