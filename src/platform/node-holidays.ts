/** Public holidays of countries and regions, where the optional package date-holidays is installed. */
import { usageError } from '../errors.js';
import { loadFailure } from './node-optional.js';

type Holidays = typeof import('date-holidays').default;

const DAY_MS = 86_400_000;

/**
 * Days of public holidays, counted from 1970-01-01, from the first year to the last. What is only an observance, a bank holiday or
 * optional is none.
 * @param place a country by its ISO 3166 code, and perhaps a region: `DE`, `US`, `CA-ON`, `DE-BY`
 * Errors: usage `holidays_missing` without the package, `unknown_country`.
 */
export async function publicHolidays(place: string, years: { first: number; last: number }): Promise<Set<number>> {
  const Calendar = await loadHolidays();
  const calendar = calendarOf(Calendar, place);
  const days = new Set<number>();
  for (let year = years.first; year <= years.last; year++) {
    for (const { date, start, end, type } of calendar.getHolidays(year)) {
      if (type !== 'public') continue;
      // The date is that of the country, the instants are in UTC; a length of 23 hours is a day too.
      const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / DAY_MS;
      const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      for (let day = first; day < first + length; day++) days.add(day);
    }
  }
  return days;
}

async function loadHolidays(): Promise<Holidays> {
  try {
    return (await import('date-holidays')).default;
  } catch (error) {
    throw usageError(
      'holidays_missing',
      `holidays need the optional package date-holidays, ${loadFailure(error)}. Run npm install date-holidays, or give them as a column with --future.`,
    );
  }
}

/** Of an unknown region date-holidays would give the whole country's, of an unknown country none. */
function calendarOf(Calendar: Holidays, place: string): InstanceType<Holidays> {
  const [country, ...regions] = place.toUpperCase().split('-');
  const all = new Calendar();
  if (!Object.hasOwn(all.getCountries(), country))
    throw usageError(
      'unknown_country',
      `no holidays are known for "${place}"; needed a country by its two letters, such as DE or US, perhaps with a region, such as CA-ON.`,
    );
  const known: string[][] = [Object.keys(all.getStates(country) ?? {})];
  if (regions.length > 1) known.push(Object.keys(all.getRegions(country, regions[0]) ?? {}));
  regions.forEach((region, i) => {
    if (known[i]?.includes(region)) return;
    const choice = known[i]?.length ? `; there are ${known[i].join(', ')}` : '';
    throw usageError(
      'unknown_country',
      `no holidays are known for "${region}" of "${place}"${choice}. Correct --holidays.`,
    );
  });
  return new Calendar(country, ...(regions as [string, string]));
}
