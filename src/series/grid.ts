/** From rows in any order to series on a regular grid: grouped, sorted, checked for duplicates, gaps as NaN. */
import { inputError, usageError } from '../errors.js';
import { DAY_MS } from './calendar.js';
import { repeatsAutumnHour } from './clock-change.js';
import type { Frequency, Series, TimeAxis, TimeStyle } from './frame.js';
import { parseFrequency, stepsBetween } from './frequency.js';
import { confirmFrequency, type DescribeStamp, inferFrequency } from './inference.js';
import type { Ingested } from './ingest.js';
import { at, listed, quoted } from './place.js';
import { SortedRows } from './sort-rows.js';
import { formatTimestamp, refineStyle } from './timestamp.js';

/** The grid may have this many points, and so many more per row, before it is taken for a mistake in the stamps. */
const FREE_POINTS = 1_000_000;
const POINTS_PER_ROW = 100;

/**
 * Puts the rows on the grid of their frequency (inferred where not given). Rows ahead, which carry covariates only,
 * lengthen the grid; a row of the file of future covariates that meets a row of the data fills in what that lacks.
 * Errors: input `duplicate_time`, `irregular_time`, `no_frequency`, `too_sparse`, `all_missing`,
 * `conflicting_covariate`; usage `bad_freq`.
 */
export function buildSeries(
  rows: Ingested,
  givenFreq: string | undefined,
  source: string,
): { series: Series[]; axis: TimeAxis; missing: number } {
  const { time, zone } = commonZone(rows);
  const sorted = new SortedRows(rows.log.series, time, rows.ids.length);
  const { kind, style } = rows.stamps;
  const written = { kind, zone, ...(style === null ? {} : { style }) };
  const stampOf = (row: number) => formatTimestamp(written, time[row]);
  const describe: DescribeStamp = (k, i) => {
    const row = sorted.row(k, i);
    const id = rows.ids.length > 1 ? `series ${quoted(rows.ids[k])} ` : '';
    return `${id}${stampOf(row)} (${at(rows.placeOf(row), rows.log.line[row])})`;
  };
  checkDuplicates(rows, sorted, stampOf);
  const freq = chooseFrequency(rows, sorted, givenFreq, describe);
  checkSize(sorted, rows, freq, source);
  const grid: Grid = { rows, sorted, freq, stampOf };
  let missing = 0;
  const series = rows.ids.map((id, k) => {
    const one = gridSeries(grid, k);
    const { first, end, present } = observed(one.y);
    if (present === 0) throw allMissing(id, rows, source);
    missing += end - first - present;
    return one;
  });
  return { series, axis: axisOf(written, style, freq), missing };
}

/** Sorted rows and the steps between them. */
interface Grid {
  readonly rows: Ingested;
  readonly sorted: SortedRows;
  readonly freq: Frequency;
  /** The stamp of a row, for messages. */
  readonly stampOf: (row: number) => string;
}

function gridSeries(grid: Grid, k: number): Series {
  const { rows, sorted, freq } = grid;
  const stamps = sorted.times[k];
  const length = stepsBetween(freq, stamps[0], stamps[stamps.length - 1])! + 1;
  const empty = () => new Float64Array(length).fill(Number.NaN);
  const y = empty();
  const columns = rows.log.covariates;
  const covariates = columns.map(empty);
  const values = rows.log.y;
  for (let i = 0; i < stamps.length; i++) {
    const row = sorted.row(k, i);
    const step = stepsBetween(freq, stamps[0], stamps[i])!;
    // At one stamp the row of the data comes first, then that of the file of future covariates.
    if (row < rows.aheadFrom) y[step] = values[row];
    for (let c = 0; c < columns.length; c++) {
      const value = columns[c][row];
      if (Number.isNaN(value)) continue;
      if (!Number.isNaN(covariates[c][step]) && covariates[c][step] !== value)
        throw conflict(grid, sorted.row(k, i - 1), row, c);
      covariates[c][step] = value;
    }
  }
  const past = rows.covariates.past.length;
  return {
    id: rows.ids[k],
    start: stamps[0],
    y,
    past: covariates.slice(0, past),
    future: covariates.slice(past),
    static: rows.static[k],
  };
}

/** Where the values begin and end, and how many there are between. */
function observed(y: Float64Array): { first: number; end: number; present: number } {
  let first = 0;
  let end = 0;
  let present = 0;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(y[t])) continue;
    if (present++ === 0) first = t;
    end = t + 1;
  }
  return { first, end, present };
}

function conflict({ rows, stampOf }: Grid, before: number, row: number, covariate: number): Error {
  const { past, future } = rows.covariates;
  const { line, covariates } = rows.log;
  const name = [...past, ...future][covariate];
  return inputError(
    'conflicting_covariate',
    `${at(rows.placeOf(before), line[before], name)} has ${covariates[covariate][before]} and ${at(rows.placeOf(row), line[row])} has ${covariates[covariate][row]} at ${stampOf(row)}; needed one value. Correct one, or leave the row out of the file of future covariates.`,
  );
}

/** The axis writes stamps as finely as its steps need. */
function axisOf(written: Omit<TimeAxis, 'freq'>, style: TimeStyle | null, freq: Frequency): TimeAxis {
  if (style === null) return { ...written, freq };
  const refined = refineStyle(style, precisionOf(freq));
  const timed = refined.precision === 'minute' || refined.precision === 'second' || refined.precision === 'millisecond';
  return { ...written, kind: timed ? 'datetime' : 'date', style: refined, freq };
}

