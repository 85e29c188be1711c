import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task, TaskRunner } from '../tasks.js';
import {
  type EnsembleProgress,
  type Group,
  medianUpdates,
  parameterCount,
  predictEnsemble,
  predictGroups,
  type TrainingRequest,
  trainEnsemble,
} from './ensemble.js';
import { PENALTIES, USUAL_PENALTY } from './linear-skip.js';
import type { RecurrentPlan, View } from './plan.js';
import { gatherBatch } from './window-set.js';

const VIEW: View = { adjusted: false, scaled: false, inputSteps: 3, firstValues: 4 };
const PLAN: RecurrentPlan = {
  cell: 'lstm',
  horizon: 2,
  seasons: [],
  views: [VIEW],
  extraSize: 0,
  levels: [0.1, 0.5, 0.9],
  hiddenSize: 4,
  layers: 1,
  learningRate: 0.01,
  weightDecay: 0,
  clipNorm: 1,
  batchRows: 8,
  segmentSteps: 16,
  maxUpdates: 10,
  rehearsalMembers: 1,
  members: 3,
};
const skip = (penalty: number) => ({ weight: new Float32Array(6), bias: new Float32Array(2), penalty });
const EMPTY = new Float32Array(0);
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
const examples = histories.map((y) => ({ y, extra: EMPTY }));
const REQUEST: TrainingRequest = { examples, validation: [], updates: 9, members: 3, penalties: null, seed: 'purpose' };
/** Answers every kind of training task as it may be. */
const training = () =>
  answering((task) => (task.kind === 'skip' ? skip(task.penalties[task.penalties.length - 1]) : trained(7)));

test('members differ in their seed only; the seed of the ensemble is in each', async () => {
  const runner = training();
  const progress: EnsembleProgress[] = [];
  const { ensemble } = await trainEnsemble(PLAN, REQUEST, { runner, onProgress: (step) => progress.push(step) });
  assert.deepEqual(
    ensemble.groups.map(({ members, weight }) => [members.length, weight]),
    [[3, 1]],
  );
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
  const runner = training();
  const validation = examples.map((example) => ({ ...example, future: Float64Array.of(1, Number.NaN) }));
  await trainEnsemble(PLAN, { ...REQUEST, validation }, { runner });
  assert.deepEqual(
    runner.tasks.map(({ kind }) => kind),
    ['skip', 'train', 'train', 'train'],
  );
  for (const task of runner.tasks) {
    assert.ok((task.kind === 'train' || task.kind === 'skip') && task.validation !== null);
    assert.deepEqual([...task.validation.length], [7 + 2, 6 + 2]);
    const { target } = gatherBatch(task.validation, [0, 1]);
    const known = target.filter((value) => !Number.isNaN(value));
    assert.equal(known.length, 2, 'one known value for each cut');
  }
});

test('each view has its own windows, its own linear path and its own members', async () => {
  const views = [VIEW, { ...VIEW, inputSteps: 5 }, { ...VIEW, scaled: true }];
  const runner = answering((task, n) => (task.kind === 'skip' ? skip(n) : trained(7)));
  const { ensemble } = await trainEnsemble({ ...PLAN, views }, { ...REQUEST, members: 2 }, { runner });
  const trainings = runner.tasks.flatMap((task) => (task.kind === 'train' ? [task] : []));
  assert.deepEqual(
    trainings.map((task) => [task.training.inputSteps, task.skip.penalty]),
    [
      [3, 0],
      [3, 0],
      [5, 1],
      [5, 1],
      [3, 2],
      [3, 2],
    ],
  );
  assert.equal(new Set(trainings.map(({ seed }) => seed)).size, 6);
  assert.deepEqual(
    ensemble.groups.map((group) => [group.skip.penalty, group.members.length, group.weight]),
    [
      [0, 2, 1 / 3],
      [1, 2, 1 / 3],
      [2, 2, 1 / 3],
    ],
  );
});

