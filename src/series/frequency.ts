/**
 * Arithmetic on a regular time axis: what a frequency alias means, the time k steps later, and how many steps lie
 * between two times. Times are integer steps, or milliseconds of the wall clock read as UTC, so no step ever meets
 * a daylight-saving change.
 */
import { usageError } from '../errors.js';
import { civilFromDays, DAY_MS, daysFromCivil, daysInMonth, weekday } from './calendar.js';
import type { Frequency, FrequencyUnit } from './frame.js';

export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

/** Units of a fixed length, longest first, with their pandas alias. */
const FIXED: readonly (readonly [FrequencyUnit, number, string])[] = [
  ['week', 7 * DAY_MS, 'W'],
  ['day', DAY_MS, 'D'],
  ['hour', 3_600_000, 'h'],
  ['minute', 60_000, 'min'],
  ['second', 1000, 's'],
];

/** Units that are months, longest first, with their pandas alias for month starts and month ends. */
const MONTHLY: readonly (readonly [FrequencyUnit, number, string, string])[] = [
  ['year', 12, 'YS', 'YE'],
  ['quarter', 3, 'QS', 'QE'],
  ['month', 1, 'MS', 'ME'],
];

/** What pandas calls a step, in its old and its new spelling: so many milliseconds or months; neither for business days. */
const ALIASES = new Map<string, { ms?: number; months?: number; monthEnd?: boolean; anchors?: readonly string[] }>([
  ...['W', 'w'].map((name) => [name, { ms: 7 * DAY_MS, anchors: WEEKDAYS }] as const),
  ...['D', 'd'].map((name) => [name, { ms: DAY_MS }] as const),
  ...['H', 'h'].map((name) => [name, { ms: 3_600_000 }] as const),
  ...['T', 'min'].map((name) => [name, { ms: 60_000 }] as const),
  ...['S', 's'].map((name) => [name, { ms: 1000 }] as const),
  ...['L', 'ms'].map((name) => [name, { ms: 1 }] as const),
  ...['B', 'b'].map((name) => [name, {}] as const),
  ...['M', 'ME'].map((name) => [name, { months: 1, monthEnd: true }] as const),
  ...['MS'].map((name) => [name, { months: 1 }] as const),
  ...['Q', 'QE'].map((name) => [name, { months: 3, monthEnd: true, anchors: MONTHS }] as const),
  ...['QS'].map((name) => [name, { months: 3, anchors: MONTHS }] as const),
  ...['Y', 'A', 'YE'].map((name) => [name, { months: 12, monthEnd: true, anchors: MONTHS }] as const),
  ...['YS', 'AS'].map((name) => [name, { months: 12, anchors: MONTHS }] as const),
]);

/**
 * A frequency from its pandas or Nixtla alias, old or new spelling, with an optional multiple and anchor.
 * Steps are brought to their largest unit (`60min` is `h`, `7D` is `W`, `3MS` is `QS`). A number is an integer step.
 * Errors: usage `bad_freq`.
 * @example parseFrequency('15min') // { alias: '15min', unit: 'minute', multiple: 15, monthEnd: false }
 */
export function parseFrequency(alias: string): Frequency {
  const match = /^(\d{1,9})?([A-Za-z]{1,3})?(?:-([A-Za-z]{3}))?$/.exec(alias.trim());
  const count = match?.[1] === undefined ? 1 : Number(match[1]);
  const name = match?.[2];
  const anchor = match?.[3]?.toUpperCase();
  if (match === null || count === 0) throw badFrequency(alias);
  if (name === undefined) {
    if (match[1] === undefined || anchor !== undefined) throw badFrequency(alias);
    return stepFrequency(count);
  }
  const meaning = ALIASES.get(name);
  if (meaning === undefined || (anchor !== undefined && !meaning.anchors?.includes(anchor))) throw badFrequency(alias);
  let freq: Frequency;
  if (meaning.ms !== undefined) freq = fixedFrequency(count * meaning.ms);
  else if (meaning.months !== undefined) freq = monthFrequency(count * meaning.months, meaning.monthEnd ?? false);
  else freq = businessFrequency(count);
  return anchor === undefined ? freq : { ...freq, alias: `${freq.alias}-${anchor}` };
}

function badFrequency(alias: string): Error {
  return usageError(
    'bad_freq',
    `frequency ${JSON.stringify(alias.slice(0, 40))} is not known; needed a pandas alias. Use one of YS, QS, MS, ME, W-MON, D, B, h, 30min, s, or a number for integer steps.`,
  );
}

/** Integer steps of the given width. */
export function stepFrequency(width: number): Frequency {
  return { alias: `${width}`, unit: 'step', multiple: width, monthEnd: false };
}

/** Monday to Friday, every `count`-th. */
export function businessFrequency(count = 1): Frequency {
  return { alias: `${count === 1 ? '' : count}B`, unit: 'business-day', multiple: count, monthEnd: false };
}

/** A step of a fixed length in milliseconds, in its largest unit. */
export function fixedFrequency(stepMs: number): Frequency {
  for (const [unit, ms, name] of FIXED) {
    const multiple = stepMs / ms;
    if (Number.isInteger(multiple))
      return { alias: `${multiple === 1 ? '' : multiple}${name}`, unit, multiple, monthEnd: false };
  }
  return { alias: `${stepMs}ms`, unit: 'second', multiple: stepMs / 1000, monthEnd: false };
}

/** A step of whole months, in its largest unit. */
export function monthFrequency(months: number, monthEnd: boolean): Frequency {
  for (const [unit, width, starts, ends] of MONTHLY) {
    const multiple = months / width;
    if (Number.isInteger(multiple))
      return { alias: `${multiple === 1 ? '' : multiple}${monthEnd ? ends : starts}`, unit, multiple, monthEnd };
  }
  throw new RangeError(`${months} is not a whole number of months`);
}

