/** The rows that were read, as growing typed arrays: 24 bytes a row (26 with zones) and 8 for each covariate, whatever the number of series. */
import { inputError } from '../errors.js';

/** Rows that one input may have: memory for them is there on ordinary machines. */
export const MAX_ROWS = 1 << 26;

/** Input error `too_many_rows`. */
export function tooManyRows(source: string): Error {
  return inputError(
    'too_many_rows',
    `${source} goes past ${MAX_ROWS} rows, which is the limit. Leave old rows out, or add them up to longer steps.`,
  );
}

/** Append-only columns, in input order. Read them after the last push. */
export class RowLog {
  #length = 0;
  #series = new Int32Array(1024);
  #time = new Float64Array(1024);
  #y = new Float64Array(1024);
  #line = new Uint32Array(1024);
  /** Made when a zone is not UTC. */
  #zoneMinutes: Int16Array | null = null;
  readonly #covariates: Float64Array[] = [];

  /** Makes room for so many covariates. Call it before the first push. */
  reserve(covariates: number): void {
    for (let c = 0; c < covariates; c++) this.#covariates.push(new Float64Array(1024));
  }

  /** The value of a covariate in the row that was pushed last. */
  setCovariate(covariate: number, value: number): void {
    this.#covariates[covariate][this.#length - 1] = value;
  }

  /** @param zoneMinutes by how much the wall clock of `time` is ahead of UTC */
  push(series: number, time: number, y: number, line: number, zoneMinutes: number): void {
    const at = this.#length++;
    if (at === this.#series.length) this.#grow();
    this.#series[at] = series;
    this.#time[at] = time;
    this.#y[at] = y;
    this.#line[at] = line;
    if (zoneMinutes !== 0) this.#zoneMinutes ??= new Int16Array(this.#series.length);
    if (this.#zoneMinutes !== null) this.#zoneMinutes[at] = zoneMinutes;
  }

  #grow(): void {
    const size = 2 * this.#length;
    const larger = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#series = larger(new Int32Array(size), this.#series);
    this.#time = larger(new Float64Array(size), this.#time);
    this.#y = larger(new Float64Array(size), this.#y);
    this.#line = larger(new Uint32Array(size), this.#line);
    if (this.#zoneMinutes !== null) this.#zoneMinutes = larger(new Int16Array(size), this.#zoneMinutes);
    for (let c = 0; c < this.#covariates.length; c++)
      this.#covariates[c] = larger(new Float64Array(size), this.#covariates[c]);
  }

  get length(): number {
    return this.#length;
  }

  /** Number of the series, from 0 in order of first appearance. */
  get series(): Int32Array {
    return this.#series.subarray(0, this.#length);
  }

  /** Integer step, or milliseconds of the wall clock read as UTC. */
  get time(): Float64Array {
    return this.#time.subarray(0, this.#length);
  }

  get y(): Float64Array {
    return this.#y.subarray(0, this.#length);
  }

  get line(): Uint32Array {
    return this.#line.subarray(0, this.#length);
  }

  get zoneMinutes(): Int16Array {
    return (this.#zoneMinutes ?? new Int16Array(this.#length)).subarray(0, this.#length);
  }

  /** Values by covariate: the past ones, then the future ones. */
  get covariates(): Float64Array[] {
    return this.#covariates.map((values) => values.subarray(0, this.#length));
  }
}
