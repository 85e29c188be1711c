/**
 * One plain (Elman) recurrent layer over all time steps, forward and complete back-propagation through time.
 *
 *   z = W_x·x_t + W_h·h_{t−1} + b;  h_t = φ(z),  φ tanh or ReLU
 *   δ_t = (dy_t + W_hᵀ·δ_{t+1}) ⊙ φ′(z),  φ′ from h_t:  1 − h², or 1 where h > 0
 *
 * Weights [⌈H/16⌉][1 + D + H][16]: bias, W_x, W_h. Activations in panels: x rows t·B + b; h rows (t + 1)·B + b (rows
 * 0 … B−1 are the initial state); δ rows t·B + b.
 */
import { GROUP_ROWS, stepsOfChunk } from './blocking';
import { fewInputsGradient, inputGradient, MOST_DOTS, weightGradient } from './gradients';
import { activate, slope } from './nonlinearity';
import { addRows, transposeWeights } from './panels';
import { Part } from './part';
import { rowProduct, singleRowProduct } from './row-product';
import { PANEL, ROW } from './simd';

/** Where a layer's arrays are. Addresses and strides in bytes. */
@unmanaged
export class RnnPlan {
  inputs: i32; // D
  units: i32; // H
  relu: i32; // φ is ReLU rather than tanh
  x: usize; // [T·B][D]
  xStride: usize;
  h: usize; // [(T+1)·B][H]
  hStride: usize;
  dz: usize; // [T·B][H]: δ
  dzStride: usize;
  weights: usize; // [⌈H/16⌉][1 + D + H][16]
  gradient: usize; // as weights
  transposedX: usize; // [⌈D/16⌉][16·⌈H/16⌉][16]
  transposedH: usize; // [⌈H/16⌉][16·⌈H/16⌉][16]
  dy: usize; // [T·B][H]: ∂loss/∂h_t of the layer above
  dyStride: usize;
  dx: usize; // [T·B][D]
  dxStride: usize;
  dh: usize; // [B][H]: gradient of the final h, then of the initial h
  dhStride: usize;
  zeros: usize; // a row of zeros
}

/** One step of a single row: all its units at once. */
function singleForward(p: RnnPlan, now: usize, next: usize): void {
  const D = p.inputs, H = p.units, blocks = (H + 15) >> 4, blockBytes = <usize>(1 + D + H) * ROW;
  singleRowProduct(
    p.h + next, p.hStride, p.weights, blockBytes, p.x + now, D, p.xStride, p.h + now, H, p.hStride,
    p.weights + ROW, blockBytes, blocks,
  );
  for (let j = 0; j < blocks; j++) activate(p.h + next + <usize>j * p.hStride, 1, H - (j << 4) > 8 ? 16 : 8, p.relu);
}

/** All steps. Nothing but h is kept. */
export function rnnForward(p: RnnPlan, steps: i32, batch: i32, _keep: i32): void {
  const D = p.inputs, H = p.units, blockBytes = <usize>(1 + D + H) * ROW, stepBytes = <usize>batch * ROW;
  for (let t = 0; t < steps; t++) {
    const now = <usize>t * stepBytes;
    if (batch == 1) {
      singleForward(p, now, now + stepBytes);
      continue;
    }
    let block = p.weights, h = p.h + now + stepBytes;
    for (let u = 0; u < H; u += PANEL, block += blockBytes, h += p.hStride) {
      const columns = H - u > 8 ? 16 : 8;
      for (let from = 0; from < batch; from += GROUP_ROWS) {
        const rows = min(batch - from, GROUP_ROWS), at = now + <usize>from * ROW, out = h + <usize>from * ROW;
        rowProduct(
          out, block, 0, p.x + at, D, p.xStride, p.h + at, H, p.hStride, block + ROW, rows, columns,
        );
        activate(out, rows, columns, p.relu);
      }
    }
  }
}

/** dz = dh ⊙ φ′(h) over `rows` rows × `columns` columns of a panel. */
function unitsBackward(dz: usize, dh: usize, h: usize, rows: i32, columns: i32, relu: i32): void {
  const bytes = <usize>rows * ROW, width = <usize>columns << 2;
  for (let r: usize = 0; r < bytes; r += ROW)
    for (let v = r; v < r + width; v += 32) {
      const a = f32x4.mul(v128.load(dh + v), slope(v128.load(h + v), relu));
      const b = f32x4.mul(v128.load(dh + v, 16), slope(v128.load(h + v, 16), relu));
      v128.store(dz + v, a);
      v128.store(dz + v, b, 16);
    }
}

