import { isBetter } from '../tasks/sequence-task.js';
import type { TaskRun } from './run.js';

/** The runs of one cell on one task, over their seeds. */
export interface CellSummary {
  readonly task: string;
  readonly cell: string;
  readonly length: number | null;
  readonly seeds: number;
  /** How many runs solved the task. */
  readonly solved: number;
  /** Medians over all seeds, a run that did not solve the task standing last; null where the median run did not. */
  readonly updates: number | null;
  readonly sequences: number | null;
  /** Median of the best scores. */
  readonly best: number;
  /** Median. */
  readonly seconds: number;
}

/** One line for each task, length and cell, in the order in which they first come. */
export function summarise(runs: readonly TaskRun[]): CellSummary[] {
  const groups = new Map<string, TaskRun[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.task, run.length, run.cell, run.hiddenSize]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((group) => {
    const [{ task, cell, length, measure }] = group;
    const median = (value: (run: TaskRun) => number) => medianOf(group.map(value));
    const orNull = (value: number) => (Number.isFinite(value) ? value : null);
    const scores = group.map(({ best }) => best).sort((a, b) => (isBetter({ measure }, a, b) ? -1 : 1));
    return {
      ...{ task, cell, length, seeds: group.length },
      solved: group.filter(({ solved }) => solved !== null).length,
      updates: orNull(median(({ solved }) => solved?.updates ?? Number.POSITIVE_INFINITY)),
      sequences: orNull(median(({ solved }) => solved?.sequences ?? Number.POSITIVE_INFINITY)),
      best: scores[scores.length >> 1],
      seconds: median(({ seconds }) => seconds),
    };
  });
}

/** The middle one; of an even number, the upper of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
