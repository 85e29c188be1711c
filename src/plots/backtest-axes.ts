/** A box with a value axis at the left and a time or step axis below, and lines in it. */
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { TimeKind } from './forecast-picture.js';
import { type NumberTick, numberTicks } from './number-ticks.js';
import { element, fitText, text, textWidth } from './svg.js';
import { SIZE } from './theme.js';
import { type Pixel, thinPoints } from './thin-points.js';
import { timeTicks } from './time-ticks.js';

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
  const markup = element(
    'g',
    {},
    text(box.headingClass, box.x, box.y + 10, fitText(box.heading, SIZE.label, box.width * 0.95)),
    valueAxis(ticks, y, left, right),
    timeAxis(kind, times, x, bottom, right - left),
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

/** Middle of a pixel row or column: a line of one pixel is then sharp. */
export function crisp(position: number): number {
  return Math.floor(position) + 0.5;
}

type Corner = readonly [x: number, low: number, high: number];

const pathOfLine = line<Pixel>()
  .defined(([, y]) => Number.isFinite(y))
  .digits(2);
const pathOfArea = area<Corner>()
  .x(([x]) => x)
  .y0(([, low]) => low)
  .y1(([, , high]) => high)
  .digits(2);

function valueAxis(ticks: readonly NumberTick[], y: (value: number) => number, left: number, right: number): string {
  const drawn = ticks.map(({ value, label }) => {
    const grid = element('path', { class: 'grid', d: `M${left},${crisp(y(value))}H${right}` });
    return grid + text('tick muted', left - 8, y(value) + SIZE.tick * 0.36, label, 'end');
  });
  return element('g', { class: 'value-axis' }, ...drawn);
}

function timeAxis(
  kind: TimeKind,
  { start, end }: { start: number; end: number },
  x: (time: number) => number,
  bottom: number,
  width: number,
): string {
  let lastContext = Number.NEGATIVE_INFINITY;
  const drawn = timeTicks(kind, start, end, Math.max(2, Math.floor(width / 76))).map(({ time, label, context }) => {
    const at = x(time);
    const half = textWidth(context ?? '', SIZE.tick) / 2;
    const fits = context !== undefined && at - half > lastContext;
    if (fits) lastContext = at + half + 6;
    return (
      element('path', { class: 'zero', d: `M${crisp(at)},${bottom}v4` }) +
      text('tick muted', at, bottom + 17, label, 'middle') +
      (fits ? text('tick muted', at, bottom + 31, context, 'middle') : '')
    );
  });
  return element('g', { class: 'time-axis' }, ...drawn);
}
