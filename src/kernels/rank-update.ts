/**
 * Rank update: the gradient of a weight matrix from many rows at once.
 *
 *   G[k][n] += Σ_r A[r][k]·Z[r][n],   r over a chunk of all time steps and batch rows
 *
 * A and Z lie in panels, G is a packed block (64-byte rows). r ascends, whatever the tile. A bias is the weight of an input
 * that is always 1.
 */
import { Eight, Five, Four, One, Six, Sixteen, Three, Two } from './numbers';
import { madd, ROW } from './simd';

/** The input of a bias. */
const ALWAYS_ONE = memory.data<f32>([1]);

/**
 * R rows of G × C columns. The inputs of the first row of G lie `step` bytes apart from `first` on, those of the others in the
 * columns of a panel from `a` on.
 */
function tile<R, C>(g: usize, first: usize, step: usize, a: usize, z: usize, rows: i32): void {
  const MR = offsetof<R>(), WIDE = offsetof<C>() > 8;
  let c00 = v128.load(g), c01 = v128.load(g, 16), c02 = c00, c03 = c00;
  if (WIDE) { c02 = v128.load(g, 32); c03 = v128.load(g, 48); }
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  if (MR > 1) {
    c10 = v128.load(g, 64); c11 = v128.load(g, 80);
    if (WIDE) { c12 = v128.load(g, 96); c13 = v128.load(g, 112); }
  }
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00;
  if (MR > 2) {
    c20 = v128.load(g, 128); c21 = v128.load(g, 144);
    if (WIDE) { c22 = v128.load(g, 160); c23 = v128.load(g, 176); }
  }
  let c30 = c00, c31 = c00, c32 = c00, c33 = c00;
  if (MR > 3) {
    c30 = v128.load(g, 192); c31 = v128.load(g, 208);
    if (WIDE) { c32 = v128.load(g, 224); c33 = v128.load(g, 240); }
  }
  let c40 = c00, c41 = c00, c42 = c00, c43 = c00;
  if (MR > 4) {
    c40 = v128.load(g, 256); c41 = v128.load(g, 272);
    if (WIDE) { c42 = v128.load(g, 288); c43 = v128.load(g, 304); }
  }
  let c50 = c00, c51 = c00, c52 = c00, c53 = c00;
  if (MR > 5) {
    c50 = v128.load(g, 320); c51 = v128.load(g, 336);
    if (WIDE) { c52 = v128.load(g, 352); c53 = v128.load(g, 368); }
  }
  const end = z + (rows << 6);
  while (z < end) {
    const z0 = v128.load(z), z1 = v128.load(z, 16), z2 = WIDE ? v128.load(z, 32) : z0, z3 = WIDE ? v128.load(z, 48) : z1;
    let x = v128.load32_splat(first);
    c00 = madd(x, z0, c00); c01 = madd(x, z1, c01);
    if (WIDE) { c02 = madd(x, z2, c02); c03 = madd(x, z3, c03); }
    if (MR > 1) {
      x = v128.load32_splat(a); c10 = madd(x, z0, c10); c11 = madd(x, z1, c11);
      if (WIDE) { c12 = madd(x, z2, c12); c13 = madd(x, z3, c13); }
    }
    if (MR > 2) {
      x = v128.load32_splat(a, 4); c20 = madd(x, z0, c20); c21 = madd(x, z1, c21);
      if (WIDE) { c22 = madd(x, z2, c22); c23 = madd(x, z3, c23); }
    }
    if (MR > 3) {
      x = v128.load32_splat(a, 8); c30 = madd(x, z0, c30); c31 = madd(x, z1, c31);
      if (WIDE) { c32 = madd(x, z2, c32); c33 = madd(x, z3, c33); }
    }
    if (MR > 4) {
      x = v128.load32_splat(a, 12); c40 = madd(x, z0, c40); c41 = madd(x, z1, c41);
      if (WIDE) { c42 = madd(x, z2, c42); c43 = madd(x, z3, c43); }
    }
    if (MR > 5) {
      x = v128.load32_splat(a, 16); c50 = madd(x, z0, c50); c51 = madd(x, z1, c51);
      if (WIDE) { c52 = madd(x, z2, c52); c53 = madd(x, z3, c53); }
    }
    first += step; a += 64; z += 64;
  }
  v128.store(g, c00, 0); v128.store(g, c01, 16);
  if (WIDE) { v128.store(g, c02, 32); v128.store(g, c03, 48); }
  if (MR > 1) {
    v128.store(g, c10, 64); v128.store(g, c11, 80);
    if (WIDE) { v128.store(g, c12, 96); v128.store(g, c13, 112); }
  }
  if (MR > 2) {
    v128.store(g, c20, 128); v128.store(g, c21, 144);
    if (WIDE) { v128.store(g, c22, 160); v128.store(g, c23, 176); }
  }
  if (MR > 3) {
    v128.store(g, c30, 192); v128.store(g, c31, 208);
    if (WIDE) { v128.store(g, c32, 224); v128.store(g, c33, 240); }
  }
  if (MR > 4) {
    v128.store(g, c40, 256); v128.store(g, c41, 272);
    if (WIDE) { v128.store(g, c42, 288); v128.store(g, c43, 304); }
  }
  if (MR > 5) {
    v128.store(g, c50, 320); v128.store(g, c51, 336);
    if (WIDE) { v128.store(g, c52, 352); v128.store(g, c53, 368); }
  }
}

