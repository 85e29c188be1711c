/** Tables for a terminal: no borders, two spaces between columns, numbers to the right with their points in line. */
import Table from 'cli-table3';
import { paint } from './color.js';
import { formatColumn } from './format-number.js';
import { printable } from './printable.js';

/** Text stands to the left, a number to the right; null and undefined are missing (`–`). */
export type Cell = string | number | null | undefined;

/** How to draw a table. */
export interface TableOptions {
  /** Heads in bold. Default: false; pass `wantsColor(process.stdout)`. */
  readonly color?: boolean;
  /** Index of a row to make green (the best model, say). */
  readonly highlightRow?: number;
  /** Spaces before every line. Default: 0. */
  readonly indent?: number;
  /** Longest text of a cell in characters; more is cut with `…`. Default: 40. */
  readonly maxCellLength?: number;
}

/**
 * A table as text, lines joined by `\n`, none at the end. A column whose cells are all numbers or missing is aligned
 * to the right and gets one number of decimals (see formatColumn). Names out of data are shown with control
 * characters replaced. Without rows: only the heads.
 *
 * @example
 * renderTable(['model', 'smape'], [['lstm', 9.87], ['naive', 12.5]])
 * // model   smape
 * // lstm     9.87
 * // naive   12.50
 */
export function renderTable(
  headers: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): string {
  const { color = false, highlightRow, indent = 0, maxCellLength = 40 } = options;
  const columns = headers.map((_, column) => rows.map((row) => row[column]));
  const numeric = columns.map((cells) => cells.some(isNumber) && cells.every((cell) => isNumber(cell) || cell == null));
  const texts = columns.map((cells, column) =>
    numeric[column]
      ? formatColumn(cells.map((cell) => (isNumber(cell) ? cell : Number.NaN)))
      : cells.map((cell) => textOf(cell, maxCellLength)),
  );

  const table = new Table({
    chars: NO_BORDER,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
  });
  table.push(headers.map((head) => paint('bold', printable(head, maxCellLength), color)));
  rows.forEach((_, row) => {
    table.push(texts.map((cells) => paint('green', cells[row], color && row === highlightRow)));
  });
  const margin = ' '.repeat(indent);
  return table
    .toString()
    .split('\n')
    .map((line) => `${margin}${line}`.trimEnd())
    .join('\n');
}

const NO_BORDER = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '   ',
};

function isNumber(cell: Cell): cell is number {
  return typeof cell === 'number';
}

function textOf(cell: Cell, maxLength: number): string {
  if (cell == null) return '–';
  return isNumber(cell) ? formatColumn([cell])[0] : printable(cell, maxLength);
}
