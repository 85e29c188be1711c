/** Turns batches of cells into rows of numbers: the column roles are chosen from a sample, then every cell is checked. */
import { inputError } from '../errors.js';
import { type Batch, SAMPLE_ROWS } from './batch.js';
import { DAY_MS } from './calendar.js';
import { badTime, type ColumnOptions, chooseColumns, isBlank, type Roles } from './columns.js';
import type { SeriesFrame, TimeKind, TimeStyle } from './frame.js';
import { at, listed, type Place, quoted } from './place.js';
import { RowLog } from './row-log.js';
import { parseTimestamp, refineStyle, type Timestamp, zoneMinutes } from './timestamp.js';
import { isMissing, readNumber } from './values.js';

/** All rows of an input, checked, still in their order. */
export interface Ingested {
  readonly log: RowLog;
  /** Ids by series number. */
  readonly ids: readonly string[];
  readonly names: SeriesFrame['names'];
  readonly columns: readonly string[];
  readonly kind: TimeKind;
  readonly style: TimeStyle | null;
  /** Zone of the first stamp. */
  readonly zone: string;
  readonly mixedZones: boolean;
}

/**
 * Collects the rows of one input. Add its batches in order, then finish.
 * Errors: those of chooseColumns; input `bad_time`, `bad_number`, `no_id`, `no_rows`.
 */
export class Ingest {
  readonly #place: Place;
  readonly #options: ColumnOptions;
  readonly #log = new RowLog();
  /** Batches that wait until there is enough of a sample to choose the roles. */
  #sample: Batch[] = [];
  #sampled = 0;
  #roles: Roles | undefined;
  #columns: readonly string[] = [];

  /** Series numbers by id; a Map, because an id may be `__proto__`. */
  readonly #numbers = new Map<string, number>();
  readonly #ids: string[] = [];
  #lastId: string | undefined;
  #lastNumber = 0;
  /** Without a time column: rows so far of each series. */
  readonly #steps: number[] = [];

  #style: TimeStyle | null = null;
  #lastStyle: TimeStyle | null = null;
  #zone: string | undefined;
  #lastZone = '';
  #lastZoneMinutes = 0;
  #mixedZones = false;
  /** Every stamp so far was a Date object at midnight UTC. */
  #onlyMidnightDates = true;

  constructor(place: Place, options: ColumnOptions) {
    this.#place = place;
    this.#options = options;
  }

