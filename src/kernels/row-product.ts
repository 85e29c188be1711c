/**
 * Matrix product by rows: out = init + A·B, where the rows of A lie in panels and B is packed.
 *
 *   out[r][n] = init[r][n] + Σ_k A1[r][k]·B[k][n] + Σ_k A2[r][k]·B[K1 + k][n]
 *
 * B is one packed block [K1 + K2][16]; out and init have 64-byte rows (`initStep` = 0 repeats one row: a bias). A is two
 * matrices in panels side by side, so that [x | h] needs no copy. A tile of up to TILE_ROWS rows × 8 or 16
 * columns stays in registers while k runs in ascending order: every sum has the same order whatever the tile that computes it.
 *
 * A single row has too few sums to keep a processor busy: it is multiplied by several packed blocks at once.
 *
 * The loop over k is not unrolled here: V8 moves the loads of a basic block before its arithmetic, so that a block of
 * several k's would spill, and it unrolls the loop itself, one block for each k.
 */
import { Eight, Five, Four, One, Six, Sixteen, Three, Two } from './numbers';
import { madd, PANEL, ROW } from './simd';

/** `count` tiles one below the other, each of R rows and C columns. */
function tiles<R, C>(
  out: usize, init: usize, initStep: usize,
  a1: usize, k1: i32, stride1: usize, a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  const MR = offsetof<R>(), WIDE = offsetof<C>() > 8;
  for (; count > 0; count--) {
    let from = init, w = b;
    let c00 = v128.load(from), c01 = v128.load(from, 16), c02 = c00, c03 = c00;
    if (WIDE) { c02 = v128.load(from, 32); c03 = v128.load(from, 48); }
    let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
    if (MR > 1) {
      from += initStep; c10 = v128.load(from); c11 = v128.load(from, 16);
      if (WIDE) { c12 = v128.load(from, 32); c13 = v128.load(from, 48); }
    }
    let c20 = c00, c21 = c00, c22 = c00, c23 = c00;
    if (MR > 2) {
      from += initStep; c20 = v128.load(from); c21 = v128.load(from, 16);
      if (WIDE) { c22 = v128.load(from, 32); c23 = v128.load(from, 48); }
    }
    let c30 = c00, c31 = c00, c32 = c00, c33 = c00;
    if (MR > 3) {
      from += initStep; c30 = v128.load(from); c31 = v128.load(from, 16);
      if (WIDE) { c32 = v128.load(from, 32); c33 = v128.load(from, 48); }
    }
    let c40 = c00, c41 = c00, c42 = c00, c43 = c00;
    if (MR > 4) {
      from += initStep; c40 = v128.load(from); c41 = v128.load(from, 16);
      if (WIDE) { c42 = v128.load(from, 32); c43 = v128.load(from, 48); }
    }
    let c50 = c00, c51 = c00, c52 = c00, c53 = c00;
    if (MR > 5) {
      from += initStep; c50 = v128.load(from); c51 = v128.load(from, 16);
      if (WIDE) { c52 = v128.load(from, 32); c53 = v128.load(from, 48); }
    }
    let panel = a1, left = k1, stride = stride1, pending = k2;
    while (true) {
      const n = min(left, PANEL);
      let a = panel;
      const end = a + (n << 2);
      while (a < end) {
        const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = WIDE ? v128.load(w, 32) : w0, w3 = WIDE ? v128.load(w, 48) : w1;
        let x = v128.load32_splat(a);
        c00 = madd(x, w0, c00); c01 = madd(x, w1, c01);
        if (WIDE) { c02 = madd(x, w2, c02); c03 = madd(x, w3, c03); }
        if (MR > 1) {
          x = v128.load32_splat(a, 64); c10 = madd(x, w0, c10); c11 = madd(x, w1, c11);
          if (WIDE) { c12 = madd(x, w2, c12); c13 = madd(x, w3, c13); }
        }
        if (MR > 2) {
          x = v128.load32_splat(a, 128); c20 = madd(x, w0, c20); c21 = madd(x, w1, c21);
          if (WIDE) { c22 = madd(x, w2, c22); c23 = madd(x, w3, c23); }
        }
        if (MR > 3) {
          x = v128.load32_splat(a, 192); c30 = madd(x, w0, c30); c31 = madd(x, w1, c31);
          if (WIDE) { c32 = madd(x, w2, c32); c33 = madd(x, w3, c33); }
        }
        if (MR > 4) {
          x = v128.load32_splat(a, 256); c40 = madd(x, w0, c40); c41 = madd(x, w1, c41);
          if (WIDE) { c42 = madd(x, w2, c42); c43 = madd(x, w3, c43); }
        }
        if (MR > 5) {
          x = v128.load32_splat(a, 320); c50 = madd(x, w0, c50); c51 = madd(x, w1, c51);
          if (WIDE) { c52 = madd(x, w2, c52); c53 = madd(x, w3, c53); }
        }
        a += 4; w += 64;
      }
      left -= n;
      if (left > 0) { panel += stride; continue; }
      if (pending == 0) break;
      panel = a2; left = pending; stride = stride2; pending = 0;
    }
    v128.store(out, c00, 0); v128.store(out, c01, 16);
    if (WIDE) { v128.store(out, c02, 32); v128.store(out, c03, 48); }
    if (MR > 1) {
      v128.store(out, c10, 64); v128.store(out, c11, 80);
      if (WIDE) { v128.store(out, c12, 96); v128.store(out, c13, 112); }
    }
    if (MR > 2) {
      v128.store(out, c20, 128); v128.store(out, c21, 144);
      if (WIDE) { v128.store(out, c22, 160); v128.store(out, c23, 176); }
    }
    if (MR > 3) {
      v128.store(out, c30, 192); v128.store(out, c31, 208);
      if (WIDE) { v128.store(out, c32, 224); v128.store(out, c33, 240); }
    }
    if (MR > 4) {
      v128.store(out, c40, 256); v128.store(out, c41, 272);
      if (WIDE) { v128.store(out, c42, 288); v128.store(out, c43, 304); }
    }
    if (MR > 5) {
      v128.store(out, c50, 320); v128.store(out, c51, 336);
      if (WIDE) { v128.store(out, c52, 352); v128.store(out, c53, 368); }
    }
    out += MR * ROW; a1 += MR * ROW; a2 += MR * ROW; init += MR * initStep;
  }
}

