/** Turns batches of cells into rows of numbers: the column roles are chosen from a sample, then every cell is checked. */
import { inputError } from '../errors.js';
import { type Batch, SAMPLE_ROWS } from './batch.js';
import { type ColumnNames, type ColumnOptions, chooseColumns, isBlank, locateColumns, type Roles } from './columns.js';
import { type CovariateNames, covariateNames, readCovariate, StaticValues } from './covariates.js';
import { at, listed, type Place, quoted } from './place.js';
import { MAX_ROWS, RowLog, tooManyRows } from './row-log.js';
import { StampReader, type StampSummary } from './stamps.js';
import { DecimalSign, detached, numberAdvice, readNumber } from './values.js';

/** All rows of an input, checked, still in their order. */
export interface Ingested {
  readonly log: RowLog;
  /** Row from which on they come from the file of future covariates and have no y; the number of rows if there is none. */
  readonly aheadFrom: number;
  /** Ids by series number. */
  readonly ids: readonly string[];
  readonly names: ColumnNames;
  readonly covariates: CovariateNames;
  /** By series number. */
  readonly static: readonly (readonly (number | string)[])[];
  /** Columns of the (last) file. */
  readonly columns: readonly string[];
  readonly stamps: StampSummary;
  /** Where a row was read. */
  readonly placeOf: (row: number) => Place;
}

/** Which columns are which, and what that makes of the cells. */
interface Plan {
  readonly names: ColumnNames;
  readonly timeForms: Roles['timeForms'];
  readonly stamps: StampReader;
}

/**
 * Collects the rows of one input: one file, or several of the same columns one after the other, then perhaps one of
 * future covariates. Begin each, add its batches in order; finish at the end.
 * Errors: those of chooseColumns and of the readers of cells; input `no_id`, `no_rows`, `unknown_series`.
 */
export class Ingest {
  readonly #options: ColumnOptions;
  readonly #covariates: CovariateNames;
  readonly #log = new RowLog();
  readonly #static: StaticValues;
  readonly #decimalSign = new DecimalSign();
  readonly #places: { readonly place: Place; readonly firstRow: number }[] = [];
  #place!: Place;
  #columns: readonly string[] = [];
  #plan: Plan | undefined;
  #roles: Roles | undefined;
  #aheadFrom: number | undefined;
  /** Batches that wait until there is enough of a sample to choose the roles. */
  #sample: Batch[] = [];
  #sampled = 0;

  /** Series numbers by id; a Map, because an id may be `__proto__`. */
  readonly #numbers = new Map<string, number>();
  readonly #ids: string[] = [];
  #lastId: string | undefined;
  #lastNumber = 0;
  /** Without a time column: rows so far of each series. */
  readonly #steps: number[] = [];

  constructor(options: ColumnOptions) {
    this.#options = options;
    this.#covariates = covariateNames(options);
    this.#static = new StaticValues(this.#covariates.static);
    this.#log.reserve(this.#covariates.past.length + this.#covariates.future.length);
  }

