/** New rows put behind the histories that they belong to. */
import { inputError } from '../errors.js';
import type { Series, SeriesFrame, TimeAxis } from '../series/frame.js';
import { stepsBetween } from '../series/frequency.js';
import { formatTimestamp, zoneMinutes } from '../series/timestamp.js';
import type { FittedState } from './fit.js';
import { checkValues, type History, historyOf, timesOf } from './history.js';

/** A history with its new rows. */
export interface Joined {
  readonly history: History;
  /** Number of the series; a new one has a number of its own behind the known ones. */
  readonly series: number;
  /** Values that were known before. */
  readonly before: number;
}

/** Longer gaps per row that is known are taken for a mistake in the stamps. */
const FREE_STEPS = 1_000_000;
const STEPS_PER_ROW = 100;

/**
 * Joins the rows of a frame to the histories. Rows without a value after the last one do not lengthen a history: only their
 * future covariates are kept.
 * @param numbers id → number of the series
 * @param grow a column with room for so many values, NaN where new; it may share memory with the column
 * @throws input errors `other_frequency`, `other_zone`, `missing_column`, `off_grid`, `not_new`, `too_sparse`, `value_too_large`
 */
export function joinRows(
  state: FittedState,
  frame: SeriesFrame,
  numbers: ReadonlyMap<string, number>,
  grow: (column: Float64Array, length: number) => Float64Array,
): Joined[] {
  const shift = timeShift(frame, state.axis);
  const order = columnOrder(state, frame, numbers);
  let next = state.histories.length;
  // Everything is checked before anything is joined: an error leaves all as it was.
  const placed = frame.series.map((given): Placed => {
    const series = inOrder(given, order, shift);
    const number = numbers.get(series.id);
    if (number === undefined) return { series, number: next++, place: null };
    return { series, number, place: placeOf(state.histories[number], series, state.axis, frame.source) };
  });
  checkValues(frame.series, frame.source);
  return placed.map(({ series, number, place }) => {
    if (place === null) return { history: historyOf(series), series: number, before: 0 };
    const history = state.histories[number];
    return { history: joinSeries(history, series, place, grow), series: number, before: history.y.length };
  });
}

interface Placed {
  readonly series: Series;
  readonly number: number;
  /** null for a new series. */
  readonly place: Place | null;
}

/** Where new rows lie in a history. */
interface Place {
  /** Position of the first row. */
  readonly first: number;
  /** Values of the history with them. */
  readonly length: number;
}

function placeOf(history: History, series: Series, axis: TimeAxis, source: string): Place {
  const before = history.y.length;
  const stampOf = (index: number) => formatTimestamp(axis, timesOf(history, axis, index, 1)[0]);
  const steps = stepsBetween(axis.freq, history.start, series.start);
  if (steps === null)
    throw inputError(
      'off_grid',
      `${source}: series "${series.id}" has a row at ${formatTimestamp(axis, series.start)}, which is no whole number of steps (${axis.freq.alias}) after its last value at ${stampOf(before - 1)}. Give rows at the times of the history.`,
    );
  const first = steps - history.offset;
  const old = series.y.findIndex((value, k) => !Number.isNaN(value) && first + k < before);
  if (old >= 0)
    throw inputError(
      'not_new',
      `${source}: series "${series.id}" has a value at ${stampOf(first + old)}, but is known up to ${stampOf(before - 1)} already. Give only later rows; to forecast after another history, predict from that.`,
    );
  let end = series.y.length;
  while (end > 0 && Number.isNaN(series.y[end - 1])) end--;
  const length = Math.max(before, first + end);
  if (length - before > FREE_STEPS + STEPS_PER_ROW * (before + end))
    throw inputError(
      'too_sparse',
      `${source}: series "${series.id}" goes on ${length - before} steps (${axis.freq.alias}) after its last value at ${stampOf(before - 1)}, nearly all without a value. Check its times.`,
    );
  return { first, length };
}

function joinSeries(
  history: History,
  series: Series,
  { first, length }: Place,
  grow: (column: Float64Array, length: number) => Float64Array,
): History {
  const before = history.y.length;
  // Values and covariates that have been read stay as they are.
  const join = (column: Float64Array, values: Float64Array, size: number) => {
    const longer = grow(column, size);
    for (let k = Math.max(0, before - first); k < values.length && first + k < size; k++)
      if (!Number.isNaN(values[k])) longer[first + k] = values[k];
    return longer;
  };
  const known = Math.max(history.future[0]?.length ?? 0, first + series.y.length, length);
  return {
    ...history,
    y: join(history.y, series.y, length),
    past: history.past.map((column, c) => join(column, series.past[c], length)),
    future: history.future.map((column, c) => join(column, series.future[c], known)),
  };
}

/** The series of a frame with the covariates of the fit, in their order. @throws input error `missing_column` */
export function likeFit(state: FittedState, frame: SeriesFrame): SeriesFrame {
  const order = columnOrder(state, frame, new Map());
  return { ...frame, series: frame.series.map((series) => inOrder(series, order, 0)) };
}

/** What is to be added to the times of a frame so that they are those of the axis; wall clocks differ by their zones. */
function timeShift({ axis, source }: SeriesFrame, known: TimeAxis): number {
  if (axis.freq.alias !== known.freq.alias)
    throw inputError(
      'other_frequency',
      `${source} has frequency ${axis.freq.alias}; the model was fitted on ${known.freq.alias}. Give data of that frequency (name it, where few rows do not show it), or fit again.`,
    );
  if ((axis.zone === '') !== (known.zone === ''))
    throw inputError(
      'other_zone',
      `${source} has times ${axis.zone === '' ? 'without a zone' : `with the zone ${axis.zone}`}; the model was fitted on times ${known.zone === '' ? 'without one' : `with the zone ${known.zone}`}. Write them alike.`,
    );
  return (zoneMinutes(known.zone) - zoneMinutes(axis.zone)) * 60_000;
}

/** Columns of a frame in the order of the fit; −1 where one is not there and not needed. */
interface ColumnOrder {
  readonly past: readonly number[];
  readonly future: readonly number[];
  readonly static: readonly number[];
}

function columnOrder(
  { columns, explained, inputs }: FittedState,
  { series, covariates, source }: SeriesFrame,
  numbers: ReadonlyMap<string, number>,
): ColumnOrder {
  const find = (role: 'past' | 'future' | 'static', needed: boolean) =>
    columns[role].map((name) => {
      const at = covariates[role].indexOf(name);
      if (at < 0 && needed)
        throw inputError(
          'missing_column',
          `${source} has no ${role} covariate "${name}"; the model was fitted with it and needs it with new values. Add the column, and name it with --${role}.`,
        );
      return at;
    });
  const hasNew = series.some(({ id }) => !numbers.has(id));
  return {
    past: find('past', inputs.past > 0),
    future: find('future', explained !== null),
    static: find('static', hasNew && inputs.static.length > 0),
  };
}

function inOrder(series: Series, order: ColumnOrder, shift: number): Series {
  const column = (values: Float64Array | undefined) => values ?? new Float64Array(series.y.length).fill(Number.NaN);
  return {
    ...series,
    start: series.start + shift,
    past: order.past.map((at) => column(series.past[at])),
    future: order.future.map((at) => column(series.future[at])),
    static: order.static.map((at) => series.static[at] ?? Number.NaN),
  };
}
