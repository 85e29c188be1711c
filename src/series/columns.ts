/**
 * Which column is what. Names given by the user win, then the names of the convention (unique_id, ds, y), then what
 * the values of a sample look like. Whatever could be two things is an error that says which option decides.
 */
import { inputError, usageError } from '../errors.js';
import { type Batch, SAMPLE_ROWS } from './batch.js';
import type { CovariateNames, CovariateOptions } from './covariates.js';
import { parseFrequency } from './frequency.js';
import { at, listed, type Place, quoted } from './place.js';
import { parseTimestamp, TIMESTAMP_FORMS, type TimestampForms, TypedStamp } from './timestamp.js';
import { isMissing, readNumber } from './values.js';

/** Column names by role, as the user gave them. */
export interface ColumnOptions extends CovariateOptions {
  readonly time?: string;
  readonly target?: string;
  readonly id?: string;
  readonly freq?: string;
}

/** Column names by role, as they were chosen; null where there is no such column. */
export interface ColumnNames {
  readonly id: string | null;
  readonly time: string | null;
  readonly target: string;
}

/** Positions of the columns; null where there is none. */
export interface Roles {
  readonly id: number | null;
  readonly time: number | null;
  /** Null in a file of future covariates, which has no target. */
  readonly target: number | null;
  readonly past: readonly (number | null)[];
  readonly future: readonly (number | null)[];
  readonly static: readonly (number | null)[];
  /** How the time column is read: as integer steps, or as stamps in these forms. */
  readonly timeForms: 'integer' | TimestampForms;
}

/** What most values of a column are. `day-first`: dates like 01/02/2023, which nobody can read for sure. */
export type ColumnLook = 'empty' | 'stamp' | 'day-first' | 'number' | 'boolean' | 'text';

/** A column of the sample. */
export interface Column {
  readonly index: number;
  readonly name: string;
  readonly look: ColumnLook;
  /** The sample, and those of its values that are not missing. */
  readonly cells: readonly unknown[];
  readonly values: readonly unknown[];
}

const TIME_NAME =
  /^(ds|t|x?time|date|datetime|time_?stamp|time_?(index|step)|step|index|idx|year|yr|quarter|month|week|day|hour|minute|period)$/i;
const YEAR_NAME = /^(year|yr)$/i;
const DAY_FIRST = /^\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b/;

/**
 * Assigns the roles from the first rows of the input.
 * Errors: input `no_column` (a given name that is not there), `no_numeric_column`, `ambiguous_target`,
 * `ambiguous_time`, `ambiguous_id`; usage `same_column`.
 */
export function chooseColumns(
  sample: readonly Batch[],
  options: ColumnOptions,
  covariates: CovariateNames,
  place: Place,
): Roles {
  const columns = describeColumns(sample);
  const named = (name: string, role: string) => columns[positionOf(name, role, sample[0].columns, place)];
  const given = (role: 'time' | 'target' | 'id') =>
    options[role] === undefined ? undefined : named(options[role], role);
  let time = given('time');
  let target = given('target');
  let id = given('id');
  const past = covariates.past.map((name) => named(name, 'past'));
  const future = covariates.future.map((name) => named(name, 'future'));
  const fixed = covariates.static.map((name) => named(name, 'static'));
  const taken = [...past, ...future, ...fixed];
  const twice = [time, target, id, ...taken].find((column, i, all) => column !== undefined && all.indexOf(column) < i);
  if (twice !== undefined) {
    throw usageError(
      'same_column',
      `column ${quoted(twice.name)} is given for two of --time, --target, --id, --past, --future and --static; needed different columns. Name another.`,
    );
  }
  const free = () =>
    columns.filter((column) => column !== time && column !== target && column !== id && !taken.includes(column));
  const conventional = (name: string) => free().find((column) => column.name === name);
  time ??= conventional('ds');
  target ??= conventional('y');
  id ??= conventional('unique_id');
  time ??= findTime(free(), target, id, place);
  target ??= findTarget(free(), columns, place);
  id ??= findId(free(), place);
  return {
    id: id?.index ?? null,
    time: time?.index ?? null,
    target: target.index,
    past: past.map(({ index }) => index),
    future: future.map(({ index }) => index),
    static: fixed.map(({ index }) => index),
    timeForms: time === undefined ? 'integer' : timeForms(time, options.freq),
  };
}

