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
import { outputHalves, sigmaHalves, sigmaRows, tanhHalves } from './activations';
import { GROUP_ROWS, isFar, SCRATCH_ROWS, stepsOfChunk } from './blocking';
import { fewInputsGradient, inputGradient, MOST_DOTS, weightGradient } from './gradients';
import { addRows, fetchRows, transposeWeights } from './panels';
import { Part } from './part';
import { rowProduct, singleRowProduct } from './row-product';
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

/** C_t = f ⊙ C_{t−1} + i ⊙ g over `rows` rows of one group. */
export function cellState(c: usize, gates: usize, candidate: usize, before: usize, rows: i32): void {
  for (let r: usize = 0, bytes = <usize>rows * ROW; r < bytes; r += ROW) {
    const a = f32x4.mul(v128.load(gates + r), v128.load(candidate + r));
    const b = f32x4.mul(v128.load(gates + r, 16), v128.load(candidate + r, 16));
    v128.store(c + r, madd(v128.load(gates + r, 32), v128.load(before + r), a));
    v128.store(c + r, madd(v128.load(gates + r, 48), v128.load(before + r, 16), b), 16);
  }
}

/**
 * `rows` of one group from its pre-activations, z = [i f] and z + zStride = [g o]: the gates to `gates` (which may be z), C_t
 * and h_t.
 */
function cellForward(
  z: usize, zStride: usize, gates: usize, gatesStride: usize, c: usize, before: usize, h: usize, rows: i32,
): void {
  const other = z + zStride, gatesOther = gates + gatesStride;
  sigmaRows(gates, z, rows);
  tanhHalves(gatesOther, other, rows);
  sigmaHalves(gatesOther + 32, other + 32, rows);
  cellState(c, gates, gatesOther, before, rows);
  outputHalves(h, c, gatesOther + 32, rows);
}

/** Address of the eight columns of group u: panel u/2, left or right half. */
// @ts-ignore: decorator
@inline
export function group(base: usize, stride: usize, u: i32): usize {
  return base + <usize>(u >> 1) * stride + (<usize>(u & 1) << 5);
}

/** One step of several rows: group after group, block of rows after block of rows. */
function stepForward(p: LstmPlan, batch: i32, now: usize, next: usize, cNow: usize, cNext: usize, keep: i32): void {
  const D = p.inputs, H = p.units, groups = (H + 7) >> 3, blockBytes = <usize>(1 + D + H) * ROW, z = p.scratch;
  let block = p.weights, gates = p.gates + now;
  for (let u = 0; u < groups; u++) {
    const c = group(p.c, p.cStride, u), h = group(p.h, p.hStride, u), other = block + blockBytes;
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      const x = p.x + now + at, before = p.h + now + at;
      rowProduct(z, block, 0, x, D, p.xStride, before, H, p.hStride, block + ROW, rows, 16);
      rowProduct(z + GROUP_BYTES, other, 0, x, D, p.xStride, before, H, p.hStride, other + ROW, rows, 16);
      cellForward(
        z, GROUP_BYTES, keep ? gates + at : z, keep ? p.gatesStride : GROUP_BYTES,
        c + cNext + at, c + cNow + at, h + next + at, rows,
      );
    }
    block += 2 * blockBytes;
    gates += 2 * p.gatesStride;
  }
}

/** Groups of a single row whose pre-activations, C_t and h_t are in the scratch at once: four rows each. */
const SINGLE_GROUPS: i32 = SCRATCH_ROWS / 4;

