/**
 * Matrix product by rows: out = init + A·B, where the rows of A lie in panels and B is packed.
 *
 *   out[r][n] = init[r][n] + Σ_k A1[r][k]·B[k][n] + Σ_k A2[r][k]·B[K1 + k][n]
 *
 * B is one packed block [K1 + K2][16]; out and init have 64-byte rows (`initStep` = 0 repeats one row: a bias). A is two
 * matrices in panels side by side, so that [x | h] needs no copy. A tile of TILE_ROWS rows × 8 columns stays in registers
 * while k runs in ascending order: every sum has the same order whatever the tile that computes it.
 *
 * The loop over k is not unrolled here: V8 moves the loads of a basic block before its arithmetic, so that a block of
 * several k's would spill, and it unrolls the loop itself, one block for each k.
 */
import { madd, PANEL, ROW } from './simd';

/** `MR` rows × 8 columns, 1 ≤ MR ≤ 6, a constant. */
// @ts-ignore: decorator
@inline
function tile8(
  MR: i32, out: usize, init: usize, initStep: usize,
  a1: usize, k1: i32, stride1: usize, a2: usize, k2: i32, stride2: usize, b: usize,
): void {
  let c00 = v128.load(init), c01 = v128.load(init, 16);
  let c10 = i32x4.splat(0), c11 = c10;
  let c20 = i32x4.splat(0), c21 = c20;
  let c30 = i32x4.splat(0), c31 = c30;
  let c40 = i32x4.splat(0), c41 = c40;
  let c50 = i32x4.splat(0), c51 = c50;
  if (MR > 1) { init += initStep; c10 = v128.load(init); c11 = v128.load(init, 16); }
  if (MR > 2) { init += initStep; c20 = v128.load(init); c21 = v128.load(init, 16); }
  if (MR > 3) { init += initStep; c30 = v128.load(init); c31 = v128.load(init, 16); }
  if (MR > 4) { init += initStep; c40 = v128.load(init); c41 = v128.load(init, 16); }
  if (MR > 5) { init += initStep; c50 = v128.load(init); c51 = v128.load(init, 16); }
  let panel = a1, left = k1, stride = stride1, pending = k2;
  while (true) {
    const n = min(left, PANEL);
    let a = panel;
    const end = a + (n << 2);
    while (a < end) {
      let w0 = v128.load(b), w1 = v128.load(b, 16), x = v128.load32_splat(a);
      c00 = madd(x, w0, c00); c01 = madd(x, w1, c01);
      if (MR > 1) { x = v128.load32_splat(a, 64); c10 = madd(x, w0, c10); c11 = madd(x, w1, c11); }
      if (MR > 2) { x = v128.load32_splat(a, 128); c20 = madd(x, w0, c20); c21 = madd(x, w1, c21); }
      if (MR > 3) { x = v128.load32_splat(a, 192); c30 = madd(x, w0, c30); c31 = madd(x, w1, c31); }
      if (MR > 4) { x = v128.load32_splat(a, 256); c40 = madd(x, w0, c40); c41 = madd(x, w1, c41); }
      if (MR > 5) { x = v128.load32_splat(a, 320); c50 = madd(x, w0, c50); c51 = madd(x, w1, c51); }
      a += 4; b += 64;
    }
    left -= n;
    if (left > 0) { panel += stride; continue; }
    if (pending == 0) break;
    panel = a2; left = pending; stride = stride2; pending = 0;
  }
  v128.store(out, c00); v128.store(out, c01, 16);
  if (MR > 1) { v128.store(out, c10, 64); v128.store(out, c11, 80); }
  if (MR > 2) { v128.store(out, c20, 128); v128.store(out, c21, 144); }
  if (MR > 3) { v128.store(out, c30, 192); v128.store(out, c31, 208); }
  if (MR > 4) { v128.store(out, c40, 256); v128.store(out, c41, 272); }
  if (MR > 5) { v128.store(out, c50, 320); v128.store(out, c51, 336); }
}

