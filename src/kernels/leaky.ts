/**
 * One layer of leaky-integrator units over all time steps, forward and complete back-propagation through time.
 *
 *   z = W_x·x_t + W_h·h_{t−1} + b;  a = φ(z);  h_t = (1 − λ) ⊙ h_{t−1} + λ ⊙ a,  φ tanh or ReLU, λ per unit
 *   δ_h,t = dy_t + (1 − λ) ⊙ δ_h,t+1 + W_hᵀ·δ_{t+1};  δ_t = λ ⊙ δ_h,t ⊙ φ′(z);  dλ += Σ_t δ_h,t ⊙ (a − h_{t−1})
 *
 * (Jaeger et al. 2007, eq. 2.) Weights [⌈H/16⌉][2 + D + H][16]: bias, λ, W_x, W_h. Activations in panels: x rows t·B + b;
 * h rows (t + 1)·B + b (rows 0 … B−1 are the initial state); a rows t·B + b, which the backward pass overwrites with δ, as it
 * does dy with δ_h ⊙ (a − h_{t−1}), the summands of dλ.
 */
import { GROUP_ROWS, stepsOfChunk } from './blocking';
import { fewInputsGradient, inputGradient, MOST_DOTS, weightGradient } from './gradients';
import { activate, slope } from './nonlinearity';
import { transposeWeights } from './panels';
import { Part } from './part';
import { columnSums } from './rank-update';
import { rowProduct, singleRowProduct } from './row-product';
import { madd, PANEL, ROW } from './simd';

/** Rows of a block before W_x: bias, λ. */
const VECTORS: i32 = 2;

/** Where a layer's arrays are. Addresses and strides in bytes. */
@unmanaged
export class LeakyPlan {
  inputs: i32; // D
  units: i32; // H
  relu: i32; // φ is ReLU rather than tanh
  x: usize; // [T·B][D]
  xStride: usize;
  h: usize; // [(T+1)·B][H]
  hStride: usize;
  a: usize; // [T·B][H], kept for the backward pass; one step only when nothing is kept
  aStride: usize;
  weights: usize; // [⌈H/16⌉][2 + D + H][16]
  gradient: usize; // as weights
  transposedX: usize; // [⌈D/16⌉][16·⌈H/16⌉][16]
  transposedH: usize; // [⌈H/16⌉][16·⌈H/16⌉][16]
  dy: usize; // [T·B][H]: ∂loss/∂h_t of the layer above
  dyStride: usize;
  dx: usize; // [T·B][D]
  dxStride: usize;
  dh: usize; // [B][H]: gradient of the final h, then (1 − λ) ⊙ δ_h,t+1, then the gradient of the initial h
  dhStride: usize;
  scratch: usize; // SCRATCH_ROWS rows
  zeros: usize; // a row of zeros
}

/** h = (1 − λ) ⊙ h_{t−1} + λ ⊙ a over `rows` rows × `columns` columns of a panel. */
function leak(h: usize, before: usize, a: usize, lambda: usize, rows: i32, columns: i32): void {
  const bytes = <usize>rows * ROW, one = f32x4.splat(1);
  for (let column: usize = 0; column < <usize>columns << 2; column += 32) {
    const rateA = v128.load(lambda + column), rateB = v128.load(lambda + column, 16);
    const restA = f32x4.sub(one, rateA), restB = f32x4.sub(one, rateB);
    for (let v = column; v < column + bytes; v += ROW) {
      const left = f32x4.mul(restA, v128.load(before + v)), right = f32x4.mul(restB, v128.load(before + v, 16));
      v128.store(h + v, madd(rateA, v128.load(a + v), left));
      v128.store(h + v, madd(rateB, v128.load(a + v, 16), right), 16);
    }
  }
}

