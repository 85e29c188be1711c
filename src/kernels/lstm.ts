/**
 * One LSTM layer over all time steps, forward and complete back-propagation through time.
 *
 *   z = W_x·x_t + W_h·h_{t−1} + b;  i, f, o = σ(z);  g = tanh(z)
 *   C_t = f ⊙ C_{t−1} + i ⊙ g;  h_t = o ⊙ tanh C_t                                             (1–10)
 *
 * Backward (14, 15; δ_C carries the path C_t → C_{t+1} that short forms drop):
 *   δ_h = dy_t + W_hᵀ·δ_{t+1};  δ_C = δ_h ⊙ o ⊙ (1 − tanh²C_t) + δ_C,t+1 ⊙ f_{t+1};  tanh C_t = h_t/o
 *   δ_i = δ_C ⊙ g ⊙ i(1−i);  δ_f = δ_C ⊙ C_{t−1} ⊙ f(1−f);  δ_g = δ_C ⊙ i ⊙ (1−g²);  δ_o = δ_h ⊙ tanh C ⊙ o(1−o)
 *
 * Units are padded to a multiple of 8 and go in groups of 8: packed block 2u holds the gates i, f of group u, block
 * 2u + 1 the gates g, o, so that two tiles give all a unit needs. Weights [2U][1 + D + H][16]: bias, W_x, W_h.
 * Activations in panels: x rows t·B + b; h and C rows (t + 1)·B + b (rows 0 … B−1 are the initial state); the gates of
 * group u in panels 2u, 2u + 1, rows t·B + b, which the backward pass overwrites with the δ's.
 */
import { sigmaOfGates, sigmaOfOutput, tanhOfCandidate, tanhOfCell } from './activations';
import { CHUNK_ROWS, GROUP_ROWS } from './blocking';
import { inputGradient, weightGradient } from './gradients';
import { addRows, transposeWeights } from './panels';
import { rowProduct } from './row-product';
import { madd, ROW } from './simd';

const GROUP_BYTES: usize = <usize>GROUP_ROWS * ROW;

/** Where a layer's arrays are. Addresses and strides in bytes. */
@unmanaged
export class LstmPlan {
  inputs: i32; // D
  units: i32; // H
  x: usize; // [T·B][D]
  xStride: usize;
  h: usize; // [(T+1)·B][H]
  hStride: usize;
  c: usize; // [(T+1)·B][H]; two steps only when nothing is kept
  cStride: usize;
  gates: usize; // [T·B][4H ↑8 each], kept for the backward pass
  gatesStride: usize;
  weights: usize; // [2U][1 + D + H][16]
  gradient: usize; // as weights
  transposedX: usize; // [⌈D/16⌉][32U][16]
  transposedH: usize; // [⌈H/16⌉][32U][16]
  dy: usize; // [T·B][H]: ∂loss/∂h_t of the layer above
  dyStride: usize;
  dx: usize; // [T·B][D]
  dxStride: usize;
  dh: usize; // [B][H]: gradient of the final h, then of the initial h
  dc: usize; // [B][H]: gradient of the final C, then of the initial C
  dhStride: usize;
  dcStride: usize;
  scratch: usize; // SCRATCH_ROWS rows
  zeros: usize; // a row of zeros
}

/**
 * `rows` of one group from its pre-activations, z = [i f] and z + GROUP_BYTES = [g o]: the gates to `gates` (which may be
 * z), C_t and h_t. Four loops, each with one table of coefficients, two or one vector at a time.
 */