/**
 * Positions of the chosen columns in a further file, found by name alone. A file of future covariates (`ahead`) needs
 * those, and what tells its rows apart; it has no target. Errors: input `no_column`.
 */
export function locateColumns(
  columns: readonly string[],
  { id, time, target }: ColumnNames,
  timeForms: Roles['timeForms'],
  covariates: CovariateNames,
  ahead: boolean,
  place: Place,
): Roles {
  const needed = (name: string | null, role: string) => (name === null ? null : positionOf(name, role, columns, place));
  return {
    id: needed(id, 'id'),
    time: needed(time, 'time'),
    target: ahead ? null : needed(target, 'target'),
    past: covariates.past.map((name) => (ahead ? null : needed(name, 'past'))),
    future: covariates.future.map((name) => needed(name, 'future')),
    static: covariates.static.map((name) => (ahead && !columns.includes(name) ? null : needed(name, 'static'))),
    timeForms,
  };
}

/** The columns of a sample, which has at least one batch. */
export function describeColumns(sample: readonly Batch[]): Column[] {
  const { columns, decimalComma } = sample[0];
  const rows = sample.flatMap((batch) => batch.cells).slice(0, SAMPLE_ROWS);
  return columns.map((name, index) => {
    const cells = rows.map((row) => row[index]);
    const values = cells.filter((cell) => !isMissing(cell));
    return { index, name, cells, values, look: lookOf(values, decimalComma) };
  });
}

/** The kind of more than half of the values. */
function lookOf(values: readonly unknown[], decimalComma: boolean): ColumnLook {
  if (values.length === 0) return 'empty';
  const most = (test: (value: unknown) => boolean) => 2 * values.filter(test).length > values.length;
  if (most(isStamp) || values.every(isCompactDate)) return 'stamp';
  if (most((value) => readNumber(value, decimalComma) !== null)) return 'number';
  if (values.every((value) => /^(true|false)$/i.test(String(value)))) return 'boolean';
  return most((value) => typeof value === 'string' && DAY_FIRST.test(value)) ? 'day-first' : 'text';
}

function isStamp(value: unknown): boolean {
  if (value instanceof Date || value instanceof TypedStamp) return true;
  const stamp = typeof value === 'string' ? parseTimestamp(value) : null;
  return stamp !== null && stamp.kind !== 'integer';
}

function isInteger(value: unknown): boolean {
  return parseTimestamp(String(value))?.kind === 'integer';
}

/** `20230131`, of the last or next two hundred years: a column of nothing else is hardly a column of numbers. */
function isCompactDate(value: unknown): boolean {
  const text = String(value);
  return /^(18|19|20|21)\d{6}$/.test(text) && parseTimestamp(text, { compact: true })?.kind === 'date';
}

function positionOf(name: string, role: string, columns: readonly string[], place: Place): number {
  const position = columns.indexOf(name);
  if (position >= 0) return position;
  throw inputError(
    'no_column',
    `${place.source} has no column ${quoted(name)} for --${role}; it has ${listed(columns)}. Give one of these.`,
  );
}

/**
 * The one column of stamps; else the one integer column with a name for time; else the first column, where it holds
 * strictly increasing integers. A text column that must be meant as time is returned too, so that reading its first
 * value says what is wrong with it.
 */