/** One step of a single row: all its units at once. */
function singleForward(p: LeakyPlan, now: usize, kept: usize): void {
  const D = p.inputs, H = p.units, blocks = (H + 15) >> 4, blockBytes = <usize>(VECTORS + D + H) * ROW;
  singleRowProduct(
    p.a + kept, p.aStride, p.weights, blockBytes, p.x + now, D, p.xStride, p.h + now, H, p.hStride,
    p.weights + <usize>VECTORS * ROW, blockBytes, blocks,
  );
  for (let j = 0; j < blocks; j++) {
    const columns = H - (j << 4) > 8 ? 16 : 8, a = p.a + <usize>j * p.aStride + kept, h = p.h + <usize>j * p.hStride + now;
    activate(a, 1, columns, p.relu);
    leak(h + ROW, h, a, p.weights + <usize>j * blockBytes + ROW, 1, columns);
  }
}

/** All steps. With `keep` = 0 every step uses the same rows of `a`. */
export function leakyForward(p: LeakyPlan, steps: i32, batch: i32, keep: i32): void {
  const D = p.inputs, H = p.units, stepBytes = <usize>batch * ROW;
  const blockBytes = <usize>(VECTORS + D + H) * ROW;
  for (let t = 0; t < steps; t++) {
    const now = <usize>t * stepBytes;
    if (batch == 1) {
      singleForward(p, now, keep ? now : 0);
      continue;
    }
    let block = p.weights, before = p.h + now, activation = p.a + (keep ? now : 0);
    for (let u = 0; u < H; u += PANEL) {
      const columns = H - u > 8 ? 16 : 8;
      for (let from = 0; from < batch; from += GROUP_ROWS) {
        const rows = min(batch - from, GROUP_ROWS), offset = <usize>from * ROW, at = now + offset;
        const a = activation + offset, old = before + offset;
        rowProduct(
          a, block, 0, p.x + at, D, p.xStride, p.h + at, H, p.hStride, block + <usize>VECTORS * ROW, rows, columns,
        );
        activate(a, rows, columns, p.relu);
        leak(old + stepBytes, old, a, block + ROW, rows, columns);
      }
      block += blockBytes; before += p.hStride; activation += p.aStride;
    }
  }
}

/**
 * δ in place of a, (1 − λ) ⊙ δ_h in place of `carry`, δ_h ⊙ (a − h_{t−1}) in `dRate`, over `rows` rows × `columns` columns of a
 * panel.
 */
function unitsBackward(
  dh: usize, carry: usize, a: usize, before: usize, lambda: usize, dRate: usize, rows: i32, columns: i32, relu: i32,
): void {
  const bytes = <usize>rows * ROW, one = f32x4.splat(1);
  for (let column: usize = 0; column < <usize>columns << 2; column += 32) {
    const rateA = v128.load(lambda + column), rateB = v128.load(lambda + column, 16);
    for (let v = column; v < column + bytes; v += ROW) {
      const aA = v128.load(a + v), aB = v128.load(a + v, 16);
      const dA = f32x4.add(v128.load(dh + v), v128.load(carry + v));
      const dB = f32x4.add(v128.load(dh + v, 16), v128.load(carry + v, 16));
      v128.store(dRate + v, f32x4.mul(dA, f32x4.sub(aA, v128.load(before + v))));
      v128.store(dRate + v, f32x4.mul(dB, f32x4.sub(aB, v128.load(before + v, 16))), 16);
      v128.store(carry + v, f32x4.mul(f32x4.sub(one, rateA), dA));
      v128.store(carry + v, f32x4.mul(f32x4.sub(one, rateB), dB), 16);
      v128.store(a + v, f32x4.mul(f32x4.mul(rateA, dA), slope(aA, relu)));
      v128.store(a + v, f32x4.mul(f32x4.mul(rateB, dB), slope(aB, relu)), 16);
    }
  }
}

