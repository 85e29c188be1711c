/** Lines over a common axis, each told apart by hue, dashes and markers, with its name at its end. */
import { pathOfArea, pathOfLine } from '../strokes.js';
import { element, fitText, text, textWidth } from '../svg.js';
import { SIZE } from '../theme.js';
import { type Pixel, thinPoints } from '../thin-points.js';
import { drawAxes, type Scales } from './axes.js';
import { spreadLabels } from './end-labels.js';
import { LINE_STYLES, type Marker, styleOf } from './lab-theme.js';
import { drawPage, EDGE, headingHeight } from './page.js';

export interface ChartPoint {
  readonly x: number;
  /** Not finite: a gap. */
  readonly y: number;
}

export interface ChartLine {
  readonly name: string;
  readonly points: readonly ChartPoint[];
  /** What the name is followed by, such as the last value. */
  readonly note?: string | undefined;
  /** A band around the line, such as quartiles. */
  readonly spread?: readonly { readonly x: number; readonly low: number; readonly high: number }[] | undefined;
  /** Number of the style (lab-theme.ts); by default the line's place. */
  readonly style?: number | undefined;
}

export interface LineChart {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
  /** `decades`: y is log10 of what is meant. */
  readonly yKind?: 'linear' | 'decades' | undefined;
  readonly lines: readonly ChartLine[];
  /** Levels to compare with, such as a baseline. */
  readonly references?: readonly { readonly y: number; readonly name: string }[] | undefined;
  /** Places along x to point at, such as a season. */
  readonly verticals?: readonly { readonly x: number; readonly name: string }[] | undefined;
  /** What to show of y; lines leave the frame beyond. By default everything. */
  readonly yDomain?: readonly [number, number] | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/**
 * The chart as SVG.
 * @example
 * lineChart({ title: 'Loss', xLabel: 'updates', yLabel: 'MSE', lines: [{ name: 'lstm', points: [{ x: 0, y: 1 }, { x: 9, y: 0.2 }] }] });
 */
export function lineChart(chart: LineChart): string {
  const { title, subtitle, lines, references = [], verticals = [], width = 960, height = 520 } = chart;
  const names = lines.map(({ name, note }) => (note === undefined ? name : `${name}: ${note}`));
  const widest = Math.min(0.34 * width, Math.max(0, ...names.map((name) => textWidth(name, SIZE.label))));
  const right = width - EDGE - widest - LABEL_OFFSET;
  const domains = extents(chart);
  const scales = drawAxes(
    { left: EDGE, right, top: headingHeight(chart) + 18, bottom: height - 52 },
    { label: chart.xLabel, domain: domains.x, exact: true },
    { kind: chart.yKind, label: chart.yLabel, domain: domains.y, exact: chart.yDomain !== undefined },
  );
  const levels = [
    ...references.map(({ y, name }) => drawReference(y, name, scales)),
    ...verticals.map(({ x, name }) => drawVertical(x, name, scales)),
  ];
  const drawn = lines.map((one, i) => drawChartLine(one, styleOf(one.style ?? i), scales));
  // Several runs of one name are labelled once.
  const firstOf = new Map(lines.map(({ name }, i) => [name, i] as const).reverse());
  const labels = drawLabels(
    drawn.flatMap(({ end }, i) =>
      end && firstOf.get(lines[i].name) === i ? [{ end, name: names[i], style: styleOf(lines[i].style ?? i) }] : [],
    ),
    scales,
    widest,
  );
  const description = `${chart.yLabel} by ${chart.xLabel}. ${lines.map(({ name, points }, i) => describeLine(name, points, names[i])).join(' ')}`;
  const content = [scales.markup, ...levels, ...drawn.map(({ markup }) => markup), ...labels].join('');
  return drawPage({ title, subtitle, description, width, height }, content);
}

/** Between the end of the lines and their names: a sample of the line stands there. */
const LABEL_OFFSET = 48;
const SAMPLE = 26;
const LABEL_GAP = 16;
/** Pixels between two markers of a line. */
const MARKER_DISTANCE = 110;
const MOST_MARKED = 12;

function extents({ lines, references = [], yDomain }: LineChart): { x: [number, number]; y: [number, number] } {
  const points = lines.flatMap((one) => one.points).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const xs = points.map(({ x }) => x);
  const ys = [...points.map(({ y }) => y), ...references.map(({ y }) => y)];
  const range = (values: number[]): [number, number] =>
    values.length === 0 ? [0, 1] : [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return { x: range(xs), y: yDomain ? [...yDomain] : range(ys) };
}

/** The line as far as it is inside the frame, its markers, and where it ends or leaves. */
function drawChartLine(
  { points, spread = [] }: ChartLine,
  style: number,
  scales: Scales,
): { markup: string; end: Pixel | null } {
  const pixels = points.map(({ x, y }): Pixel => [scales.x(x), Number.isFinite(y) ? scales.y(y) : Number.NaN]);
  const inside = clipToFrame(pixels, scales);
  const path = pathOfLine([...thinPoints(inside)]) ?? '';
  const bounded = (y: number) => Math.min(Math.max(scales.y(y), scales.top), scales.bottom);
  const corners = spread
    .filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
    .map(({ x, low, high }) => [scales.x(x), bounded(low), bounded(high)] as const)
    .filter(([, low, high]) => low !== high);
  const band =
    corners.length > 1 ? element('path', { class: `spread spread-${style}`, d: pathOfArea(corners) ?? '' }) : '';
  const stroke = path === '' ? '' : element('path', { class: `line line-${style}`, d: path });
  const end = inside.findLast(([, y]) => Number.isFinite(y)) ?? null;
  return { markup: band + stroke + drawMarkers(inside, style), end };
}

/** Points beyond the frame become a gap; where the line leaves, it is cut at the border. */
function clipToFrame(points: readonly Pixel[], { top, bottom }: Scales): Pixel[] {
  const clipped: Pixel[] = [];
  points.forEach((point, i) => {
    const [x, y] = point;
    const before = points[i - 1];
    if (before && Number.isFinite(before[1]) && Number.isFinite(y)) {
      const crossings = [top, bottom]
        .filter((border) => (before[1] - border) * (y - border) < 0)
        .map((border): Pixel => [before[0] + ((x - before[0]) * (border - before[1])) / (y - before[1]), border])
        .sort((a, b) => a[0] - b[0]);
      clipped.push(...crossings);
    }
    clipped.push(y >= top && y <= bottom ? point : [x, Number.NaN]);
  });
  return clipped;
}

/** Markers on every point of a short line, else at equal distances, shifted from line to line so that they do not meet. */
function drawMarkers(points: readonly Pixel[], style: number): string {
  if (points.length <= MOST_MARKED)
    return points
      .map(([x, y]) => (Number.isFinite(y) ? drawMarker(LINE_STYLES[style].marker, x, y, style) : ''))
      .join('');
  const marks: string[] = [];
  let due = (points[0]?.[0] ?? 0) + 14 + ((style * 37) % MARKER_DISTANCE);
  for (const [x, y] of points) {
    if (x < due || !Number.isFinite(y)) continue;
    marks.push(drawMarker(LINE_STYLES[style].marker, x, y, style));
    while (due <= x) due += MARKER_DISTANCE;
  }
  return marks.join('');
}

/** A small shape around x, y. */
export function drawMarker(marker: Marker, x: number, y: number, style: number): string {
  const filled = { class: `mark mark-${style}` };
  const hollow = { class: `hollow hollow-${style}` };
  const r = 3.5;
  if (marker === 'circle') return element('circle', { ...filled, cx: x, cy: y, r: 3 });
  if (marker === 'ring') return element('circle', { ...hollow, cx: x, cy: y, r: 3.5 });
  if (marker === 'square') return element('rect', { ...filled, x: x - 3, y: y - 3, width: 6, height: 6 });
  if (marker === 'cross')
    return element('path', {
      ...hollow,
      d: `M${fixed(x - r)},${fixed(y - r)}l${2 * r},${2 * r}m0,${-2 * r}l${-2 * r},${2 * r}`,
    });
  const top =
    marker === 'triangle'
      ? `M${fixed(x)},${fixed(y - 4)}l4,7h-8z`
      : `M${fixed(x)},${fixed(y - 4.5)}l4.5,4.5l-4.5,4.5l-4.5,-4.5z`;
  return element('path', { ...filled, d: top });
}

function fixed(value: number): number {
  return Math.round(value * 100) / 100;
}

function drawReference(y: number, name: string, { left, right, y: scale, top, bottom }: Scales): string {
  const at = scale(y);
  if (!(at >= top && at <= bottom)) return '';
  return (
    element('path', { class: 'origin', d: `M${left},${fixed(at)}H${right}` }) +
    text('tick muted', right - 4, at - 5, name, 'end')
  );
}

function drawVertical(x: number, name: string, { left, right, x: scale, top, bottom }: Scales): string {
  const at = scale(x);
  if (!(at >= left && at <= right)) return '';
  const line = element('path', { class: 'origin', d: `M${fixed(at)},${top - 4}V${bottom}` });
  return line + text('tick muted', at - 5, top - 2, name, 'end');
}

function drawLabels(
  labels: readonly { end: Pixel; name: string; style: number }[],
  { right, top, bottom }: Scales,
  room: number,
): string[] {
  const placed = spreadLabels(
    labels.map(({ end }) => end[1]),
    LABEL_GAP,
    top,
    bottom,
  );
  return labels.map(({ end: [x, y], name, style }, i) => {
    const at = placed[i];
    // A line that ends before the edge is found by its dashes and marker: no leader crosses the others.
    const leader =
      right - x < 3
        ? element('path', { class: 'leader', d: `M${fixed(right + 2)},${fixed(y)}L${fixed(right + 14)},${fixed(at)}` })
        : '';
    const start = right + 16;
    const sample = element('path', { class: `line line-${style}`, d: `M${fixed(start)},${fixed(at)}h${SAMPLE}` });
    const mark = drawMarker(LINE_STYLES[style].marker, start + SAMPLE / 2, at, style);
    return (
      leader +
      sample +
      mark +
      text('label', start + SAMPLE + 6, at + SIZE.label * 0.36, fitText(name, SIZE.label, room + 2))
    );
  });
}

function describeLine(name: string, points: readonly ChartPoint[], label: string): string {
  const known = points.filter(({ y }) => Number.isFinite(y));
  if (known.length === 0) return `${name}: nothing to show.`;
  return `${label === name ? `${name}: from ${short(known[0].y)} to ${short(known[known.length - 1].y)}` : label}.`;
}

function short(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
