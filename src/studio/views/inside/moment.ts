/** What one unit, or the average unit, does at one step, and what it still holds of the steps before. */
import type { TracesView } from '../../work/lab-views.js';

/** Numbers at one step. Of the average unit C, the candidate and h are mean sizes: signs would cancel. */
export interface Moment {
  readonly f: number;
  readonly i: number;
  readonly o: number;
  /** The candidate. */
  readonly g: number;
  /** C before the step, what is kept of it, what is added, and C after. */
  readonly before: number;
  readonly kept: number;
  readonly added: number;
  readonly c: number;
  readonly h: number;
  readonly hBefore: number;
}

/** @param unit null for the mean over all units */
export function momentOf({ gates, c, h, hiddenSize: H }: TracesView, step: number, unit: number | null): Moment {
  const at = step * H;
  const mean = (of: (j: number) => number) => {
    if (unit !== null) return of(unit);
    let sum = 0;
    for (let j = 0; j < H; j++) sum += of(j);
    return sum / H;
  };
  const size = unit === null ? Math.abs : (value: number) => value;
  const before = (line: Float64Array, j: number) => (step === 0 ? 0 : line[at - H + j]);
  return {
    f: mean((j) => gates.f[at + j]),
    i: mean((j) => gates.i[at + j]),
    o: mean((j) => gates.o[at + j]),
    g: mean((j) => size(gates.g[at + j])),
    before: mean((j) => size(before(c, j))),
    kept: mean((j) => size(gates.f[at + j] * before(c, j))),
    added: mean((j) => size(gates.i[at + j] * gates.g[at + j])),
    c: mean((j) => size(c[at + j])),
    h: mean((j) => size(h[at + j])),
    hBefore: mean((j) => size(before(h, j))),
  };
}

/** Below this share nothing is seen. */
const GONE = 0.002;

/**
 * Of what was written into C at each step up to `step`, the share that is left: Π f over the steps since, the direct path only;
 * the mean over units where none is chosen. From the first step of which something is left; the last entry is 1.
 */
export function heldOf({ gates: { f }, hiddenSize: H }: TracesView, step: number, unit: number | null): number[] {
  const units = unit === null ? Array.from({ length: H }, (_, j) => j) : [unit];
  const shares = units.map(() => 1);
  const held = [1];
  for (let t = step; t > 0; t--) {
    let sum = 0;
    units.forEach((j, k) => {
      shares[k] *= f[t * H + j];
      sum += shares[k];
    });
    if (sum / units.length < GONE) break;
    held.push(sum / units.length);
  }
  return held.reverse();
}

/** How many forget gates are wide open and how many shut. */
export function saturatedAt({ gates: { f }, hiddenSize: H }: TracesView, step: number) {
  const now = f.subarray(step * H, (step + 1) * H);
  return { open: now.filter(isOpen).length, shut: now.filter(isShut).length };
}

export const isOpen = (gate: number): boolean => gate > 0.9;
export const isShut = (gate: number): boolean => gate < 0.1;

/** Units by half-life, the longest first. */
export function byHalfLife({ halfLives }: TracesView): number[] {
  return Array.from(halfLives, (_, unit) => unit).sort((a, b) => compare(halfLives[b], halfLives[a]) || a - b);
}

/** Infinities are equal. */
const compare = (a: number, b: number) => (a === b ? 0 : a - b);

/** The largest size of a line. */
export function largestOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let k = 0; k < values.length; k++) most = Math.max(most, Math.abs(values[k]));
  return most;
}

/** One unit's line out of [T][H]. */
export function lineOf(values: Float64Array, unit: number, hiddenSize: number): number[] {
  return Array.from({ length: values.length / hiddenSize }, (_, t) => values[t * hiddenSize + unit]);
}
