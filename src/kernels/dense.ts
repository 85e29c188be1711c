/**
 * A linear layer, and the parts of its backward pass that the recurrent layers share.
 *
 *   y = x·Wᵀ + b;  dW += dyᵀ·x;  db += Σ dy;  dx = dy·W
 *
 * Packed weights: [blocks][1 + K][16]; row 0 of a block is the bias, row 1 + k the weights of input k to 16 outputs.
 * Outputs are padded to a multiple of 8 whose weights are and stay zero.
 */
import { columnSums, rankUpdate } from './rank-update';
import { rowProduct } from './row-product';
import { PANEL, ROW, SQUARE } from './simd';

/** Rows whose activations stay in L1 while all blocks of weights pass over them. */
const ROWS_IN_CACHE: i32 = 32;
/** Rows of one rank update: its two panels fit L1. */
const UPDATE_ROWS: i32 = 192;

/** y [rows][outputs ↑8] = x·Wᵀ + b. */
export function linearForward(
  y: usize, yStride: usize, x: usize, xStride: usize, weights: usize, rows: i32, inputs: i32, outputs: i32,
): void {
  const blockBytes = <usize>(1 + inputs) * ROW;
  for (let from = 0; from < rows; from += ROWS_IN_CACHE) {
    const n = min(rows - from, ROWS_IN_CACHE), offset = <usize>from * ROW;
    let block = weights, out = y + offset;
    for (let o = 0; o < outputs; o += PANEL, block += blockBytes, out += yStride)
      rowProduct(out, block, 0, x + offset, inputs, xStride, 0, 0, 0, block + ROW, n, outputs - o > 8 ? 16 : 8);
  }
}

/** dx [rows][inputs ↑8] = dz·W from the transposed weights [⌈inputs/16⌉][width][16]; `zeros` is a row of zeros. */
export function inputGradient(
  dx: usize, dxStride: usize, dz: usize, dzStride: usize, transposed: usize, zeros: usize,
  rows: i32, width: i32, inputs: i32, transposedRows: i32,
): void {
  for (let from = 0; from < rows; from += ROWS_IN_CACHE) {
    const n = min(rows - from, ROWS_IN_CACHE), offset = <usize>from * ROW;
    let block = transposed, out = dx + offset;
    for (let k = 0; k < inputs; k += PANEL, block += <usize>transposedRows * ROW, out += dxStride)
      rowProduct(out, zeros, 0, dz + offset, width, dzStride, 0, 0, 0, block, n, inputs - k > 8 ? 16 : 8);
  }
}

/**
 * G [blocks][blockRows][16] += Aᵀ·dZ into the rows from `first` on, for the `inputs` columns of A and `outputs` of dZ;
 * with `bias` ≠ 0 also row 0 += Σ dZ.
 */
export function weightGradient(
  gradient: usize, blockRows: i32, first: i32, a: usize, aStride: usize, inputs: i32,
  dz: usize, dzStride: usize, outputs: i32, rows: i32, bias: i32,
): void {
  const blockBytes = <usize>blockRows * ROW;
  for (let from = 0; from < rows; from += UPDATE_ROWS) {
    const n = min(rows - from, UPDATE_ROWS), offset = <usize>from * ROW;
    let z = dz + offset, g = gradient;
    for (let o = 0; o < outputs; o += PANEL, z += dzStride, g += blockBytes) {
      if (bias) columnSums(g, z, n);
      let panel = a + offset, row = g + <usize>first * ROW;
      for (let k = 0; k < inputs; k += PANEL, panel += aStride, row += SQUARE)
        rankUpdate(row, panel, z, n, min(inputs - k, PANEL), outputs - o > 8 ? 16 : 8);
    }
  }
}
