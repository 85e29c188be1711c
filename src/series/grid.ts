/** From rows in any order to series on a regular grid: grouped, sorted, checked for duplicates, gaps as NaN. */
import { inputError, usageError } from '../errors.js';
import { DAY_MS } from './calendar.js';
import type { Frequency, Series, TimeAxis, TimeStyle } from './frame.js';
import { parseFrequency, stepsBetween } from './frequency.js';
import { confirmFrequency, type DescribeStamp, inferFrequency } from './inference.js';
import type { Ingested } from './ingest.js';
import { at, listed, type Place, quoted } from './place.js';
import { formatTimestamp, refineStyle } from './timestamp.js';

/** The grid may have this many points, and so many more per row, before it is taken for a mistake in the stamps. */
const FREE_POINTS = 1_000_000;
const POINTS_PER_ROW = 100;

/** Rows by series and time. */
interface Sorted {
  /** Row numbers: those of series k are order[bounds[k]] … order[bounds[k+1] − 1], by time. */
  readonly order: Uint32Array;
  readonly bounds: Uint32Array;
  /** Times in that order, per series. */
  readonly times: readonly Float64Array[];
}

/**
 * Puts the rows on the grid of their frequency (inferred where not given).
 * Errors: input `duplicate_time`, `irregular_time`, `no_frequency`, `too_sparse`, `all_missing`; usage `bad_freq`.
 */
