/** The stamps of a time column, one after the other: each is checked against those before it. */
import { DAY_MS } from './calendar.js';
import { badTime } from './columns.js';
import type { TimeKind, TimeStyle } from './frame.js';
import type { Place } from './place.js';
import {
  parseTimestamp,
  refineStyle,
  type Timestamp,
  type TimestampForms,
  TypedStamp,
  zoneMinutes,
} from './timestamp.js';
import { isMissing } from './values.js';

/** What all stamps of a column have in common. */
export interface StampSummary {
  readonly kind: TimeKind;
  readonly style: TimeStyle | null;
  /** Zone of the first stamp. */
  readonly zone: string;
  readonly mixedZones: boolean;
}

/** Reads a time column. Errors: input `bad_time`. */
export class StampReader {
  readonly #column: string;
  readonly #forms: 'integer' | TimestampForms;
  #style: TimeStyle | null = null;
  #lastStyle: TimeStyle | null = null;
  #zone: string | undefined;
  #lastZone = '';
  #lastZoneMinutes = 0;
  #mixedZones = false;
  /** Every stamp so far came as a date object or a typed stamp, at midnight: what is meant are days. */
  #onlyMidnightDates = true;

  constructor(column: string, forms: 'integer' | TimestampForms) {
    this.#column = column;
    this.#forms = forms;
  }

  /** By how much the wall clock of the last stamp is ahead of UTC. */
  get lastZoneMinutes(): number {
    return this.#lastZoneMinutes;
  }

  /** The integer step, or milliseconds of the wall clock read as UTC. */
  read(cell: unknown, place: Place, line: number): number {
    const bad = (needed?: string) => badTime(cell, this.#column, line, place, needed);
    if (this.#forms === 'integer') {
      const step = isMissing(cell) ? null : parseTimestamp(String(cell));
      if (step?.kind !== 'integer') throw bad('an integer step as in the rows before');
      return step.time;
    }
    if (cell instanceof TypedStamp) return this.#note(cell, bad);
    if (cell instanceof Date) return this.#note(dateStamp(cell), bad);
    this.#onlyMidnightDates = false;
    return this.#note(isMissing(cell) ? null : parseTimestamp(String(cell), this.#forms), bad);
  }

  summary(): StampSummary {
    if (this.#forms === 'integer') return { kind: 'integer', style: null, zone: '', mixedZones: false };
    if (this.#onlyMidnightDates) {
      return { kind: 'date', style: { dates: '-', separator: 'T', precision: 'day' }, zone: '', mixedZones: false };
    }
    const precision = this.#style?.precision;
    const date = precision === 'year' || precision === 'month' || precision === 'day';
    return {
      kind: date ? 'date' : 'datetime',
      style: this.#style,
      zone: this.#zone ?? '',
      mixedZones: this.#mixedZones,
    };
  }

  #note(stamp: Timestamp | null, bad: (needed?: string) => Error): number {
    if (stamp === null) throw bad();
    if (stamp.kind === 'integer') throw bad('a date or time as in the rows before');
    if (this.#onlyMidnightDates && stamp.time % DAY_MS !== 0) this.#onlyMidnightDates = false;
    if (stamp.style !== this.#lastStyle) {
      this.#style = this.#style === null ? stamp.style : refineStyle(this.#style, stamp.style.precision);
      this.#lastStyle = stamp.style;
    }
    if (this.#zone === undefined || stamp.zone !== this.#lastZone) this.#noteZone(stamp.zone, bad);
    return stamp.time;
  }

  #noteZone(zone: string, bad: (needed?: string) => Error): void {
    this.#zone ??= zone;
    if ((zone === '') !== (this.#zone === '')) throw bad('a time zone in all rows or in none');
    this.#lastZone = zone;
    this.#lastZoneMinutes = zoneMinutes(zone);
    if (this.#lastZoneMinutes !== zoneMinutes(this.#zone)) this.#mixedZones = true;
  }
}

/** A Date object is an instant, written in UTC as toISOString() does. */
function dateStamp(date: Date): Timestamp | null {
  return Number.isNaN(date.getTime()) ? null : parseTimestamp(date.toISOString());
}
