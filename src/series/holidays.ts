/** Public holidays as a future covariate: 1 on every step of a holiday, 0 elsewhere. */
import { usageError } from '../errors.js';
import { civilFromDays, DAY_MS } from './calendar.js';
import type { Series, SeriesFrame } from './frame.js';
import { advance } from './frequency.js';
import { observedSpan } from './scaling.js';

/** Name of the covariate. */
export const HOLIDAY = 'holiday';

/** Holidays are days: of what is shorter every step of the day counts, and of what is longer nothing can be said. */
const UNITS: readonly string[] = ['second', 'minute', 'hour', 'day', 'business-day'];

/**
 * First and last year that the frame and `horizon` steps after it touch.
 * @throws usage error `no_calendar_days` for integer steps and for steps longer than a day
 */
export function holidayYears(frame: SeriesFrame, horizon: number): { first: number; last: number } {
  const { axis, source } = frame;
  if (
    axis.kind === 'integer' ||
    !UNITS.includes(axis.freq.unit) ||
    (axis.freq.unit.endsWith('day') && axis.freq.multiple > 1)
  )
    throw usageError(
      'no_calendar_days',
      `${source} has ${axis.kind === 'integer' ? 'integer steps' : `frequency ${axis.freq.alias}`}; holidays need the dates of days or hours. Leave --holidays out.`,
    );
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const series of frame.series) {
    first = Math.min(first, series.start);
    last = Math.max(last, advance(axis.freq, series.start, stepsOf(series, horizon) - 1));
  }
  const year = (time: number) => civilFromDays(Math.floor(time / DAY_MS)).year;
  return { first: year(first), last: year(last) };
}

/**
 * The frame with one more future covariate, `holiday`, which is known `horizon` steps past the last value of each series. Days are
 * those of the stamps as they are written.
 * @param days of holidays, counted from 1970-01-01
 * @throws usage error `bad_covariates` if the frame has a covariate of that name
 */
export function addHolidays(frame: SeriesFrame, days: ReadonlySet<number>, horizon: number): SeriesFrame {
  const { past, future, static: fixed } = frame.covariates;
  if ([...past, ...future, ...fixed].includes(HOLIDAY))
    throw usageError(
      'bad_covariates',
      `${frame.source} has a covariate "${HOLIDAY}" already. Leave it out, or leave --holidays out.`,
    );
  const series = frame.series.map((one): Series => {
    const length = stepsOf(one, horizon);
    const longer = (values: Float64Array) => {
      if (values.length === length) return values;
      const copy = new Float64Array(length).fill(Number.NaN);
      copy.set(values);
      return copy;
    };
    const holiday = Float64Array.from({ length }, (_, k) =>
      days.has(Math.floor(advance(frame.axis.freq, one.start, k) / DAY_MS)) ? 1 : 0,
    );
    return { ...one, y: longer(one.y), past: one.past.map(longer), future: [...one.future.map(longer), holiday] };
  });
  return { ...frame, series, covariates: { ...frame.covariates, future: [...future, HOLIDAY] } };
}

/** Steps from the start of a series to the end of the horizon, or as many as there are. */
function stepsOf({ y }: Series, horizon: number): number {
  return Math.max(y.length, observedSpan(y).end + horizon);
}