/** The eight floats at `from` → `to`. */
// @ts-ignore: decorator
@inline
function copyHalf(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/**
 * One step of a single row. One group after the other would wait for itself at each activation; so each activation goes over
 * many groups, whose rows lie below each other in the scratch: [i f] of all, [g o] of all, C, h.
 */
function singleForward(p: LstmPlan, now: usize, next: usize, cNow: usize, cNext: usize, keep: i32): void {
  const D = p.inputs, H = p.units, groups = (H + 7) >> 3, blockBytes = <usize>(1 + D + H) * ROW;
  const x = p.x + now, before = p.h + now;
  for (let u = 0; u < groups; u += SINGLE_GROUPS) {
    const some = min(groups - u, SINGLE_GROUPS), block = p.weights + (<usize>u << 1) * blockBytes, pair = blockBytes << 1;
    const z = p.scratch, other = z + <usize>some * ROW, cells = other + <usize>some * ROW, outputs = cells + <usize>some * ROW;
    singleRowProduct(z, ROW, block, pair, x, D, p.xStride, before, H, p.hStride, block + ROW, pair, some);
    const right = block + blockBytes;
    singleRowProduct(other, ROW, right, pair, x, D, p.xStride, before, H, p.hStride, right + ROW, pair, some);
    sigmaRows(z, z, some);
    tanhHalves(other, other, some);
    sigmaHalves(other + 32, other + 32, some);
    for (let v = 0, at: usize = 0; v < some; v++, at += ROW) {
      const c = group(p.c, p.cStride, u + v);
      cellState(c + cNext, z + at, other + at, c + cNow, 1);
      copyHalf(cells + at, c + cNext);
    }
    outputHalves(outputs, cells, other + 32, some);
    for (let v = 0, at: usize = 0; v < some; v++, at += ROW) {
      copyHalf(group(p.h, p.hStride, u + v) + next, outputs + at);
      if (!keep) continue;
      const gates = p.gates + <usize>(2 * (u + v)) * p.gatesStride + now;
      copyHalf(gates, z + at); copyHalf(gates + 32, z + at + 32);
      copyHalf(gates + p.gatesStride, other + at); copyHalf(gates + p.gatesStride + 32, other + at + 32);
    }
  }
}

/** All steps. With `keep` = 0 the gates are not stored and C alternates between two steps. */
export function lstmForward(p: LstmPlan, steps: i32, batch: i32, keep: i32): void {
  const stepBytes = <usize>batch * ROW;
  for (let t = 0; t < steps; t++) {
    const now = <usize>t * stepBytes, next = now + stepBytes;
    const cNow = keep ? now : <usize>(t & 1) * stepBytes, cNext = keep ? next : <usize>(~t & 1) * stepBytes;
    if (batch == 1) singleForward(p, now, next, cNow, cNext, keep);
    else stepForward(p, batch, now, next, cNow, cNext, keep);
  }
}

/**
 * δ's of one group in place of its gates; δ_C for step t − 1 in place of the one for t. `c`, `h` are those of step t. The two
 * halves of a row go side by side, which is what lets V8 put them into one wide register.
 */
function groupBackward(
  dh: usize, dc: usize, gates: usize, gatesStride: usize, before: usize, h: usize, rows: i32,
): void {
  const one = f32x4.splat(1), tiny = f32x4.splat(1e-30);
  let other = gates + gatesStride;
  for (; rows > 0; rows--) {
    const iA = v128.load(gates), iB = v128.load(gates, 16), fA = v128.load(gates, 32), fB = v128.load(gates, 48);
    const gA = v128.load(other), gB = v128.load(other, 16), oA = v128.load(other, 32), oB = v128.load(other, 48);
    const tA = f32x4.div(v128.load(h), f32x4.pmax(oA, tiny)), tB = f32x4.div(v128.load(h, 16), f32x4.pmax(oB, tiny));
    const dHoA = f32x4.mul(v128.load(dh), oA), dHoB = f32x4.mul(v128.load(dh, 16), oB);
    const dCA = madd(dHoA, f32x4.sub(one, f32x4.mul(tA, tA)), v128.load(dc));
    const dCB = madd(dHoB, f32x4.sub(one, f32x4.mul(tB, tB)), v128.load(dc, 16));
    const dCiA = f32x4.mul(dCA, iA), dCiB = f32x4.mul(dCB, iB), dCfA = f32x4.mul(dCA, fA), dCfB = f32x4.mul(dCB, fB);
    v128.store(gates, f32x4.mul(f32x4.mul(dCiA, gA), f32x4.sub(one, iA)));
    v128.store(gates, f32x4.mul(f32x4.mul(dCiB, gB), f32x4.sub(one, iB)), 16);
    v128.store(gates, f32x4.mul(f32x4.mul(dCfA, v128.load(before)), f32x4.sub(one, fA)), 32);
    v128.store(gates, f32x4.mul(f32x4.mul(dCfB, v128.load(before, 16)), f32x4.sub(one, fB)), 48);
    v128.store(other, f32x4.mul(dCiA, f32x4.sub(one, f32x4.mul(gA, gA))));
    v128.store(other, f32x4.mul(dCiB, f32x4.sub(one, f32x4.mul(gB, gB))), 16);
    v128.store(other, f32x4.mul(f32x4.mul(dHoA, tA), f32x4.sub(one, oA)), 32);
    v128.store(other, f32x4.mul(f32x4.mul(dHoB, tB), f32x4.sub(one, oB)), 48);
    v128.store(dc, dCfA); v128.store(dc, dCfB, 16);
    dh += ROW; dc += ROW; gates += ROW; other += ROW; before += ROW; h += ROW;
  }
}

/** δ's of the two groups of one panel, or of one group, from δ_h; `at` in bytes. */
function panelBackward(p: LstmPlan, u: i32, dh: usize, now: usize, next: usize, at: usize, rows: i32): void {
  const j = <usize>(u >> 1), gates = p.gates + <usize>(u << 1) * p.gatesStride + now + at;
  const dc = p.dc + j * p.dcStride + at, before = p.c + j * p.cStride + now + at, h = p.h + j * p.hStride + next + at;
  groupBackward(dh, dc, gates, p.gatesStride, before, h, rows);
  if (u + 1 < (p.units + 7) >> 3)
    groupBackward(dh + 32, dc + 32, gates + 2 * p.gatesStride, p.gatesStride, before + 32, h + 32, rows);
}

/** Fetches what panelBackward is about to read. */
function fetchPanel(p: LstmPlan, u: i32, now: usize, next: usize, at: usize, rows: i32): void {
  const j = <usize>(u >> 1), unused = p.scratch + GROUP_BYTES, panels = u + 1 < (p.units + 7) >> 3 ? 4 : 2;
  fetchRows(unused, p.gates + <usize>(u << 1) * p.gatesStride + now + at, p.gatesStride, rows, panels);
  fetchRows(unused, p.c + j * p.cStride + now + at, 0, rows, 1);
  fetchRows(unused, p.h + j * p.hStride + next + at, 0, rows, 1);
  fetchRows(unused, p.dy + j * p.dyStride + now + at, 0, rows, 1);
}

/**
 * δ's of step t: δ_h = dy_t + W_hᵀ·δ_{t+1} panel by panel (the last step has no δ_{t+1}), then the cells of its groups. What was kept
 * in the forward pass is fetched before the product if it is far away.
 */
function stepBackward(p: LstmPlan, t: i32, batch: i32, last: bool, far: bool): void {
  const groups = (p.units + 7) >> 3, width = groups << 5;
  const stepBytes = <usize>batch * ROW, now = <usize>t * stepBytes, next = now + stepBytes;
  let transposed = p.transposedH, dy = p.dy + now;
  for (let u = 0; u < groups; u += 2) {
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      let dh = dy + at;
      if (far) fetchPanel(p, u, now, next, at, rows);
      if (!last) {
        const dz = p.gates + next + at, columns = u + 1 < groups ? 16 : 8;
        rowProduct(p.scratch, dh, ROW, dz, width, p.gatesStride, 0, 0, 0, transposed, rows, columns);
        dh = p.scratch;
      }
      panelBackward(p, u, dh, now, next, at, rows);
    }
    transposed += <usize>width * ROW;
    dy += p.dyStride;
  }
}

