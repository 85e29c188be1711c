/** Reading and writing one stamp of the time column. Only unambiguous forms are read; nothing is guessed or shifted. */
import { civilFromDays, DAY_MS, daysFromCivil, daysInMonth } from './calendar.js';
import type { TimeAxis, TimeKind, TimeStyle } from './frame.js';

/** A stamp that was read: the wall-clock time as milliseconds read as UTC (or the integer step), and how it was written. */
export interface Timestamp {
  readonly kind: TimeKind;
  readonly time: number;
  /** Empty, `Z`, or an offset such as `+02:00`. */
  readonly zone: string;
  readonly style: TimeStyle;
}

/**
 * A stamp from a source that has a type for time (Parquet, SQL), so that none is written as text and read again.
 * Without a zone it is a wall-clock time and stays as it stands.
 */
export class TypedStamp implements Timestamp {
  readonly kind = 'datetime';
  readonly time: number;
  readonly zone: '' | 'Z';
  readonly style: TimeStyle;

  /** @param time whole milliseconds since 1970 of the wall clock of the zone, read as UTC */
  constructor(time: number, zone: '' | 'Z') {
    this.time = time;
    this.zone = zone;
    this.style = styleOf('-', 'T', time % 60_000 === 0 ? 'minute' : time % 1000 === 0 ? 'second' : 'millisecond');
  }

  toString(): string {
    return formatTimestamp(this, this.time);
  }
}

/** Forms that are only read when asked for, because they could as well be integer steps. */
export interface TimestampForms {
  /** `1949` is a year. */
  readonly years?: boolean;
  /** `19490131` is a day. */
  readonly compact?: boolean;
}

/** What a stamp should look like, for messages. */
export const TIMESTAMP_FORMS =
  'a date or time in ISO 8601 such as 2023-01-31, 2023-01 or 2023-01-31T14:30:00+02:00, or an integer step';

const PRECISIONS = ['year', 'month', 'day', 'minute', 'second', 'millisecond'] as const;

/** One shared object per style, so that a million stamps do not make a million of them. */
const STYLES = new Map<string, TimeStyle>();
function styleOf(dates: TimeStyle['dates'], separator: TimeStyle['separator'], precision: TimeStyle['precision']) {
  const key = `${dates}${separator}${precision}`;
  let style = STYLES.get(key);
  if (style === undefined) {
    style = Object.freeze({ dates, separator, precision });
    STYLES.set(key, style);
  }
  return style;
}
const DAY_DASH = styleOf('-', 'T', 'day');

/** The style that writes at least the given precision. */
export function refineStyle(style: TimeStyle, precision: TimeStyle['precision']): TimeStyle {
  if (PRECISIONS.indexOf(precision) <= PRECISIONS.indexOf(style.precision)) return style;
  return styleOf(style.dates, style.separator, precision);
}

/** `count` digits from `at` as a number, or -1. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Reads a stamp: `2023-01-31`, `2023/01/31`, `2023-01`, `2023-01-31T14:30[:00[.000]]` with `T` or a space, then
 * nothing, `Z`, `+02:00`, `+0200` or `+02`; or an integer. Null for anything else, for days that do not exist
 * (2023-02-30), and for fractions finer than a millisecond.
 * @example parseTimestamp('1970-01-02')?.time // 86400000
 */
export function parseTimestamp(text: string, forms: TimestampForms = {}): Timestamp | null {
  const stamp = text.trim();
  const mark = stamp.charCodeAt(4);
  if (mark === 45 || mark === 47) return parseDate(stamp, mark === 45 ? '-' : '/');
  if (forms.years && stamp.length === 4) {
    const year = digits(stamp, 0, 4);
    return year < 0 ? null : dateStamp(year, 1, 1, styleOf('-', 'T', 'year'));
  }
  if (forms.compact && stamp.length === 8 && digits(stamp, 0, 8) >= 0) {
    return dateStamp(digits(stamp, 0, 4), digits(stamp, 4, 2), digits(stamp, 6, 2), styleOf('', 'T', 'day'));
  }
  if (!/^[+-]?\d+(\.0+)?$/.test(stamp)) return null;
  const step = Number(stamp);
  return Number.isSafeInteger(step) ? { kind: 'integer', time: step + 0, zone: '', style: DAY_DASH } : null;
}

