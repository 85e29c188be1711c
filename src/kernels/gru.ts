/**
 * One GRU layer over all time steps, forward and complete back-propagation through time, in both forms.
 *
 *   r, z = σ(W_x·x_t + W_h·h_{t−1} + b);  h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
 *   reset-after   n = tanh(W_nx·x_t + b_n + r ⊙ (W_nh·h_{t−1} + b_hn))
 *   reset-before  n = tanh(W_nx·x_t + b_n + W_nh·(r ⊙ h_{t−1}))
 *
 * Backward, with δ_h the whole error at h_t:
 *   δ_n = δ_h ⊙ (1 − z) ⊙ (1 − n²);  δ_z = δ_h ⊙ (h_{t−1} − n) ⊙ z(1−z)
 *   reset-after   s = W_nh·h_{t−1} + b_hn;  δ_s = r ⊙ δ_n;  δ_r = δ_n ⊙ s ⊙ r(1−r)
 *                 δ_h,t−1 = dy_{t−1} + δ_h ⊙ z + W_rhᵀ·δ_r + W_zhᵀ·δ_z + W_nhᵀ·δ_s
 *   reset-before  s = r ⊙ h_{t−1};  ds = W_nhᵀ·δ_n;  δ_r = ds ⊙ h_{t−1} ⊙ r(1−r)
 *                 δ_h,t−1 = dy_{t−1} + δ_h ⊙ z + ds ⊙ r + W_rhᵀ·δ_r + W_zhᵀ·δ_z
 *
 * (Cho et al. 2014; reset-after as in cuDNN and PyTorch.) Units go in groups of 8: packed block u holds the gates r, z of
 * group u; after these G = ⌈H/8⌉ blocks come ⌈H/16⌉ blocks with n of sixteen units each. Weights
 * [G + ⌈H/16⌉][V + D + H][16]: bias, for reset-after b_hn (V = 2, else 1; zero in the blocks of r, z), W_x, W_h.
 * Activations in panels: x rows t·B + b; h rows (t + 1)·B + b (rows 0 … B−1 are the initial state); r and z of group u in
 * panel u, n and s by sixteen, rows t·B + b. The backward pass overwrites r, z, n with their δ's, and s of reset-after
 * with δ_s. The products with W_h of all gates are one sum over [δ_r δ_z | δ_s], with no unit padded beyond 8.
 */
import { sigmaRows, tanhHalves } from './activations';
import { GROUP_ROWS, SCRATCH_ROWS, stepsOfChunk } from './blocking';
import { fewInputsGradient, inputGradient, MOST_DOTS, weightGradient } from './gradients';
import { addInner, cellBackward, innerBackward, resetBackward, resetForward, stateForward } from './gru-cell';
import { transposeWeights } from './panels';
import { Part } from './part';
import { rowProduct, singleRowProduct } from './row-product';
import { PANEL, ROW } from './simd';

/** Where a layer's arrays are. Addresses and strides in bytes. One step of gates, n, s only when nothing is kept. */
@unmanaged
export class GruPlan {
  inputs: i32; // D
  units: i32; // H
  resetAfter: i32;
  x: usize; // [T·B][D]
  xStride: usize;
  h: usize; // [(T+1)·B][H]
  hStride: usize;
  gates: usize; // [T·B][16G]: r and z of eight units in a panel
  gatesStride: usize;
  candidate: usize; // [T·B][H]: n
  candidateStride: usize;
  inner: usize; // [T·B][H]: s
  innerStride: usize;
  weights: usize; // [G + ⌈H/16⌉][V + D + H][16]
  gradient: usize; // as weights
  transposedX: usize; // [⌈D/16⌉][16·(G + ⌈H/16⌉)][16]
  transposedH: usize; // [⌈H/16⌉][16·(G + ⌈H/16⌉)][16]
  dy: usize; // [T·B][H]: ∂loss/∂h_t of the layer above
  dyStride: usize;
  dx: usize; // [T·B][D]
  dxStride: usize;
  dh: usize; // [B][H]: gradient of the final h, then the part of δ_h,t that passes no weights, then gradient of the initial h
  dhStride: usize;
  scratch: usize; // SCRATCH_ROWS rows
  zeros: usize; // a row of zeros
}

/** Groups of 8 units. */
// @ts-ignore: decorator
@inline
function groupsOf(p: GruPlan): i32 {
  return (p.units + 7) >> 3;
}

/** Rows of a block before W_x. */
// @ts-ignore: decorator
@inline
function vectorsOf(p: GruPlan): i32 {
  return p.resetAfter ? 2 : 1;
}

// @ts-ignore: decorator
@inline
function blockRowsOf(p: GruPlan): i32 {
  return vectorsOf(p) + p.inputs + p.units;
}

