/** One linear layer over all rows, forward and backward: y = x·Wᵀ + b. */
import { inputGradient, linearForward, weightGradient } from './dense';
import { transposeWeights } from './panels';

/** Where a layer's arrays are. Addresses and strides in bytes; the host writes the fields in this order. */
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
  transposed: usize; // [⌈inputs/16⌉][16·⌈outputs/16⌉][16]
  dy: usize; // [rows][outputs]
  dyStride: usize;
  dx: usize; // [rows][inputs]
  dxStride: usize;
  zeros: usize; // a row of zeros
}

export function denseForward(p: LinearPlan, rows: i32): void {
  linearForward(p.y, p.yStride, p.x, p.xStride, p.weights, rows, p.inputs, p.outputs);
}

/** gradient += …, and dx with `wantX`. */
export function denseBackward(p: LinearPlan, rows: i32, wantX: i32): void {
  const blocks = (p.outputs + 15) >> 4;
  transposeWeights(p.transposed, p.weights, blocks, 1 + p.inputs, 1, p.inputs);
  weightGradient(p.gradient, 1 + p.inputs, 1, p.x, p.xStride, p.inputs, p.dy, p.dyStride, p.outputs, rows, 1);
  if (wantX) denseInputGradient(p, rows);
}

export function denseInputGradient(p: LinearPlan, rows: i32): void {
  inputGradient(
    p.dx, p.dxStride, p.dy, p.dyStride, p.transposed, p.zeros, rows, p.outputs, p.inputs, ((p.outputs + 15) >> 4) << 4,
  );
}