  add(batch: Batch): void {
    if (this.#roles !== undefined) {
      this.#consume(batch, this.#roles);
      return;
    }
    this.#sample.push(batch);
    this.#sampled += batch.cells.length;
    if (this.#sampled >= SAMPLE_ROWS) this.#start();
  }

  finish(): Ingested {
    if (this.#roles === undefined) this.#start();
    const roles = this.#roles!;
    const timeless = roles.time === null || roles.timeForms === 'integer';
    const dates = this.#onlyMidnightDates;
    const precision = this.#style?.precision;
    const date = dates || precision === 'year' || precision === 'month' || precision === 'day';
    return {
      log: this.#log,
      ids: this.#ids,
      columns: this.#columns,
      names: {
        id: roles.id === null ? null : this.#columns[roles.id],
        time: roles.time === null ? null : this.#columns[roles.time],
        target: this.#columns[roles.target],
      },
      kind: timeless ? 'integer' : date ? 'date' : 'datetime',
      style: timeless ? null : dates ? { dates: '-', separator: 'T', precision: 'day' } : this.#style,
      zone: dates ? '' : (this.#zone ?? ''),
      mixedZones: this.#mixedZones,
    };
  }

  #start(): void {
    if (this.#sampled === 0) {
      const header =
        this.#sample[0] === undefined ? 'no rows' : `a header (${listed(this.#sample[0].columns)}) but no rows`;
      throw inputError('no_rows', `${this.#place.source} has ${header}; needed at least one row of data. Add rows.`);
    }
    this.#columns = this.#sample[0].columns;
    this.#roles = chooseColumns(this.#sample, this.#options, this.#place);
    for (const batch of this.#sample) this.#consume(batch, this.#roles);
    this.#sample = [];
  }

  #consume(batch: Batch, roles: Roles): void {
    for (let i = 0; i < batch.cells.length; i++) {
      const row = batch.cells[i];
      const line = batch.lines[i];
      const series = this.#seriesOf(roles.id === null ? this.#columns[roles.target] : row[roles.id], roles, line);
      const time = roles.time === null ? ++this.#steps[series] : this.#timeOf(row[roles.time], roles, line);
      const y = readNumber(row[roles.target], batch.decimalComma);
      if (y === null) throw this.#badNumber(row[roles.target], roles, line);
      this.#log.push(series, time, y, line, this.#lastZoneMinutes);
    }
  }

  #seriesOf(cell: unknown, roles: Roles, line: number): number {
    if (cell === this.#lastId) return this.#lastNumber;
    if (isBlank(cell) || typeof cell === 'object') {
      throw inputError(
        'no_id',
        `${at(this.#place, line, this.#columns[roles.id!])} has no id; needed the name of the series. Fill it in, or name another column with --id.`,
      );
    }
    const id = String(cell);
    let series = this.#numbers.get(id);
    if (series === undefined) {
      series = this.#ids.length;
      const kept = detached(id);
      this.#numbers.set(kept, series);
      this.#ids.push(kept);
      this.#steps.push(0);
    }
    this.#lastId = id;
    this.#lastNumber = series;
    return series;
  }

  #timeOf(cell: unknown, roles: Roles, line: number): number {
    if (roles.timeForms === 'integer') {
      const step = isMissing(cell) ? null : parseTimestamp(String(cell));
      if (step?.kind !== 'integer') throw this.#badTime(cell, roles, line, 'an integer step as in the rows before');
      return step.time;
    }
    if (cell instanceof Date) return this.#noteStamp(dateStamp(cell), cell, roles, line);
    this.#onlyMidnightDates = false;
    const stamp = isMissing(cell) ? null : parseTimestamp(String(cell), roles.timeForms);
    return this.#noteStamp(stamp, cell, roles, line);
  }

  /** Checks a stamp against those before it. */
  #noteStamp(stamp: Timestamp | null, cell: unknown, roles: Roles, line: number): number {
    if (stamp === null) throw this.#badTime(cell, roles, line);
    if (stamp.kind === 'integer') throw this.#badTime(cell, roles, line, 'a date or time as in the rows before');
    if (this.#onlyMidnightDates && stamp.time % DAY_MS !== 0) this.#onlyMidnightDates = false;
    if (stamp.style !== this.#lastStyle) {
      this.#style = this.#style === null ? stamp.style : refineStyle(this.#style, stamp.style.precision);
      this.#lastStyle = stamp.style;
    }
    if (this.#zone === undefined || stamp.zone !== this.#lastZone) this.#noteZone(stamp.zone, cell, roles, line);
    return stamp.time;
  }

  #noteZone(zone: string, cell: unknown, roles: Roles, line: number): void {
    this.#zone ??= zone;
    if ((zone === '') !== (this.#zone === ''))
      throw this.#badTime(cell, roles, line, 'a time zone in all rows or in none');
    this.#lastZone = zone;
    this.#lastZoneMinutes = zoneMinutes(zone);
    if (this.#lastZoneMinutes !== zoneMinutes(this.#zone)) this.#mixedZones = true;
  }

  #badTime(cell: unknown, roles: Roles, line: number, why?: string): Error {
    return badTime(cell, this.#columns[roles.time!], line, this.#place, why);
  }

  #badNumber(cell: unknown, roles: Roles, line: number): Error {
    return inputError(
      'bad_number',
      `${at(this.#place, line, this.#columns[roles.target])} has ${quoted(cell)}; needed a finite number, or empty, NaN, null or NA for a missing value. Correct it, or name another column with --target.`,
    );
  }
}

/** A Date object is an instant, written in UTC as toISOString() does. */
function dateStamp(date: Date): Timestamp | null {
  return Number.isNaN(date.getTime()) ? null : parseTimestamp(date.toISOString());
}

/** A copy that does not keep the text it was cut from in memory. */
function detached(text: string): string {
  return text.split('').join('');
}