/** δ's of step t of a single row. */
function singleBackward(p: RnnPlan, now: usize, next: usize): void {
  const H = p.units, blocks = (H + 15) >> 4, dz = p.dz + now;
  singleRowProduct(
    dz, p.dzStride, p.dy + now, p.dyStride, p.dz + next, H, p.dzStride, 0, 0, 0,
    p.transposedH, <usize>(blocks << 4) * ROW, blocks,
  );
  for (let j: usize = 0; j < <usize>blocks; j++) {
    const d = dz + j * p.dzStride;
    unitsBackward(d, d, p.h + next + j * p.hStride, 1, H - (<i32>j << 4) > 8 ? 16 : 8, p.relu);
  }
}

/** δ's of step t, panel by panel; the last step has no δ_{t+1}. */
function stepBackward(p: RnnPlan, t: i32, batch: i32, last: bool): void {
  const H = p.units, stepBytes = <usize>batch * ROW, now = <usize>t * stepBytes, next = now + stepBytes;
  if (!last && batch == 1) return singleBackward(p, now, next);
  let transposed = p.transposedH, dz = p.dz + now, dy = p.dy + now, h = p.h + next;
  const blockBytes = <usize>(((H + 15) >> 4) << 4) * ROW;
  for (let u = 0; u < H; u += PANEL) {
    const columns = H - u > 8 ? 16 : 8;
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      let dh = dy + at;
      if (!last) {
        rowProduct(dz + at, dh, ROW, p.dz + next + at, H, p.dzStride, 0, 0, 0, transposed, rows, columns);
        dh = dz + at;
      }
      unitsBackward(dz + at, dh, h + at, rows, columns, p.relu);
    }
    transposed += blockBytes; dz += p.dzStride; dy += p.dyStride; h += p.hStride;
  }
}

/** This thread's share of the transposed weights, which the backward pass needs. */
export function rnnPrepare(p: RnnPlan, me: Part): void {
  const D = p.inputs, H = p.units, blocks = (H + 15) >> 4;
  transposeWeights(me, p.transposedH, p.weights, blocks, 1 + D + H, 1 + D, H);
  transposeWeights(me, p.transposedX, p.weights, blocks, 1 + D + H, 1, D);
}

/**
 * Complete back-propagation through time of the last rnnForward, with the transposed weights of rnnPrepare.
 * In: dy, dh (gradient of the final state). Out: gradient += …, dh (of the initial state), and dx with `wantX`.
 */
export function rnnBackward(p: RnnPlan, steps: i32, batch: i32, wantX: i32): void {
  const D = p.inputs, H = p.units, blocks = (H + 15) >> 4, blockRows = 1 + D + H, stepBytes = <usize>batch * ROW;
  addRows(p.dy + <usize>(steps - 1) * stepBytes, p.dyStride, p.dh, p.dhStride, batch, blocks);
  const chunk = stepsOfChunk(batch, D + 2 * H);
  for (let end = steps; end > 0; end -= chunk) {
    const begin = max(0, end - chunk), rows = (end - begin) * batch, now = <usize>begin * stepBytes;
    for (let t = end - 1; t >= begin; t--) stepBackward(p, t, batch, t == steps - 1);
    const dz = p.dz + now;
    weightGradient(p.gradient, blockRows, 1, p.x + now, p.xStride, D, dz, p.dzStride, H, rows, 0);
    weightGradient(p.gradient, blockRows, 1 + D, p.h + now, p.hStride, H, dz, p.dzStride, H, rows, -1);
    if (wantX) rnnInputGradient(p, begin * batch, rows);
  }
  inputGradient(
    p.dh, p.dhStride, p.dz, H, p.dzStride, 0, 0, 0, p.transposedH, p.zeros, batch, H, blocks << 4,
  );
}

/** dx of `rows` rows from row `first` on, from the δ's that rnnBackward left. */
export function rnnInputGradient(p: RnnPlan, first: i32, rows: i32): void {
  const H = p.units, offset = <usize>first * ROW, transposedRows = ((H + 15) >> 4) << 4;
  if (p.inputs <= MOST_DOTS)
    return fewInputsGradient(
      p.dx + offset, p.dz + offset, H, p.dzStride, 0, 0, 0, p.weights + <usize>1 * ROW,
      <usize>(1 + p.inputs + p.units) * ROW, rows, p.inputs,
    );
  inputGradient(
    p.dx + offset, p.dxStride, p.dz + offset, H, p.dzStride, 0, 0, 0,
    p.transposedX, p.zeros, rows, p.inputs, transposedRows,
  );
}
