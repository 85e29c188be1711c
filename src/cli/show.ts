import type { FitReport, ForecastFrame } from '../index.js';
import { wantsColor } from './color.js';
import { printable } from './printable.js';
import { sparkline } from './sparkline.js';
import { type Cell, renderTable } from './table.js';

/** Rows of one series, and series, that fit a screen. */
const MOST_ROWS = 60;
const MOST_SERIES = 20;

/** What was read, in one line. */
export function describeData({ data }: Pick<FitReport, 'data'>): string {
  const { series, rows, start, end, freq, season, longerSeasons, seasonSource, missing } = data;
  const parts = [
    `${series === 1 ? 'one series' : `${series} series`}, ${rows} rows`,
    `${start} … ${end}`,
    /^\d+$/.test(freq) ? 'integer steps' : `frequency ${freq}`,
    season > 1
      ? `season ${[season, ...longerSeasons].join(' and ')}${seasonSource === 'detected' ? ' (detected)' : ''}`
      : 'no season',
    ...(missing > 0 ? [`${missing} missing`] : []),
  ];
  return parts.join(' · ');
}

/** The forecast as a table for people: every step of one series, or one line for each of many. */
export function showForecast(forecast: ForecastFrame): string {
  return forecast.histories.length === 1 ? showSteps(forecast) : showMany(forecast);
}

function showSteps(forecast: ForecastFrame): string {
  const [{ id, y }] = forecast.histories;
  const names = [...forecast.columns.keys()];
  const shown = Math.min(forecast.length, MOST_ROWS);
  const rows = Array.from({ length: shown }, (_, row): Cell[] => [
    forecast.stamp(row),
    ...names.map((name) => forecast.valuesOf(name, 0)[row]),
  ]);
  const history = sparkline(y.slice(-3 * forecast.horizon), 48);
  const future = sparkline(forecast.valuesOf(forecast.model, 0), 24);
  const lines = [`${printable(id, 40)}  ${history}│${future}`, '', table(['ds', ...names], rows)];
  if (shown < forecast.length) lines.push(`… ${forecast.length - shown} more rows; --out forecast.csv has all`);
  return lines.join('\n');
}

function showMany(forecast: ForecastFrame): string {
  const { model, levels, horizon, histories } = forecast;
  const widest = levels[levels.length - 1];
  const last = horizon - 1;
  const rows = histories
    .slice(0, MOST_SERIES)
    .map(({ id, y }, s): Cell[] => [
      id,
      `${sparkline(y.slice(-3 * horizon), 24)}│${sparkline(forecast.valuesOf(model, s), 12)}`,
      y[y.length - 1],
      forecast.valuesOf(model, s)[0],
      forecast.valuesOf(model, s)[last],
      forecast.valuesOf(`${model}-lo-${widest}`, s)[last],
      forecast.valuesOf(`${model}-hi-${widest}`, s)[last],
    ]);
  const heads = ['series', 'history│forecast', 'last', 'step 1', `step ${horizon}`, `lo-${widest}`, `hi-${widest}`];
  const lines = [table(heads, rows)];
  if (histories.length > MOST_SERIES)
    lines.push(`… ${histories.length - MOST_SERIES} more series; --out forecast.csv has all`);
  return lines.join('\n');
}

function table(heads: readonly string[], rows: readonly Cell[][]): string {
  return renderTable(heads, rows, { color: wantsColor(process.stdout) });
}
