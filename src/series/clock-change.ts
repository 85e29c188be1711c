/** The pattern that clocks leave in local times without a zone: an hour that comes twice in autumn. */
import { DAY_MS } from './calendar.js';

const HOUR_MS = 3_600_000;
/** Clocks are put back once a year; a few places did it twice. */
const MOST_CHANGES_A_YEAR = 2;

/**
 * Whether the repeated stamps of a series are those of clocks that were put back: on few days, each within one hour
 * of the night, and all stamps of that hour are there twice.
 * @param times ascending, milliseconds of the wall clock
 */
export function repeatsAutumnHour(times: Float64Array): boolean {
  const counts = new Map<number, { once: number; twice: number }>();
  const hours = new Set<number>();
  for (let i = 0; i < times.length; i++) {
    const hour = Math.floor(times[i] / HOUR_MS);
    const count = counts.get(hour) ?? { once: 0, twice: 0 };
    if (i > 0 && times[i] === times[i - 1]) {
      if (i > 1 && times[i] === times[i - 2]) return false;
      count.once--;
      count.twice++;
      hours.add(hour);
    } else count.once++;
    counts.set(hour, count);
  }
  const days = new Set(Array.from(hours, (hour) => Math.floor((hour * HOUR_MS) / DAY_MS)));
  const years = (times[times.length - 1] - times[0]) / (365 * DAY_MS);
  return (
    hours.size > 0 &&
    days.size === hours.size &&
    days.size <= MOST_CHANGES_A_YEAR * Math.ceil(years + 1) &&
    [...hours].every((hour) => hour % 24 < 6 && counts.get(hour)?.once === 0) &&
    // Days have no hours to repeat: there must be others around.
    counts.size > 3 * hours.size
  );
}
