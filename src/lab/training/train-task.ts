/** Trains one cell on one task. */
import { constantRate, cosineRate } from '../../nn/schedules.js';
import { Random } from '../../random.js';
import { isBetter, isSolved, type SequenceBatch, type SequenceTask } from '../tasks/sequence-task.js';
import { answersOf, type TaskAnswers } from './answers.js';
import { meanScore } from './mean-score.js';
import { networkFor } from './network-for.js';
import { learnWithReservoir } from './reservoir.js';
import { type CurvePoint, type SettledRun, settleRun, type TaskRun, type TaskRunOptions } from './run.js';

/** Sequences that a run is tested on, unless the task brings its own. */
const TEST = { batches: 4, batch: 64 };
/** Updates between two points of the learning curve. */
const EVERY = 50;

/** The state of a run, for progress. */
export type TaskProgress = CurvePoint & {
  /** Part of the most updates. */
  readonly fraction: number;
  readonly solved: boolean;
  /** What was asked of the first test sequences, and what the network said: to be looked at. Of an echo state network nothing. */
  readonly answers?: TaskAnswers | undefined;
};

/**
 * Trains a cell under a linear readout on sequences drawn from the task, until it is solved on test sequences or the updates are
 * used up. Equal options give equal runs but for `seconds`, on any number of threads.
 *
 * @param report hears of every point of the learning curve
 * @throws usage error `unknown_task`, `unknown_cell`, `bad_option`
 * @example
 * const run = trainOnTask({ task: 'adding', cell: 'gru', seed: 1, length: 10, updates: 50 });
 * run.curve.length; // 2
 * run.measure; // 'MSE'
 */
export function trainOnTask(
  options: TaskRunOptions,
  report: (progress: TaskProgress) => void = () => {},
  threads = 1,
): TaskRun {
  const began = performance.now();
  const { definition, settled } = settleRun(options);
  const random = new Random(settled.seed);
  const task = definition.make(settled.length, random.fork('task'));
  const test = task.test?.(random.fork('test')) ?? drawTest(task, random.fork('test'));
  const curve: CurvePoint[] = [];
  const keep = (point: CurvePoint, answers?: TaskAnswers): boolean => {
    curve.push(point);
    const solved = isSolved(task, point.score);
    report({ ...point, ...(answers && { answers }), fraction: point.updates / settled.updates, solved });
    return settled.untilSolved && solved;
  };
  const learn = settled.cell === 'esn' ? learnWithReservoir : learnByGradient;
  learn(task, test, settled, random, keep, threads);
  const solved = curve.find(({ score }) => isSolved(task, score));
  return {
    ...{ task: settled.task, cell: settled.cell, seed: settled.seed, hiddenSize: settled.hiddenSize },
    ...{ length: definition.length === null ? null : settled.length },
    ...{ measure: task.measure, goal: task.goal, memoryless: task.memoryless },
    solved: solved ? { updates: solved.updates, sequences: solved.sequences } : null,
    best: curve.reduce((best, { score }) => (isBetter(task, score, best) ? score : best), curve[0].score),
    seconds: (performance.now() - began) / 1000,
    curve,
  };
}

function drawTest(task: SequenceTask, random: Random): SequenceBatch[] {
  return Array.from({ length: TEST.batches }, () => task.draw(random, TEST.batch));
}

function learnByGradient(
  task: SequenceTask,
  test: readonly SequenceBatch[],
  settled: SettledRun,
  random: Random,
  keep: (point: CurvePoint, answers: TaskAnswers) => boolean,
  threads: number,
): void {
  const { batch, learningRate, schedule, clipNorm, updates } = settled;
  const most = Math.max(batch, ...test.map((part) => part.batch));
  const network = networkFor(task, settled, random.fork('network'), { batch: most, threads });
  let answers: TaskAnswers;
  const score = () =>
    meanScore(task, test, (part) => {
      const output = network.forward(part);
      if (part === test[0]) answers = answersOf(task, output, part);
      return output;
    });
  const tell = (point: Omit<CurvePoint, 'score'>) => {
    const full = { ...point, score: score() };
    return keep(full, answers);
  };
  const sequences = random.fork('sequences');
  const rate = schedule === 'cosine' ? cosineRate(learningRate, { steps: updates }) : constantRate(learningRate);
  // The loss before anything is learned comes with the first update.
  if (tell({ updates: 0, sequences: 0, loss: Number.NaN })) return;
  let sum = 0;
  let since = 0;
  for (let update = 1; update <= updates; update++) {
    sum += network.trainStep(task.draw(sequences, batch), { learningRate: rate(update - 1), clipNorm });
    since += 1;
    if (update % EVERY !== 0 && update !== updates) continue;
    if (tell({ updates: update, sequences: update * batch, loss: sum / since })) return;
    [sum, since] = [0, 0];
  }
}