test('penalties: chosen where there is something to choose by, else the given or the usual ones', async () => {
  const views = [VIEW, { ...VIEW, inputSteps: 5 }];
  const asked = async (request: Partial<TrainingRequest>) => {
    const runner = training();
    await trainEnsemble({ ...PLAN, views }, { ...REQUEST, ...request }, { runner });
    return runner.tasks.flatMap((task) => (task.kind === 'skip' ? [[...task.penalties]] : []));
  };
  const cut = { ...examples[0], future: Float64Array.of(1, 2) };
  const validation = new Array<typeof cut>(12).fill(cut);
  assert.deepEqual(await asked({ validation }), [PENALTIES, PENALTIES]);
  // The best of five by fewer cuts would be luck.
  assert.deepEqual(await asked({ validation: validation.slice(1) }), [[USUAL_PENALTY], [USUAL_PENALTY]]);
  assert.deepEqual(await asked({ validation, penalties: [5, 7] }), [[5], [7]]);
  assert.deepEqual(await asked({}), [[USUAL_PENALTY], [USUAL_PENALTY]]);
});

/** Mean magnitudes of 2 and 10. */
const TWO_CUTS = [
  { y: Float64Array.of(-2, 2, -2, 2, 2), extra: EMPTY },
  { y: Float64Array.of(-10, 10, 10, -10, 10), extra: EMPTY },
];

test('a forecast is the mean of the members, quantile by quantile, in the units of each series', async () => {
  // Local units: y over the mean magnitude, less the last value. Answers [row][quantile][step].
  const answers = [
    [-1, -2, 0, 0, 1, 2, /* second cut */ 0, 0, 0, 0, 0, 0],
    [-3, -2, 0, 3, 1, 5, /* second cut */ 0, 0, 0, 0, 3, 0],
    [-5, -2, 3, 0, 7, 2, /* second cut */ 0, 0, 0, 0, 3, 3],
  ];
  const runner = answering((_, n) => Float32Array.from(answers[n]));
  const group = (count: number, weight = 1): Group => ({
    skip: skip(1),
    members: new Array<typeof tensors>(count).fill(tensors),
    weight,
  });
  const ensemble = { plan: PLAN, groups: [group(3)] };
  const forecasts = await predictEnsemble(ensemble, TWO_CUTS, PLAN.levels, { runner });
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
  assert.deepEqual(await predictEnsemble(ensemble, [], PLAN.levels, { runner }), []);

  // The three as members of two views, of which one counts three times as much.
  const views = [VIEW, { ...VIEW, inputSteps: 5 }];
  const two = { plan: { ...PLAN, views }, groups: [group(1, 0.25), group(2, 0.75)] };
  const own = await predictGroups(two, TWO_CUTS, PLAN.levels, {
    runner: answering((_, n) => Float32Array.from(answers[n])),
  });
  // First cut: the median of the first view is 2 + 2·0, of the second 2 + 2·(0 + 3)/2.
  assert.deepEqual(
    own.map((forecast) => [...forecast[0][1]]),
    [
      [2, 2],
      [5, 5],
    ],
  );
  const both = await predictEnsemble(two, TWO_CUTS, PLAN.levels, {
    runner: answering((_, n) => Float32Array.from(answers[n])),
  });
  both.forEach((quantiles, cut) => {
    quantiles.forEach((row, q) => {
      row.forEach((value, k) => {
        const expected = 0.25 * own[0][cut][q][k] + 0.75 * own[1][cut][q][k];
        assert.ok(Math.abs(value - expected) < 1e-12);
      });
    });
  });
});

test('updates for training on everything: the median of the best ones', () => {
  assert.equal(medianUpdates([90, 10, 50].map(trained)), 50);
  assert.equal(medianUpdates([trained(40)]), 40);
  const even = medianUpdates([10, 20, 30, 1000].map(trained));
  assert.ok(even >= 20 && even <= 30);
});

test('parameters of one member: its own and those of its linear path; zeros that PyTorch wants are none', () => {
  const second = { shape: [5], data: new Float32Array(5) };
  const members = [new Map([...tensors, ['x.bias_hh_l0', second]])];
  const count = (cell: RecurrentPlan['cell']) =>
    parameterCount({ plan: { ...PLAN, cell }, groups: [{ skip: skip(1), members, weight: 1 }] });
  assert.equal(count('lstm'), 12 + 5 + 6 + 2);
  assert.equal(count('rnn'), 12 + 5 + 6 + 2);
});
