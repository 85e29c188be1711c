/**
 * Forecasts as one SVG picture: a large one for a single series, a grid of small ones for several. Standalone, no
 * scripts, no links; dark where the reader's system is; the same data give the same bytes.
 */
import { drawForecastPanel, valueLabelWidth, widestFirst } from './forecast-panel.js';
import type { ForecastPicture } from './forecast-picture.js';
import { drawHeading } from './heading.js';
import { drawLegend, type LegendEntry } from './legend.js';
import { ENGLISH, type PictureWords } from './picture-words.js';
import { element, escapeText, text } from './svg.js';
import { ROOT_CLASS, styleSheet } from './theme.js';

export type { Band, ForecastPanel, ForecastPicture, Points, TimeKind } from './forecast-picture.js';

/** More panels than this would be too small to read; the footer says how many are left out. */
export const MAX_PANELS = 12;

/**
 * The picture as SVG text. Every series has its own scales, which cover all that is drawn: the last `historySteps` of
 * history, the forecast with all its bands, and the actual values. Lines of more than 2000 points are thinned to
 * what a pixel can show.
 *
 * @example
 * const svg = forecastPlot({
 *   title: 'Airline passengers',
 *   timeKind: 'integer',
 *   panels: [{
 *     id: 'all',
 *     history: { time: [1, 2, 3], y: [112, 118, 132] },
 *     forecast: { time: [4, 5], median: [129, 121], bands: [{ level: 80, lo: [120, 110], hi: [138, 133] }] },
 *   }],
 * });
 */
export function forecastPlot(picture: ForecastPicture): string {
  const { words = ENGLISH } = picture;
  const panels = picture.panels.slice(0, MAX_PANELS);
  const width = picture.width ?? 960;
  const header = drawHeader(picture, words, width);
  const grid = gridOf(panels.length, width);
  const notes = footnotes(picture.panels.length, words);
  const footer = notes === '' ? 14 : 34;
  const height =
    picture.height ?? (panels.length > 1 ? header.height + grid.rows * (grid.columns > 2 ? 190 : 240) + footer : 480);
  const rowHeight = (height - header.height - footer) / grid.rows;
  const boxes = panels.map((_, i) => ({
    x: EDGE + (i % grid.columns) * (grid.panelWidth + GUTTER),
    y: header.height + Math.floor(i / grid.columns) * rowHeight,
    width: grid.panelWidth,
    height: rowHeight - (panels.length > 1 ? 10 : 0),
    small: panels.length > 1,
    timeKind: picture.timeKind,
    valueLabel: picture.valueLabel,
    historySteps: picture.historySteps,
    words,
  }));
  // One room for all value labels, so that the plots stand in line.
  const labelWidth = Math.max(0, ...panels.map((panel, i) => valueLabelWidth(panel, boxes[i])));
  const drawn = panels.map((panel, i) => drawForecastPanel(panel, { ...boxes[i], labelWidth }));
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, style: 'max-width:100%;height:auto' };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', class: ROOT_CLASS, role: 'img', ...size },
    element('title', {}, escapeText(picture.title)),
    element('desc', {}, escapeText(describe(picture, words))),
    element('style', {}, styleSheet()),
    element('rect', { class: 'ground', width, height }),
    header.markup,
    ...drawn,
    notes === '' ? '' : text('tick muted', EDGE, height - 14, notes),
  );
}

/** Free space at the left and right, and between panels. */
const EDGE = 24;
const GUTTER = 22;

/** Title, subtitle, legend. */
function drawHeader(picture: ForecastPicture, words: PictureWords, width: number): { markup: string; height: number } {
  const room = width - 2 * EDGE;
  const heading = drawHeading(picture, EDGE, room);
  const legend = drawLegend(legendEntries(picture, words), EDGE, heading.next, room);
  return { markup: heading.markup + legend.markup, height: heading.next + legend.height + 20 };
}

/** Only what is to be seen; bands from the narrowest on. */
function legendEntries({ panels, model }: ForecastPicture, words: PictureWords): LegendEntry[] {
  const shown = panels.slice(0, MAX_PANELS);
  const levels = new Set(shown.flatMap(({ forecast }) => forecast.bands.map(({ level }) => level)));
  const widest = [...levels].sort((a, b) => b - a);
  const entries: LegendEntry[] = [];
  if (shown.some(({ history }) => history.time.length > 0)) entries.push({ kind: 'known', name: words.history });
  if (shown.some(({ actual }) => actual !== undefined)) entries.push({ kind: 'actual', name: words.actual });
  if (shown.some(({ forecast }) => forecast.time.length > 0)) {
    entries.push({ kind: 'forecast', name: words.forecast(model) });
    const bands = widest.map((level, i): LegendEntry => ({ kind: 'band', name: words.interval(level), depth: i + 1 }));
    entries.push(...bands.reverse());
  }
  return entries;
}

function gridOf(count: number, width: number): { columns: number; rows: number; panelWidth: number } {
  const wanted = count <= 1 ? 1 : count === 2 || count === 4 ? 2 : 3;
  const columns = Math.max(1, Math.min(wanted, Math.floor((width - 2 * EDGE + GUTTER) / (200 + GUTTER))));
  const panelWidth = (width - 2 * EDGE - (columns - 1) * GUTTER) / columns;
  return { columns, rows: Math.max(1, Math.ceil(count / columns)), panelWidth };
}

function footnotes(count: number, { noSeries, ownScale, notShown }: PictureWords): string {
  if (count === 0) return noSeries;
  if (count === 1) return '';
  return count > MAX_PANELS ? `${ownScale} ${notShown(count - MAX_PANELS)}` : ownScale;
}

/** The picture in words, for those who cannot see it. */
function describe({ panels, model }: ForecastPicture, words: PictureWords): string {
  const facts = panels.slice(0, MAX_PANELS).map(({ id, history, forecast, actual }) => ({
    id,
    observed: history.time.length,
    steps: forecast.time.length,
    levels: widestFirst(forecast.bands)
      .map(({ level }) => level)
      .reverse(),
    compared: actual !== undefined,
  }));
  return [words.describeForecast(model, facts), footnotes(panels.length, words)].filter(Boolean).join(' ');
}