/** The step in milliseconds for units of a fixed length, else null. */
export function fixedStepMs(freq: Frequency): number | null {
  const row = FIXED.find(([unit]) => unit === freq.unit);
  return row === undefined ? null : Math.round(freq.multiple * row[1]);
}

/** The step in months for months, quarters and years, else null. */
export function stepMonths(freq: Frequency): number | null {
  const row = MONTHLY.find(([unit]) => unit === freq.unit);
  return row === undefined ? null : freq.multiple * row[1];
}

/**
 * The same frequency with the anchor that the data have: `W-SUN` where all starts are Sundays, `QS-FEB`, `YE-JUN`.
 * Plain where the starts differ, and where pandas' default anchor (quarters of January, years of January or
 * December) is met. A month step from the middle of a month keeps the alias of month starts; pandas has none for it.
 */
export function anchorTo(freq: Frequency, starts: readonly number[]): Frequency {
  const days = starts.map((time) => Math.floor(time / DAY_MS));
  const common = (values: number[]) => (values.every((value) => value === values[0]) ? values[0] : undefined);
  const prefix = freq.multiple === 1 ? '' : `${freq.multiple}`;
  if (freq.unit === 'week') {
    const day = common(days.map(weekday));
    return { ...freq, alias: `${prefix}W${day === undefined ? '' : `-${WEEKDAYS[day]}`}` };
  }
  const period = freq.unit === 'quarter' ? 3 : freq.unit === 'year' ? 12 : 0;
  if (period === 0) return freq;
  const phase = common(days.map((day) => (civilFromDays(day).month - 1) % period));
  const name = `${prefix}${freq.unit === 'quarter' ? 'Q' : 'Y'}${freq.monthEnd ? 'E' : 'S'}`;
  const standard = freq.monthEnd ? period - 1 : 0;
  return { ...freq, alias: phase === undefined || phase === standard ? name : `${name}-${MONTHS[phase]}` };
}

/** Business days before a day, counted from a Monday; for a weekend that of the Monday after. */
function businessIndex(day: number): number {
  return 5 * Math.floor((day + 3) / 7) + Math.min(weekday(day), 5);
}

function dayOfBusinessIndex(index: number): number {
  const week = Math.floor(index / 5);
  return 7 * week + (index - 5 * week) - 3;
}

/**
 * The time `steps` steps after `time` (before, where negative). Months keep the day of the month, clamped to the
 * month's length, and the time of day; month ends stay month ends. Business days count Monday to Friday; from a
 * weekend they count from the Monday after.
 * Step from the start of a series, not from point to point, so that a clamped day finds back.
 */
export function advance(freq: Frequency, time: number, steps: number): number {
  if (freq.unit === 'step') return time + freq.multiple * steps;
  const fixed = fixedStepMs(freq);
  if (fixed !== null) return time + fixed * steps;
  const day = Math.floor(time / DAY_MS);
  const timeOfDay = time - day * DAY_MS;
  const months = stepMonths(freq);
  if (months === null) return dayOfBusinessIndex(businessIndex(day) + steps * freq.multiple) * DAY_MS + timeOfDay;
  const from = civilFromDays(day);
  const total = from.year * 12 + from.month - 1 + months * steps;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  const last = daysInMonth(year, month);
  return daysFromCivil(year, month, freq.monthEnd ? last : Math.min(from.day, last)) * DAY_MS + timeOfDay;
}

/** How many steps lead from one time to the other, negative backwards; null where no whole number of steps does. */
export function stepsBetween(freq: Frequency, from: number, to: number): number | null {
  let steps: number;
  const fixed = freq.unit === 'step' ? freq.multiple : fixedStepMs(freq);
  if (fixed !== null) {
    steps = (to - from) / fixed;
    return Number.isInteger(steps) ? steps : null;
  }
  const dayFrom = Math.floor(from / DAY_MS);
  const dayTo = Math.floor(to / DAY_MS);
  const months = stepMonths(freq);
  if (months === null) {
    if (weekday(dayFrom) > 4) return null;
    steps = (businessIndex(dayTo) - businessIndex(dayFrom)) / freq.multiple;
  } else {
    const a = civilFromDays(dayFrom);
    const b = civilFromDays(dayTo);
    if (freq.monthEnd && a.day !== daysInMonth(a.year, a.month)) return null;
    steps = ((b.year - a.year) * 12 + b.month - a.month) / months;
  }
  return Number.isInteger(steps) && advance(freq, from, steps) === to ? steps : null;
}

/** Units in the cycle that a season of this unit spans; 1 where there is none. */
const CYCLE: Readonly<Record<FrequencyUnit, number>> = {
  step: 1,
  second: 60,
  minute: 60,
  hour: 24,
  day: 7,
  'business-day': 5,
  week: 52,
  month: 12,
  quarter: 4,
  year: 1,
};

/**
 * Default season length in steps: a year of months (12), quarters (4) or weeks (52), a week of days (7) or business
 * days (5), a day of hours (24). Steps of 5 minutes or more have a day (`30min` 48, `5min` 288), shorter ones an
 * hour; steps of 5 seconds or more have an hour, shorter ones a minute. 1, for none, where the steps do not divide
 * the cycle (`5h`), for years and for integer steps.
 */
export function seasonOf(freq: Frequency): number {
  let cycle = CYCLE[freq.unit];
  if (freq.unit === 'minute' && freq.multiple >= 5) cycle = 24 * 60;
  if (freq.unit === 'second' && freq.multiple >= 5) cycle = 60 * 60;
  const season = cycle / freq.multiple;
  return Number.isInteger(season) ? season : 1;
}