/** stepBackward of a single row: as many panels at once as the scratch holds. */
function singleBackward(p: LstmPlan, t: i32): void {
  const groups = (p.units + 7) >> 3, panels = (groups + 1) >> 1, width = groups << 5, blockBytes = <usize>width * ROW;
  const now = <usize>t * ROW, next = now + ROW;
  for (let j = 0; j < panels; j += SCRATCH_ROWS) {
    const some = min(panels - j, SCRATCH_ROWS), dy = p.dy + <usize>j * p.dyStride + now;
    singleRowProduct(
      p.scratch, ROW, dy, p.dyStride, p.gates + next, width, p.gatesStride, 0, 0, 0,
      p.transposedH + <usize>j * blockBytes, blockBytes, some,
    );
    for (let k = 0; k < some; k++) panelBackward(p, (j + k) << 1, p.scratch + <usize>k * ROW, now, next, 0, 1);
  }
}

/** This thread's share of the transposed weights, which the backward pass needs. */
export function lstmPrepare(p: LstmPlan, me: Part): void {
  const blocks = ((p.units + 7) >> 3) << 1, blockRows = 1 + p.inputs + p.units;
  transposeWeights(me, p.transposedH, p.weights, blocks, blockRows, 1 + p.inputs, p.units);
  transposeWeights(me, p.transposedX, p.weights, blocks, blockRows, 1, p.inputs);
}

/**
 * Complete back-propagation through time of the last lstmForward with keep = 1, with the transposed weights of lstmPrepare.
 * In: dy, dh, dc (gradients of the final state). Out: gradient += …, dh, dc (of the initial state), and dx with `wantX`.
 */
export function lstmBackward(p: LstmPlan, steps: i32, batch: i32, wantX: i32): void {
  const D = p.inputs, H = p.units, groups = (H + 7) >> 3, width = groups << 5;
  const blockRows = 1 + D + H, stepBytes = <usize>batch * ROW;
  addRows(p.dy + <usize>(steps - 1) * stepBytes, p.dyStride, p.dh, p.dhStride, batch, (groups + 1) >> 1);
  const chunk = stepsOfChunk(batch, D + H + width), far = isFar(steps * batch, width + 3 * H);
  for (let end = steps; end > 0; end -= chunk) {
    const begin = max(0, end - chunk), rows = (end - begin) * batch, now = <usize>begin * stepBytes;
    for (let t = end - 1; t >= begin; t--) {
      if (batch == 1 && t < steps - 1) singleBackward(p, t);
      else stepBackward(p, t, batch, t == steps - 1, far);
    }
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
  if (p.inputs <= MOST_DOTS)
    return fewInputsGradient(
      p.dx + offset, p.gates + offset, width, p.gatesStride, 0, 0, 0, p.weights + <usize>1 * ROW,
      <usize>(1 + p.inputs + p.units) * ROW, rows, p.inputs,
    );
  inputGradient(
    p.dx + offset, p.dxStride, p.gates + offset, width, p.gatesStride, 0, 0, 0,
    p.transposedX, p.zeros, rows, p.inputs, width,
  );
}
