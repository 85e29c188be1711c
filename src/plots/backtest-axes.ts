/** A box with a value axis at the left and a time or step axis below, and lines in it. */
import { scaleLinear } from 'd3-scale';
import type { TimeKind } from './forecast-picture.js';
import { type NumberTick, numberTicks } from './number-ticks.js';
import { type Corner, crisp, pathOfArea, pathOfLine } from './strokes.js';
import { element, fitText, text, textWidth } from './svg.js';
import { SIZE } from './theme.js';
import { type Pixel, thinPoints } from './thin-points.js';
import { drawTimeAxis } from './time-axis.js';
import { type TickFormat, timeTicks } from './time-ticks.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly heading: string;
  readonly headingClass: 'panel-title' | 'label muted';
}

/** Where data are drawn, and how values become pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(time: number): number;
  y(value: number): number;
  /** Heading and axes. */
  readonly markup: string;
}

/** The axes for data that lie in these ranges; values of one sign that come near zero are shown with it. */
export function drawAxes(
  box: Box,
  kind: TimeKind,
  times: { readonly start: number; readonly end: number },
  values: { readonly min: number; readonly max: number },
  dates?: readonly TickFormat[],
): Plot {
  const min = values.min > 0 && values.min < 0.4 * values.max ? 0 : values.min;
  const max = values.max < 0 && values.max > 0.4 * values.min ? 0 : values.max;
  const { domain, ticks } = numberTicks(min, max, Math.max(2, Math.round(box.height / 52)));
  const labelWidth = Math.ceil(Math.max(0, ...ticks.map(({ label }) => textWidth(label, SIZE.tick))));
  const left = box.x + labelWidth + 8;
  const right = box.x + box.width - 6;
  const top = box.y + 24;
  const bottom = box.y + box.height - 34;
  const x = scaleLinear().domain([times.start, times.end]).range([left, right]);
  const y = scaleLinear().domain(domain).range([bottom, top]);
  const when = timeTicks(kind, times.start, times.end, Math.max(2, Math.floor((right - left) / 76)), dates);
  const markup = element(
    'g',
    {},
    text(box.headingClass, box.x, box.y + 10, fitText(box.heading, SIZE.label, box.width * 0.95)),
    valueAxis(ticks, y, left, right),
    drawTimeAxis(when, x, bottom),
  );
  return { left, right, top, bottom, x, y, markup };
}

/** A line through points; a value that is not finite is a gap. */
export function drawLine(
  className: string,
  { x, y }: Plot,
  time: ArrayLike<number>,
  values: ArrayLike<number>,
): string {
  const points = Array.from(values, (value, i): Pixel => [x(time[i]), Number.isFinite(value) ? y(value) : Number.NaN]);
  const path = pathOfLine([...thinPoints(points)]) ?? '';
  return path === '' ? '' : element('path', { class: className, d: path });
}

/** The area between two bounds. */
export function drawBand(
  { x, y }: Plot,
  time: ArrayLike<number>,
  lo: ArrayLike<number>,
  hi: ArrayLike<number>,
): string {
  const points = Array.from(time, (at, i): Corner => [x(at), y(lo[i]), y(hi[i])]);
  const path = pathOfArea(points.filter((corner) => corner.every(Number.isFinite))) ?? '';
  return path === '' ? '' : element('path', { class: 'band', d: path });
}

function valueAxis(ticks: readonly NumberTick[], y: (value: number) => number, left: number, right: number): string {
  const drawn = ticks.map(({ value, label }) => {
    const grid = element('path', { class: 'grid', d: `M${left},${crisp(y(value))}H${right}` });
    return grid + text('tick muted', left - 8, y(value) + SIZE.tick * 0.36, label, 'end');
  });
  return element('g', { class: 'value-axis' }, ...drawn);
}
