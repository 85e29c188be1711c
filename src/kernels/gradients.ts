/**
 * The backward pass of z = x·Wᵀ + b, which linear and recurrent layers share, over many rows at once.
 *
 *   dW += dzᵀ·x;  db += Σ dz;  dx = dz·W
 *
 * Packed weights and gradients: [blocks][blockRows][16]; row 0 of a block is the bias, after it come further vectors of
 * one number for each output where a layer has them, then the weights, one row for each input, of the block's 16 outputs.
 * Outputs are padded to a multiple of 8 whose weights are and stay zero.
 */
import { biasUpdate, rankUpdate } from './rank-update';
import { rowProduct } from './row-product';
import { laneSum, madd, PANEL, ROW, SQUARE } from './simd';

/** Rows whose activations stay in L1 while all blocks of weights pass over them. */
export const ROWS_IN_CACHE: i32 = 32;
/** Most rows of one rank update: its two panels fit L1. */
const UPDATE_ROWS: i32 = 192;

/**
 * dx [rows][inputs ↑8] = dz·W, where dz is one matrix in panels or two side by side (`more`, or `moreWidth` = 0), from the
 * transposed weights [⌈inputs/16⌉][transposedRows][16], of whose rows the first `width` + `moreWidth` count.
 * `zeros` is a row of zeros; 0 instead of it adds to what dx holds.
 */
export function inputGradient(
  dx: usize, dxStride: usize, dz: usize, width: i32, dzStride: usize, more: usize, moreWidth: i32, moreStride: usize,
  transposed: usize, zeros: usize, rows: i32, inputs: i32, transposedRows: i32,
): void {
  const initStep: usize = zeros ? 0 : ROW;
  for (let from = 0; from < rows; from += ROWS_IN_CACHE) {
    const n = min(rows - from, ROWS_IN_CACHE), offset = <usize>from * ROW;
    let block = transposed, out = dx + offset;
    for (let k = 0; k < inputs; k += PANEL, block += <usize>transposedRows * ROW, out += dxStride)
      rowProduct(
        out, zeros ? zeros : out, initStep, dz + offset, width, dzStride, more + offset, moreWidth, moreStride,
        block, n, inputs - k > 8 ? 16 : 8,
      );
  }
}

/** Inputs up to which dx is made of dot products: a tile would compute eight columns for them. */
export const MOST_DOTS: i32 = 3;

/**
 * dx [rows][inputs] for at most MOST_DOTS inputs, from the packed weights as they are: `weights` is the row of the first input in
 * the first block. dz as for inputGradient.
 */
export function fewInputsGradient(
  dx: usize, dz: usize, width: i32, dzStride: usize, more: usize, moreWidth: i32, moreStride: usize,
  weights: usize, blockBytes: usize, rows: i32, inputs: i32,
): void {
  for (; rows > 0; rows--, dx += ROW, dz += ROW, more += ROW)
    for (let k = 0; k < inputs; k++) {
      let w = weights + <usize>k * ROW, panel = dz, left = width, stride = dzStride, pending = moreWidth;
      let a = f32x4.splat(0), b = a, c = a, d = a;
      while (true) {
        for (; left > 0; left -= PANEL, panel += stride, w += blockBytes) {
          a = madd(v128.load(panel), v128.load(w), a); b = madd(v128.load(panel, 16), v128.load(w, 16), b);
          if (left <= 8) continue;
          c = madd(v128.load(panel, 32), v128.load(w, 32), c); d = madd(v128.load(panel, 48), v128.load(w, 48), d);
        }
        if (pending == 0) break;
        panel = more; left = pending; stride = moreStride; pending = 0;
      }
      f32.store(dx + (<usize>k << 2), <f32>laneSum(f32x4.add(f32x4.add(a, b), f32x4.add(c, d))));
    }
}

/**
 * G [blocks][blockRows][16] += Aᵀ·dZ into the rows from `first` on, for the `inputs` columns of A and
 * `outputs` of dZ; with `biasRow` ≥ 0 also row `biasRow` += Σ dZ.
 */
export function weightGradient(
  gradient: usize, blockRows: i32, first: i32, a: usize, aStride: usize, inputs: i32,
  dz: usize, dzStride: usize, outputs: i32, rows: i32, biasRow: i32,
): void {
  const blocks = (outputs + 15) >> 4;
  // Inputs whose rows stand right after that of the bias go with it, into one tile.
  const joined = biasRow >= 0 && biasRow + 1 == first ? min(inputs, TILE_ROWS - 1) : 0;
  const pieces = (rows + UPDATE_ROWS - 1) / UPDATE_ROWS, piece = (rows + pieces - 1) / pieces;
  for (let from = 0; from < rows; from += piece) {
    const n = min(rows - from, piece), offset = <usize>from * ROW;
    for (let o = 0; o < blocks; o++) {
      const z = dz + offset + <usize>o * dzStride, g = gradient + <usize>(o * blockRows) * ROW;
      const columns = outputs - (o << 4) > 8 ? 16 : 8;
      let panel = a + offset, row = g + <usize>first * ROW;
      if (biasRow >= 0) biasUpdate(g + <usize>biasRow * ROW, panel, z, n, joined, columns);
      for (let k = 0; k < inputs; k += PANEL, panel += aStride, row += SQUARE) {
        const skip = k == 0 ? joined : 0, count = min(inputs - k, PANEL) - skip;
        rankUpdate(row + <usize>skip * ROW, panel + (skip << 2), z, n, count, columns);
      }
    }
  }
}
