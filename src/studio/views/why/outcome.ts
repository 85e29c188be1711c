/** What has come of a cell that learns: solved, still where guessing is, or in between. */
import type { TaskSample } from '../../../lab-entry-browser.js';
import type { LearningPoint } from '../../work/lab-views.js';

export type TaskTerms = Pick<TaskSample, 'measure' | 'goal' | 'memoryless'>;

export type Outcome =
  | { readonly kind: 'solved'; readonly updates: number }
  | { readonly kind: 'guessing' | 'between'; readonly best: number };

/** Who has come less than this part of the way from guessing to the goal has not learned to remember. */
const STILL_GUESSING = 0.15;

/** @param points at least one */
export function outcomeOf(points: readonly LearningPoint[], { measure, goal, memoryless }: TaskTerms): Outcome {
  const solved = points.find((point) => point.solved);
  if (solved) return { kind: 'solved', updates: solved.updates };
  const scores = points.map(({ score }) => score);
  const best = measure === 'share right' ? Math.max(...scores) : Math.min(...scores);
  const way = (best - memoryless) / (goal - memoryless);
  return { kind: way < STILL_GUESSING ? 'guessing' : 'between', best };
}

/** Part of the way of all, 0…1: who has solved the task is there. */
export function progressOf(lanes: readonly (readonly LearningPoint[])[], most: number): number {
  const parts = lanes.map((points) => {
    const last = points.at(-1);
    return last ? (last.solved ? 1 : last.updates / most) : 0;
  });
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}