function dateStamp(year: number, month: number, day: number, style: TimeStyle): Timestamp | null {
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return { kind: 'date', time: daysFromCivil(year, month, day) * DAY_MS, zone: '', style };
}

function parseDate(stamp: string, dates: '-' | '/'): Timestamp | null {
  const year = digits(stamp, 0, 4);
  const month = digits(stamp, 5, 2);
  if (stamp.length === 7) return dates === '-' ? dateStamp(year, month, 1, styleOf('-', 'T', 'month')) : null;
  if (stamp[7] !== dates) return null;
  const day = digits(stamp, 8, 2);
  if (stamp.length === 10) return dateStamp(year, month, day, dates === '-' ? DAY_DASH : styleOf('/', 'T', 'day'));
  const separator = stamp[10];
  if (separator !== 'T' && separator !== ' ') return null;
  const date = dateStamp(year, month, day, DAY_DASH);
  const clock = date === null ? null : parseClock(stamp);
  if (date === null || clock === null) return null;
  const zone = parseZone(stamp.slice(clock.end));
  if (zone === null) return null;
  return { kind: 'datetime', time: date.time + clock.ms, zone, style: styleOf(dates, separator, clock.precision) };
}

/** `14:30`, `14:30:05` or `14:30:05.250` from position 11. */
function parseClock(stamp: string): { ms: number; end: number; precision: TimeStyle['precision'] } | null {
  const hour = digits(stamp, 11, 2);
  const minute = digits(stamp, 14, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || stamp[13] !== ':') return null;
  const ms = (hour * 60 + minute) * 60_000;
  if (stamp[16] !== ':') return { ms, end: 16, precision: 'minute' };
  const second = digits(stamp, 17, 2);
  if (second < 0 || second > 59) return null;
  if (stamp[19] !== '.') return { ms: ms + second * 1000, end: 19, precision: 'second' };
  let end = 20;
  while (digits(stamp, end, 1) >= 0) end++;
  const fraction = stamp.slice(20, end);
  if (fraction === '' || fraction.length > 9 || /[^0]/.test(fraction.slice(3))) return null;
  return { ms: ms + second * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0')), end, precision: 'millisecond' };
}

/** Empty, `Z` or `±hh:mm`; null where the text is no zone. */
function parseZone(text: string): string | null {
  if (text === '' || text === 'Z') return text;
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(text);
  if (match === null) return null;
  const minutes = match[3] ?? '00';
  return Number(match[2]) > 15 || Number(minutes) > 59 ? null : `${match[1]}${match[2]}:${minutes}`;
}

/** Minutes by which the wall clock of a zone is ahead of UTC. */
export function zoneMinutes(zone: string): number {
  if (zone === '' || zone === 'Z') return 0;
  const minutes = digits(zone, 1, 2) * 60 + digits(zone, 4, 2);
  return zone[0] === '-' ? -minutes : minutes;
}

const pad = (value: number, width: number) => `${value}`.padStart(width, '0');

/** Writes a time of the axis as the input wrote its stamps. Inverse of parseTimestamp for the forms it reads. */
export function formatTimestamp(axis: Pick<TimeAxis, 'kind' | 'zone' | 'style'>, time: number): string {
  if (axis.kind === 'integer') return `${time}`;
  const style = axis.style ?? (axis.kind === 'date' ? DAY_DASH : styleOf('-', 'T', 'second'));
  const days = Math.floor(time / DAY_MS);
  const { year, month, day } = civilFromDays(days);
  // ISO 8601 writes years outside 0000 … 9999 with a sign and six digits.
  const years = year >= 0 && year <= 9999 ? pad(year, 4) : `${year < 0 ? '-' : '+'}${pad(Math.abs(year), 6)}`;
  if (style.precision === 'year') return years;
  if (style.precision === 'month') return `${years}-${pad(month, 2)}`;
  const date = `${years}${style.dates}${pad(month, 2)}${style.dates}${pad(day, 2)}`;
  if (style.precision === 'day') return date;
  const ms = time - days * DAY_MS;
  const clock = `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}`;
  const seconds = style.precision === 'minute' ? '' : `:${pad(Math.floor(ms / 1000) % 60, 2)}`;
  const fraction = style.precision === 'millisecond' ? `.${pad(ms % 1000, 3)}` : '';
  return `${date}${style.separator}${clock}${seconds}${fraction}${axis.zone}`;
}
