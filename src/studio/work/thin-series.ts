/** A very long series, made short enough to be sent to the window and drawn there without a pause. */

/** Points that the window draws smoothly. */
const MOST = 300_000;
/** The last points stay as they are: they are what a forecast goes on from. */
const WHOLE = 20_000;

interface Points {
  readonly time: Float64Array;
  readonly y: Float64Array;
}

/**
 * The series as it is up to MOST points. Of a longer one the last WHOLE, and before them the least and the greatest value of each
 * run of equal length, at their times: what is seen of it from afar is the same.
 */
export function thinSeries({ time, y }: Points, most = MOST, whole = WHOLE): Points {
  const n = y.length;
  if (n <= most) return { time, y };
  const early = n - whole;
  const run = Math.ceil((2 * early) / (most - whole));
  const kept: number[] = [];
  for (let from = 0; from < early; from += run) {
    let low = -1;
    let high = -1;
    for (let k = from; k < Math.min(from + run, early); k++) {
      if (Number.isNaN(y[k])) continue;
      if (low < 0 || y[k] < y[low]) low = k;
      if (high < 0 || y[k] > y[high]) high = k;
    }
    // A run without a value stays a gap.
    if (low < 0) kept.push(from);
    else if (low === high) kept.push(low);
    else kept.push(Math.min(low, high), Math.max(low, high));
  }
  for (let k = early; k < n; k++) kept.push(k);
  return { time: Float64Array.from(kept, (k) => time[k]), y: Float64Array.from(kept, (k) => y[k]) };
}
