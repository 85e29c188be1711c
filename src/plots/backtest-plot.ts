/**
 * A back-test as one SVG picture: the forecasts of every origin over what came, for one series large or for several in a grid,
 * and below the errors by step ahead. Standalone, no scripts, no links; the same data give the same bytes.
 */
import type { Box } from './backtest-axes.js';
import { drawBacktestPanel, drawStepPanel } from './backtest-panel.js';
import type { BacktestPicture } from './backtest-picture.js';
import { lineClass, lineRules } from './backtest-theme.js';
import { drawHeading } from './heading.js';
import { ENGLISH, type PictureWords } from './picture-words.js';
import { element, escapeText, text, textWidth } from './svg.js';
import { ROOT_CLASS, SIZE, styleSheet } from './theme.js';

export type { BacktestPanel, BacktestPicture, BacktestWindowPicture } from './backtest-picture.js';

/** More panels than this would be too small to read; the footer says how many are left out. */
export const MOST_BACKTEST_PANELS = 9;

/** Free space at the left and right, and between panels. */
const EDGE = 24;
const GUTTER = 22;
const STEP_HEIGHT = 190;

/**
 * The picture as SVG text.
 * @example
 * backtestPlot({
 *   title: 'Back-test', timeKind: 'integer', models: ['lstm', 'naive'],
 *   panels: [{
 *     id: 'all', history: { time: [1, 2, 3, 4], y: [5, 6, 8, 7] },
 *     windows: [{ cutoff: 2, time: [3, 4], medians: [[7, 8], [6, 6]] }],
 *   }],
 * });
 */
export function backtestPlot(picture: BacktestPicture): string {
  const { words = ENGLISH, width = 960 } = picture;
  const panels = picture.panels.slice(0, MOST_BACKTEST_PANELS);
  const header = drawHeader(picture, words, width);
  const columns = panels.length <= 1 ? 1 : panels.length <= 4 ? 2 : 3;
  const panelWidth = (width - 2 * EDGE - (columns - 1) * GUTTER) / columns;
  const rowHeight = panels.length <= 1 ? 360 : 220;
  const single = panels.length <= 1;
  const drawn = panels.map((panel, i) => {
    const box: Box = {
      x: EDGE + (i % columns) * (panelWidth + GUTTER),
      y: header.height + Math.floor(i / columns) * rowHeight,
      width: panelWidth,
      height: rowHeight,
      heading: single ? (picture.valueLabel ?? panel.id) : panel.id,
      headingClass: single ? 'label muted' : 'panel-title',
    };
    return drawBacktestPanel(panel, picture.timeKind, box, words);
  });
  let height = header.height + Math.ceil(panels.length / columns) * rowHeight;
  if (picture.byStep) {
    const box = { x: EDGE, y: height + 8, width: width - 2 * EDGE, height: STEP_HEIGHT };
    const heading = words.byStep(picture.byStep.label);
    drawn.push(drawStepPanel(picture.byStep, { ...box, heading, headingClass: 'label muted' }));
    height += STEP_HEIGHT + 8;
  }
  const rest = picture.panels.length - panels.length;
  const note = rest > 0 ? words.notShown(rest) : '';
  const footer = note === '' ? '' : text('tick muted', EDGE, height + 12, note);
  height += note === '' ? 10 : 26;
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, style: 'max-width:100%;height:auto' };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', class: ROOT_CLASS, role: 'img', ...size },
    element('title', {}, escapeText(picture.title)),
    element('desc', {}, escapeText(describe(picture, words))),
    element('style', {}, `${styleSheet()}${lineRules()}`),
    element('rect', { class: 'ground', width, height }),
    header.markup,
    ...drawn,
    footer,
  );
}

function drawHeader(picture: BacktestPicture, words: PictureWords, width: number): { markup: string; height: number } {
  const room = width - 2 * EDGE;
  const heading = drawHeading(picture, EDGE, room);
  const legend = drawLegend(picture, words, heading.next, width - EDGE);
  return { markup: heading.markup + legend.markup, height: legend.bottom + 20 };
}

/** History, the models with their own dashes, the band, the cutoffs. */
function drawLegend(
  picture: BacktestPicture,
  words: PictureWords,
  y: number,
  right: number,
): { markup: string; bottom: number } {
  const level = picture.panels.flatMap(({ windows }) => windows.flatMap(({ band }) => (band ? [band.level] : [])))[0];
  const entries = [
    { name: words.observed, className: 'known' },
    ...picture.models.map((name, model) => ({ name, className: lineClass(model) })),
    ...(level === undefined ? [] : [{ name: words.intervalOf(level, picture.models[0]), className: 'band' }]),
    { name: words.cutoff, className: 'origin' },
  ];
  let left = EDGE;
  let baseline = y;
  const drawn = entries.map(({ name, className }) => {
    const needed = SWATCH + 7 + textWidth(name, SIZE.label);
    if (left > EDGE && left + needed > right) {
      left = EDGE;
      baseline += 20;
    }
    const middle = baseline - SIZE.label * 0.36;
    const markup = drawSwatch(className, left, middle) + text('label muted', left + SWATCH + 7, baseline, name);
    left += needed + 22;
    return markup;
  });
  return { markup: element('g', { class: 'legend' }, ...drawn), bottom: baseline };
}

const SWATCH = 28;

function drawSwatch(className: string, x: number, middle: number): string {
  if (className === 'band')
    return element('rect', { class: 'band', x, y: middle - 6, width: SWATCH, height: 12, rx: 2 });
  const path = className === 'origin' ? `M${x + SWATCH / 2},${middle - 7}v14` : `M${x},${middle}h${SWATCH}`;
  return element('path', { class: className, d: path });
}

/** The picture in words, for those who cannot see it. */
function describe({ panels, models, byStep }: BacktestPicture, words: PictureWords): string {
  const facts = panels.slice(0, MOST_BACKTEST_PANELS).map(({ id, windows }) => ({ id, origins: windows.length }));
  const below = byStep ? [words.below(byStep.label)] : [];
  return [words.describeBacktest(models, facts), ...below].join(' ');
}
