/** Axes of the lab's charts: plain numbers, or powers of ten. */
import { scaleLinear } from 'd3-scale';
import { labelTicks, numberTicks } from '../number-ticks.js';
import { crisp } from '../strokes.js';
import { element, text, textWidth } from '../svg.js';
import { SIZE } from '../theme.js';

/** `decades`: the values are log10 of what is meant, and the labels say 1e−20. */
export type AxisKind = 'linear' | 'decades';

export interface Axis {
  readonly kind?: AxisKind | undefined;
  readonly label: string;
  /** Widened to round values at the ends, unless `exact`. */
  readonly domain: readonly [number, number];
  readonly exact?: boolean | undefined;
}

export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Scales extends Area {
  x(value: number): number;
  y(value: number): number;
  readonly yDomain: readonly [number, number];
  readonly markup: string;
}

interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Axes around an area: y labels left of it, x labels below, the names of both axes in words. */
export function drawAxes(area: Area, xAxis: Axis, yAxis: Axis): Scales {
  const x = ticksOf(xAxis, Math.max(2, Math.round((area.right - area.left) / 90)));
  const y = ticksOf(yAxis, Math.max(2, Math.round((area.bottom - area.top) / 52)));
  const labels = Math.ceil(Math.max(0, ...y.ticks.map(({ label }) => textWidth(label, SIZE.tick))));
  const left = area.left + labels + 8;
  const xScale = scaleLinear().domain(x.domain).range([left, area.right]);
  const yScale = scaleLinear().domain(y.domain).range([area.bottom, area.top]);
  const rows = y.ticks.map(({ value, label }) => {
    const at = yScale(value);
    const line = element('path', { class: value === 0 ? 'zero' : 'grid', d: `M${left},${crisp(at)}H${area.right}` });
    return line + text('tick muted', left - 8, at + SIZE.tick * 0.36, label, 'end');
  });
  const columns = x.ticks.map(({ value, label }) => {
    const at = xScale(value);
    const mark = element('path', { class: 'zero', d: `M${crisp(at)},${area.bottom}v4` });
    return mark + text('tick muted', at, area.bottom + 17, label, 'middle');
  });
  const names =
    text('label muted', area.left, area.top - 12, yAxis.label) +
    text('label muted', (left + area.right) / 2, area.bottom + 36, xAxis.label, 'middle');
  return {
    ...{ left, right: area.right, top: area.top, bottom: area.bottom, yDomain: y.domain },
    x: xScale,
    y: yScale,
    markup: element('g', { class: 'axes' }, ...rows, ...columns, names),
  };
}

function ticksOf({ kind, domain, exact }: Axis, count: number): { domain: [number, number]; ticks: Tick[] } {
  if (kind === 'decades') return decadeTicks(domain, count, exact ?? false);
  if (!exact) return numberTicks(domain[0], domain[1], count);
  const values = scaleLinear().domain(domain).ticks(count);
  const labels = labelTicks(values);
  return { domain: [...domain], ticks: values.map((value, i) => ({ value, label: labels[i] })) };
}

/** Whole powers of ten at equal distances. */
function decadeTicks([low, high]: readonly [number, number], count: number, exact: boolean) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((one) => (high - low) / one <= count) ?? 2000;
  const first = exact ? Math.ceil(low / step) : Math.floor(low / step);
  const last = exact ? Math.floor(high / step) : Math.ceil(high / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => ({
    value: (first + i) * step,
    label: powerOfTen((first + i) * step),
  }));
  return { domain: (exact ? [low, high] : [first * step, last * step]) as [number, number], ticks };
}

/** 0.01, 1, 100, and beyond that 1e−20. */
export function powerOfTen(exponent: number): string {
  if (Number.isInteger(exponent) && exponent >= -3 && exponent <= 3) return `${Number(`1e${exponent}`)}`;
  return `1e${exponent}`.replace('-', '\u2212');
}
