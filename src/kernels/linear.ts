/**
 * One linear layer over all rows, forward and backward.
 *
 *   y = x·Wᵀ + b;  dW += dyᵀ·x;  db += Σ dy;  dx = dy·W
 *
 * Shapes: x [rows, inputs], y [rows, outputs], in panels. W and b packed: [⌈outputs/16⌉][1 + inputs][16], see gradients.ts.
 */
import { inputGradient, ROWS_IN_CACHE, weightGradient } from './gradients';
import { transposeWeights } from './panels';
import { Part, shareEnd, shareFirst } from './part';
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

/** y of `rows` rows from row `first` on. */
export function linearForward(p: LinearPlan, first: i32, rows: i32): void {
  const inputs = p.inputs, outputs = p.outputs, blockBytes = <usize>(1 + inputs) * ROW;
  for (let from = first; from < first + rows; from += ROWS_IN_CACHE) {
    const n = min(first + rows - from, ROWS_IN_CACHE), offset = <usize>from * ROW;
    let block = p.weights, y = p.y + offset;
    for (let o = 0; o < outputs; o += PANEL, block += blockBytes, y += p.yStride)
      rowProduct(y, block, 0, p.x + offset, inputs, p.xStride, 0, 0, 0, block + ROW, n, outputs - o > 8 ? 16 : 8);
  }
}

/** Transposes the weights for the backward pass. All threads must meet before it. */
export function linearPrepare(p: LinearPlan, me: Part): void {
  transposeWeights(me, p.transposedX, p.weights, (p.outputs + 15) >> 4, 1 + p.inputs, 1, p.inputs);
}

/** This thread's share of gradient += …, over `rows` rows; and with `wantX` of dx, after linearPrepare. */
export function linearBackward(p: LinearPlan, me: Part, rows: i32, wantX: i32): void {
  weightGradient(me, p.gradient, 1 + p.inputs, 1, p.x, p.xStride, p.inputs, p.dy, p.dyStride, p.outputs, rows, 0);
  if (!wantX) return;
  const first = shareFirst(me, rows);
  linearInputGradient(p, first, shareEnd(me, rows) - first);
}

/** dx of `rows` rows from row `first` on from dy and the transposed weights. */
export function linearInputGradient(p: LinearPlan, first: i32, rows: i32): void {
  const padded = ((p.outputs + 15) >> 4) << 4, offset = <usize>first * ROW;
  inputGradient(
    p.dx + offset, p.dxStride, p.dy + offset, p.outputs, p.dyStride, 0, 0, 0,
    p.transposedX, p.zeros, rows, p.inputs, padded,
  );
}