/** Blocks of packed weights. */
// @ts-ignore: decorator
@inline
function blocksOf(p: GruPlan): i32 {
  return groupsOf(p) + ((p.units + 15) >> 4);
}

/** r and z of group `u`: `rows` rows from byte `now` in x and h_{t−1}, from byte `kept` in the gates. */
function groupGates(p: GruPlan, u: i32, now: usize, kept: usize, rows: i32): void {
  const D = p.inputs, gates = p.gates + <usize>u * p.gatesStride + kept;
  const block = p.weights + <usize>(u * blockRowsOf(p)) * ROW;
  rowProduct(
    gates, block, 0, p.x + now, D, p.xStride, p.h + now, p.units, p.hStride, block + <usize>vectorsOf(p) * ROW, rows, 16,
  );
  sigmaRows(gates, gates, rows);
}

/** The products of panel `j`, of 16 units or 8: for n and, reset-after, for s. */
function panelProducts(p: GruPlan, j: i32, now: usize, kept: usize, rows: i32): void {
  const D = p.inputs, H = p.units, columns = H - (j << 4) > 8 ? 16 : 8;
  const block = p.weights + <usize>((groupsOf(p) + j) * blockRowsOf(p)) * ROW;
  const candidate = p.candidate + <usize>j * p.candidateStride + kept;
  const wx = block + <usize>vectorsOf(p) * ROW;
  if (p.resetAfter) {
    const inner = p.inner + <usize>j * p.innerStride + kept, wh = wx + <usize>D * ROW;
    rowProduct(candidate, block, 0, p.x + now, D, p.xStride, 0, 0, 0, wx, rows, columns);
    rowProduct(inner, block + ROW, 0, p.h + now, H, p.hStride, 0, 0, 0, wh, rows, columns);
  } else {
    rowProduct(candidate, block, 0, p.x + now, D, p.xStride, p.inner + kept, H, p.innerStride, wx, rows, columns);
  }
}

/** n and h_t of panel `j` from its gates and products. */
function panelCells(p: GruPlan, j: i32, now: usize, kept: usize, stepBytes: usize, rows: i32): void {
  const bytes: usize = p.units - (j << 4) > 8 ? 64 : 32;
  const candidate = p.candidate + <usize>j * p.candidateStride + kept;
  const inner = p.inner + <usize>j * p.innerStride + kept;
  let gates = p.gates + <usize>(j << 1) * p.gatesStride + kept;
  const before = p.h + <usize>j * p.hStride + now;
  for (let half: usize = 0; half < bytes; half += 32, gates += p.gatesStride) {
    if (p.resetAfter) addInner(candidate + half, gates, inner + half, rows);
    tanhHalves(candidate + half, candidate + half, rows);
    stateForward(before + stepBytes + half, candidate + half, gates, before + half, rows);
  }
}

/** Step t, reset-after: everything of sixteen units, then the next sixteen. */
function stepAfter(p: GruPlan, now: usize, kept: usize, batch: i32): void {
  const groups = groupsOf(p), stepBytes = <usize>batch * ROW;
  for (let u = 0; u < groups; u += 2)
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      groupGates(p, u, now + at, kept + at, rows);
      if (u + 1 < groups) groupGates(p, u + 1, now + at, kept + at, rows);
      panelProducts(p, u >> 1, now + at, kept + at, rows);
      panelCells(p, u >> 1, now + at, kept + at, stepBytes, rows);
    }
}

/** stepAfter of a single row: all products of a kind at once. */
function singleAfter(p: GruPlan, now: usize, kept: usize): void {
  const D = p.inputs, H = p.units, groups = groupsOf(p), panels = (H + 15) >> 4, blockBytes = <usize>blockRowsOf(p) * ROW;
  const x = p.x + now, h = p.h + now, gates = p.gates + kept, weightsAt = <usize>vectorsOf(p) * ROW;
  const block = p.weights + <usize>groups * blockBytes, wh = block + weightsAt + <usize>D * ROW;
  singleRowProduct(
    gates, p.gatesStride, p.weights, blockBytes, x, D, p.xStride, h, H, p.hStride,
    p.weights + weightsAt, blockBytes, groups,
  );
  singleRowProduct(
    p.candidate + kept, p.candidateStride, block, blockBytes, x, D, p.xStride, 0, 0, 0,
    block + weightsAt, blockBytes, panels,
  );
  singleRowProduct(
    p.inner + kept, p.innerStride, block + ROW, blockBytes, h, H, p.hStride, 0, 0, 0, wh, blockBytes, panels,
  );
  for (let u: usize = 0; u < <usize>groups; u++) sigmaRows(gates + u * p.gatesStride, gates + u * p.gatesStride, 1);
  for (let j = 0; j < panels; j++) panelCells(p, j, now, kept, ROW, 1);
}

