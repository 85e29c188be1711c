/** The lab's comparisons as tables for people. */
import type { CellSummary, SeriesSummary } from '../lab-entry.js';
import { wantsColor } from './color.js';
import { renderTable } from './table.js';

/** One line for each task and cell. */
export function showCells(lines: readonly CellSummary[]): string {
  const heads = ['task', 'cell', 'solved', 'updates', 'sequences', 'best score', 'seconds'];
  const rows = lines.map(({ task, length, cell, solved, seeds, updates, sequences, best, seconds }) => [
    length === null ? task : `${task} ${length}`,
    cell,
    `${solved} of ${seeds}`,
    updates,
    sequences,
    shortNumber(best),
    seconds.toFixed(1),
  ]);
  return renderTable(heads, rows, { color: wantsColor(process.stdout) });
}

/** One line for each series and size. */
export function showSeries(lines: readonly SeriesSummary[]): string {
  const heads = ['series', 'N', 'NRMSE', 'published', 'beside it', 'NRMSE', 'seconds'];
  const rows = lines.map(({ task, what, reservoirSize, nrmse, published, simple, seconds }) => [
    `${task}, ${what}`,
    reservoirSize,
    shortNumber(nrmse),
    published,
    simple.name,
    shortNumber(simple.nrmse),
    seconds.toFixed(1),
  ]);
  return renderTable(heads, rows, { color: wantsColor(process.stdout) });
}

export const shortNumber = (value: number) => (value !== 0 && value < 0.01 ? value.toExponential(1) : value.toFixed(3));
