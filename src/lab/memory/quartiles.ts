/** The middle of some numbers and the half of them around it. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Quartiles by linear interpolation between the ordered values (R's type 7); of values that may be ±∞. At least one. */
export function quartiles(values: Iterable<number>): Quartiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)];
    const above = sorted[Math.ceil(place)];
    const beyond = place - Math.floor(place);
    // From −∞ on there is no in-between.
    return beyond === 0 || below === above || below === Number.NEGATIVE_INFINITY
      ? below
      : below + (above - below) * beyond;
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Quartiles at each of several places. */
export interface QuartileLine {
  readonly low: Float64Array;
  readonly median: Float64Array;
  readonly high: Float64Array;
}

/** Quartiles place by place over some lines of one length. */
export function quartileLine(lines: readonly Float64Array[]): QuartileLine {
  const at = Array.from(lines[0], (_, place) => quartiles(lines.map((line) => line[place])));
  const pick = (name: keyof Quartiles) => Float64Array.from(at, (one) => one[name]);
  return { low: pick('low'), median: pick('median'), high: pick('high') };
}
