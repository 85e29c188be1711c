/** The least and the greatest value in each of so many equal parts of the time axis: what a strip of that many pixels can show. */
export interface Envelope {
  /** NaN where a part has no value. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** @param parts of [from, to] */
export function envelope(
  { time, y }: { readonly time: Float64Array; readonly y: Float64Array },
  [from, to]: readonly [number, number],
  parts: number,
): Envelope {
  const low = new Float64Array(parts).fill(Number.NaN);
  const high = new Float64Array(parts).fill(Number.NaN);
  const scale = to > from ? (parts - 1) / (to - from) : 0;
  for (let k = 0; k < time.length; k++) {
    const value = y[k];
    if (Number.isNaN(value)) continue;
    const part = Math.round((time[k] - from) * scale);
    if (part < 0 || part >= parts) continue;
    if (!(low[part] <= value)) low[part] = value;
    if (!(high[part] >= value)) high[part] = value;
  }
  return { low, high };
}
