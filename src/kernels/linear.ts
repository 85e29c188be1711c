/**
 * One linear layer over all rows, forward and backward.
 *
 *   y = x·Wᵀ + b;  dW += dyᵀ·x;  db += Σ dy;  dx = dy·W
 *
 * Shapes: x [rows, inputs], y [rows, outputs], in panels. W and b packed: [⌈outputs/16⌉][1 + inputs][16], see gradients.ts.
 */
import { inputGradient, ROWS_IN_CACHE, weightGradient } from './gradients';
import { transposeWeights } from './panels';
import { Part } from './part';
import { rowProduct } from './row-product';
import { PANEL, ROW } from './simd';

/** Where a layer's arrays are. Addresses and strides in bytes. */
@unmanaged
export class LinearPlan {
  inputs: i32;
  outputs: i32;
  x: usize; // [rows][inputs]
  xStride: usize;
  y: usize; // [rows][outputs]
  yStride: usize;
  weights: usize; // [⌈outputs/16⌉][1 + inputs][16]
  gradient: usize; // as weights
  transposedX: usize; // [⌈inputs/16⌉][16·⌈outputs/16⌉][16]
  dy: usize; // [rows][outputs]
  dyStride: usize;
  dx: usize; // [rows][inputs]
  dxStride: usize;
  zeros: usize; // a row of zeros
}

export function linearForward(p: LinearPlan, rows: i32): void {
  const inputs = p.inputs, outputs = p.outputs, blockBytes = <usize>(1 + inputs) * ROW;
  for (let from = 0; from < rows; from += ROWS_IN_CACHE) {
    const n = min(rows - from, ROWS_IN_CACHE), offset = <usize>from * ROW;
    let block = p.weights, y = p.y + offset;
    for (let o = 0; o < outputs; o += PANEL, block += blockBytes, y += p.yStride)
      rowProduct(y, block, 0, p.x + offset, inputs, p.xStride, 0, 0, 0, block + ROW, n, outputs - o > 8 ? 16 : 8);
  }
}

/** This thread's share of the transposed weights, which dx needs. */
export function linearPrepare(p: LinearPlan, me: Part): void {
  transposeWeights(me, p.transposedX, p.weights, (p.outputs + 15) >> 4, 1 + p.inputs, 1, p.inputs);
}

/** gradient += …, and dx with `wantX`. */
export function linearBackward(p: LinearPlan, rows: i32, wantX: i32): void {
  weightGradient(p.gradient, 1 + p.inputs, 1, p.x, p.xStride, p.inputs, p.dy, p.dyStride, p.outputs, rows, 0);
  if (wantX) linearInputGradient(p, rows);
}

/** dx from dy and the transposed weights of linearPrepare. */
export function linearInputGradient(p: LinearPlan, rows: i32): void {
  const padded = ((p.outputs + 15) >> 4) << 4;
  inputGradient(
    p.dx, p.dxStride, p.dy, p.outputs, p.dyStride, 0, 0, 0, p.transposedX, p.zeros, rows, p.inputs, padded,
  );
}