function findTime(
  free: readonly Column[],
  target: Column | undefined,
  id: Column | undefined,
  place: Place,
): Column | undefined {
  const only = (candidates: readonly Column[]) => {
    if (candidates.length > 1) {
      throw inputError(
        'ambiguous_time',
        `${place.source} has more than one column that could be the time: ${listed(candidates.map((c) => c.name))}; needed one. Say which with --time.`,
      );
    }
    return candidates[0];
  };
  const stamps = only(free.filter((column) => column.look === 'stamp'));
  if (stamps !== undefined) return stamps;
  const dayFirst = free.find((column) => column.look === 'day-first');
  if (dayFirst !== undefined) return dayFirst;
  // A lone numeric column is the target, whatever its name.
  const numeric = free.filter((column) => column.look === 'number');
  if (target !== undefined || numeric.length > 1) {
    const integers = numeric.filter((column) => column.values.every(isInteger));
    const named = only(integers.filter((column) => TIME_NAME.test(column.name)));
    if (named !== undefined) return named;
    const texts = free.filter((column) => column.look === 'text');
    const perSeries = id ?? (texts.length === 1 ? texts[0] : undefined);
    const first = integers.find((column) => column === numeric[0]);
    if (first !== undefined && increases(first, perSeries)) return first;
  }
  const texts = free.filter((column) => column.look === 'text');
  const named = texts.find((column) => TIME_NAME.test(column.name));
  if (named !== undefined) return named;
  // Without a time column, a text that never repeats would make every row a series of its own.
  const lone = texts.length === 1 && id === undefined ? texts[0] : undefined;
  const repeats = lone !== undefined && new Set(lone.values).size < lone.values.length;
  return lone !== undefined && !repeats && !hasBlanks(lone) && lone.values.length > 1 ? lone : undefined;
}

/** Integers that increase strictly within every series of the sample, none missing. */
function increases(column: Column, id: Column | undefined): boolean {
  const latest = new Map<unknown, number>();
  return column.cells.every((cell, row) => {
    const key = id?.cells[row];
    const value = isMissing(cell) ? Number.NaN : Number(cell);
    const before = latest.get(key) ?? Number.NEGATIVE_INFINITY;
    latest.set(key, value);
    return value > before;
  });
}

/** A cell without an id. `NA` is one: the country code of Namibia. */
export function isBlank(cell: unknown): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');
}

function hasBlanks(column: Column): boolean {
  return column.cells.some(isBlank);
}

/** The one numeric column. Without a name it is the row number that pandas and R write, and does not count. */
function findTarget(free: readonly Column[], columns: readonly Column[], place: Place): Column {
  const numeric = free.filter((column) => column.look === 'number');
  const named = numeric.filter((column) => column.name !== '');
  const candidates = named.length > 0 ? named : numeric;
  if (candidates.length === 1) return candidates[0];
  if (candidates.length > 1) {
    throw inputError(
      'ambiguous_target',
      `${place.source} has ${candidates.length} numeric columns: ${listed(candidates.map((c) => c.name))}; needed one target. Say which with --target.`,
    );
  }
  const empty = free.filter((column) => column.look === 'empty' && column.name !== '');
  if (empty.length === 1) return empty[0];
  throw inputError(
    'no_numeric_column',
    `${place.source} has no numeric column to forecast among ${listed(columns.map((c) => c.name))}; needed one. Check the delimiter and the decimal sign, or name it with --target.`,
  );
}

/** The one text column that is filled in every row. */
function findId(free: readonly Column[], place: Place): Column | undefined {
  const texts = free.filter((column) => column.look === 'text' && !hasBlanks(column));
  if (texts.length <= 1) return texts[0];
  throw inputError(
    'ambiguous_id',
    `${place.source} has ${texts.length} text columns: ${listed(texts.map((c) => c.name))}; needed one that names the series. Say which with --id.`,
  );
}

/** Integers are steps, unless they are days written 20230131, or years by the column's name or a yearly --freq. */
function timeForms(column: Column, freq: string | undefined): 'integer' | TimestampForms {
  const { values } = column;
  if (values.length === 0 || 2 * values.filter(isInteger).length <= values.length) return {};
  if (values.every(isCompactDate)) return { compact: true };
  const asked = YEAR_NAME.test(column.name) || (freq !== undefined && parseFrequency(freq).unit === 'year');
  return asked && values.every((value) => /^\d{4}$/.test(String(value).trim())) ? { years: true } : 'integer';
}

/** A cell of the time column, which must be a stamp of the right kind. Errors: input `bad_time`. */
export function badTime(
  cell: unknown,
  column: string,
  line: number,
  place: Place,
  why: string = TIMESTAMP_FORMS,
): Error {
  const text = String(cell);
  const needed = DAY_FIRST.test(text)
    ? 'a date in ISO 8601 such as 2023-02-01, because day and month cannot be told apart'
    : why;
  return inputError(
    'bad_time',
    `${at(place, line, column)} has ${isMissing(cell) ? 'no time' : quoted(cell)}; needed ${needed}. Correct it, or name another column with --time.`,
  );
}
