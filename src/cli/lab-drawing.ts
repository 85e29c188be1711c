/** What the lab measures → its pictures. */
import { gradientPlot } from '../plots/lab/index.js';
import type { GradientRow } from './lab-gradient.js';

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
