import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuantileNetwork } from '../../nn/quantile-network.js';
import { Random } from '../../random.js';
import { predictRuns, type TrainingProgress, trainMember } from './member.js';
import type { RecurrentPlan } from './plan.js';
import { forecastRun, gatherBatch, joinRuns, trainingRuns, type WindowSet } from './window-set.js';

const PLAN: RecurrentPlan = {
  horizon: 3,
  inputSteps: 6,
  levels: [0.1, 0.5, 0.9],
  hiddenSize: 12,
  layers: 1,
  learningRate: 0.02,
  weightDecay: 0,
  clipNorm: 1,
  batchRows: 4,
  segmentSteps: 40,
  maxUpdates: 120,
  members: 1,
};

/** Saw teeth of period 5 in both signs, each series with its own size and phase: what comes next is certain. */
function saw(n: number, series: number): Float64Array {
  return Float64Array.from({ length: n }, (_, t) => (1 + series) * (((t + series) % 5) - 2));
}

const trainingSet = (count: number, n: number) =>
  joinRuns(
    Array.from({ length: count }, (_, s) => trainingRuns(saw(n, s), 1, PLAN)).flat(),
    PLAN.inputSteps,
    PLAN.horizon,
  );
const validationSet = (count: number, n: number) =>
  joinRuns(
    Array.from({ length: count }, (_, s) => forecastRun(saw(n, s), 1, PLAN, saw(n + 3, s).subarray(n)).run),
    PLAN.inputSteps,
    PLAN.horizon,
  );
const quiet = () => {};
const bytes = (tensors: ReturnType<typeof trainMember>['tensors']) =>
  [...tensors].map(([name, { shape, data }]) => [name, shape, [...data]]);

/** Mean pinball loss over the known targets of the last window of each run, from the answers. */
function lossOf(answers: Float32Array, set: WindowSet): number {
  const { horizon, levels } = PLAN;
  let sum = 0;
  let count = 0;
  set.steps.forEach((steps, row) => {
    for (let k = 0; k < horizon; k++) {
      const target = set.target[(set.start[row] + steps - 1) * horizon + k];
      if (Number.isNaN(target)) continue;
      levels.forEach((level, q) => {
        const error = target - answers[(row * levels.length + q) * horizon + k];
        sum += Math.max(level * error, (level - 1) * error);
        count++;
      });
    }
  });
  return sum / count;
}

test('a member learns a certain pattern', () => {
  const training = trainingSet(6, 40);
  const { tensors, updates, trainingLoss } = trainMember(PLAN, training, null, PLAN.maxUpdates, 'seed', quiet);
  assert.equal(updates, PLAN.maxUpdates);
  const judge = validationSet(6, 33);
  const loss = lossOf(predictRuns(PLAN, tensors, judge), judge);
  const zero = lossOf(new Float32Array(6 * 9), judge);
  assert.ok(loss < zero / 5, `${loss}; the answer "as now" has ${zero}`);
  assert.ok(trainingLoss < zero / 5, `${trainingLoss}`);
});

test('the same seed gives the same bytes, another seed others', () => {
  const train = (seed: string) => bytes(trainMember(PLAN, trainingSet(6, 20), null, 20, seed, quiet).tensors);
  assert.deepEqual(train('a'), train('a'));
  assert.notDeepEqual(train('a'), train('b'));
});

test('without a validation set exactly the given updates are made and reported', () => {
  const reports: TrainingProgress[] = [];
  const trained = trainMember(PLAN, trainingSet(3, 20), null, 25, 's', (progress) => reports.push(progress));
  assert.equal(trained.updates, 25);
  assert.equal(trained.validationLoss, null);
  assert.equal(reports[reports.length - 1].update, 25);
  reports.forEach((report, i) => {
    assert.ok(report.update > (reports[i - 1]?.update ?? 0));
    assert.equal(report.maxUpdates, 25);
    assert.equal(report.validationLoss, null);
    assert.ok(report.loss > 0);
  });
});

test('the parameters with the best validation loss are kept', () => {
  // Noise: the training set can only be learnt by heart, so the validation loss goes up again.
  const random = new Random('noise');
  const noise = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const plan = { ...PLAN, hiddenSize: 24, learningRate: 0.05, maxUpdates: 300 };
  const training = joinRuns([trainingRuns(noise(24), 1, plan)].flat(), 6, 3);
  const future = noise(30);
  const validation = joinRuns(
    [forecastRun(noise(24), 1, plan, future).run, forecastRun(noise(30), 1, plan, noise(3)).run],
    6,
    3,
  );
  const reports: TrainingProgress[] = [];
  const trained = trainMember(plan, training, validation, 300, 'early', (progress) => reports.push(progress));
  const losses = reports.map(({ validationLoss }) => validationLoss as number);
  const least = Math.min(...losses);
  assert.equal(trained.validationLoss, least);
  assert.equal(trained.updates, reports[losses.indexOf(least)].update);
  assert.ok(reports[reports.length - 1].update < 300, 'stopped early');
  // The kept tensors are those of that moment: their loss, worked out anew, is the reported one.
  const again = lossOf(predictRuns(plan, trained.tensors, validation), validation);
  assert.ok(Math.abs(again - least) < 1e-5 * least, `${again}, reported ${least}`);
});

test('validation never changes the training: the same losses after the same updates', () => {
  for (const batchRows of [2, 8]) {
    const plan = { ...PLAN, batchRows };
    const losses = (validation: WindowSet | null) => {
      const reported: number[] = [];
      trainMember(plan, trainingSet(6, 20), validation, 30, 's', ({ loss }) => reported.push(loss));
      return reported;
    };
    const alone = losses(null);
    assert.equal(alone.length, 3);
    assert.deepEqual(losses(validationSet(9, 30)), alone, `batches of ${batchRows}`);
  }
});

test('the data stay as they are', () => {
  const training = trainingSet(6, 20);
  const validation = validationSet(3, 20);
  const before = structuredClone({ training, validation });
  trainMember(PLAN, training, validation, 12, 's', quiet);
  assert.deepEqual({ training, validation }, before);
});

test('answers are those at the end of each run, whatever else is in the batch', () => {
  const { tensors } = trainMember(PLAN, trainingSet(6, 20), null, 5, 's', quiet);
  // More rows than one batch of predictions takes, of different lengths.
  const random = new Random('rows');
  const runs = Array.from({ length: 300 }, () => {
    const y = Float64Array.from({ length: 4 + random.integer(20) }, () => random.normal());
    return forecastRun(y, 1, PLAN).run;
  });
  const set = joinRuns(runs, 6, 3);
  const answers = predictRuns(PLAN, tensors, set);
  assert.equal(answers.length, 300 * 9);
  const { inputSteps: inputSize, hiddenSize, layers, horizon, levels } = PLAN;
  const network = new QuantileNetwork(
    { inputSize, hiddenSize, layers, horizon, levels },
    { steps: 40, batch: 1, training: false },
  );
  network.loadStateDict(tensors);
  for (let row = 0; row < 300; row++) {
    const { x, steps } = gatherBatch(set, [row]);
    const alone = network.forward(x, steps, 1).slice((steps - 1) * 9, steps * 9);
    alone.forEach((value, i) => {
      const got = answers[row * 9 + i];
      assert.ok(Math.abs(got - value) < 1e-6, `row ${row}: ${got}, alone ${value}`);
    });
  }
});
