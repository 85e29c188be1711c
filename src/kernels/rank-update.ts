/**
 * Rank update: the gradient of a weight matrix from many rows at once.
 *
 *   G[k][n] += Σ_r A[r][k]·Z[r][n],   r over a chunk of all time steps and batch rows
 *
 * A and Z lie in panels, G is a packed block (64-byte rows). r ascends, whatever the tile.
 */
import { madd, ROW } from './simd';

/** `MR` rows of G × 8 columns, 1 ≤ MR ≤ 6, a constant. */
// @ts-ignore: decorator
@inline
function tile8(MR: i32, g: usize, a: usize, z: usize, rows: i32): void {
  let c00 = v128.load(g), c01 = v128.load(g, 16);
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  let c40 = c00, c41 = c00;
  let c50 = c00, c51 = c00;
  if (MR > 1) { c10 = v128.load(g, 64); c11 = v128.load(g, 80); }
  if (MR > 2) { c20 = v128.load(g, 128); c21 = v128.load(g, 144); }
  if (MR > 3) { c30 = v128.load(g, 192); c31 = v128.load(g, 208); }
  if (MR > 4) { c40 = v128.load(g, 256); c41 = v128.load(g, 272); }
  if (MR > 5) { c50 = v128.load(g, 320); c51 = v128.load(g, 336); }
  const end = a + (rows << 6);
  while (a < end) {
    let z0 = v128.load(z), z1 = v128.load(z, 16), x = v128.load32_splat(a);
    c00 = madd(x, z0, c00); c01 = madd(x, z1, c01);
    if (MR > 1) { x = v128.load32_splat(a, 4); c10 = madd(x, z0, c10); c11 = madd(x, z1, c11); }
    if (MR > 2) { x = v128.load32_splat(a, 8); c20 = madd(x, z0, c20); c21 = madd(x, z1, c21); }
    if (MR > 3) { x = v128.load32_splat(a, 12); c30 = madd(x, z0, c30); c31 = madd(x, z1, c31); }
    if (MR > 4) { x = v128.load32_splat(a, 16); c40 = madd(x, z0, c40); c41 = madd(x, z1, c41); }
    if (MR > 5) { x = v128.load32_splat(a, 20); c50 = madd(x, z0, c50); c51 = madd(x, z1, c51); }
    a += 64; z += 64;
  }
  v128.store(g, c00); v128.store(g, c01, 16);
  if (MR > 1) { v128.store(g, c10, 64); v128.store(g, c11, 80); }
  if (MR > 2) { v128.store(g, c20, 128); v128.store(g, c21, 144); }
  if (MR > 3) { v128.store(g, c30, 192); v128.store(g, c31, 208); }
  if (MR > 4) { v128.store(g, c40, 256); v128.store(g, c41, 272); }
  if (MR > 5) { v128.store(g, c50, 320); v128.store(g, c51, 336); }
}

/** `MR` rows of G × 16 columns, MR 1 or 2: enough independent sums for one or two inputs. */
// @ts-ignore: decorator
@inline
function tile16(MR: i32, g: usize, a: usize, z: usize, rows: i32): void {
  let c00 = v128.load(g), c01 = v128.load(g, 16), c02 = v128.load(g, 32), c03 = v128.load(g, 48);
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  if (MR > 1) {
    c10 = v128.load(g, 64); c11 = v128.load(g, 80); c12 = v128.load(g, 96); c13 = v128.load(g, 112);
  }
  for (const end = a + (rows << 6); a < end; a += 64, z += 64) {
    const x = v128.load32_splat(a), y = MR > 1 ? v128.load32_splat(a, 4) : x;
    let w = v128.load(z); c00 = madd(x, w, c00); if (MR > 1) c10 = madd(y, w, c10);
    w = v128.load(z, 16); c01 = madd(x, w, c01); if (MR > 1) c11 = madd(y, w, c11);
    w = v128.load(z, 32); c02 = madd(x, w, c02); if (MR > 1) c12 = madd(y, w, c12);
    w = v128.load(z, 48); c03 = madd(x, w, c03); if (MR > 1) c13 = madd(y, w, c13);
  }
  v128.store(g, c00); v128.store(g, c01, 16); v128.store(g, c02, 32); v128.store(g, c03, 48);
  if (MR > 1) {
    v128.store(g, c10, 64); v128.store(g, c11, 80); v128.store(g, c12, 96); v128.store(g, c13, 112);
  }
}

function update1(g: usize, a: usize, z: usize, rows: i32): void {
  tile8(1, g, a, z, rows);
}

function update2(g: usize, a: usize, z: usize, rows: i32): void {
  tile8(2, g, a, z, rows);
}

function update3(g: usize, a: usize, z: usize, rows: i32): void {
  tile8(3, g, a, z, rows);
}

function update4(g: usize, a: usize, z: usize, rows: i32): void {
  tile8(4, g, a, z, rows);
}

function update5(g: usize, a: usize, z: usize, rows: i32): void {
  tile8(5, g, a, z, rows);
}

function update6(g: usize, a: usize, z: usize, rows: i32): void {
  tile8(6, g, a, z, rows);
}

function wide1(g: usize, a: usize, z: usize, rows: i32): void {
  tile16(1, g, a, z, rows);
}

function wide2(g: usize, a: usize, z: usize, rows: i32): void {
  tile16(2, g, a, z, rows);
}

/** `height` rows of G, 1 ≤ height ≤ TILE_ROWS, × `columns` (8 or 16). */
function update(height: i32, g: usize, a: usize, z: usize, rows: i32, columns: i32): void {
  if (columns > 8) {
    if (height == 1) return wide1(g, a, z, rows);
    if (height == 2) return wide2(g, a, z, rows);
    update(height, g + 32, a, z + 32, rows, 8);
  }
  if (TILE_ROWS > 4) {
    if (height == 6) return update6(g, a, z, rows);
    if (height == 5) return update5(g, a, z, rows);
  }
  if (height == 4) return update4(g, a, z, rows);
  if (height == 3) return update3(g, a, z, rows);
  if (height == 2) return update2(g, a, z, rows);
  update1(g, a, z, rows);
}

/** `count` rows of G (1 … 16: the columns of one panel of A), in tiles of which none is thin. */
export function rankUpdate(g: usize, a: usize, z: usize, rows: i32, count: i32, columns: i32): void {
  while (count > 0) {
    let height = TILE_ROWS;
    if (count < TILE_ROWS) height = count;
    else if (count > TILE_ROWS && count <= TILE_ROWS + TILE_ROWS / 2) height = (count + 1) >> 1;
    update(height, g, a, z, rows, columns);
    g += <usize>height * ROW; a += height << 2; count -= height;
  }
}

/** g[n] += Σ_r Z[r][n] over 16 columns: the gradient of a bias. */
export function columnSums(g: usize, z: usize, rows: i32): void {
  let a0 = v128.load(g), a1 = v128.load(g, 16), a2 = v128.load(g, 32), a3 = v128.load(g, 48);
  for (const end = z + (<usize>rows << 6); z < end; z += ROW) {
    a0 = f32x4.add(a0, v128.load(z)); a1 = f32x4.add(a1, v128.load(z, 16));
    a2 = f32x4.add(a2, v128.load(z, 32)); a3 = f32x4.add(a3, v128.load(z, 48));
  }
  v128.store(g, a0); v128.store(g, a1, 16); v128.store(g, a2, 32); v128.store(g, a3, 48);
}