  /** Names of the columns that are read; null until that is known. */
  readonly wanted = (): ReadonlySet<string> | null => {
    if (this.#plan === undefined) return null;
    const { past, future, static: fixed } = this.#covariates;
    const { id, time, target } = this.#plan.names;
    return new Set([id ?? '', time ?? '', target, ...past, ...future, ...fixed]);
  };

  /** Begins the next file. `ahead`: it carries future covariates, and no y is read from it. */
  begin(place: Place, ahead = false): void {
    if (this.#plan === undefined && this.#sampled > 0) this.#start();
    this.#sample = [];
    this.#roles = undefined;
    this.#place = place;
    if (ahead) {
      if (this.#plan === undefined) throw this.#noRows();
      this.#aheadFrom = this.#log.length;
    }
    this.#places.push({ place, firstRow: this.#log.length });
  }

  add(batch: Batch): void {
    if (this.#plan !== undefined) {
      this.#columns = batch.columns;
      this.#roles ??= locateColumns(
        batch.columns,
        this.#plan.names,
        this.#plan.timeForms,
        this.#covariates,
        this.#aheadFrom !== undefined,
        this.#place,
      );
      this.#consume(batch, this.#roles, this.#plan);
      return;
    }
    this.#sample.push(batch);
    this.#sampled += batch.cells.length;
    if (this.#sampled >= SAMPLE_ROWS) this.#start();
  }

  finish(): Ingested {
    if (this.#plan === undefined) this.#start();
    const { names, stamps } = this.#plan!;
    return {
      log: this.#log,
      aheadFrom: this.#aheadFrom ?? this.#log.length,
      ids: this.#ids,
      names,
      covariates: this.#covariates,
      static: this.#static.finish(this.#ids.length),
      columns: this.#columns,
      stamps: stamps.summary(),
      placeOf: (row) => this.#places.findLast(({ firstRow }) => firstRow <= row)!.place,
    };
  }

  /** Chooses the roles from the sample, then reads it. */
  #start(): void {
    if (this.#sampled === 0) throw this.#noRows();
    this.#columns = this.#sample[0].columns;
    const roles = chooseColumns(this.#sample, this.#options, this.#covariates, this.#place);
    const names = {
      id: roles.id === null ? null : this.#columns[roles.id],
      time: roles.time === null ? null : this.#columns[roles.time],
      target: this.#columns[roles.target!],
    };
    const stamps = new StampReader(names.time ?? '', roles.time === null ? 'integer' : roles.timeForms);
    this.#plan = { names, timeForms: roles.timeForms, stamps };
    this.#roles = roles;
    for (const batch of this.#sample) this.#consume(batch, roles, this.#plan);
    this.#sample = [];
  }

  #noRows(): Error {
    const header =
      this.#sample[0] === undefined ? 'no rows' : `a header (${listed(this.#sample[0].columns)}) but no rows`;
    return inputError('no_rows', `${this.#place.source} has ${header}; needed at least one row of data. Add rows.`);
  }

  #consume(batch: Batch, roles: Roles, { names, stamps }: Plan): void {
    const { decimalComma } = batch;
    if (this.#log.length + batch.cells.length > MAX_ROWS) throw tooManyRows(this.#place.source);
    for (let i = 0; i < batch.cells.length; i++) {
      const row = batch.cells[i];
      const line = batch.lines[i];
      const series = this.#seriesOf(roles.id === null ? names.target : row[roles.id], names, line);
      const time = roles.time === null ? ++this.#steps[series] : stamps.read(row[roles.time], this.#place, line);
      const y = roles.target === null ? Number.NaN : readNumber(row[roles.target], decimalComma);
      if (y === null || (decimalComma && roles.target !== null && this.#decimalSign.changes(row[roles.target])))
        throw this.#badNumber(row[roles.target!], names.target, y, line);
      this.#log.push(series, time, y, line, stamps.lastZoneMinutes);
      this.#readCovariates(row, roles, decimalComma, line);
      this.#readStatic(row, roles, decimalComma, line, series);
    }
  }

  #readCovariates(row: readonly unknown[], { past, future }: Roles, decimalComma: boolean, line: number): void {
    const read = (column: number | null, name: string, covariate: number) => {
      const value = column === null ? Number.NaN : readCovariate(row[column], decimalComma, this.#place, line, name);
      this.#log.setCovariate(covariate, value);
    };
    for (let c = 0; c < past.length; c++) read(past[c], this.#covariates.past[c], c);
    for (let c = 0; c < future.length; c++) read(future[c], this.#covariates.future[c], past.length + c);
  }

  #readStatic(row: readonly unknown[], roles: Roles, decimalComma: boolean, line: number, series: number): void {
    for (let c = 0; c < roles.static.length; c++) {
      const column = roles.static[c];
      if (column !== null)
        this.#static.note(series, c, this.#ids[series], row[column], decimalComma, this.#place, line);
    }
  }

  #seriesOf(cell: unknown, names: ColumnNames, line: number): number {
    if (cell === this.#lastId) return this.#lastNumber;
    if (isBlank(cell) || typeof cell === 'object') {
      throw inputError(
        'no_id',
        `${at(this.#place, line, names.id!)} has no id; needed the name of the series. Fill it in, or name another column with --id.`,
      );
    }
    const id = String(cell);
    const series = this.#numbers.get(id) ?? this.#newSeries(id, line);
    this.#lastId = id;
    this.#lastNumber = series;
    return series;
  }

  #newSeries(id: string, line: number): number {
    if (this.#aheadFrom !== undefined) {
      throw inputError(
        'unknown_series',
        `${at(this.#place, line)} is for series ${quoted(id)}, of which the data have no row; needed future covariates of the series that are there. Leave the row out.`,
      );
    }
    const series = this.#ids.length;
    const kept = detached(id);
    this.#numbers.set(kept, series);
    this.#ids.push(kept);
    this.#steps.push(0);
    return series;
  }

  /** @param value null where it is no number; else its decimal sign is another than before */
  #badNumber(cell: unknown, target: string, value: number | null, line: number): Error {
    const needed =
      value === null
        ? 'a finite number, or empty, NaN, null or NA for a missing value'
        : 'one decimal sign in the whole column, and no separators of thousands';
    return inputError(
      'bad_number',
      `${at(this.#place, line, target)} has ${quoted(cell)}; needed ${needed}. ${numberAdvice(cell)} Else name another column with --target.`,
    );
  }
}
