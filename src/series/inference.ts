/** Which frequency the stamps of a frame have, when nobody says. */
import { inputError } from '../errors.js';
import { civilFromDays, DAY_MS, daysInMonth, weekday } from './calendar.js';
import type { Frequency, TimeKind } from './frame.js';
import {
  anchorTo,
  businessFrequency,
  fixedFrequency,
  monthFrequency,
  stepFrequency,
  stepMonths,
  stepsBetween,
} from './frequency.js';
import { formatTimestamp } from './timestamp.js';

/** Says which stamp is meant, for messages: `2023-01-31 (line 5)`. */
export type DescribeStamp = (series: number, index: number) => string;

/** A stamp that lies on no step from the start of its series. */
export interface Misfit {
  readonly series: number;
  readonly index: number;
}

/** Below this share of differences, a finer step is taken for a stray stamp rather than for the frequency. */
const STRAY_SHARE = 0.05;

/**
 * The frequency of several series: the most common step between neighbouring stamps, if from the start of every
 * series whole steps lead to all its stamps; else the smallest step, if at least one in twenty differences needs it.
 * Gaps are allowed, and series may start at different phases. Steps of months are tried before steps of days; days
 * that step over weekends and never fall on one are business days; stamps that are all last days of a month are
 * month ends.
 * @param times per series, ascending and without duplicates
 * Errors: input `irregular_time` naming the first stamp that does not fit, `no_frequency` where no series has two stamps.
 */
export function inferFrequency(
  times: readonly Float64Array[],
  kind: TimeKind,
  describe: DescribeStamp = (series, index) => plainStamp(kind, times[series][index]),
): Frequency {
  const gaps = differences(times, (a, b) => b - a);
  if (gaps.total === 0) {
    if (kind === 'integer') return stepFrequency(1);
    throw inputError(
      'no_frequency',
      'every series has a single stamp, so the time between steps cannot be seen; needed two. Give it with --freq, for example --freq MS.',
    );
  }
  const candidates = kind === 'integer' ? [] : monthCandidates(times, gaps.longest);
  for (const step of gaps.candidates) {
    if (kind === 'integer') candidates.push(stepFrequency(step));
    else if (step === DAY_MS && skipsWeekends(times)) candidates.push(businessFrequency());
    else candidates.push(fixedFrequency(step));
  }
  let best: { freq: Frequency; misfit: Misfit; fits: number } | undefined;
  for (const freq of candidates) {
    const { misfit, fits } = fit(freq, times);
    if (misfit === null)
      return anchorTo(
        freq,
        times.map((stamps) => stamps[0]),
      );
    if (best === undefined || fits > best.fits) best = { freq, misfit, fits };
  }
  const { freq, misfit } = best!;
  throw offGrid(freq, misfit, describe, 'Correct it, or give the step with --freq.');
}

/**
 * Checks stamps against a frequency that the user gave. The unit and multiple are taken at their word; whether months
 * are starts or ends, and the weekday of weeks, is what the stamps say, so `M` reads month starts too.
 * Errors: input `irregular_time` naming the first stamp that is off the grid.
 */
export function confirmFrequency(given: Frequency, times: readonly Float64Array[], describe: DescribeStamp): Frequency {
  const months = stepMonths(given);
  const freq = months === null ? given : monthFrequency(months, allMonthEnds(times));
  const { misfit } = fit(freq, times);
  if (misfit !== null) throw offGrid(freq, misfit, describe, 'Correct it, or give a finer --freq.');
  return anchorTo(
    freq,
    times.map((stamps) => stamps[0]),
  );
}

function offGrid(freq: Frequency, misfit: Misfit, describe: DescribeStamp, advice: string): Error {
  const { series, index } = misfit;
  const got =
    index === 0
      ? `${describe(series, 0)} is no stamp of frequency ${freq.alias}`
      : `${describe(series, index)} is not a whole number of steps of ${freq.alias} after ${describe(series, 0)}`;
  return inputError('irregular_time', `${got}; needed a regular time axis (gaps are allowed). ${advice}`);
}

function plainStamp(kind: TimeKind, time: number): string {
  return formatTimestamp({ kind, zone: '' }, time);
}

/** How often each difference of neighbours occurs; the most common (smallest of equals), the longest, and what else may be the step. */
function differences(times: readonly Float64Array[], between: (a: number, b: number) => number) {
  const counts = new Map<number, number>();
  let total = 0;
  for (const stamps of times) {
    for (let i = 1; i < stamps.length; i++) {
      const gap = between(stamps[i - 1], stamps[i]);
      counts.set(gap, (counts.get(gap) ?? 0) + 1);
    }
    total += stamps.length - 1;
  }
  let mode = Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (const [gap, count] of counts) {
    const most = counts.get(mode) ?? 0;
    if (count > most || (count === most && gap < mode)) mode = gap;
    if (gap < least) least = gap;
    if (gap > longest) longest = gap;
  }
  let unfit = 0;
  for (const [gap, count] of counts) if (gap % mode !== 0) unfit += count;
  const candidates = least < mode && unfit >= STRAY_SHARE * total ? [mode, least] : [mode];
  return { total, mode, longest, candidates };
}

/** Steps of whole months, where any step is long enough to be one (months differ in length, so few steps may be alike). */
function monthCandidates(times: readonly Float64Array[], longestMs: number): Frequency[] {
  if (longestMs < 28 * DAY_MS) return [];
  const monthOf = (time: number) => {
    const { year, month } = civilFromDays(Math.floor(time / DAY_MS));
    return year * 12 + month;
  };
  const monthEnd = allMonthEnds(times);
  return differences(times, (a, b) => monthOf(b) - monthOf(a))
    .candidates.filter((months) => months > 0)
    .map((months) => monthFrequency(months, monthEnd));
}

function allMonthEnds(times: readonly Float64Array[]): boolean {
  return times.every((stamps) =>
    stamps.every((time) => {
      const { year, month, day } = civilFromDays(Math.floor(time / DAY_MS));
      return day === daysInMonth(year, month);
    }),
  );
}

/** True where no stamp falls on a weekend, though some neighbours lie on either side of one. */
function skipsWeekends(times: readonly Float64Array[]): boolean {
  let crossed = false;
  for (const stamps of times) {
    for (let i = 0; i < stamps.length; i++) {
      const day = weekday(Math.floor(stamps[i] / DAY_MS));
      if (day > 4) return false;
      if (i > 0 && stamps[i] - stamps[i - 1] > day * DAY_MS) crossed = true;
    }
  }
  return crossed;
}

/** The first stamp that no whole number of steps reaches from the start of its series, and how many stamps are reached. */
function fit(freq: Frequency, times: readonly Float64Array[]): { misfit: Misfit | null; fits: number } {
  let misfit: Misfit | null = null;
  let fits = 0;
  for (let series = 0; series < times.length; series++) {
    const stamps = times[series];
    for (let index = 0; index < stamps.length; index++) {
      if (stepsBetween(freq, stamps[0], stamps[index]) !== null) fits++;
      else misfit ??= { series, index };
    }
  }
  return { misfit, fits };
}
