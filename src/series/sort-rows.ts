/** Rows by series and time. */

/** The rows of every series in the order of time; rows of equal time keep their order. */
export class SortedRows {
  /** Row numbers in their new order; null where the rows came sorted, which takes no memory. */
  readonly #order: Uint32Array | null;
  /** Where each series begins in that order. */
  readonly #bounds: Uint32Array;
  /** Times in that order, per series. */
  readonly times: readonly Float64Array[];

  /** @param series number of the series by row, from 0 to below `count` @param time by row */
  constructor(series: Int32Array, time: Float64Array, count: number) {
    const bounds = boundsOf(series, count);
    this.#bounds = bounds;
    this.#order = isSorted(series, time) ? null : orderOf(series, time, bounds);
    const order = this.#order;
    this.times = Array.from({ length: count }, (_, k) =>
      order === null
        ? time.subarray(bounds[k], bounds[k + 1])
        : Float64Array.from(order.subarray(bounds[k], bounds[k + 1]), (row) => time[row]),
    );
  }

  /** The row number of stamp `i` of series `k`. */
  row(k: number, i: number): number {
    const at = this.#bounds[k] + i;
    return this.#order === null ? at : this.#order[at];
  }
}

function boundsOf(series: Int32Array, count: number): Uint32Array {
  const bounds = new Uint32Array(count + 1);
  for (let row = 0; row < series.length; row++) bounds[series[row] + 1]++;
  for (let k = 0; k < count; k++) bounds[k + 1] += bounds[k];
  return bounds;
}

function isSorted(series: Int32Array, time: Float64Array): boolean {
  for (let row = 1; row < series.length; row++) {
    const step = series[row] - series[row - 1];
    if (step < 0 || (step === 0 && time[row] < time[row - 1])) return false;
  }
  return true;
}

/** A counting sort by series, then by time within each. */
function orderOf(series: Int32Array, time: Float64Array, bounds: Uint32Array): Uint32Array {
  const next = bounds.slice();
  const order = new Uint32Array(series.length);
  for (let row = 0; row < series.length; row++) order[next[series[row]]++] = row;
  for (let k = 0; k + 1 < bounds.length; k++) {
    const part = order.subarray(bounds[k], bounds[k + 1]);
    if (part.some((row, i) => i > 0 && time[row] < time[part[i - 1]])) part.sort((a, b) => time[a] - time[b] || a - b);
  }
  return order;
}
