/** What cells learn: error by training step, and success by the length of the task. */
import { type ChartPoint, lineChart } from './line-chart.js';

export interface NamedPoints {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

export interface LearningPicture {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** x: updates; y: the measure. Several runs of one name become one line each, in one style. */
  readonly curves: readonly NamedPoints[];
  readonly xLabel?: string | undefined;
  /** The measure, such as MSE or share right. */
  readonly yLabel: string;
  /** Errors spread over powers of ten: shown as such. Values of 0 and below are left out then. */
  readonly log?: boolean | undefined;
  /** Such as the goal, and the best answer that remembers nothing. */
  readonly references?: readonly { readonly y: number; readonly name: string }[] | undefined;
}

/** Learning curves. */
export function learningPlot({
  title,
  subtitle,
  curves,
  xLabel,
  yLabel,
  log = false,
  references = [],
}: LearningPicture): string {
  const value = (y: number) => (log ? (y > 0 ? Math.log10(y) : Number.NaN) : y);
  const names = [...new Set(curves.map(({ name }) => name))];
  return lineChart({
    title,
    subtitle,
    xLabel: xLabel ?? 'updates',
    yLabel,
    yKind: log ? 'decades' : 'linear',
    lines: curves.map(({ name, points }) => ({
      name,
      points: points.map(({ x, y }) => ({ x, y: value(y) })),
      style: names.indexOf(name),
    })),
    references: references.map(({ y, name }) => ({ y: value(y), name })),
  });
}

export interface SuccessPicture {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** x: length T of the task; y: share of the runs that solved it, 0…1. */
  readonly cells: readonly NamedPoints[];
}

/** Share of runs that solved a task, by its length. */
export function successPlot({ title, subtitle, cells }: SuccessPicture): string {
  return lineChart({
    title,
    subtitle,
    xLabel: 'length T of the task',
    yLabel: 'share of the runs that solved it',
    lines: cells,
    yDomain: [0, 1],
  });
}
