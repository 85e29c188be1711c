/**
 * Ticks of a time axis. Dates have two lines, the second (what the first belongs to: a year, a day) only where it
 * changes: `Oct  Jan   Apr` over `1959 1960`. All in UTC: zone-less times are shown as they stand.
 */
import { scaleLinear, scaleUtc } from 'd3-scale';
import { utcFormat } from 'd3-time-format';
import type { TimeKind } from './forecast-picture.js';

export interface TimeTick {
  readonly time: number;
  readonly label: string;
  /** The second line, where it starts to hold. */
  readonly context?: string;
}

/** How times are written, by the distance between ticks: line 1, line 2, and line 2 of the very first tick. */
export interface TickFormat {
  /** Milliseconds between ticks from which on it is used. */
  readonly from: number;
  readonly label: string;
  readonly context: string;
  readonly first: string;
}

/** About `count` round times within [start, end], ascending. Integer axes have integer ticks, date axes midnights. */
export function timeTicks(
  kind: TimeKind,
  start: number,
  end: number,
  count: number,
  formats: readonly TickFormat[] = DATE_FORMATS,
): TimeTick[] {
  if (kind === 'integer') {
    const times = scaleLinear().domain([start, end]).ticks(count).filter(Number.isInteger);
    return times.map((time) => ({ time, label: `${time}`.replace('-', '\u2212') }));
  }
  const all = scaleUtc()
    .domain([start, end])
    .ticks(count)
    .map((date) => date.getTime());
  const times = kind === 'date' ? all.filter((time) => time % DAY === 0) : all;
  return labelTimes(times.length > 0 ? times : start === end ? [start] : [], kind, formats);
}

const DAY = 86_400_000;

/** In English. */
export const DATE_FORMATS: readonly TickFormat[] = [
  { from: 364 * DAY, label: '%Y', context: '', first: '' },
  { from: 27 * DAY, label: '%b', context: '%Y', first: '%Y' },
  { from: DAY, label: '%-d %b', context: '%Y', first: '%Y' },
  { from: 60_000, label: '%H:%M', context: '%-d %b', first: '%-d %b %Y' },
  { from: 1000, label: '%H:%M:%S', context: '%-d %b', first: '%-d %b %Y' },
  { from: 0, label: '%S.%L', context: '%H:%M', first: '%-d %b %Y %H:%M' },
];

function labelTimes(times: readonly number[], kind: TimeKind, all: readonly TickFormat[]): TimeTick[] {
  let step = kind === 'date' ? DAY : 60_000;
  if (times.length > 1) {
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    step = Math.min(...gaps);
  }
  const formats = all.find(({ from }) => step >= from)!;
  const [label, context, first] = [formats.label, formats.context, formats.first].map((text) => utcFormat(text));
  return times.map((time, i) => {
    const now = context(new Date(time));
    const changed = i === 0 || now !== context(new Date(times[i - 1]));
    const line = { time, label: label(new Date(time)) };
    return changed && now !== '' ? { ...line, context: i === 0 ? first(new Date(time)) : now } : line;
  });
}