function cellForward(
  z: usize, gates: usize, gatesStride: usize, c: usize, before: usize, h: usize, rows: i32,
): void {
  const bytes = <usize>rows * ROW, other = z + GROUP_BYTES, gatesOther = gates + gatesStride;
  for (let r: usize = 0; r < bytes; r += 32) {
    const a = v128.load(z + r), b = v128.load(z + r, 16);
    v128.store(gates + r, sigmaOfGates(a));
    v128.store(gates + r, sigmaOfGates(b), 16);
  }
  for (let r: usize = 0; r < bytes; r += ROW) {
    const a = v128.load(other + r), b = v128.load(other + r, 16);
    v128.store(gatesOther + r, tanhOfCandidate(a));
    v128.store(gatesOther + r, tanhOfCandidate(b), 16);
  }
  for (let r: usize = 0; r < bytes; r += ROW) {
    const a = v128.load(other + r, 32), b = v128.load(other + r, 48);
    v128.store(gatesOther + r, sigmaOfOutput(a), 32);
    v128.store(gatesOther + r, sigmaOfOutput(b), 48);
  }
  for (let r: usize = 0; r < bytes; r += ROW) {
    for (let v = r; v < r + 32; v += 16) {
      const kept = v128.load(gates + v, 32), entered = f32x4.mul(v128.load(gates + v), v128.load(gatesOther + v));
      const cell = madd(kept, v128.load(before + v), entered);
      v128.store(c + v, cell);
      v128.store(h + v, f32x4.mul(v128.load(gatesOther + v, 32), tanhOfCell(cell)));
    }
  }
}

/** Address of the eight columns of group u: panel u/2, left or right half. */
// @ts-ignore: decorator
@inline
function group(base: usize, stride: usize, u: i32): usize {
  return base + <usize>(u >> 1) * stride + (<usize>(u & 1) << 5);
}

/** All steps. With `keep` = 0 the gates are not stored and C alternates between two steps. */
export function lstmForward(p: LstmPlan, steps: i32, batch: i32, keep: i32): void {
  const D = p.inputs, H = p.units, groups = (H + 7) >> 3;
  const blockBytes = <usize>(1 + D + H) * ROW, stepBytes = <usize>batch * ROW;
  const z = p.scratch;
  for (let t = 0; t < steps; t++) {
    const now = <usize>t * stepBytes, next = now + stepBytes;
    const cNow = keep ? now : <usize>(t & 1) * stepBytes, cNext = keep ? next : <usize>(~t & 1) * stepBytes;
    let block = p.weights, gates = p.gates + now;
    for (let u = 0; u < groups; u++) {
      const c = group(p.c, p.cStride, u), h = group(p.h, p.hStride, u);
      for (let from = 0; from < batch; from += GROUP_ROWS) {
        const rows = min(batch - from, GROUP_ROWS), offset = <usize>from * ROW;
        const x = p.x + now + offset, before = p.h + now + offset;
        const other = block + blockBytes;
        rowProduct(z, block, 0, x, D, p.xStride, before, H, p.hStride, block + ROW, rows, 16);
        rowProduct(z + GROUP_BYTES, other, 0, x, D, p.xStride, before, H, p.hStride, other + ROW, rows, 16);
        cellForward(
          z, keep ? gates + offset : z, keep ? p.gatesStride : GROUP_BYTES,
          c + cNext + offset, c + cNow + offset, h + next + offset, rows,
        );
      }
      block += 2 * blockBytes;
      gates += 2 * p.gatesStride;
    }
  }
}

/** δ's of one group in place of its gates; δ_C for step t − 1 in place of the one for t. `c`, `h` are those of step t. */
// @ts-ignore: decorator
@inline
function cellBackward(dh: usize, dc: usize, gates: usize, gatesStride: usize, before: usize, h: usize): void {
  const one = f32x4.splat(1);
  const i = v128.load(gates), f = v128.load(gates, 32);
  const g = v128.load(gates + gatesStride), o = v128.load(gates + gatesStride, 32);
  const dH = v128.load(dh), tanhC = f32x4.div(v128.load(h), f32x4.pmax(o, f32x4.splat(1e-30)));
  const dHo = f32x4.mul(dH, o);
  const dC = madd(dHo, f32x4.sub(one, f32x4.mul(tanhC, tanhC)), v128.load(dc));
  const dCi = f32x4.mul(dC, i), dCf = f32x4.mul(dC, f);
  v128.store(gates, f32x4.mul(f32x4.mul(dCi, g), f32x4.sub(one, i)));
  v128.store(gates, f32x4.mul(f32x4.mul(dCf, v128.load(before)), f32x4.sub(one, f)), 32);
  v128.store(gates + gatesStride, f32x4.mul(dCi, f32x4.sub(one, f32x4.mul(g, g))));
  v128.store(gates + gatesStride, f32x4.mul(f32x4.mul(dHo, tanhC), f32x4.sub(one, o)), 32);
  v128.store(dc, dCf);
}