function precisionOf(freq: Frequency): TimeStyle['precision'] {
  switch (freq.unit) {
    case 'year':
      return 'year';
    case 'quarter':
    case 'month':
      return 'month';
    case 'hour':
    case 'minute':
      return 'minute';
    case 'second':
      return Number.isInteger(freq.multiple) ? 'second' : 'millisecond';
    default:
      return 'day';
  }
}

/**
 * One zone for all rows: the offset that all have; else UTC. But where local times agree in their time of day and UTC
 * times do not (days from midnight to midnight across a change to summer time), the days are what is regular: then
 * the local wall clock, without a zone.
 */
function commonZone({ log, stamps: { zone, mixedZones } }: Ingested): { time: Float64Array; zone: string } {
  if (!mixedZones) return { time: log.time, zone };
  const { time, zoneMinutes } = log;
  const utc = time.map((wall, row) => wall - zoneMinutes[row] * 60_000);
  const timeOfDay = (t: number) => t - DAY_MS * Math.floor(t / DAY_MS);
  const daily = (times: Float64Array) => times.every((t) => timeOfDay(t) === timeOfDay(times[0]));
  return daily(time) && !daily(utc) ? { time, zone: '' } : { time: utc, zone: 'Z' };
}

/** Names the duplicate that comes first in the input. */
function checkDuplicates(rows: Ingested, sorted: SortedRows, stampOf: (row: number) => string): void {
  const { times } = sorted;
  let first: { row: number; before: number; series: number } | undefined;
  for (let k = 0; k < times.length; k++) {
    for (let i = 1; i < times[k].length; i++) {
      if (times[k][i] !== times[k][i - 1]) continue;
      const row = sorted.row(k, i);
      const before = sorted.row(k, i - 1);
      // One row of the data and one of the file of future covariates are merged.
      if (row >= rows.aheadFrom && before < rows.aheadFrom) continue;
      if (first === undefined || row < first.row) first = { row, before, series: k };
    }
  }
  if (first !== undefined) throw duplicate(rows, first, times[first.series], stampOf);
}

function duplicate(
  { ids, names, columns, log, covariates, placeOf, stamps }: Ingested,
  { row, before, series }: { row: number; before: number; series: number },
  times: Float64Array,
  stampOf: (row: number) => string,
): Error {
  const place = placeOf(row);
  const where =
    placeOf(before) === place
      ? `${place.source}, ${place.unit}s ${log.line[before]} and ${log.line[row]}`
      : `${at(placeOf(before), log.line[before])} and ${at(place, log.line[row])}`;
  const known = new Set(['', names.time, names.target, ...covariates.past, ...covariates.future, ...covariates.static]);
  const others = columns.filter((name) => !known.has(name));
  const severalSeries = `If the file has several series, name the column that tells them apart with --id${others.length > 0 ? ` (columns: ${listed(others)})` : ''}`;
  let advice = names.id !== null ? 'Keep one of them, or add them up first.' : `${severalSeries}; else keep one row.`;
  if (stamps.kind === 'datetime' && stamps.zone === '' && repeatsAutumnHour(times))
    advice = `This looks like the hour that clocks repeat in autumn: write the times in UTC or with their offset, such as ${stampOf(row)}+01:00.`;
  return inputError(
    'duplicate_time',
    `${where} both have ${stampOf(row)}${names.id === null ? '' : ` for series ${quoted(ids[series])}`}; needed one row per series and time. ${advice}`,
  );
}

function chooseFrequency(
  rows: Ingested,
  sorted: SortedRows,
  given: string | undefined,
  describe: DescribeStamp,
): Frequency {
  if (given !== undefined) {
    const freq = parseFrequency(given);
    if ((freq.unit === 'step') !== (rows.stamps.kind === 'integer')) {
      throw usageError(
        'bad_freq',
        rows.stamps.kind === 'integer'
          ? `--freq ${given} needs dates, but the time steps are integers. Leave --freq out and give the season length with --season.`
          : `--freq ${given} needs integer steps, but the times are dates. Give an alias such as D or MS.`,
      );
    }
    return confirmFrequency(freq, sorted.times, describe);
  }
  // One stamp per series shows no step, but a stamp that is written as a month or a year does.
  const single = sorted.times.every((stamps) => stamps.length === 1);
  const precision = rows.stamps.style?.precision;
  if (single && precision === 'month') return parseFrequency('MS');
  if (single && precision === 'year') return parseFrequency('YS');
  return inferFrequency(sorted.times, rows.stamps.kind, describe);
}

/** Two stamps far apart on a fine grid would ask for more memory than there is. */
function checkSize(sorted: SortedRows, rows: Ingested, freq: Frequency, source: string): void {
  let points = 0;
  for (const [k, stamps] of sorted.times.entries()) {
    points += stepsBetween(freq, stamps[0], stamps[stamps.length - 1])! + 1;
    if (points > FREE_POINTS + POINTS_PER_ROW * rows.log.length) {
      throw inputError(
        'too_sparse',
        `${source}: series ${quoted(rows.ids[k])} has ${stamps.length} rows but spans so many steps of ${freq.alias} that nearly all would be missing. Check its first and last time, or give a coarser --freq.`,
      );
    }
  }
}

function allMissing(id: string, { names }: Ingested, source: string): Error {
  return inputError(
    'all_missing',
    `${source}: series ${quoted(id)} has no value in column ${quoted(names.target)}; needed at least one. Leave the series out, or name another column with --target.`,
  );
}
