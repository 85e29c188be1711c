/**
 * Norm of the gradients, and Adam (Kingma and Ba, 2015) with decoupled weight decay (AdamW, Loshchilov and Hutter, 2019).
 *
 *   g ← clip·g;  m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²
 *   θ ← θ·(1 − η·λ) − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 *
 * Padding has g = 0, hence m = v = 0 and θ = 0 for ever.
 */
import { zeroRows } from './panels';
import { Part, shareEnd, shareFirst } from './part';
import { laneSum, madd, ROW } from './simd';

/** One matrix of packed weights [blocks][blockRows][16], with its gradients and moments of the same layout. */
@unmanaged
export class WeightsPlan {
  value: usize;
  gradient: usize;
  moments: usize;
  squares: usize;
  blocks: i32;
  blockRows: i32;
  vectors: i32; // first rows of a block: biases and the like, which are not decayed
  leaks: i32; // row 1 of a block has leaks, which stay within [LEAST_LEAK, 1]
  ofShards: usize; // gradients of the first shard; those of the next `shardBytes` later
  sums: usize; // a float64 for each block: Σ g²
}

/** The least leak that training may reach: a half-life of 6931 steps. */
const LEAST_LEAK: f32 = 1e-4;

/** Σ a² over `bytes` (a multiple of 64), in float64 between rows. */
function sumOfSquares(a: usize, bytes: usize): f64 {
  let total: f64 = 0;
  for (const end = a + bytes; a < end; a += ROW) {
    const p = v128.load(a), q = v128.load(a, 16), r = v128.load(a, 32), s = v128.load(a, 48);
    const sum = madd(p, p, f32x4.mul(q, q));
    total += laneSum(f32x4.add(sum, madd(r, r, f32x4.mul(s, s))));
  }
  return total;
}

/** Σ g² of this thread's blocks. */
export function squaresOfShare(w: WeightsPlan, me: Part): void {
  const bytes = <usize>w.blockRows * ROW;
  for (let k = shareFirst(me, w.blocks); k < shareEnd(me, w.blocks); k++)
    f64.store(w.sums + (<usize>k << 3), sumOfSquares(w.gradient + <usize>k * bytes, bytes));
}

/** Σ g², when all threads have met after squaresOfShare. */
export function totalSquares(w: WeightsPlan): f64 {
  let total: f64 = 0;
  for (let k: usize = 0; k < <usize>w.blocks; k++) total += f64.load(w.sums + (k << 3));
  return total;
}

/** Zeros in the gradients of this thread's blocks. */
export function zeroGradients(w: WeightsPlan, me: Part): void {
  const bytes = <usize>w.blockRows * ROW, first = shareFirst(me, w.blocks);
  zeroRows(w.gradient + <usize>first * bytes, (shareEnd(me, w.blocks) - first) * w.blockRows);
}

/** gradient += Σ over the shards, in their order, for this thread's blocks. */
export function addShards(w: WeightsPlan, me: Part, shards: i32, shardBytes: usize): void {
  const bytes = <usize>w.blockRows * ROW, end = <usize>shareEnd(me, w.blocks) * bytes;
  for (let at = <usize>shareFirst(me, w.blocks) * bytes; at < end; at += 32) {
    let from = w.ofShards + at, a = v128.load(from), b = v128.load(from, 16);
    for (let shard = 1; shard < shards; shard++) {
      from += shardBytes;
      a = f32x4.add(a, v128.load(from));
      b = f32x4.add(b, v128.load(from, 16));
    }
    const to = w.gradient + at;
    v128.store(to, f32x4.add(v128.load(to), a));
    v128.store(to, f32x4.add(v128.load(to, 16), b), 16);
  }
}

/** a *= factor over `bytes` (a multiple of 16). */
export function scale(a: usize, bytes: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  for (const end = a + bytes; a < end; a += 16) v128.store(a, f32x4.mul(v128.load(a), f));
}

/** What an Adam step needs besides the arrays. One float each. */
@unmanaged
export class AdamPlan {
  keep: f32; // 1 − η·λ
  beta1: f32;
  rest1: f32; // 1 − β₁
  beta2: f32;
  rest2: f32; // 1 − β₂
  rate: f32; // η/(1 − β₁ᵗ)
  spread: f32; // 1/√(1 − β₂ᵗ)
  epsilon: f32;
  clipNorm: f32; // largest joint norm of the gradients; 0: no clipping
}

function adamRange(
  p: AdamPlan, clipping: f32, value: usize, gradient: usize, moments: usize, squares: usize, bytes: usize, keep: f32,
): void {
  const clip = f32x4.splat(clipping), kept = f32x4.splat(keep);
  const beta1 = f32x4.splat(p.beta1), rest1 = f32x4.splat(p.rest1);
  const beta2 = f32x4.splat(p.beta2), rest2 = f32x4.splat(p.rest2);
  const rate = f32x4.splat(p.rate), spread = f32x4.splat(p.spread), epsilon = f32x4.splat(p.epsilon);
  for (let i: usize = 0; i < bytes; i += 16) {
    const g = f32x4.mul(v128.load(gradient + i), clip);
    const m = madd(beta1, v128.load(moments + i), f32x4.mul(rest1, g));
    const v = madd(beta2, v128.load(squares + i), f32x4.mul(rest2, f32x4.mul(g, g)));
    v128.store(moments + i, m);
    v128.store(squares + i, v);
    const step = f32x4.div(f32x4.mul(rate, m), madd(f32x4.sqrt(v), spread, epsilon));
    v128.store(value + i, f32x4.sub(f32x4.mul(v128.load(value + i), kept), step));
  }
}

/** Outside [LEAST_LEAK, 1] a leaky unit is no average any more. */
function boundLeaks(a: usize): void {
  const low = f32x4.splat(LEAST_LEAK), high = f32x4.splat(1);
  for (let v: usize = 0; v < ROW; v += 16) v128.store(a + v, f32x4.min(f32x4.max(v128.load(a + v), low), high));
}

/** One step over this thread's blocks of `w`, on `clip` times their gradients. */
export function adam(p: AdamPlan, w: WeightsPlan, me: Part, clip: f32): void {
  const first = <usize>w.vectors * ROW, all = <usize>w.blockRows * ROW;
  for (let k = shareFirst(me, w.blocks); k < shareEnd(me, w.blocks); k++) {
    const at = <usize>k * all, next = at + first;
    adamRange(p, clip, w.value + at, w.gradient + at, w.moments + at, w.squares + at, first, 1);
    adamRange(p, clip, w.value + next, w.gradient + next, w.moments + next, w.squares + next, all - first, p.keep);
    if (w.leaks) boundLeaks(w.value + at + ROW);
  }
}