export function buildSeries(
  rows: Ingested,
  givenFreq: string | undefined,
  place: Place,
): { series: Series[]; axis: TimeAxis; missing: number } {
  const { time, zone } = commonZone(rows);
  const sorted = sortRows(rows, time);
  const written = { kind: rows.kind, zone, ...(rows.style === null ? {} : { style: rows.style }) };
  const describe: DescribeStamp = (k, i) => {
    const row = sorted.order[sorted.bounds[k] + i];
    const id = rows.ids.length > 1 ? `series ${quoted(rows.ids[k])} ` : '';
    return `${id}${formatTimestamp(written, time[row])} (${at(place, rows.log.line[row])})`;
  };
  checkDuplicates(rows, sorted, (row) => formatTimestamp(written, time[row]), place);
  const freq = chooseFrequency(rows, sorted, givenFreq, describe);
  checkSize(sorted, rows, freq, place);
  let missing = 0;
  const series = rows.ids.map((id, k) => {
    const stamps = sorted.times[k];
    const y = new Float64Array(stepsBetween(freq, stamps[0], stamps[stamps.length - 1])! + 1).fill(Number.NaN);
    let present = 0;
    for (let i = 0; i < stamps.length; i++) {
      const value = rows.log.y[sorted.order[sorted.bounds[k] + i]];
      y[stepsBetween(freq, stamps[0], stamps[i])!] = value;
      if (!Number.isNaN(value)) present++;
    }
    if (present === 0) throw allMissing(id, rows, place);
    missing += y.length - present;
    return { id, start: stamps[0], y };
  });
  return { series, axis: axisOf(written, rows.style, freq), missing };
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
function commonZone({ log, zone, mixedZones }: Ingested): { time: Float64Array; zone: string } {
  if (!mixedZones) return { time: log.time, zone };
  const { time, zoneMinutes } = log;
  const utc = time.map((wall, row) => wall - zoneMinutes[row] * 60_000);
  const timeOfDay = (t: number) => t - DAY_MS * Math.floor(t / DAY_MS);
  const daily = (times: Float64Array) => times.every((t) => timeOfDay(t) === timeOfDay(times[0]));
  return daily(time) && !daily(utc) ? { time, zone: '' } : { time: utc, zone: 'Z' };
}

/** A counting sort by series, then by time within each; rows of equal time keep their order. */
function sortRows({ log, ids }: Ingested, time: Float64Array): Sorted {
  const number = log.series;
  const bounds = new Uint32Array(ids.length + 1);
  for (let row = 0; row < number.length; row++) bounds[number[row] + 1]++;
  for (let k = 0; k < ids.length; k++) bounds[k + 1] += bounds[k];
  const next = bounds.slice();
  const order = new Uint32Array(number.length);
  for (let row = 0; row < number.length; row++) order[next[number[row]]++] = row;
  const times = ids.map((_, k) => {
    const part = order.subarray(bounds[k], bounds[k + 1]);
    if (part.some((row, i) => i > 0 && time[row] < time[part[i - 1]])) part.sort((a, b) => time[a] - time[b] || a - b);
    return Float64Array.from(part, (row) => time[row]);
  });
  return { order, bounds, times };
}

/** Names the duplicate that comes first in the input. */
function checkDuplicates(rows: Ingested, sorted: Sorted, stampOf: (row: number) => string, place: Place): void {
  const { order, bounds, times } = sorted;
  let first: { row: number; before: number; id: string } | undefined;
  for (let k = 0; k < times.length; k++) {
    for (let i = 1; i < times[k].length; i++) {
      const row = order[bounds[k] + i];
      if (times[k][i] === times[k][i - 1] && (first === undefined || row < first.row))
        first = { row, before: order[bounds[k] + i - 1], id: rows.ids[k] };
    }
  }
  if (first === undefined) return;
  const { id, names, columns, log } = { id: first.id, ...rows };
  const where = `${place.source}, ${place.unit}s ${log.line[first.before]} and ${log.line[first.row]}`;
  const others = columns.filter((name) => name !== '' && name !== names.time && name !== names.target);
  const advice =
    names.id !== null
      ? 'Keep one of them, or add them up first.'
      : `If the file has several series, name the column that tells them apart with --id${others.length > 0 ? ` (columns: ${listed(others)})` : ''}; else keep one row.`;
  throw inputError(
    'duplicate_time',
    `${where} both have ${stampOf(first.row)}${names.id === null ? '' : ` for series ${quoted(id)}`}; needed one row per series and time. ${advice}`,
  );
}

function chooseFrequency(
  rows: Ingested,
  sorted: Sorted,
  given: string | undefined,
  describe: DescribeStamp,
): Frequency {
  if (given !== undefined) {
    const freq = parseFrequency(given);
    if ((freq.unit === 'step') !== (rows.kind === 'integer')) {
      throw usageError(
        'bad_freq',
        rows.kind === 'integer'
          ? `--freq ${given} needs dates, but the time steps are integers. Leave --freq out and give the season length with --season.`
          : `--freq ${given} needs integer steps, but the times are dates. Give an alias such as D or MS.`,
      );
    }
    return confirmFrequency(freq, sorted.times, describe);
  }
  // One stamp per series shows no step, but a stamp that is written as a month or a year does.
  const single = sorted.times.every((stamps) => stamps.length === 1);
  const precision = rows.style?.precision;
  if (single && precision === 'month') return parseFrequency('MS');
  if (single && precision === 'year') return parseFrequency('YS');
  return inferFrequency(sorted.times, rows.kind, describe);
}

/** Two stamps far apart on a fine grid would ask for more memory than there is. */
function checkSize(sorted: Sorted, rows: Ingested, freq: Frequency, place: Place): void {
  let points = 0;
  for (const [k, stamps] of sorted.times.entries()) {
    points += stepsBetween(freq, stamps[0], stamps[stamps.length - 1])! + 1;
    if (points > FREE_POINTS + POINTS_PER_ROW * rows.log.length) {
      throw inputError(
        'too_sparse',
        `${place.source}: series ${quoted(rows.ids[k])} has ${stamps.length} rows but spans so many steps of ${freq.alias} that nearly all would be missing. Check its first and last time, or give a coarser --freq.`,
      );
    }
  }
}

function allMissing(id: string, { names }: Ingested, place: Place): Error {
  return inputError(
    'all_missing',
    `${place.source}: series ${quoted(id)} has no value in column ${quoted(names.target)}; needed at least one. Leave the series out, or name another column with --target.`,
  );
}
