/** Moving matrices in and out of panels, and transposing packed weights. Copies only: no arithmetic. */
import { Part, shareEnd, shareFirst } from './part';
import { PANEL, ROW, SQUARE } from './simd';

/** Row-major [rows][columns] → panels. Every panel is written in full: zeros beyond the last column. */
export function packRows(panels: usize, stride: usize, source: usize, rows: i32, columns: i32): void {
  for (let from = 0; from < columns; from += PANEL, panels += stride) {
    const n = min(columns - from, PANEL);
    let to = panels, row = source + (from << 2);
    for (let r = 0; r < rows; r++, to += ROW, row += columns << 2) {
      let k = 0;
      for (; k + 4 <= n; k += 4) v128.store(to + (k << 2), v128.load(row + (k << 2)));
      for (; k < n; k++) f32.store(to + (k << 2), f32.load(row + (k << 2)));
      for (; k < PANEL; k++) f32.store(to + (k << 2), 0);
    }
  }
}

/** Panels → row-major [rows][columns]. */
export function unpackRows(target: usize, panels: usize, stride: usize, rows: i32, columns: i32): void {
  for (let from = 0; from < columns; from += PANEL, panels += stride) {
    const n = min(columns - from, PANEL);
    let row = panels, to = target + (from << 2);
    for (let r = 0; r < rows; r++, row += ROW, to += columns << 2) {
      let k = 0;
      for (; k + 4 <= n; k += 4) v128.store(to + (k << 2), v128.load(row + (k << 2)));
      for (; k < n; k++) f32.store(to + (k << 2), f32.load(row + (k << 2)));
    }
  }
}

/** a += b over `panels` × `rows` full rows. */
export function addRows(a: usize, strideA: usize, b: usize, strideB: usize, rows: i32, panels: i32): void {
  for (; panels > 0; panels--, a += strideA, b += strideB) {
    const bytes = <usize>rows * ROW;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(a + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  }
}

/** a = b over `panels` × `rows` full rows, both with panels `stride` apart. */
export function copyRows(a: usize, b: usize, stride: usize, rows: i32, panels: i32): void {
  for (; panels > 0; panels--, a += stride, b += stride) {
    const bytes = <usize>rows * ROW;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(a + i, v128.load(b + i));
  }
}

/**
 * A packed block's rows → one panel of its transpose: out[c][k] = rows[k][c], c < 16, k < n ≤ 16, zero for k ≥ n.
 * Both have 64-byte rows.
 */
function transposeBlock(out: usize, rows: usize, n: i32): void {
  const zero = i32x4.splat(0);
  for (let k = 0; k < PANEL; k += 4, rows += 4 * ROW, out += 16) {
    for (let c = 0; c < PANEL; c += 4) {
      const from = rows + (c << 2);
      const r0 = k < n ? v128.load(from) : zero;
      const r1 = k + 1 < n ? v128.load(from, 64) : zero;
      const r2 = k + 2 < n ? v128.load(from, 128) : zero;
      const r3 = k + 3 < n ? v128.load(from, 192) : zero;
      const a = i32x4.shuffle(r0, r1, 0, 4, 1, 5), b = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
      const d = i32x4.shuffle(r0, r1, 2, 6, 3, 7), e = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      const to = out + <usize>c * ROW;
      v128.store(to, i64x2.shuffle(a, b, 0, 2));
      v128.store(to, i64x2.shuffle(a, b, 1, 3), 64);
      v128.store(to, i64x2.shuffle(d, e, 0, 2), 128);
      v128.store(to, i64x2.shuffle(d, e, 1, 3), 192);
    }
  }
}

/**
 * This thread's share of: packed weights [blocks][blockRows][16] → packed transpose of `count` rows from row `first` on:
 * [⌈count/16⌉][16·blocks][16], out[p][16j + c][k] = packed[j][first + 16p + k][c].
 */
export function transposeWeights(
  me: Part, out: usize, packed: usize, blocks: i32, blockRows: i32, first: i32, count: i32,
): void {
  const begin = shareFirst(me, blocks), end = shareEnd(me, blocks);
  for (let from = 0; from < count; from += PANEL, out += <usize>blocks * SQUARE) {
    const n = min(count - from, PANEL);
    let rows = packed + <usize>(begin * blockRows + first + from) * ROW, to = out + <usize>begin * SQUARE;
    for (let j = begin; j < end; j++, to += SQUARE, rows += <usize>blockRows * ROW) transposeBlock(to, rows, n);
  }
}