/** Tiles of `height` rows, 1 ≤ height ≤ TILE_ROWS. */
function strips<C>(
  height: i32, out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, count: i32,
): void {
  if (TILE_ROWS > 4) {
    if (height == 6) return tiles<Six, C>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
    if (height == 5) return tiles<Five, C>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  }
  if (height == 4) return tiles<Four, C>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  if (height == 3) return tiles<Three, C>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  if (height == 2) return tiles<Two, C>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
  tiles<One, C>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, count);
}

/** All rows of a block of C columns. Rows that do not fill a tile are shared out so that no tile is thin: 5 = 3 + 2, not 4 + 1. */
function columns<C>(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, rows: i32,
): void {
  const rest = rows % TILE_ROWS;
  const full = rows / TILE_ROWS - i32(rest > 0 && rest <= TILE_ROWS / 2 && rows > TILE_ROWS);
  if (full > 0) strips<C>(TILE_ROWS, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, full);
  const done = full * TILE_ROWS, left = rows - done;
  if (left == 0) return;
  const skip = <usize>done * ROW;
  out += skip; a1 += skip; a2 += skip; init += <usize>done * initStep;
  const first = left > TILE_ROWS ? (left + 1) >> 1 : left;
  strips<C>(first, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, 1);
  if (first == left) return;
  const next = <usize>first * ROW;
  out += next; a1 += next; a2 += next; init += <usize>first * initStep;
  strips<C>(left - first, out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, 1);
}

/** All `rows` of one packed block of `width` (8 or 16) columns. Either k may be 0. */
export function rowProduct(
  out: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, rows: i32, width: i32,
): void {
  if (width > 8) {
    if (WIDE_TILES) return columns<Sixteen>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, rows);
    if (rows == 1) return tiles<One, Sixteen>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, 1);
    if (rows == 2) return tiles<Two, Sixteen>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, 1);
    columns<Eight>(out + 32, init + 32, initStep, a1, k1, stride1, a2, k2, stride2, b + 32, rows);
  }
  columns<Eight>(out, init, initStep, a1, k1, stride1, a2, k2, stride2, b, rows);
}

/** Packed blocks that a single row is multiplied by at once: eight independent sums. */
const BLOCKS_AT_ONCE: i32 = WIDE_TILES ? 4 : 2;

