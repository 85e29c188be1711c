/**
 * The variants of the LSTM, any of them together: without forget gate (the form of 1997), with peepholes, with a
 * projection. What is said in lstm.ts holds here too; beyond it, with p a vector for each peephole and m = o ⊙ tanh C_t:
 *
 *   without forget gate  f ≡ 1 (z_f is computed and left unread: its weights count for nothing, δ_f = 0)
 *   peepholes            z_i += p_i ⊙ C_{t−1};  z_f += p_f ⊙ C_{t−1};  z_o += p_o ⊙ C_t
 *   projection           h_t = W_p·m  [P], which takes the place of h in W_h·h_{t−1}
 *
 * Backward, δ_m being W_pᵀ·δ_h with a projection and δ_h without:
 *   δ_o = δ_m ⊙ tanh C ⊙ o(1−o);  δ_C = δ_m ⊙ o ⊙ (1 − tanh²C_t) + p_o ⊙ δ_o + carry
 *   carry for t − 1 = δ_C ⊙ f + p_i ⊙ δ_i + p_f ⊙ δ_f;  dp_i += Σ δ_i ⊙ C_{t−1};  dp_f likewise;  dp_o += Σ δ_o ⊙ C_t
 *   dW_p += Σ δ_h·mᵀ, for which the whole δ_h replaces dy
 *
 * `shortened` is the famous mistake, for the memory lab to show: δ_C without the carry, and dW_x of the last step alone
 * (docs/math.md, section 3).
 *
 * (Hochreiter and Schmidhuber 1997; Gers et al. 2002; Sak et al. 2014.) Weights [2U][V + D + R][16], R the width of h:
 * bias, with peepholes (V = 2, else 1) p beside the gate that it feeds, W_x, W_h. W_p apart: [⌈P/16⌉][1 + H][16], row 0 zero.
 */
import { outputHalves, sigmaHalves, sigmaRows, slopeOfTanh, tanhHalves } from './activations';
import { GROUP_ROWS, stepsOfChunk } from './blocking';
import { fewInputsGradient, inputGradient, MOST_DOTS, weightGradient } from './gradients';
import { cellState, group } from './lstm';
import { addRows, transposeWeights } from './panels';
import { Part } from './part';
import { productSums } from './rank-update';
import { rowProduct } from './row-product';
import { madd, PANEL, ROW } from './simd';

const GROUP_BYTES: usize = <usize>GROUP_ROWS * ROW;

/** Where a layer's arrays are. Addresses and strides in bytes. */
@unmanaged
export class LstmVariantPlan {
  inputs: i32; // D
  units: i32; // H
  projected: i32; // P, 0 without projection
  forgetGate: i32;
  peephole: i32;
  shortened: i32; // the way back leaves out the path from C to C
  x: usize; // [T·B][D]
  xStride: usize;
  h: usize; // [(T+1)·B][R]
  hStride: usize;
  c: usize; // [(T+1)·B][H]; two steps only when nothing is kept
  cStride: usize;
  m: usize; // [T·B][H] with a projection; one step only when nothing is kept
  mStride: usize;
  gates: usize; // [T·B][4H ↑8 each], kept for the backward pass
  gatesStride: usize;
  weights: usize; // [2U][V + D + R][16]
  gradient: usize; // as weights
  projection: usize; // W_p [⌈P/16⌉][1 + H][16]
  projectionGradient: usize; // as projection
  transposedX: usize; // [⌈D/16⌉][32U][16]
  transposedH: usize; // [⌈R/16⌉][32U][16]
  transposedM: usize; // [⌈H/16⌉][16·⌈P/16⌉][16]
  dy: usize; // [T·B][R]: ∂loss/∂h_t of the layer above
  dyStride: usize;
  dx: usize; // [T·B][D]
  dxStride: usize;
  dh: usize; // [B][R]: gradient of the final h, then of the initial h
  dhStride: usize;
  dc: usize; // [B][H]: gradient of the final C, then of the initial C
  dcStride: usize;
  scratch: usize; // SCRATCH_ROWS rows
  zeros: usize; // a row of zeros
}

/** The width of h. */
// @ts-ignore: decorator
@inline
function recurrentOf(p: LstmVariantPlan): i32 {
  return p.projected ? p.projected : p.units;
}

/** Rows of a block before W_x. */
// @ts-ignore: decorator
@inline
function vectorsOf(p: LstmVariantPlan): i32 {
  return p.peephole ? 2 : 1;
}

