/**
 * Sequences of different lengths in one batch, without a step of computing on what is not there.
 *
 * Padded, a batch is [T,B,·] with nothing meant beyond a sequence's length. Packed, only the rows that mean something are
 * left, [N,·] with N the sum of the lengths, ordered so that they fall into segments: blocks of so many steps of so many
 * sequences, which a cell can run as if there were no lengths at all. (As PyTorch's PackedSequence.)
 */
import type { Numbers } from './cell-runner.js';

/** A block of rows: `batch` sequences from place `place` on, over `steps` steps. */
export interface Segment {
  readonly row: number;
  readonly steps: number;
  readonly batch: number;
  readonly place: number;
}

export interface Packing {
  /** Rows T·B of the padded batch. */
  readonly paddedRows: number;
  /** Whether packed and padded rows are the same. */
  readonly whole: boolean;
  /** Packed row → its row t·B + b in the padded batch. */
  readonly rows: Int32Array;
  /** Packed row → the packed row that is as far from its sequence's end as this one is from the start. Its own inverse. */
  readonly mirrored: Int32Array;
  /** Place in the packed batch → number of the sequence. */
  readonly order: Int32Array;
  /** In the order in which they have to be run: a sequence that goes on is in the next one, too. */
  readonly segments: readonly Segment[];
}

/**
 * Step after step, the longest sequences first: at every step those that still run are the first ones, and a segment ends
 * where one of them ends. Equal lengths give one segment.
 */
export function packBySteps(steps: number, batch: number, lengths: readonly number[]): Packing {
  const order = Int32Array.from(lengths.keys()).sort((a, b) => lengths[b] - lengths[a] || a - b);
  const running = new Int32Array(steps + 1);
  for (const length of lengths) running[length - 1]++;
  for (let t = steps - 1; t >= 0; t--) running[t] += running[t + 1];
  const firstRow = new Int32Array(steps + 1);
  for (let t = 0; t < steps; t++) firstRow[t + 1] = firstRow[t] + running[t];
  const segments: Segment[] = [];
  for (let from = 0, t = 1; t <= steps; t++) {
    if (running[t] === running[from]) continue;
    segments.push({ row: firstRow[from], steps: t - from, batch: running[from], place: 0 });
    if (running[t] === 0) break;
    from = t;
  }
  return packing(steps * batch, batch, lengths, order, segments, (place, t) => firstRow[t] + place);
}

/** Sequence after sequence, each a segment of its own. */
export function packBySequences(steps: number, batch: number, lengths: readonly number[]): Packing {
  let row = 0;
  const segments = lengths.map((length, place) => {
    const segment = { row, steps: length, batch: 1, place };
    row += length;
    return segment;
  });
  const order = Int32Array.from(lengths.keys());
  return packing(steps * batch, batch, lengths, order, segments, (place, t) => segments[place].row + t);
}

function packing(
  paddedRows: number,
  batch: number,
  lengths: readonly number[],
  order: Int32Array,
  segments: readonly Segment[],
  rowOf: (place: number, t: number) => number,
): Packing {
  const count = lengths.reduce((sum, length) => sum + length, 0);
  const rows = new Int32Array(count);
  const mirrored = new Int32Array(count);
  for (const [place, sequence] of order.entries()) {
    const length = lengths[sequence];
    for (let t = 0; t < length; t++) {
      rows[rowOf(place, t)] = t * batch + sequence;
      mirrored[rowOf(place, t)] = rowOf(place, length - 1 - t);
    }
  }
  const whole = count === paddedRows && rows.every((padded, row) => padded === row);
  return { paddedRows, whole, rows, mirrored, order, segments };
}

/** Row r of `out` is row from[r] of `values`; both [·,width]. */
export function gatherRows<V extends Numbers>(out: V, values: V, width: number, from: Int32Array): V {
  for (let r = 0, at = 0; r < from.length; r++) {
    const first = from[r] * width;
    for (let k = first; k < first + width; k++) out[at++] = values[k];
  }
  return out;
}

/** Row to[r] of `out` becomes row r of `values`; both [·,width]. The inverse of gatherRows. */
export function scatterRows<V extends Numbers>(out: V, values: V, width: number, to: Int32Array): V {
  for (let r = 0, at = 0; r < to.length; r++) {
    const first = to[r] * width;
    for (let k = first; k < first + width; k++) out[k] = values[at++];
  }
  return out;
}
