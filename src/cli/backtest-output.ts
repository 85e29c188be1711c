/** A back-test as a table of scores. */
import type { BacktestFrame } from '../index.js';
import { formatColumn } from './format-number.js';
import { type Cell, renderTable } from './table.js';

/** Models by measures, the best of each measure marked. */
export function showBacktest(result: BacktestFrame, color: boolean): string {
  const { table, levels, cuts } = result;
  const several = new Set(cuts.map(({ series }) => series)).size > 1;
  const measures: { head: string; values: number[]; distance: (value: number) => number }[] = [
    { head: 'sMAPE', values: table.map(({ smape }) => smape), distance: (value) => value },
    { head: 'MASE', values: table.map(({ mase }) => mase), distance: (value) => value },
    several
      ? { head: 'RMSSE', values: table.map(({ rmsse }) => rmsse), distance: (value) => value }
      : { head: 'RMSE', values: table.map(({ rmse }) => rmse), distance: (value) => value },
    { head: 'WQL', values: table.map(({ wql }) => wql), distance: (value) => value },
    ...levels.map((level) => ({
      head: `in ${level} %`,
      values: table.map(({ coverage }) => Math.round(coverage[level] * 1000) / 10),
      distance: (value: number) => Math.abs(value - level),
    })),
  ];
  const columns = measures.map(({ values, distance }) => marked(values, distance));
  const best = bestOf(measures[1].values, (value) => value) ?? -1;
  const heads = measures.map(({ head }, i) => head.padStart(columns[i][0].length - 1));
  const rows = table.map(({ model, seconds }, row): Cell[] => [
    model,
    ...columns.map((texts) => texts[row]),
    Math.round(seconds * 10) / 10,
  ]);
  const lines = renderTable(['model', ...heads, 'seconds'], rows, { color, ...(best >= 0 && { highlightRow: best }) });
  const notes = [
    ...(table.length > 1 ? ['* best'] : []),
    `in ${levels[0]} %: share of values inside that interval`,
    `${result.windows} window${result.windows === 1 ? '' : 's'} of ${result.horizon} steps`,
    result.season > 1 ? `season ${result.season}` : 'no season',
  ];
  return `${lines}\n\n${notes.join(' · ')}`;
}

/** Numbers to the right with their points in line, a star after the best. */
function marked(values: readonly number[], distance: (value: number) => number): string[] {
  const best = values.length > 1 ? bestOf(values, distance) : undefined;
  const least = best === undefined ? Number.NaN : distance(values[best]);
  const texts = formatColumn(values).map((text, i) => `${text}${distance(values[i]) === least ? '*' : ' '}`);
  const width = Math.max(6, ...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

function bestOf(values: readonly number[], distance: (value: number) => number): number | undefined {
  let best: number | undefined;
  values.forEach((value, i) => {
    if (Number.isFinite(value) && (best === undefined || distance(value) < distance(values[best]))) best = i;
  });
  return best;
}