/** a += weight ⊙ b over `rows` rows × 8 columns; `weight` is one row. */
function addScaled(a: usize, weight: usize, b: usize, rows: i32): void {
  const left = v128.load(weight), right = v128.load(weight, 16);
  for (const end = a + <usize>rows * ROW; a < end; a += ROW, b += ROW) {
    v128.store(a, madd(left, v128.load(b), v128.load(a)));
    v128.store(a, madd(right, v128.load(b, 16), v128.load(a, 16)), 16);
  }
}

/** Sets `rows` rows × 8 columns to 1. */
function setOnes(a: usize, rows: i32): void {
  const one = f32x4.splat(1);
  for (const end = a + <usize>rows * ROW; a < end; a += ROW) {
    v128.store(a, one);
    v128.store(a, one, 16);
  }
}

/** Gates and C_t of `rows` rows of one group in place of its pre-activations, z = [i f] and other = [g o]. */
function cellForward(
  p: LstmVariantPlan, z: usize, other: usize, c: usize, before: usize, block: usize, otherBlock: usize, rows: i32,
): void {
  if (p.peephole) {
    addScaled(z, block + ROW, before, rows);
    addScaled(z + 32, block + ROW + 32, before, rows);
  }
  sigmaRows(z, z, rows);
  if (!p.forgetGate) setOnes(z + 32, rows);
  tanhHalves(other, other, rows);
  cellState(c, z, other, before, rows);
  if (p.peephole) addScaled(other + 32, otherBlock + ROW + 32, c, rows);
  sigmaHalves(other + 32, other + 32, rows);
}

/** h_t = W_p·m over `rows` rows. */
function project(p: LstmVariantPlan, h: usize, m: usize, rows: i32): void {
  const P = p.projected, H = p.units;
  let block = p.projection;
  for (let n = 0; n < P; n += PANEL, block += <usize>(1 + H) * ROW, h += p.hStride)
    rowProduct(h, block, 0, m, H, p.mStride, 0, 0, 0, block + ROW, rows, P - n > 8 ? 16 : 8);
}

/** All steps. With `keep` = 0 the gates are not stored, m has one step and C alternates between two. */
export function lstmVariantForward(p: LstmVariantPlan, steps: i32, batch: i32, keep: i32): void {
  const D = p.inputs, R = recurrentOf(p), V = vectorsOf(p), groups = (p.units + 7) >> 3;
  const blockBytes = <usize>(V + D + R) * ROW, stepBytes = <usize>batch * ROW, weightsAt = <usize>V * ROW;
  for (let t = 0; t < steps; t++) {
    const now = <usize>t * stepBytes, next = now + stepBytes, kept = keep ? now : 0;
    const cNow = keep ? now : <usize>(t & 1) * stepBytes, cNext = keep ? next : <usize>(~t & 1) * stepBytes;
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      const x = p.x + now + at, before = p.h + now + at;
      let block = p.weights;
      for (let u = 0; u < groups; u++, block += 2 * blockBytes) {
        const otherBlock = block + blockBytes;
        const z = keep ? p.gates + <usize>(2 * u) * p.gatesStride + now + at : p.scratch;
        const other = z + (keep ? p.gatesStride : GROUP_BYTES);
        const c = group(p.c, p.cStride, u) + at;
        const m = p.projected ? group(p.m, p.mStride, u) + kept + at : group(p.h, p.hStride, u) + next + at;
        rowProduct(z, block, 0, x, D, p.xStride, before, R, p.hStride, block + weightsAt, rows, 16);
        rowProduct(other, otherBlock, 0, x, D, p.xStride, before, R, p.hStride, otherBlock + weightsAt, rows, 16);
        cellForward(p, z, other, c + cNext, c + cNow, block, otherBlock, rows);
        outputHalves(m, c + cNext, other + 32, rows);
      }
      if (p.projected) project(p, p.h + next + at, p.m + kept + at, rows);
    }
  }
}

/**
 * δ's of `rows` rows of one group in place of its gates; δ_C carried to step t − 1 in place of the one for t. `c`, `m` are
 * those of step t; `block` has the weights of i, f, with those of g, o `blockBytes` after them; `carry`: whether δ_C takes part
 * of what step t + 1 left.
 */
