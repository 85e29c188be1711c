/** What a line of gradients by lag says in words: how much is left, and for how long there is enough. */

/** Log10 of what is left after so many steps back. */
export const leftAfter = (median: Float64Array, lag: number): number => median[Math.min(lag, median.length - 1)];

/** One percent. */
const ENOUGH = -2;

/** Steps back over which at least one percent is left all the way; null if to the end. */
export function reachOf(median: Float64Array): number | null {
  const faded = median.findIndex((left) => left < ENOUGH);
  return faded < 0 ? null : faded - 1;
}

/** Half of the distance from 1 to the next number of 64 bits: what is smaller vanishes when it is added to 1. */
const ROUNDED_AWAY = Math.log10(2 ** -53);
const GROWN = 2;

/** What an error of this size beside that of the last step can do. */
export function judge(left: number): 'lost' | 'faint' | 'kept' | 'grown' {
  if (left < ROUNDED_AWAY) return 'lost';
  if (left < ENOUGH) return 'faint';
  return left <= GROWN ? 'kept' : 'grown';
}

/** Lines are seen from nothing to a million times as much, or as far up as down if one grows beyond. */
export function decadesFor(lines: readonly { readonly median: Float64Array }[]): readonly [number, number] {
  const most = lines.reduce((top, { median }) => median.reduce((a, b) => Math.max(a, b), top), 0);
  return most > 6 ? [-30, 30] : [-30, 6];
}
