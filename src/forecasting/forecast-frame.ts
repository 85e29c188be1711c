import Papa from 'papaparse';
import type { TimeAxis } from '../series/frame.js';
import { encodeParquet, timeColumn } from '../series/parquet/write.js';
import { formatTimestamp } from '../series/timestamp.js';
import { type History, timesOf } from './history.js';
import { intervalIndices, type Quantiles } from './quantiles.js';

/** One row of a forecast: `unique_id`, `ds`, then the model's columns. */
export type ForecastRow = Record<string, string | number>;

/**
 * A forecast as columns, in the shape that Nixtla's tools read:
 * `unique_id, ds, <model>, <model>-lo-80, <model>-hi-80, <model>-lo-95, <model>-hi-95`.
 * Rows are ordered by series, then by time.
 */
export class ForecastFrame {
  /** Name of the model, and of its median column. */
  readonly model: string;
  /** Interval levels in percent, ascending. */
  readonly levels: readonly number[];
  readonly axis: TimeAxis;
  /** Steps forecast for each series. */
  readonly horizon: number;
  /** What each series was forecast from, in the order of the rows. */
  readonly histories: readonly History[];
  /** One id per row. */
  readonly ids: readonly string[];
  /** One time per row: the integer step, or milliseconds of the wall clock read as UTC. */
  readonly times: Float64Array;
  /** Column name → one number per row: the median first, then lo and hi by ascending level. */
  readonly columns: ReadonlyMap<string, Float64Array>;

  /** @param quantiles one forecast per history, at the levels of quantileLevels(levels) */
  constructor(
    model: string,
    levels: readonly number[],
    axis: TimeAxis,
    histories: readonly History[],
    quantiles: readonly Quantiles[],
  ) {
    this.model = model;
    this.levels = [...levels].sort((a, b) => a - b);
    this.axis = axis;
    this.histories = histories;
    this.horizon = quantiles[0]?.[0]?.length ?? 0;
    this.ids = histories.flatMap(({ id }) => Array<string>(this.horizon).fill(id));
    this.times = concatenate(histories.map((history) => timesOf(history, axis, history.y.length, this.horizon)));
    const count = levels.length;
    const column = (index: number) => concatenate(quantiles.map((rows) => rows[index]));
    const columns = new Map([[model, column(count)]]);
    this.levels.forEach((level, ascending) => {
      const [lower, upper] = intervalIndices(count - 1 - ascending, count);
      columns.set(`${model}-lo-${level}`, column(lower));
      columns.set(`${model}-hi-${level}`, column(upper));
    });
    this.columns = columns;
  }

  /** Number of rows. */
  get length(): number {
    return this.ids.length;
  }

  /** Names of all columns, in order. */
  get columnNames(): string[] {
    return ['unique_id', 'ds', ...this.columns.keys()];
  }

  /** The stamp of a row as text, written like the stamps of the input. */
  stamp(row: number): string {
    return formatTimestamp(this.axis, this.times[row]);
  }

  /** All rows as objects; `ds` is a number for integer steps, else text. */
  toRows(): ForecastRow[] {
    const columns = [...this.columns];
    return this.ids.map((id, row) => {
      const ds = this.axis.kind === 'integer' ? this.times[row] : this.stamp(row);
      return Object.fromEntries<string | number>([
        ['unique_id', id],
        ['ds', ds],
        ...columns.map(([name, values]): [string, number] => [name, values[row]]),
      ]);
    });
  }

  /** RFC 4180 text with a header line; numbers in full precision. */
  toCSV(): string {
    const columns = [...this.columns.values()];
    const data = this.ids.map((id, row) => [id, this.stamp(row), ...columns.map((values) => values[row])]);
    return `${Papa.unparse({ fields: this.columnNames, data }, { newline: '\n' })}\n`;
  }

  /**
   * A Parquet file. `ds` is a stamp without a zone where the input had none, an instant in UTC where it had one, or an
   * integer step.
   */
  toParquet(): Uint8Array {
    return encodeParquet([
      { name: 'unique_id', kind: 'text', values: this.ids },
      timeColumn('ds', this.times, this.axis),
      ...Array.from(this.columns, ([name, values]) => ({ name, kind: 'number' as const, values })),
    ]);
  }

  /** Times of all values of one history. */
  historyTimes(series: number): Float64Array {
    const history = this.histories[series];
    return timesOf(history, this.axis, 0, history.y.length);
  }

  /** The values of one series in one of the columns. */
  valuesOf(column: string, series: number): Float64Array {
    const values = this.columns.get(column) ?? new Float64Array(0);
    return values.subarray(series * this.horizon, (series + 1) * this.horizon);
  }
}

/** Arrays end to end. */
export function concatenate(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