function groupBackward(
  p: LstmVariantPlan, dm: usize, dc: usize, gates: usize, before: usize, c: usize, m: usize,
  block: usize, blockBytes: usize, rows: i32, carry: bool,
): void {
  const one = f32x4.splat(1), stride = p.gatesStride, hasForget = p.forgetGate, peephole = p.peephole;
  const bytes = <usize>rows * ROW;
  for (let column: usize = 0; column < 32; column += 16) {
    const weight = block + ROW + column;
    let pI = f32x4.splat(0), pF = pI, pO = pI;
    if (peephole) { pI = v128.load(weight); pF = v128.load(weight, 32); pO = v128.load(weight + blockBytes, 32); }
    for (let v = column; v < column + bytes; v += ROW) {
      const i = v128.load(gates + v), f = v128.load(gates + v, 32);
      const g = v128.load(gates + stride + v), o = v128.load(gates + stride + v, 32);
      const dMo = f32x4.mul(v128.load(dm + v), o), C = v128.load(before + v);
      const tanhC = f32x4.div(v128.load(m + v), f32x4.pmax(o, f32x4.splat(1e-30)));
      const dO = f32x4.mul(f32x4.mul(dMo, tanhC), f32x4.sub(one, o));
      let dC = madd(dMo, slopeOfTanh(v128.load(c + v)), carry ? v128.load(dc + v) : f32x4.splat(0));
      if (peephole) dC = madd(pO, dO, dC);
      const dCi = f32x4.mul(dC, i), dCf = f32x4.mul(dC, f);
      const dI = f32x4.mul(f32x4.mul(dCi, g), f32x4.sub(one, i));
      // Without a forget gate f = 1, and the last factor makes this zero.
      const dF = f32x4.mul(f32x4.mul(dCf, C), f32x4.sub(one, f));
      v128.store(gates + v, dI);
      v128.store(gates + v, dF, 32);
      v128.store(gates + stride + v, f32x4.mul(dCi, f32x4.sub(one, f32x4.mul(g, g))));
      v128.store(gates + stride + v, dO, 32);
      v128.store(dc + v, peephole ? madd(pI, dI, madd(pF, dF, dCf)) : dCf);
    }
  }
}

/** With a projection: dy_t += W_hᵀ·δ_{t+1}, which makes it the whole δ_h. */
function stateBackward(p: LstmVariantPlan, now: usize, next: usize, batch: i32): void {
  const width = ((p.units + 7) >> 3) << 5;
  inputGradient(
    p.dy + now, p.dyStride, p.gates + next, width, p.gatesStride, 0, 0, 0, p.transposedH, 0, batch, p.projected, width,
  );
}

/** δ_m of one panel of units → scratch, or its address where it lies already. */
function outputBackward(
  p: LstmVariantPlan, panel: i32, now: usize, next: usize, rows: i32, columns: i32, last: bool,
): usize {
  const dy = p.dy + <usize>panel * p.dyStride + now;
  if (p.projected) {
    const transposed = p.transposedM + <usize>(panel * (((p.projected + 15) >> 4) << 4)) * ROW;
    rowProduct(p.scratch, p.zeros, 0, p.dy + now, p.projected, p.dyStride, 0, 0, 0, transposed, rows, columns);
    return p.scratch;
  }
  if (last) return dy;
  const width = ((p.units + 7) >> 3) << 5, transposed = p.transposedH + <usize>(panel * width) * ROW;
  rowProduct(p.scratch, dy, ROW, p.gates + next, width, p.gatesStride, 0, 0, 0, transposed, rows, columns);
  return p.scratch;
}

/** δ's of step t; the last step has no δ_{t+1}. */
function stepBackward(p: LstmVariantPlan, t: i32, batch: i32, last: bool): void {
  const groups = (p.units + 7) >> 3, stepBytes = <usize>batch * ROW, now = <usize>t * stepBytes, next = now + stepBytes;
  const blockBytes = <usize>(vectorsOf(p) + p.inputs + recurrentOf(p)) * ROW;
  if (p.projected && !last) stateBackward(p, now, next, batch);
  for (let from = 0; from < batch; from += GROUP_ROWS) {
    const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
    for (let u = 0; u < groups; u += 2) {
      const both = u + 1 < groups;
      const dm = outputBackward(p, u >> 1, now + at, next + at, rows, both ? 16 : 8, last);
      for (let n = u; n < min(u + 2, groups); n++) {
        const m = p.projected ? group(p.m, p.mStride, n) + now : group(p.h, p.hStride, n) + next;
        const c = group(p.c, p.cStride, n) + at, block = <usize>(2 * n) * blockBytes;
        groupBackward(
          p, dm + (<usize>(n & 1) << 5), group(p.dc, p.dcStride, n) + at,
          p.gates + <usize>(2 * n) * p.gatesStride + now + at, c + now, c + next, m + at,
          p.weights + block, blockBytes, rows, last || !p.shortened,
        );
      }
    }
  }
}

