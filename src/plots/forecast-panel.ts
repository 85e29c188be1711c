/** One series in a box: axes, interval bands, history, actual values, forecast, and a hairline where it starts. */
import { scaleLinear } from 'd3-scale';
import type { Band, ForecastPanel, Points, TimeKind } from './forecast-picture.js';
import { type NumberTick, numberTicks, shortNumber } from './number-ticks.js';
import type { PictureWords } from './picture-words.js';
import { type Corner, crisp, pathOfArea, pathOfLine } from './strokes.js';
import { element, escapeText, fitText, text, textWidth } from './svg.js';
import { SIZE } from './theme.js';
import { type Pixel, thinPoints } from './thin-points.js';
import { drawTimeAxis } from './time-axis.js';
import { timeTicks } from './time-ticks.js';

/** Where to draw, and what differs between a large picture and one of many. */
export interface PanelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Shows the series' name above, and less of everything else. */
  readonly small: boolean;
  readonly timeKind: TimeKind;
  readonly valueLabel: string | undefined;
  readonly historySteps: number | undefined;
  /** Room at the left for the value labels: `valueLabelWidth`, or more to align with others. */
  readonly labelWidth: number;
  readonly words: PictureWords;
}

/** Pixels that the widest value label of this panel needs. */
export function valueLabelWidth(panel: ForecastPanel, box: Omit<PanelBox, 'labelWidth'>): number {
  const extent = valueExtent(visible(panel, box.historySteps));
  const ticks = extent ? valueTicks(extent, box).ticks : [];
  return Math.ceil(Math.max(0, ...ticks.map(({ label }) => textWidth(label, SIZE.tick))));
}

/** The panel as a group element. */
export function drawForecastPanel(panel: ForecastPanel, box: PanelBox): string {
  const shown = visible(panel, box.historySteps);
  const extent = valueExtent(shown);
  const heading = headingOf(panel, box);
  if (!extent) {
    const note = text('label muted', box.x, box.y + 40, box.words.noValues);
    return element('g', {}, element('title', {}, escapeText(panel.id)), heading, note);
  }
  const values = valueTicks(extent, box);
  const frame = frameOf(box, shown);
  const times = timeExtent(shown);
  const x = scaleLinear().domain([times.start, times.end]).range([frame.left, frame.right]);
  const y = scaleLinear().domain(values.domain).range([frame.bottom, frame.top]);
  const pixels = (time: ArrayLike<number>, y_: ArrayLike<number>): Pixel[] =>
    Array.from({ length: Math.min(time.length, y_.length) }, (_, i) => [x(time[i]), y(finite(y_[i]))]);

  const { forecast } = shown;
  const origin = originOf(shown.history);
  const start: Pixel[] = origin && forecast.time.length > 0 ? [[x(origin.time), y(origin.y)]] : [];
  const median = [...start, ...pixels(forecast.time, forecast.median)];
  const bands = widestFirst(forecast.bands).map((band) =>
    drawBand([...start, ...pixels(forecast.time, band.lo)], [...start, ...pixels(forecast.time, band.hi)]),
  );
  const ticks = timeTicks(
    box.timeKind,
    times.start,
    times.end,
    Math.max(2, Math.floor((frame.right - frame.left) / 76)),
    box.words.dates,
  );
  return element(
    'g',
    {},
    element('title', {}, escapeText(panel.id)),
    heading,
    drawValueAxis(values.ticks, values.domain, y, frame, box),
    drawTimeAxis(ticks, x, frame.bottom),
    ...bands,
    drawOrigin(shown, x, frame),
    drawLine(
      shown.history.time.length > DENSE ? 'known dense' : 'known',
      thinPoints(pixels(shown.history.time, shown.history.y), DENSE),
    ),
    shown.actual ? drawActual(pixels(shown.actual.time, shown.actual.y), box.small) : '',
    drawLine('forecast', thinPoints(median)),
    box.small ? '' : drawEnd(median, forecast.median),
  );
}

/** Lines of more points are thinned to what a pixel can show, and drawn finer. */
const DENSE = 2000;

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Scale = (value: number) => number;

/** The panel with only the history that is to be seen. */
function visible(panel: ForecastPanel, historySteps: number | undefined): ForecastPanel {
  const horizon = panel.forecast.time.length;
  const steps = historySteps ?? (horizon > 0 ? Math.max(60, 8 * horizon) : Number.POSITIVE_INFINITY);
  const { time, y } = panel.history;
  const from = Math.max(0, time.length - steps);
  return { ...panel, history: { time: Array.from(time).slice(from), y: Array.from(y).slice(from) } };
}

function valueExtent({ history, forecast, actual }: ForecastPanel): { min: number; max: number } | undefined {
  const lists = [history.y, forecast.median, actual?.y ?? [], ...forecast.bands.flatMap(({ lo, hi }) => [lo, hi])];
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      if (!Number.isFinite(list[i])) continue;
      min = Math.min(min, list[i]);
      max = Math.max(max, list[i]);
    }
  }
  if (min > max) return undefined;
  // A level that comes near zero is shown with it: the picture then tells ratios, not only changes.
  return { min: min > 0 && min < 0.4 * max ? 0 : min, max: max < 0 && max > 0.4 * min ? 0 : max };
}

