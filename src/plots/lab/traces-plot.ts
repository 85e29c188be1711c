/** What gates and states do while a network reads a series: the series, one gate of all units, and some units in lines. */
import type { TimeKind } from '../../series/frame.js';
import { numberTicks } from '../number-ticks.js';
import { crisp, pathOfLine } from '../strokes.js';
import { element, fitText, text } from '../svg.js';
import { SIZE } from '../theme.js';
import { type Pixel, thinPoints } from '../thin-points.js';
import { drawTimeAxis } from '../time-axis.js';
import { timeTicks } from '../time-ticks.js';
import { spreadLabels } from './end-labels.js';
import { drawHeat, drawShades } from './heat-map.js';
import { drawPage, EDGE, headingHeight } from './page.js';

/** Lines over the common time; values where they are NaN are gaps. A line without a style (lab-theme.ts) is what is known. */
export interface TracePanel {
  readonly heading: string;
  readonly lines: readonly {
    readonly name: string;
    readonly values: ArrayLike<number>;
    readonly style?: number | undefined;
  }[];
  /** What the value axis shows; by default what the lines need. */
  readonly domain?: readonly [number, number] | undefined;
}

export interface TracesPicture {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly timeKind: TimeKind;
  readonly times: ArrayLike<number>;
  /** The series first. */
  readonly panels: readonly TracePanel[];
  /** One gate of all units as lightness, [units][T] with values in [0, 1]; the first unit at the top. Drawn below the first panel. */
  readonly heat?: { readonly heading: string; readonly rows: readonly ArrayLike<number>[] } | undefined;
  readonly width?: number | undefined;
}

const SERIES_HEIGHT = 130;
const PANEL_HEIGHT = 92;
const HEAD = 26;
const LABELS = 46;
const NAMES = 110;

export function tracesPlot(picture: TracesPicture): string {
  const { title, subtitle, timeKind, times, panels, heat, width = 960 } = picture;
  const left = EDGE + LABELS;
  const right = width - EDGE - NAMES;
  const T = times.length;
  const x = (step: number) => left + ((step + 0.5) * (right - left)) / T;
  let y = headingHeight(picture) + 6;
  const drawn: string[] = [];
  panels.forEach((panel, i) => {
    const height = i === 0 ? SERIES_HEIGHT : PANEL_HEIGHT;
    drawn.push(drawTraces(panel, x, { left, right, top: y + HEAD, bottom: y + HEAD + height }));
    y += HEAD + height + 8;
    if (i > 0 || !heat) return;
    const size = Math.min(200, Math.max(60, heat.rows.length * 6));
    drawn.push(text('panel-title', EDGE, y + 14, heat.heading));
    const box = { left, right, top: y + HEAD, bottom: y + HEAD + size };
    drawn.push(drawHeat(box, heat.rows.length, T, (row, step) => heat.rows[row][step], true));
    drawn.push(drawShades(right + 18, y + HEAD, NAMES - 24, ['0', '½', '1']));
    y += HEAD + size + 10;
  });
  const ticks = timeTicks(timeKind, times[0], times[T - 1], 9);
  drawn.push(drawTimeAxis(ticks, (time) => x(stepAt(time, times)), y));
  const names = panels.map(({ heading }) => heading).join('; ');
  const description = `Traces over ${T} steps: ${names}${heat ? `; ${heat.heading} as a heat map of ${heat.rows.length} units` : ''}.`;
  return drawPage({ title, subtitle, description, width, height: y + 46 }, drawn.join(''));
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function drawTraces({ heading, lines, domain }: TracePanel, x: (step: number) => number, box: Box): string {
  const values = lines.flatMap((one) => Array.from(one.values)).filter(Number.isFinite);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const axis = domain ? numberTicks(domain[0], domain[1], 2) : numberTicks(least, most, 3);
  const [low, high] = axis.domain;
  const y = (value: number) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
  const grid = axis.ticks.map(({ value, label }) => {
    const rule = element('path', {
      class: value === 0 && low < 0 ? 'zero' : 'grid',
      d: `M${box.left},${crisp(y(value))}H${box.right}`,
    });
    return rule + text('tick muted', box.left - 8, y(value) + SIZE.tick * 0.36, label, 'end');
  });
  const paths = lines.map(({ values: own, style }) => {
    const points = Array.from(own, (value, step): Pixel => [x(step), Number.isFinite(value) ? y(value) : Number.NaN]);
    return element('path', { class: lineClass(style), d: pathOfLine([...thinPoints(points)]) ?? '' });
  });
  const ends = lines.map(({ values: own }) => {
    const last = Array.from(own).findLast(Number.isFinite);
    return y(last ?? (low + high) / 2);
  });
  const placed = spreadLabels(ends, 15, box.top + 4, box.bottom - 4);
  const names = lines.map(({ name, style }, i) => {
    const sample = element('path', {
      class: lineClass(style),
      d: `M${box.right + 10},${Math.round(placed[i])}h22`,
    });
    return sample + text('label', box.right + 38, Math.round(placed[i]) + 4, fitText(name, SIZE.label, NAMES - 34));
  });
  return [text('panel-title', EDGE, box.top - 10, heading), ...grid, ...paths, ...names].join('');
}

function lineClass(style: number | undefined): string {
  return style === undefined ? 'known' : `line line-${style}`;
}

/** Steps are equal, times need not be: a tick stands at the step that comes first at or after its time. */
function stepAt(time: number, times: ArrayLike<number>): number {
  let step = 0;
  while (step < times.length - 1 && times[step] < time) step++;
  return step;
}
