/** The whole table of the memory lab: which cells are compared on which tasks, and what must come out. */
import type { LabJob } from './jobs.js';
import type { SeriesRun } from './tasks/series-task.js';
import type { TaskRun, TaskRunOptions } from './training/run.js';
import { type CellSummary, medianOf, summarise } from './training/summary.js';

/** Cells compared on one task under the same conditions. */
interface Section extends Omit<TaskRunOptions, 'cell' | 'seed'> {
  readonly updates: number;
  readonly cells: readonly string[];
}

const ALL = ['rnn', 'irnn', 'leaky', 'esn', 'gru', 'gru-chrono', 'lstm-1997', 'lstm', 'lstm-chrono', 'lstm-short'];

/** Thirty bits at once: with the 32 units of the others no cell comes far. */
const COPY = { task: 'copy', hiddenSize: 128, batch: 16, learningRate: 0.02 } as const;

/** Longest work first, so that threads end together. */
const SECTIONS: readonly Section[] = [
  { task: 'adding', length: 1000, updates: 1000, cells: ['lstm-chrono'] },
  { task: 'adding', length: 1000, updates: 300, cells: ['lstm-short'] },
  { ...COPY, updates: 3000, cells: ['gru-chrono'] },
  { ...COPY, updates: 600, cells: ['gru', 'lstm', 'lstm-short'] },
  { task: 'adding', length: 100, updates: 3000, cells: ALL },
  { task: 'temporal-order', updates: 1000, cells: ALL },
  { task: 'latch', updates: 300, cells: ALL },
  { task: 'embedded-reber', updates: 1000, cells: ALL },
];

/** Echo state networks on series, by task and N. */
const SERIES = [
  { task: 'mackey-glass', reservoirSize: 1000 },
  { task: 'mackey-glass', reservoirSize: 400 },
  { task: 'narma10', reservoirSize: 400 },
  { task: 'narma10', reservoirSize: 200 },
] as const;

/** Seeds of the table: each a fresh network on fresh sequences. */
export const COMPARISON_SEEDS: readonly number[] = [1, 2, 3];

/** All jobs of the table. */
export function comparisonJobs(seeds: readonly number[] = COMPARISON_SEEDS): LabJob[] {
  const series = SERIES.flatMap((asked) => seeds.map((seed): LabJob => ({ kind: 'series', ...asked, seed })));
  const tasks = SECTIONS.flatMap(({ cells, ...conditions }) =>
    cells.flatMap((cell) => seeds.map((seed): LabJob => ({ kind: 'task', ...conditions, cell, seed }))),
  );
  return [...tasks, ...series];
}

/** An echo state network on a series, medians over seeds. */
export interface SeriesSummary {
  readonly task: string;
  readonly what: string;
  readonly reservoirSize: number;
  readonly seeds: number;
  readonly nrmse: number;
  readonly simple: { readonly name: string; readonly nrmse: number };
  readonly published: string;
  readonly seconds: number;
}

const PUBLISHED: Readonly<Record<string, string>> = {
  'mackey-glass 400': '2.8e-4 (Jaeger 2001)',
  'mackey-glass 1000': '10^-4.2 (Jaeger & Haas 2004)',
};

/** One line for each task and size. */
export function summariseSeries(runs: readonly SeriesRun[]): SeriesSummary[] {
  const groups = new Map<string, SeriesRun[]>();
  for (const run of runs) {
    const key = `${run.task} ${run.what} ${run.reservoirSize}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((group) => {
    const [{ task, what, reservoirSize, simple }] = group;
    return {
      ...{ task, what, reservoirSize, seeds: group.length },
      nrmse: medianOf(group.map((run) => run.nrmse)),
      simple: { name: simple.name, nrmse: medianOf(group.map((run) => run.simple.nrmse)) },
      published: PUBLISHED[`${task} ${reservoirSize}`] ?? '',
      seconds: medianOf(group.map(({ seconds }) => seconds)),
    };
  });
}

/** What came of the whole table. */
export interface Comparison {
  readonly cells: readonly CellSummary[];
  readonly series: readonly SeriesSummary[];
}

/** From the results of `comparisonJobs`. */
export function compareCells(results: readonly (TaskRun | SeriesRun)[]): Comparison {
  const isSeries = (run: TaskRun | SeriesRun): run is SeriesRun => 'nrmse' in run;
  const isTask = (run: TaskRun | SeriesRun): run is TaskRun => !isSeries(run);
  return { cells: summarise(results.filter(isTask)), series: summariseSeries(results.filter(isSeries)) };
}

/** One thing that must hold. */
export interface Gate {
  readonly name: string;
  readonly got: string;
  readonly ok: boolean;
}

/** What the lab promises of the whole table, by medians over seeds. */
export function comparisonGates({ cells, series }: Comparison): Gate[] {
  const of = (task: string, cell: string, length: number | null = 100) => {
    const found = cells.filter((line) => line.task === task && line.cell === cell && line.length === length);
    if (found.length === 0) throw new Error(`the table has no ${cell} on ${task}`);
    return found[0];
  };
  const within = (task: string, cell: string, most: number, length = 100): Gate => {
    const { updates, best } = of(task, cell, length);
    const got = updates === null ? `not solved, best ${short(best)}` : `${updates} updates`;
    return { name: `${task} ${length}: ${cell} within ${most} updates`, got, ok: updates !== null && updates <= most };
  };
  const bound = (name: string, value: number, ok: boolean): Gate => ({ name, got: short(value), ok });
  const error = (task: string, size: number) =>
    series.find((line) => line.task === task && line.reservoirSize === size) as SeriesSummary;
  const [tanh, order, orderShort] = [
    of('adding', 'rnn'),
    of('temporal-order', 'lstm'),
    of('temporal-order', 'lstm-short'),
  ];
  const reber = of('embedded-reber', 'lstm', null);
  const copies = cells.filter(({ task, cell }) => task === 'copy' && /^(gru|lstm)/.test(cell) && cell !== 'lstm-short');
  const copied = copies.reduce((best, line) => (line.best < best.best ? line : best));
  const narma = error('narma10', 200);
  return [
    ...['lstm', 'lstm-chrono', 'gru'].map((cell) => within('adding', cell, 1500)),
    bound('adding 100: rnn stays above MSE 0.02', tanh.best, tanh.best > 0.02),
    bound('temporal-order 100: lstm right above 0.99', order.best, order.best > 0.99),
    bound('temporal-order 100: lstm-short right at most 0.35', orderShort.best, orderShort.best <= 0.35),
    bound('embedded-reber: lstm right at least 0.97', reber.best, reber.best >= 0.97),
    within('adding', 'lstm-chrono', 1000, 1000),
    bound(`copy 100: ${copied.cell} below half of the memoryless loss`, copied.best, copied.updates !== null),
    bound(
      'mackey-glass: N = 400 at most 1e-3',
      error('mackey-glass', 400).nrmse,
      error('mackey-glass', 400).nrmse <= 1e-3,
    ),
    bound(
      'mackey-glass: N = 1000 at most 1e-4',
      error('mackey-glass', 1000).nrmse,
      error('mackey-glass', 1000).nrmse <= 1e-4,
    ),
    bound('narma10: N = 200 at most 0.25', narma.nrmse, narma.nrmse <= 0.25),
    bound('narma10: N = 200 below the linear filter', narma.nrmse, narma.nrmse < narma.simple.nrmse),
  ];
}

const short = (value: number) => (value < 0.01 ? value.toExponential(1) : value.toFixed(3));