/** One row × BLOCKS_AT_ONCE packed blocks. */
function rowBlocks(
  out: usize, outStep: usize, init: usize, initStep: usize,
  a1: usize, k1: i32, stride1: usize, a2: usize, k2: i32, stride2: usize, b: usize, blockBytes: usize,
): void {
  const MANY = BLOCKS_AT_ONCE > 2;
  let i = init + initStep, w = b + blockBytes;
  let c00 = v128.load(init), c01 = v128.load(init, 16), c02 = v128.load(init, 32), c03 = v128.load(init, 48);
  let c10 = v128.load(i), c11 = v128.load(i, 16), c12 = v128.load(i, 32), c13 = v128.load(i, 48);
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00, c30 = c00, c31 = c00, c32 = c00, c33 = c00;
  if (MANY) {
    i += initStep; c20 = v128.load(i); c21 = v128.load(i, 16); c22 = v128.load(i, 32); c23 = v128.load(i, 48);
    i += initStep; c30 = v128.load(i); c31 = v128.load(i, 16); c32 = v128.load(i, 32); c33 = v128.load(i, 48);
  }
  let v = w + blockBytes, u = v + blockBytes;
  let panel = a1, left = k1, stride = stride1, pending = k2;
  while (true) {
    const n = min(left, PANEL);
    let a = panel;
    const end = a + (n << 2);
    while (a < end) {
      const x = v128.load32_splat(a);
      c00 = madd(x, v128.load(b), c00); c01 = madd(x, v128.load(b, 16), c01);
      c02 = madd(x, v128.load(b, 32), c02); c03 = madd(x, v128.load(b, 48), c03);
      c10 = madd(x, v128.load(w), c10); c11 = madd(x, v128.load(w, 16), c11);
      c12 = madd(x, v128.load(w, 32), c12); c13 = madd(x, v128.load(w, 48), c13);
      if (MANY) {
        c20 = madd(x, v128.load(v), c20); c21 = madd(x, v128.load(v, 16), c21);
        c22 = madd(x, v128.load(v, 32), c22); c23 = madd(x, v128.load(v, 48), c23);
        c30 = madd(x, v128.load(u), c30); c31 = madd(x, v128.load(u, 16), c31);
        c32 = madd(x, v128.load(u, 32), c32); c33 = madd(x, v128.load(u, 48), c33);
        v += 64; u += 64;
      }
      a += 4; b += 64; w += 64;
    }
    left -= n;
    if (left > 0) { panel += stride; continue; }
    if (pending == 0) break;
    panel = a2; left = pending; stride = stride2; pending = 0;
  }
  v128.store(out, c00); v128.store(out, c01, 16); v128.store(out, c02, 32); v128.store(out, c03, 48);
  out += outStep;
  v128.store(out, c10); v128.store(out, c11, 16); v128.store(out, c12, 32); v128.store(out, c13, 48);
  if (MANY) {
    out += outStep;
    v128.store(out, c20); v128.store(out, c21, 16); v128.store(out, c22, 32); v128.store(out, c23, 48);
    out += outStep;
    v128.store(out, c30); v128.store(out, c31, 16); v128.store(out, c32, 32); v128.store(out, c33, 48);
  }
}

/**
 * One row of A times `count` packed blocks of 16 columns, `blockBytes` apart; out and init advance by their steps from block to
 * block.
 */
export function singleRowProduct(
  out: usize, outStep: usize, init: usize, initStep: usize, a1: usize, k1: i32, stride1: usize,
  a2: usize, k2: i32, stride2: usize, b: usize, blockBytes: usize, count: i32,
): void {
  for (; count >= BLOCKS_AT_ONCE; count -= BLOCKS_AT_ONCE) {
    rowBlocks(out, outStep, init, initStep, a1, k1, stride1, a2, k2, stride2, b, blockBytes);
    out += <usize>BLOCKS_AT_ONCE * outStep; init += <usize>BLOCKS_AT_ONCE * initStep; b += <usize>BLOCKS_AT_ONCE * blockBytes;
  }
  for (; count > 0; count--) {
    tiles<One, Sixteen>(out, init, 0, a1, k1, stride1, a2, k2, stride2, b, 1);
    out += outStep; init += initStep; b += blockBytes;
  }
}
