/** Columns beside the target: which ones, how their values are read, and what a series has only once. */
import { inputError, usageError } from '../errors.js';
import { at, type Place, quoted } from './place.js';
import { detached, numberAdvice, readNumber } from './values.js';

/** Names of covariate columns by role, as the user gave them. */
export interface CovariateOptions {
  /** Known up to now, such as a measured temperature. */
  readonly past?: readonly string[];
  /** Known ahead, such as holidays and prices: rows after the last y, or a file of their own, hold the horizon. */
  readonly future?: readonly string[];
  /** One value per series, number or text, such as a region. */
  readonly static?: readonly string[];
}

/** The same with nothing left out. */
export interface CovariateNames {
  readonly past: readonly string[];
  readonly future: readonly string[];
  readonly static: readonly string[];
}

/** @throws usage `same_column` where a name has two roles; `bad_covariates` for what is no list of names. */
export function covariateNames(options: CovariateOptions): CovariateNames {
  const { past = [], future = [], static: fixed = [] } = options;
  for (const [role, names] of Object.entries({ past, future, static: fixed })) {
    if (!Array.isArray(names) || names.some((name) => typeof name !== 'string' || name === ''))
      throw usageError(
        'bad_covariates',
        `${role} is ${quoted(JSON.stringify(names))}; it needs a list of column names.`,
      );
  }
  const all = [...past, ...future, ...fixed];
  const twice = all.find((name, i) => all.indexOf(name) < i);
  if (twice !== undefined) {
    throw usageError(
      'same_column',
      `column ${quoted(twice)} is given twice among --past, --future and --static; each column has one role. Take one out.`,
    );
  }
  return { past, future, static: fixed };
}

/**
 * One value of a past or future covariate: a number, `true` or `false` as 1 or 0, NaN where missing.
 * Errors: input `bad_number`.
 */
export function readCovariate(cell: unknown, decimalComma: boolean, place: Place, line: number, name: string): number {
  const value = numberOrFlag(cell, decimalComma);
  if (value !== null) return value;
  throw inputError(
    'bad_number',
    `${at(place, line, name)} has ${quoted(cell)}; a covariate needs finite numbers, or true and false, or empty for a missing value. ${numberAdvice(cell)} Code categories as numbers, or give a text that never changes within a series with --static.`,
  );
}

function numberOrFlag(cell: unknown, decimalComma: boolean): number | null {
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  const number = readNumber(cell, decimalComma);
  if (number !== null || typeof cell !== 'string') return number;
  const flag = cell.trim().toLowerCase();
  return flag === 'true' ? 1 : flag === 'false' ? 0 : null;
}

/** A value as it was written, as a number (null where it is none), and where it was first. */
interface StaticValue {
  readonly text: string;
  readonly number: number | null;
  readonly where: string;
}

/** Collects the one value that every series has in each static column. */
export class StaticValues {
  readonly #names: readonly string[];
  /** By series and column; nothing where no row had a value yet. */
  readonly #found: (StaticValue | undefined)[][] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Notes the cell of one row. Errors: input `static_varies` naming both rows. */
  note(series: number, column: number, id: string, cell: unknown, decimalComma: boolean, place: Place, line: number) {
    this.#found[series] ??= [];
    const row = this.#found[series];
    const known = row[column];
    // Nearly always the text of the row before.
    if ((known !== undefined && cell === known.text) || cell === null || cell === undefined || cell === '') return;
    const text = String(cell).trim();
    if (text === '') return;
    const number = numberOrFlag(cell, decimalComma);
    // `NA` gives way to numbers, but stays as a text among texts: the country code of Namibia.
    if (known === undefined || (Number.isNaN(known.number) && number !== null)) {
      row[column] = { text: detached(text), number, where: at(place, line, this.#names[column]) };
    } else if (known.text !== text && !Number.isNaN(number) && (number === null || number !== known.number)) {
      throw inputError(
        'static_varies',
        `${known.where} has ${quoted(known.text)} and ${at(place, line)} ${quoted(text)} for series ${quoted(id)}; a static column needs one value per series. Correct one, or give the column with --past or --future.`,
      );
    }
  }

  /**
   * The values by series. A column holds numbers where every value is one (true and false are 1 and 0), else text;
   * a series without a value has NaN, or an empty text.
   */
  finish(series: number): (number | string)[][] {
    const numeric = this.#names.map((_, column) =>
      this.#found.every((row) => row?.[column] === undefined || row[column].number !== null),
    );
    return Array.from({ length: series }, (_, s) =>
      this.#names.map((_, column) => {
        const found = this.#found[s]?.[column];
        return numeric[column] ? (found?.number ?? Number.NaN) : (found?.text ?? '');
      }),
    );
  }
}
