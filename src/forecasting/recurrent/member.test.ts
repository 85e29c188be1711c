import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuantileNetwork } from '../../nn/quantile-network.js';
import { Random } from '../../random.js';
import { CELL_NAMES } from '../options.js';
import { applyLinearSkip, fitLinearSkips, type LinearSkip } from './linear-skip.js';
import { predictRuns, type TrainingProgress, trainMember } from './member.js';
import type { RecurrentPlan, View } from './plan.js';
import { forecastSet, gatherBatch, inputInto, inputSize, trainingSet, type WindowSet } from './window-set.js';

const VIEW: View = { adjusted: false, scaled: false, inputSteps: 6, firstValues: 4 };
const PLAN: RecurrentPlan = {
  cell: 'lstm',
  horizon: 3,
  seasons: [],
  views: [VIEW],
  extraSize: 0,
  levels: [0.1, 0.5, 0.9],
  hiddenSize: 12,
  layers: 1,
  learningRate: 0.02,
  weightDecay: 0,
  clipNorm: 1,
  batchRows: 4,
  segmentSteps: 40,
  maxUpdates: 120,
  rehearsalMembers: 1,
  members: 1,
};
/** A linear path that leaves everything to the network. */
const NO_SKIP: LinearSkip = {
  weight: new Float32Array(18),
  bias: new Float32Array(3),
  penalty: Number.POSITIVE_INFINITY,
};
const EMPTY = new Float32Array(0);

/** Saw teeth of period 5 in both signs, each series with its own size and phase: what comes next is certain. */
function saw(n: number, series: number): Float64Array {
  return Float64Array.from({ length: n }, (_, t) => (1 + series) * (((t + series) % 5) - 2));
}

const training = (series: readonly Float64Array[], plan = PLAN) =>
  trainingSet(
    series.map((y) => ({ y, extra: EMPTY })),
    VIEW,
    plan,
  );
const forecasting = (series: readonly Float64Array[], futures?: readonly Float64Array[], plan = PLAN) =>
  forecastSet(
    series.map((y) => ({ y, extra: EMPTY })),
    VIEW,
    plan,
    futures,
  ).set;
const saws = (count: number, n: number) => Array.from({ length: count }, (_, s) => saw(n, s));
const sawTraining = (count: number, n: number) => training(saws(count, n));
const sawValidation = (count: number, n: number) =>
  forecasting(
    saws(count, n),
    saws(count, n + 3).map((y) => y.subarray(n)),
  );
/** Trains on saw teeth unless told otherwise. */
const train = (
  given: Partial<Parameters<typeof trainMember>[0]>,
  report: (progress: TrainingProgress) => void = () => {},
) =>
  trainMember(
    { plan: PLAN, skip: NO_SKIP, training: sawTraining(6, 20), validation: null, updates: 20, seed: 's', ...given },
    report,
  );
const bytes = (tensors: ReturnType<typeof trainMember>['tensors']) =>
  [...tensors].map(([name, { shape, data }]) => [name, shape, [...data]]);

/** Mean pinball loss over the known targets of the last window of each run, from the answers. */
function lossOf(answers: Float32Array, set: WindowSet): number {
  const { horizon, levels } = PLAN;
  let sum = 0;
  let count = 0;
  set.steps.forEach((steps, row) => {
    const last = gatherBatch(set, [row]).target.subarray((steps - 1) * horizon);
    for (let k = 0; k < horizon; k++) {
      if (Number.isNaN(last[k])) continue;
      levels.forEach((level, q) => {
        const error = last[k] - answers[(row * levels.length + q) * horizon + k];
        sum += Math.max(level * error, (level - 1) * error);
        count++;
      });
    }
  });
  return sum / count;
}

for (const cell of CELL_NAMES)
  test(`a member learns a certain pattern: ${cell}`, () => {
    // Where only the head learns it takes longer.
    const plan = { ...PLAN, cell, maxUpdates: cell === 'esn' ? 600 : 120 };
    const { tensors, updates, trainingLoss } = train({ plan, training: sawTraining(6, 40), updates: plan.maxUpdates });
    assert.equal(updates, plan.maxUpdates);
    const judge = sawValidation(6, 33);
    const loss = lossOf(predictRuns(plan, NO_SKIP, tensors, judge), judge);
    const zero = lossOf(new Float32Array(6 * 9), judge);
    assert.ok(loss < zero / 5, `${loss}; the answer "as now" has ${zero}`);
    assert.ok(trainingLoss < zero / 5, `${trainingLoss}`);
  });

