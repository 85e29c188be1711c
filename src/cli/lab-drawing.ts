/** What the lab measures → its pictures. */
import { gradientPlot, lineChart } from '../plots/lab/index.js';
import type { GradientRow } from './lab-gradient.js';
import type { ViewMemory } from './lab-gradient-model.js';

/** Below and above these the picture is cut: the short form alone would go down to 1e-80. */
const DECADES = [-30, 22] as const;

/** Gradient by lag over all cells: by C where there is one, else by h; and one line of the short form beside the complete one. */
export function drawGradients(rows: readonly GradientRow[]): string {
  const [{ study }] = rows;
  const cells = rows.map(({ label, study: { h, c } }) => ({ name: label, line: c ?? h }));
  const shortened =
    rows.find(({ cell, study: { short } }) => cell === 'lstm' && short) ?? rows.find((row) => row.study.short);
  const short = shortened?.study.short;
  const all = short ? [...cells, { name: `${shortened.label}, short BPTT`, line: short }] : cells;
  return gradientPlot({
    title: `How much of the gradient is left after ${study.lag} steps`,
    subtitle: `untrained, ${study.hiddenSize} units; median of ${study.seeds} draws and the half around it; by C where the cell has one, else by h`,
    cells: all,
    decades: DECADES,
  });
}

/** What a model keeps of its gradient, by lag, beside a plain RNN. @param distance what the lag is, such as "your season" */
export function drawModelGradient(views: readonly ViewMemory[], cell: string, distance: string): string {
  const points = (decades: ArrayLike<number>) => Array.from(decades, (y, x) => ({ x, y }));
  const lines = views.map(({ view, memory: { kept } }) => ({
    name: `${cell.toUpperCase()}: ${view}`,
    points: points(kept.median),
    spread: Array.from(kept.median, (_, x) => ({ x, low: kept.low[x], high: kept.high[x] })),
  }));
  const [{ memory }] = views;
  const others = [
    { name: 'plain RNN, untrained', points: points(memory.plain.median), style: 5 },
    ...(memory.short ? [{ name: 'short BPTT', points: points(memory.short.median), style: 11 }] : []),
  ];
  const lowest = [...lines, ...others.slice(0, 1)]
    .flatMap(({ points: all }) => all.map(({ y }) => y))
    .filter(Number.isFinite);
  return lineChart({
    title: 'How much of the gradient this model keeps',
    subtitle:
      'of the median forecast, as a share of what it is at the last step; median over networks, series and points in time',
    xLabel: 'steps back',
    yLabel: 'share of the gradient',
    yKind: 'decades',
    yDomain: [Math.floor(Math.min(-1, ...lowest)) - 0.5, Math.ceil(Math.max(0, ...lowest)) + 0.3],
    lines: [...lines, ...others],
    verticals: [{ x: memory.distance, name: `${distance}: ${memory.distance}` }],
  });
}
