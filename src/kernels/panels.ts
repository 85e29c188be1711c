/** Moving matrices in and out of panels and into the cache, and transposing packed weights. Copies only: no arithmetic. */
import { Part, shareEnd, shareFirst } from './part';
import { PANEL, ROW, SQUARE } from './simd';

/** Row-major [rows][columns] → panels. Every panel is written in full: zeros beyond the last column. */
function packRows(panels: usize, stride: usize, source: usize, rows: i32, columns: i32): void {
  const step = <usize>columns << 2, zero = i32x4.splat(0);
  for (let from = 0; from < columns; from += PANEL, panels += stride) {
    const n = min(columns - from, PANEL);
    let row = source + (<usize>from << 2);
    for (let to = panels, end = panels + <usize>rows * ROW; to < end; to += ROW, row += step) {
      if (n == PANEL) {
        v128.store(to, v128.load(row)); v128.store(to, v128.load(row, 16), 16);
        v128.store(to, v128.load(row, 32), 32); v128.store(to, v128.load(row, 48), 48);
        continue;
      }
      v128.store(to, zero); v128.store(to, zero, 16); v128.store(to, zero, 32); v128.store(to, zero, 48);
      let k: usize = 0;
      for (const last = <usize>n << 2; k < last; k += 4) f32.store(to + k, f32.load(row + k));
    }
  }
}

/** Panels → row-major [rows][columns]. */
function unpackRows(target: usize, panels: usize, stride: usize, rows: i32, columns: i32): void {
  const step = <usize>columns << 2;
  for (let from = 0; from < columns; from += PANEL, panels += stride) {
    const n = min(columns - from, PANEL);
    let to = target + (<usize>from << 2);
    for (let row = panels, end = panels + <usize>rows * ROW; row < end; row += ROW, to += step) {
      if (n == PANEL) {
        v128.store(to, v128.load(row)); v128.store(to, v128.load(row, 16), 16);
        v128.store(to, v128.load(row, 32), 32); v128.store(to, v128.load(row, 48), 48);
        continue;
      }
      let k: usize = 0;
      for (const last = <usize>n << 2; k < last; k += 4) f32.store(to + k, f32.load(row + k));
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

/** packRows step after step: of each step `rows` rows, whose next step begins `sourceStep` bytes later. */
export function packSteps(
  panels: usize, stride: usize, source: usize, sourceStep: usize, steps: i32, rows: i32, columns: i32,
): void {
  for (; steps > 0; steps--, panels += <usize>rows * ROW, source += sourceStep)
    packRows(panels, stride, source, rows, columns);
}

/** unpackRows step after step. */
export function unpackSteps(
  target: usize, targetStep: usize, panels: usize, stride: usize, steps: i32, rows: i32, columns: i32,
): void {
  for (; steps > 0; steps--, panels += <usize>rows * ROW, target += targetStep)
    unpackRows(target, panels, stride, rows, columns);
}

/** Zeros in `rows` rows. */
export function zeroRows(a: usize, rows: i32): void {
  const zero = i32x4.splat(0);
  for (const end = a + <usize>rows * ROW; a < end; a += 32) {
    v128.store(a, zero);
    v128.store(a, zero, 16);
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

/**
 * Fetches `panels` × `rows` rows into the cache: one read of each, which wait for memory side by side. Their sum goes to the word
 * `unused`; without it the compilers would leave the reads out.
 */
export function fetchRows(unused: usize, a: usize, stride: usize, rows: i32, panels: i32): void {
  let sum = 0;
  for (; panels > 0; panels--, a += stride)
    for (let row = a, end = a + <usize>rows * ROW; row < end; row += ROW) sum += i32.load(row);
  i32.store(unused, sum);
}