test('what the linear path knows is left to it: the network learns the rest, and the sum is the answer', () => {
  const set = sawTraining(6, 40);
  // What comes next is a linear function of a window of saw teeth, so hardly anything is left.
  const [skip] = fitLinearSkips(set, [1e-3]);
  const judge = sawValidation(6, 33);
  const reports: TrainingProgress[] = [];
  const { tensors, validationLoss } = train({ skip, training: set, validation: judge }, (one) => reports.push(one));
  const zero = lossOf(new Float32Array(6 * 9), judge);
  const together = lossOf(predictRuns(PLAN, skip, tensors, judge), judge);
  assert.ok(together < zero / 10, `${together}; the answer "as now" has ${zero}`);
  assert.ok(reports[0].loss < zero / 2, 'from the first updates on');
  // The reported loss is that of the sum.
  assert.ok(Math.abs((validationLoss as number) - together) < 1e-5 * zero, `${validationLoss}, in all ${together}`);
  // Without it the network's own answer is far from what came.
  const alone = lossOf(predictRuns(PLAN, NO_SKIP, tensors, judge), judge);
  assert.ok(alone > zero / 2, `${alone}`);
});

test('the same seed gives the same bytes, another seed others', () => {
  for (const cell of CELL_NAMES) {
    const trained = (seed: string) => bytes(train({ plan: { ...PLAN, cell }, seed }).tensors);
    assert.deepEqual(trained('a'), trained('a'), cell);
    assert.notDeepEqual(trained('a'), trained('b'), cell);
  }
});

test('without a validation set exactly the given updates are made and reported', () => {
  const reports: TrainingProgress[] = [];
  const trained = train({ training: sawTraining(3, 20), updates: 25 }, (progress) => reports.push(progress));
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
  const set = training([noise(24)], plan);
  const futures = [noise(30), noise(3)];
  const validation = forecasting([noise(24), noise(30)], futures, plan);
  const reports: TrainingProgress[] = [];
  const trained = train({ plan, training: set, validation, updates: 300, seed: 'early' }, (progress) =>
    reports.push(progress),
  );
  const losses = reports.map(({ validationLoss }) => validationLoss as number);
  const least = Math.min(...losses);
  assert.equal(trained.validationLoss, least);
  assert.equal(trained.updates, reports[losses.indexOf(least)].update);
  assert.ok(reports[reports.length - 1].update < 300, 'stopped early');
  // The kept tensors are those of that moment: their loss, worked out anew, is the reported one.
  const again = lossOf(predictRuns(plan, NO_SKIP, trained.tensors, validation), validation);
  assert.ok(Math.abs(again - least) < 1e-5 * least, `${again}, reported ${least}`);
});

test('validation never changes the training: the same losses after the same updates', () => {
  for (const batchRows of [2, 8]) {
    const plan = { ...PLAN, batchRows };
    const losses = (validation: WindowSet | null) => {
      const reported: number[] = [];
      train({ plan, validation, updates: 30 }, ({ loss }) => reported.push(loss));
      return reported;
    };
    const alone = losses(null);
    assert.equal(alone.length, 3);
    assert.deepEqual(losses(sawValidation(9, 30)), alone, `batches of ${batchRows}`);
  }
});

/** A linear path that is no one's best. */
function randomSkip(): LinearSkip {
  const random = new Random('skip');
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
  return { weight: draw(18), bias: draw(3), penalty: 1 };
}

test('the data stay as they are', () => {
  const data = { training: sawTraining(6, 20), validation: sawValidation(3, 20), skip: randomSkip() };
  const before = structuredClone(data);
  train({ ...data, updates: 12 });
  assert.deepEqual(data, before);
});

test('answers are those at the end of each run, whatever else is in the batch', () => {
  const { tensors } = train({ updates: 5 });
  const skip = randomSkip();
  // More rows than one batch of predictions takes, of different lengths.
  const random = new Random('rows');
  const series = Array.from({ length: 300 }, () =>
    Float64Array.from({ length: 4 + random.integer(20) }, () => random.normal()),
  );
  const set = forecasting(series);
  const answers = predictRuns(PLAN, skip, tensors, set);
  assert.equal(answers.length, 300 * 9);
  const { cell, hiddenSize, layers, horizon, levels } = PLAN;
  const network = new QuantileNetwork(
    { cell, inputSize: inputSize(set), hiddenSize, layers, horizon, levels },
    { steps: 40, batch: 1, training: false },
  );
  network.loadStateDict(tensors);
  for (let row = 0; row < 300; row++) {
    const { x, steps } = gatherBatch(set, [row]);
    const alone = network.forward(x, steps, 1).slice((steps - 1) * 9, steps * 9);
    const shown = new Float64Array(6);
    inputInto(shown, 0, set, row, steps - 1);
    const line = applyLinearSkip(skip, shown);
    alone.forEach((own, i) => {
      const value = own + line[i % horizon];
      const got = answers[row * 9 + i];
      assert.ok(Math.abs(got - value) < 1e-6, `row ${row}: ${got}, alone ${value}`);
    });
  }
});