/** Step t, reset-before: r ⊙ h_{t−1} of all units, then their candidates. */
function stepBefore(p: GruPlan, now: usize, kept: usize, batch: i32): void {
  const groups = groupsOf(p), stepBytes = <usize>batch * ROW;
  for (let from = 0; from < batch; from += GROUP_ROWS) {
    const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
    for (let u = 0; u < groups; u++) {
      groupGates(p, u, now + at, kept + at, rows);
      const j = <usize>(u >> 1), half = <usize>(u & 1) << 5;
      resetForward(
        p.inner + j * p.innerStride + half + kept + at, p.gates + <usize>u * p.gatesStride + kept + at,
        p.h + j * p.hStride + half + now + at, rows,
      );
    }
    for (let j = 0; j << 1 < groups; j++) {
      panelProducts(p, j, now + at, kept + at, rows);
      panelCells(p, j, now + at, kept + at, stepBytes, rows);
    }
  }
}

/** All steps. With `keep` = 0 every step uses the same rows of gates, n and s. */
export function gruForward(p: GruPlan, steps: i32, batch: i32, keep: i32): void {
  const stepBytes = <usize>batch * ROW;
  for (let t = 0; t < steps; t++) {
    const now = <usize>t * stepBytes, kept = keep ? now : 0;
    if (!p.resetAfter) stepBefore(p, now, kept, batch);
    else if (batch == 1) singleAfter(p, now, kept);
    else stepAfter(p, now, kept, batch);
  }
}

/** What follows from δ_h of panel `j`, of 16 units or 8: for reset-after all δ's, for reset-before δ_n and δ_z. */
function panelBackward(p: GruPlan, j: usize, dh: usize, now: usize, at: usize, rows: i32): void {
  const bytes: usize = p.units - (<i32>j << 4) > 8 ? 64 : 32;
  let gates = p.gates + (j << 1) * p.gatesStride + now + at;
  const carry = p.dh + j * p.dhStride + at, before = p.h + j * p.hStride + now + at;
  const candidate = p.candidate + j * p.candidateStride + now + at, inner = p.inner + j * p.innerStride + now + at;
  for (let half: usize = 0; half < bytes; half += 32, gates += p.gatesStride) {
    cellBackward(dh + half, carry + half, candidate + half, gates, before + half, rows);
    if (p.resetAfter) innerBackward(candidate + half, gates, inner + half, rows);
  }
}

/** δ's of step t: δ_h panel by panel, then what follows from it; the last step has no δ_{t+1}. */
function stepBackward(p: GruPlan, t: i32, batch: i32, last: bool): void {
  const H = p.units, groups = groupsOf(p), stepBytes = <usize>batch * ROW;
  const now = <usize>t * stepBytes, next = now + stepBytes, through = p.resetAfter ? H : 0;
  const transposedBytes = <usize>(blocksOf(p) << 4) * ROW;
  for (let u = 0; u < groups; u += 2) {
    const j = <usize>(u >> 1), columns = u + 1 < groups ? 16 : 8;
    const transposed = p.transposedH + j * transposedBytes, dy = p.dy + j * p.dyStride + now;
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      let dh = dy + at;
      if (!last) {
        rowProduct(
          p.scratch, dh, ROW, p.gates + next + at, groups << 4, p.gatesStride,
          p.inner + next + at, through, p.innerStride, transposed, rows, columns,
        );
        dh = p.scratch;
      }
      panelBackward(p, j, dh, now, at, rows);
    }
  }
}

/** stepBackward of a single row: as many panels at once as the scratch holds. */
function singleBackward(p: GruPlan, now: usize): void {
  const H = p.units, panels = (H + 15) >> 4, next = now + ROW, blockBytes = <usize>(blocksOf(p) << 4) * ROW;
  for (let j = 0; j < panels; j += SCRATCH_ROWS) {
    const some = min(panels - j, SCRATCH_ROWS);
    singleRowProduct(
      p.scratch, ROW, p.dy + <usize>j * p.dyStride + now, p.dyStride, p.gates + next, groupsOf(p) << 4, p.gatesStride,
      p.inner + next, p.resetAfter ? H : 0, p.innerStride, p.transposedH + <usize>j * blockBytes, blockBytes, some,
    );
    for (let k = 0; k < some; k++) panelBackward(p, <usize>(j + k), p.scratch + <usize>k * ROW, now, 0, 1);
  }
}

