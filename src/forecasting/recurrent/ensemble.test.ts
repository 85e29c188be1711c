import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task, TaskRunner } from '../tasks.js';
import { type EnsembleProgress, medianUpdates, parameterCount, predictEnsemble, trainEnsemble } from './ensemble.js';
import type { RecurrentPlan } from './plan.js';

const PLAN: RecurrentPlan = {
  horizon: 2,
  inputSteps: 3,
  levels: [0.1, 0.5, 0.9],
  hiddenSize: 4,
  layers: 1,
  learningRate: 0.01,
  weightDecay: 0,
  clipNorm: 1,
  batchRows: 8,
  segmentSteps: 16,
  maxUpdates: 10,
  members: 3,
};
const tensors = new Map([
  ['a', { shape: [4, 3], data: new Float32Array(12) }],
  ['b', { shape: [5], data: new Float32Array(5) }],
]);

/** A runner that answers the n-th task with `answer(task, n)` and keeps all tasks. */
function answering(answer: (task: Task, n: number) => unknown): TaskRunner & { tasks: Task[] } {
  const tasks: Task[] = [];
  return {
    tasks,
    run: async (given, { onProgress }) =>
      given.map((task, n) => {
        tasks.push(task);
        onProgress?.(n, { update: 5 * (n + 1), maxUpdates: 20, loss: n, validationLoss: null });
        return answer(task, n);
      }) as never,
    close: () => {},
  };
}

const trained = (updates: number) => ({ tensors, updates, trainingLoss: 1, validationLoss: null });
const histories = [Float64Array.of(-1, 2, 3, 1, 2, 4, 3), Float64Array.of(3, -1, 0, 5, 3, 2)];

test('members differ in their seed only; the seed of the ensemble is in each', async () => {
  const runner = answering(() => trained(7));
  const progress: EnsembleProgress[] = [];
  const { ensemble } = await trainEnsemble(PLAN, 1, histories, [], 9, 'purpose', {
    runner,
    onProgress: (step) => progress.push(step),
  });
  assert.equal(ensemble.members.length, 3);
  const trainings = runner.tasks.flatMap((task) => (task.kind === 'train' ? [task] : []));
  assert.equal(new Set(trainings.map(({ seed }) => seed)).size, 3);
  for (const { seed, updates, validation, training } of trainings) {
    assert.match(seed, /purpose/);
    assert.equal(updates, 9);
    assert.equal(validation, null);
    assert.deepEqual(training, trainings[0].training);
  }
  // Members at 5, 10 and 15 of 20 updates, with losses 0, 1 and 2; those that have not reported have no loss yet.
  assert.deepEqual(
    progress.map(({ fraction, loss }) => [Math.round(fraction * 1000), loss]),
    [
      [83, 0],
      [250, 0.5],
      [500, 1],
    ],
  );
});

test('validation cuts are judged by their futures, in the order given', async () => {
  const runner = answering(() => trained(7));
  const cuts = histories.map((history) => ({ history, future: Float64Array.of(1, Number.NaN) }));
  await trainEnsemble(PLAN, 1, histories, cuts, 9, 's', { runner });
  const [task] = runner.tasks;
  assert.ok(task.kind === 'train' && task.validation !== null);
  assert.equal(task.validation.steps.length, 2);
  const known = task.validation.target.filter((value) => !Number.isNaN(value));
  assert.equal(known.length, 2, 'one known value for each cut');
});

test('a forecast is the mean of the members, quantile by quantile, in the units of each series', async () => {
  // Local units: y over the mean magnitude, less the last value. Answers [row][quantile][step].
  const answers = [
    [-1, -2, 0, 0, 1, 2, /* second cut */ 0, 0, 0, 0, 0, 0],
    [-3, -2, 0, 3, 1, 5, /* second cut */ 0, 0, 0, 0, 3, 0],
    [-5, -2, 3, 0, 7, 2, /* second cut */ 0, 0, 0, 0, 3, 3],
  ];
  const runner = answering((_, n) => Float32Array.from(answers[n]));
  const cuts = [{ history: Float64Array.of(-2, 2, -2, 2, 2) }, { history: Float64Array.of(-10, 10, 10, -10, 10) }];
  const forecasts = await predictEnsemble({ plan: PLAN, season: 1, members: [tensors, tensors, tensors] }, cuts, {
    runner,
  });
  const expected = [
    [
      [2 + 2 * -3, 2 + 2 * -2],
      [2 + 2 * 1, 2 + 2 * 1],
      [2 + 2 * 3, 2 + 2 * 3],
    ],
    [
      [10, 10],
      [10, 10],
      [10 + 10 * 2, 10 + 10 * 1],
    ],
  ];
  forecasts.forEach((quantiles, cut) => {
    quantiles.forEach((row, q) => {
      row.forEach((value, k) => {
        assert.ok(Math.abs(value - expected[cut][q][k]) < 1e-9, `cut ${cut}, quantile ${q}: ${row}`);
      });
    });
  });
  assert.deepEqual(await predictEnsemble({ plan: PLAN, season: 1, members: [tensors] }, [], { runner }), []);
});

test('updates for training on everything: the median of the best ones', () => {
  assert.equal(medianUpdates([90, 10, 50].map(trained)), 50);
  assert.equal(medianUpdates([trained(40)]), 40);
  const even = medianUpdates([10, 20, 30, 1000].map(trained));
  assert.ok(even >= 20 && even <= 30);
});

test('parameters of one member', () => {
  assert.equal(parameterCount({ plan: PLAN, season: 1, members: [tensors, tensors] }), 17);
});