/** `MR` rows × 16 columns, MR 1 or 2: enough independent sums for a batch of one or two. */
// @ts-ignore: decorator
@inline
function tile16(
  MR: i32, out: usize, init: usize, initStep: usize,
  a1: usize, k1: i32, stride1: usize, a2: usize, k2: i32, stride2: usize, b: usize,
): void {
  let c00 = v128.load(init), c01 = v128.load(init, 16), c02 = v128.load(init, 32), c03 = v128.load(init, 48);
  let c10 = i32x4.splat(0), c11 = c10, c12 = c10, c13 = c10;
  if (MR > 1) {
    init += initStep;
    c10 = v128.load(init); c11 = v128.load(init, 16); c12 = v128.load(init, 32); c13 = v128.load(init, 48);
  }
  let panel = a1, left = k1, stride = stride1, pending = k2;
  while (true) {
    const n = min(left, PANEL);
    let a = panel;
    const end = a + (n << 2);
    while (a < end) {
      let x = v128.load32_splat(a), w = v128.load(b), y = x; c00 = madd(x, w, c00);
      if (MR > 1) { y = v128.load32_splat(a, 64); c10 = madd(y, w, c10); }
      w = v128.load(b, 16); c01 = madd(x, w, c01); if (MR > 1) c11 = madd(y, w, c11);
      w = v128.load(b, 32); c02 = madd(x, w, c02); if (MR > 1) c12 = madd(y, w, c12);
      w = v128.load(b, 48); c03 = madd(x, w, c03); if (MR > 1) c13 = madd(y, w, c13);
      a += 4; b += 64;
    }
    left -= n;
    if (left > 0) { panel += stride; continue; }
    if (pending == 0) break;
    panel = a2; left = pending; stride = stride2; pending = 0;
  }
  v128.store(out, c00); v128.store(out, c01, 16); v128.store(out, c02, 32); v128.store(out, c03, 48);
  if (MR > 1) {
    v128.store(out, c10, 64); v128.store(out, c11, 80); v128.store(out, c12, 96); v128.store(out, c13, 112);
  }
}

/** `count` strips of 1 row. */
function strips1(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  for (; count > 0; count--) {
    tile8(1, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    out += 64; a1 += 64; a2 += 64; init += initStep * 1;
  }
}

/** `count` strips of 2 rows. */
function strips2(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  for (; count > 0; count--) {
    tile8(2, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    out += 128; a1 += 128; a2 += 128; init += initStep * 2;
  }
}

/** `count` strips of 3 rows. */
function strips3(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  for (; count > 0; count--) {
    tile8(3, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    out += 192; a1 += 192; a2 += 192; init += initStep * 3;
  }
}

/** `count` strips of 4 rows. */
function strips4(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  for (; count > 0; count--) {
    tile8(4, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    out += 256; a1 += 256; a2 += 256; init += initStep * 4;
  }
}

/** `count` strips of 5 rows. */
function strips5(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  for (; count > 0; count--) {
    tile8(5, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    out += 320; a1 += 320; a2 += 320; init += initStep * 5;
  }
}

/** `count` strips of 6 rows. */
function strips6(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  for (; count > 0; count--) {
    tile8(6, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    out += 384; a1 += 384; a2 += 384; init += initStep * 6;
  }
}

function wide1(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize,
): void {
  tile16(1, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
}

function wide2(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize,
): void {
  tile16(2, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
}

/** `count` strips of `height` rows, 1 ≤ height ≤ TILE_ROWS. */
function strips(
  height: i32, out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  if (TILE_ROWS > 4) {
    if (height == 6) return strips6(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
    if (height == 5) return strips5(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  }
  if (height == 4) return strips4(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  if (height == 3) return strips3(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  if (height == 2) return strips2(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  strips1(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
}

/** 8 columns. Rows that do not fill a tile are shared out so that no strip is thin: 5 = 3 + 2, not 4 + 1. */
function columns8(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, rows: i32,
): void {
  const rest = rows % TILE_ROWS;
  const full = rows / TILE_ROWS - i32(rest > 0 && rest <= TILE_ROWS / 2 && rows > TILE_ROWS);
  if (full > 0) strips(TILE_ROWS, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, full);
  const done = full * TILE_ROWS, left = rows - done;
  if (left == 0) return;
  const skip = <usize>done * ROW;
  out += skip; a1 += skip; a2 += skip; init += <usize>done * initStep;
  const first = left > TILE_ROWS ? (left + 1) >> 1 : left;
  strips(first, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, 1);
  if (first == left) return;
  const next = <usize>first * ROW;
  out += next; a1 += next; a2 += next; init += <usize>first * initStep;
  strips(left - first, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, 1);
}

/** All `rows` of one packed block of `columns` (8 or 16) columns. Either k may be 0. */
export function rowProduct(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, rows: i32, columns: i32,
): void {
  if (columns > 8) {
    if (rows == 1) return wide1(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    if (rows == 2) return wide2(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b);
    columns8(out + 32, init + 32, initStep, a1, k1, stride1, a2, k2, stride2, b + 32, rows);
  }
  columns8(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, rows);
}