function valueTicks({ min, max }: { min: number; max: number }, box: { height: number; small: boolean }) {
  return numberTicks(min, max, Math.max(2, Math.round(box.height / (box.small ? 44 : 56))));
}

function timeExtent({ history, forecast, actual }: ForecastPanel): { start: number; end: number } {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const time of [history.time, forecast.time, actual?.time ?? []]) {
    if (time.length === 0) continue;
    start = Math.min(start, time[0]);
    end = Math.max(end, time[time.length - 1]);
  }
  return { start, end };
}

/** The plotting area: the box less the room for labels. */
function frameOf(box: PanelBox, { forecast }: ForecastPanel): Frame {
  const endLabel = box.small
    ? 0
    : Math.max(24, ...lastFinite(forecast.median).map((y) => 14 + textWidth(shortNumber(y), SIZE.label)));
  const hasTopLine = box.small || box.valueLabel !== undefined;
  return {
    left: box.x + box.labelWidth + 8,
    right: box.x + box.width - (box.small ? 6 : Math.ceil(endLabel)),
    top: box.y + (hasTopLine ? 24 : 8),
    bottom: box.y + box.height - 34,
  };
}

function headingOf(panel: ForecastPanel, box: PanelBox): string {
  const [className, content] = box.small ? ['panel-title', panel.id] : ['label muted', box.valueLabel ?? ''];
  return content === ''
    ? ''
    : text(className, box.x, box.y + 10, fitText(content, SIZE.label, box.width * (box.small ? 0.9 : 1)));
}

function drawValueAxis(
  ticks: readonly NumberTick[],
  domain: [number, number],
  y: Scale,
  frame: Frame,
  box: PanelBox,
): string {
  const straddlesZero = domain[0] < 0 && domain[1] > 0;
  const lines = ticks.map(({ value }) => {
    const className = value === 0 && straddlesZero ? 'zero' : 'grid';
    return element('path', { class: className, d: `M${frame.left},${crisp(y(value))}H${frame.right}` });
  });
  const labels = ticks.map(({ value, label }) =>
    text('tick muted', frame.left - 8, y(value) + SIZE.tick * 0.36, label, 'end'),
  );
  return element('g', { class: box.small ? 'value-axis small' : 'value-axis' }, ...lines, ...labels);
}

/** Between history and forecast; none when either is missing. */
function drawOrigin({ history, forecast }: ForecastPanel, x: Scale, frame: Frame): string {
  if (history.time.length === 0 || forecast.time.length === 0) return '';
  const at = crisp(x(history.time[history.time.length - 1]));
  return element('path', { class: 'origin', d: `M${at},${frame.top}V${frame.bottom}` });
}

/** The last observation, where the forecast's lines begin: there the value is known and the interval has no width. */
function originOf({ time, y }: Points): { time: number; y: number } | undefined {
  const last = time.length - 1;
  return last >= 0 && Number.isFinite(y[last]) ? { time: time[last], y: y[last] } : undefined;
}

function drawLine(className: string, points: readonly Pixel[]): string {
  const path = pathOfLine([...points]) ?? '';
  return path === '' ? '' : element('path', { class: className, d: path });
}

/** The area between two lines, in pieces where either has a gap; a piece of a single step is shown ten pixels wide. */
function drawBand(low: readonly Pixel[], high: readonly Pixel[]): string {
  const pieces: Corner[][] = [];
  let open = false;
  low.forEach(([x, y], i) => {
    const defined = i < high.length && Number.isFinite(y) && Number.isFinite(high[i][1]);
    if (defined && !open) pieces.push([]);
    if (defined) pieces.at(-1)!.push([x, y, high[i][1]]);
    open = defined;
  });
  const paths = pieces.map((piece) => {
    const [x, l, h] = piece[0];
    return pathOfArea(
      piece.length > 1
        ? piece
        : [
            [x - 5, l, h],
            [x + 5, l, h],
          ],
    );
  });
  return paths.length === 0 ? '' : element('path', { class: 'band', d: paths.join('') });
}

function drawActual(points: readonly Pixel[], small: boolean): string {
  const known = points.filter(([, y]) => Number.isFinite(y));
  const rings =
    small || known.length > 60 ? [] : known.map(([cx, cy]) => element('circle', { class: 'ring', cx, cy, r: 2.5 }));
  return `${drawLine('actual', thinPoints(points))}${rings.join('')}`;
}

/** A dot on the last forecast step and its value beside it. */
function drawEnd(median: readonly Pixel[], values: ArrayLike<number>): string {
  const end = median.findLast(([, y]) => Number.isFinite(y));
  const [value] = lastFinite(values);
  if (!end || value === undefined) return '';
  const [cx, cy] = end;
  return `${element('circle', { class: 'end', cx, cy, r: 3.5 })}${text('label', cx + 9, cy + SIZE.label * 0.36, shortNumber(value))}`;
}

/** Widest level first, so that narrower bands lie on top. */
export function widestFirst(bands: readonly Band[]): Band[] {
  return [...bands].sort((a, b) => b.level - a.level);
}

function lastFinite(values: ArrayLike<number>): number[] {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return [values[i]];
  return [];
}

function finite(y: number): number {
  return Number.isFinite(y) ? y : Number.NaN;
}