/** `rows` of one group. */
function groupBackward(
  dh: usize, dc: usize, gates: usize, gatesStride: usize, before: usize, h: usize, rows: i32,
): void {
  for (; rows > 0; rows--) {
    for (let v: usize = 0; v < 32; v += 16) cellBackward(dh + v, dc + v, gates + v, gatesStride, before + v, h + v);
    dh += ROW; dc += ROW; gates += ROW; before += ROW; h += ROW;
  }
}

/** δ's of step t: δ_h = dy_t + W_hᵀ·δ_{t+1} panel by panel (the last step has no δ_{t+1}), then the cells of its groups. */
function stepBackward(p: LstmPlan, t: i32, batch: i32, last: bool): void {
  const groups = (p.units + 7) >> 3, width = groups << 5;
  const stepBytes = <usize>batch * ROW, now = <usize>t * stepBytes, next = now + stepBytes;
  let transposed = p.transposedH, gates = p.gates + now;
  let dy = p.dy + now, dc = p.dc, before = p.c + now, h = p.h + next;
  for (let u = 0; u < groups; u += 2) {
    const both = u + 1 < groups;
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      let dh = dy + at;
      if (!last) {
        rowProduct(
          p.scratch, dh, ROW, p.gates + next + at, width, p.gatesStride, 0, 0, 0, transposed, rows, both ? 16 : 8,
        );
        dh = p.scratch;
      }
      groupBackward(dh, dc + at, gates + at, p.gatesStride, before + at, h + at, rows);
      if (both) {
        const right = at + 32, other = gates + 2 * p.gatesStride + at;
        groupBackward(dh + 32, dc + right, other, p.gatesStride, before + right, h + right, rows);
      }
    }
    transposed += <usize>width * ROW;
    gates += 4 * p.gatesStride;
    dy += p.dyStride; dc += p.dcStride; before += p.cStride; h += p.hStride;
  }
}

/**
 * Complete back-propagation through time of the last lstmForward with keep = 1.
 * In: dy, dh, dc (gradients of the final state). Out: gradient += …, dh, dc (of the initial state), and dx with `wantX`.
 * The transposed weights are made here, once for all steps.
 */
export function lstmBackward(p: LstmPlan, steps: i32, batch: i32, wantX: i32): void {
  const D = p.inputs, H = p.units, groups = (H + 7) >> 3, blocks = groups << 1, width = groups << 5;
  const blockRows = 1 + D + H, stepBytes = <usize>batch * ROW;
  transposeWeights(p.transposedH, p.weights, blocks, blockRows, 1 + D, H);
  transposeWeights(p.transposedX, p.weights, blocks, blockRows, 1, D);
  addRows(p.dy + <usize>(steps - 1) * stepBytes, p.dyStride, p.dh, p.dhStride, batch, (groups + 1) >> 1);
  const chunk = max(1, CHUNK_ROWS / batch);
  for (let end = steps; end > 0; end -= chunk) {
    const begin = max(0, end - chunk), rows = (end - begin) * batch, now = <usize>begin * stepBytes;
    for (let t = end - 1; t >= begin; t--) stepBackward(p, t, batch, t == steps - 1);
    const dz = p.gates + now;
    weightGradient(p.gradient, blockRows, 1, p.x + now, p.xStride, D, dz, p.gatesStride, width, rows, 0);
    weightGradient(p.gradient, blockRows, 1 + D, p.h + now, p.hStride, H, dz, p.gatesStride, width, rows, -1);
    if (wantX) lstmInputGradient(p, begin * batch, rows);
  }
  inputGradient(
    p.dh, p.dhStride, p.gates, width, p.gatesStride, 0, 0, 0, p.transposedH, p.zeros, batch, H, width,
  );
}

/** dx of `rows` rows from row `first` on, from the δ's that lstmBackward left. */
export function lstmInputGradient(p: LstmPlan, first: i32, rows: i32): void {
  const width = ((p.units + 7) >> 3) << 5, offset = <usize>first * ROW;
  inputGradient(
    p.dx + offset, p.dxStride, p.gates + offset, width, p.gatesStride, 0, 0, 0,
    p.transposedX, p.zeros, rows, p.inputs, width,
  );
}