/** A tile of `height` rows, 1 ≤ height ≤ TILE_ROWS, by the tile's parameters. */
function strip<C>(height: i32, g: usize, first: usize, step: usize, a: usize, z: usize, rows: i32): void {
  if (TILE_ROWS > 4) {
    if (height == 6) return tile<Six, C>(g, first, step, a, z, rows);
    if (height == 5) return tile<Five, C>(g, first, step, a, z, rows);
  }
  if (height == 4) return tile<Four, C>(g, first, step, a, z, rows);
  if (height == 3) return tile<Three, C>(g, first, step, a, z, rows);
  if (height == 2) return tile<Two, C>(g, first, step, a, z, rows);
  tile<One, C>(g, first, step, a, z, rows);
}

/** A strip of 8 or 16 columns. */
function update(
  height: i32, g: usize, first: usize, step: usize, a: usize, z: usize, rows: i32, columns: i32,
): void {
  if (columns > 8) {
    if (WIDE_TILES) return strip<Sixteen>(height, g, first, step, a, z, rows);
    if (height == 1) return tile<One, Sixteen>(g, first, step, a, z, rows);
    if (height == 2) return tile<Two, Sixteen>(g, first, step, a, z, rows);
    strip<Eight>(height, g + 32, first, step, a, z + 32, rows);
  }
  strip<Eight>(height, g, first, step, a, z, rows);
}

/** `count` rows of G (1 … 16: the columns of one panel of A), in tiles of which none is thin. */
export function rankUpdate(g: usize, a: usize, z: usize, rows: i32, count: i32, columns: i32): void {
  while (count > 0) {
    let height = TILE_ROWS;
    if (count < TILE_ROWS) height = count;
    else if (count > TILE_ROWS && count <= TILE_ROWS + TILE_ROWS / 2) height = (count + 1) >> 1;
    update(height, g, a, ROW, a + 4, z, rows, columns);
    g += <usize>height * ROW; a += height << 2; count -= height;
  }
}

/** g[n] += Σ_r Z[r][n] in the row of a bias, and in the `more` rows after it (at most TILE_ROWS − 1) the update by A. */
export function biasUpdate(g: usize, a: usize, z: usize, rows: i32, more: i32, columns: i32): void {
  update(1 + more, g, ALWAYS_ONE, 0, a, z, rows, columns);
}

/** g[n] += Σ_r Z[r][n] over `columns` (8 or 16): the gradient of a vector from its summands. */
export function columnSums(g: usize, z: usize, rows: i32, columns: i32): void {
  update(1, g, ALWAYS_ONE, 0, z, z, rows, columns);
}

/** g[n] += Σ_r A[r][n]·Z[r][n] over 8 columns: the gradient of a vector that is multiplied element by element. */
export function productSums(g: usize, a: usize, z: usize, rows: i32): void {
  let left = v128.load(g), right = v128.load(g, 16);
  for (const end = z + (<usize>rows << 6); z < end; z += ROW, a += ROW) {
    left = madd(v128.load(a), v128.load(z), left);
    right = madd(v128.load(a, 16), v128.load(z, 16), right);
  }
  v128.store(g, left);
  v128.store(g, right, 16);
}