/** δ's of step t, panel by panel; the last step has no δ_{t+1}. */
function stepBackward(p: LeakyPlan, t: i32, batch: i32, last: bool): void {
  const H = p.units, stepBytes = <usize>batch * ROW, now = <usize>t * stepBytes, next = now + stepBytes;
  const blockBytes = <usize>(VECTORS + p.inputs + H) * ROW, transposedBytes = <usize>(((H + 15) >> 4) << 4) * ROW;
  let transposed = p.transposedH, a = p.a + now, dy = p.dy + now, carry = p.dh, before = p.h + now;
  let lambda = p.weights + ROW;
  for (let u = 0; u < H; u += PANEL) {
    const columns = H - u > 8 ? 16 : 8;
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      let dh = dy + at;
      if (!last) {
        rowProduct(p.scratch, dh, ROW, p.a + next + at, H, p.aStride, 0, 0, 0, transposed, rows, columns);
        dh = p.scratch;
      }
      unitsBackward(dh, carry + at, a + at, before + at, lambda, dy + at, rows, columns, p.relu);
    }
    transposed += transposedBytes; lambda += blockBytes;
    a += p.aStride; dy += p.dyStride; carry += p.dhStride; before += p.hStride;
  }
}

/** Gradients of all weights from what `rows` rows from byte `now` on have left. */
function parameterGradients(p: LeakyPlan, now: usize, rows: i32): void {
  const D = p.inputs, H = p.units, blockRows = VECTORS + D + H, blocks = (H + 15) >> 4, dz = p.a + now;
  weightGradient(p.gradient, blockRows, VECTORS, p.x + now, p.xStride, D, dz, p.aStride, H, rows, 0);
  weightGradient(p.gradient, blockRows, VECTORS + D, p.h + now, p.hStride, H, dz, p.aStride, H, rows, -1);
  for (let j = 0; j < blocks; j++)
    columnSums(
      p.gradient + <usize>(j * blockRows + 1) * ROW, p.dy + <usize>j * p.dyStride + now, rows, H - (j << 4) > 8 ? 16 : 8,
    );
}

/** This thread's share of the transposed weights, which the backward pass needs. */
export function leakyPrepare(p: LeakyPlan, me: Part): void {
  const D = p.inputs, H = p.units, blocks = (H + 15) >> 4, blockRows = VECTORS + D + H;
  transposeWeights(me, p.transposedH, p.weights, blocks, blockRows, VECTORS + D, H);
  transposeWeights(me, p.transposedX, p.weights, blocks, blockRows, VECTORS, D);
}

/**
 * Complete back-propagation through time of the last leakyForward with keep = 1, with the transposed weights of
 * leakyPrepare.
 * In: dy, dh (gradient of the final state). Out: gradient += …, dh (of the initial state), and dx with `wantX`.
 */
export function leakyBackward(p: LeakyPlan, steps: i32, batch: i32, wantX: i32): void {
  const D = p.inputs, H = p.units, blocks = (H + 15) >> 4, stepBytes = <usize>batch * ROW;
  const chunk = stepsOfChunk(batch, D + 3 * H);
  for (let end = steps; end > 0; end -= chunk) {
    const begin = max(0, end - chunk), rows = (end - begin) * batch;
    for (let t = end - 1; t >= begin; t--) stepBackward(p, t, batch, t == steps - 1);
    parameterGradients(p, <usize>begin * stepBytes, rows);
    if (wantX) leakyInputGradient(p, begin * batch, rows);
  }
  inputGradient(p.dh, p.dhStride, p.a, H, p.aStride, 0, 0, 0, p.transposedH, 0, batch, H, blocks << 4);
}

/** dx of `rows` rows from row `first` on, from the δ's that leakyBackward left. */
export function leakyInputGradient(p: LeakyPlan, first: i32, rows: i32): void {
  const H = p.units, offset = <usize>first * ROW, transposedRows = ((H + 15) >> 4) << 4;
  if (p.inputs <= MOST_DOTS)
    return fewInputsGradient(
      p.dx + offset, p.a + offset, H, p.aStride, 0, 0, 0, p.weights + <usize>VECTORS * ROW,
      <usize>(VECTORS + p.inputs + p.units) * ROW, rows, p.inputs,
    );
  inputGradient(
    p.dx + offset, p.dxStride, p.a + offset, H, p.aStride, 0, 0, 0,
    p.transposedX, p.zeros, rows, p.inputs, transposedRows,
  );
}