/** Reset-before, after stepBackward: ds = W_nhᵀ·δ_n panel by panel, and δ_r. */
function stepResetBackward(p: GruPlan, t: i32, batch: i32): void {
  const groups = groupsOf(p), now = <usize>t * <usize>batch * ROW;
  const transposedBytes = <usize>(blocksOf(p) << 4) * ROW;
  for (let u = 0; u < groups; u += 2) {
    const j = <usize>(u >> 1), columns = u + 1 < groups ? 16 : 8;
    const transposed = p.transposedH + j * transposedBytes + <usize>(groups << 4) * ROW;
    for (let from = 0; from < batch; from += GROUP_ROWS) {
      const rows = min(batch - from, GROUP_ROWS), at = <usize>from * ROW;
      rowProduct(
        p.scratch, p.zeros, 0, p.candidate + now + at, p.units, p.candidateStride, 0, 0, 0, transposed, rows, columns,
      );
      let gates = p.gates + <usize>u * p.gatesStride + now + at;
      const carry = p.dh + j * p.dhStride + at, before = p.h + j * p.hStride + now + at;
      for (let half: usize = 0; half < <usize>columns << 2; half += 32, gates += p.gatesStride)
        resetBackward(p.scratch + half, carry + half, gates, before + half, rows);
    }
  }
}

/** Gradients of all weights from the δ's of `rows` rows from byte `now` on. */
function parameterGradients(p: GruPlan, now: usize, rows: i32): void {
  const D = p.inputs, H = p.units, V = vectorsOf(p), blockRows = blockRowsOf(p), width = groupsOf(p) << 4;
  const ofGates = p.gradient, ofCandidate = p.gradient + <usize>(groupsOf(p) * blockRows) * ROW;
  const x = p.x + now, h = p.h + now, gates = p.gates + now, dN = p.candidate + now, inner = p.inner + now;
  weightGradient(ofGates, blockRows, V, x, p.xStride, D, gates, p.gatesStride, width, rows, 0);
  weightGradient(ofGates, blockRows, V + D, h, p.hStride, H, gates, p.gatesStride, width, rows, -1);
  weightGradient(ofCandidate, blockRows, V, x, p.xStride, D, dN, p.candidateStride, H, rows, 0);
  if (p.resetAfter)
    weightGradient(ofCandidate, blockRows, V + D, h, p.hStride, H, inner, p.innerStride, H, rows, 1);
  else
    weightGradient(ofCandidate, blockRows, V + D, inner, p.innerStride, H, dN, p.candidateStride, H, rows, -1);
}

/** This thread's share of the transposed weights, which the backward pass needs. */
export function gruPrepare(p: GruPlan, me: Part): void {
  const V = vectorsOf(p), blocks = blocksOf(p), blockRows = blockRowsOf(p);
  transposeWeights(me, p.transposedH, p.weights, blocks, blockRows, V + p.inputs, p.units);
  transposeWeights(me, p.transposedX, p.weights, blocks, blockRows, V, p.inputs);
}

/**
 * Complete back-propagation through time of the last gruForward with keep = 1, with the transposed weights of
 * gruPrepare.
 * In: dy, dh (gradient of the final state). Out: gradient += …, dh (of the initial state), and dx with `wantX`.
 */
export function gruBackward(p: GruPlan, steps: i32, batch: i32, wantX: i32): void {
  const H = p.units, chunk = stepsOfChunk(batch, p.inputs + 5 * H);
  for (let end = steps; end > 0; end -= chunk) {
    const begin = max(0, end - chunk), rows = (end - begin) * batch;
    for (let t = end - 1; t >= begin; t--) {
      if (batch == 1 && t < steps - 1) singleBackward(p, <usize>t * ROW);
      else stepBackward(p, t, batch, t == steps - 1);
      if (!p.resetAfter) stepResetBackward(p, t, batch);
    }
    parameterGradients(p, <usize>(begin * batch) * ROW, rows);
    if (wantX) gruInputGradient(p, begin * batch, rows);
  }
  inputGradient(
    p.dh, p.dhStride, p.gates, groupsOf(p) << 4, p.gatesStride, p.inner, p.resetAfter ? H : 0, p.innerStride,
    p.transposedH, 0, batch, H, blocksOf(p) << 4,
  );
}

/** dx of `rows` rows from row `first` on, from the δ's that gruBackward left. */
export function gruInputGradient(p: GruPlan, first: i32, rows: i32): void {
  const offset = <usize>first * ROW;
  if (p.inputs <= MOST_DOTS)
    return fewInputsGradient(
      p.dx + offset, p.gates + offset, groupsOf(p) << 4, p.gatesStride, p.candidate + offset, p.units, p.candidateStride,
      p.weights + <usize>vectorsOf(p) * ROW, <usize>blockRowsOf(p) * ROW, rows, p.inputs,
    );
  inputGradient(
    p.dx + offset, p.dxStride, p.gates + offset, groupsOf(p) << 4, p.gatesStride,
    p.candidate + offset, p.units, p.candidateStride, p.transposedX, p.zeros, rows, p.inputs, blocksOf(p) << 4,
  );
}