/** dp_i, dp_f and dp_o from the δ's of `rows` rows. */
function peepholeGradients(p: LstmVariantPlan, now: usize, stepBytes: usize, rows: i32): void {
  const groups = (p.units + 7) >> 3;
  const blockBytes = <usize>(vectorsOf(p) + p.inputs + recurrentOf(p)) * ROW;
  for (let u = 0; u < groups; u++) {
    const gradient = p.gradient + <usize>(2 * u) * blockBytes + ROW, c = group(p.c, p.cStride, u) + now;
    const dz = p.gates + <usize>(2 * u) * p.gatesStride + now;
    productSums(gradient, c, dz, rows);
    productSums(gradient + 32, c, dz + 32, rows);
    productSums(gradient + blockBytes + 32, c + stepBytes, dz + p.gatesStride + 32, rows);
  }
}

/** Gradients of all weights from the δ's of `rows` rows from byte `now` on, of which the last `lastRows` are of the last step. */
function parameterGradients(p: LstmVariantPlan, now: usize, stepBytes: usize, rows: i32, lastRows: i32): void {
  const D = p.inputs, H = p.units, R = recurrentOf(p), V = vectorsOf(p), width = ((H + 7) >> 3) << 5;
  const blockRows = V + D + R, dz = p.gates + now, stride = p.gatesStride;
  const short = p.shortened, skip = short ? rows - lastRows : 0, offset = <usize>skip * ROW;
  if (skip < rows)
    weightGradient(p.gradient, blockRows, V, p.x + now + offset, p.xStride, D, dz + offset, stride, width, rows - skip, -short);
  weightGradient(p.gradient, blockRows, V + D, p.h + now, p.hStride, R, dz, stride, width, rows, short - 1);
  if (p.peephole) peepholeGradients(p, now, stepBytes, rows);
  if (p.projected)
    weightGradient(
      p.projectionGradient, 1 + H, 1, p.m + now, p.mStride, H, p.dy + now, p.dyStride, p.projected, rows, -1,
    );
}

/** This thread's share of the transposed weights, which the backward pass needs. */
export function lstmVariantPrepare(p: LstmVariantPlan, me: Part): void {
  const D = p.inputs, H = p.units, R = recurrentOf(p), V = vectorsOf(p), blocks = ((H + 7) >> 3) << 1;
  transposeWeights(me, p.transposedH, p.weights, blocks, V + D + R, V + D, R);
  transposeWeights(me, p.transposedX, p.weights, blocks, V + D + R, V, D);
  if (p.projected) transposeWeights(me, p.transposedM, p.projection, (R + 15) >> 4, 1 + H, 1, H);
}

/**
 * Complete back-propagation through time of the last lstmVariantForward with keep = 1, with the transposed weights
 * of lstmVariantPrepare.
 * In: dy, dh, dc (gradients of the final state). Out: gradients += …, dh, dc (of the initial state), and dx with `wantX`.
 */
export function lstmVariantBackward(p: LstmVariantPlan, steps: i32, batch: i32, wantX: i32): void {
  const H = p.units, R = recurrentOf(p), width = ((H + 7) >> 3) << 5, stepBytes = <usize>batch * ROW;
  addRows(p.dy + <usize>(steps - 1) * stepBytes, p.dyStride, p.dh, p.dhStride, batch, (R + 15) >> 4);
  const chunk = stepsOfChunk(batch, p.inputs + R + width);
  for (let end = steps; end > 0; end -= chunk) {
    const begin = max(0, end - chunk), rows = (end - begin) * batch;
    for (let t = end - 1; t >= begin; t--) stepBackward(p, t, batch, t == steps - 1);
    parameterGradients(p, <usize>begin * stepBytes, stepBytes, rows, end == steps ? batch : 0);
    if (wantX) lstmVariantInputGradient(p, begin * batch, rows);
  }
  inputGradient(
    p.dh, p.dhStride, p.gates, width, p.gatesStride, 0, 0, 0, p.transposedH, p.zeros, batch, R, width,
  );
}

/** dx of `rows` rows from row `first` on, from the δ's that lstmVariantBackward left. */
export function lstmVariantInputGradient(p: LstmVariantPlan, first: i32, rows: i32): void {
  const width = ((p.units + 7) >> 3) << 5, offset = <usize>first * ROW;
  if (p.inputs <= MOST_DOTS)
    return fewInputsGradient(
      p.dx + offset, p.gates + offset, width, p.gatesStride, 0, 0, 0, p.weights + <usize>vectorsOf(p) * ROW,
      <usize>(vectorsOf(p) + p.inputs + recurrentOf(p)) * ROW, rows, p.inputs,
    );
  inputGradient(
    p.dx + offset, p.dxStride, p.gates + offset, width, p.gatesStride, 0, 0, 0,
    p.transposedX, p.zeros, rows, p.inputs, width,
  );
}
