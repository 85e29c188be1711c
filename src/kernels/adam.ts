/**
 * Gradient norm and Adam (Kingma and Ba, 2015) with decoupled weight decay (AdamW, Loshchilov and Hutter, 2019).
 *
 *   g ← clip·g;  m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²
 *   θ ← θ·(1 − η·λ) − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
 *
 * Padding has g = 0, hence m = v = 0 and θ = 0 for ever.
 */
import { laneSum, madd, ROW } from './simd';

/** Σ a² over `bytes` (a multiple of 64), in float64 between rows. */
export function sumOfSquares(a: usize, bytes: usize): f64 {
  let total: f64 = 0;
  for (const end = a + bytes; a < end; a += ROW) {
    const p = v128.load(a), q = v128.load(a, 16), r = v128.load(a, 32), s = v128.load(a, 48);
    const sum = madd(p, p, f32x4.mul(q, q));
    total += laneSum(f32x4.add(sum, madd(r, r, f32x4.mul(s, s))));
  }
  return total;
}

/** a *= factor over `bytes` (a multiple of 16). */
export function scale(a: usize, bytes: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  for (const end = a + bytes; a < end; a += 16) v128.store(a, f32x4.mul(v128.load(a), f));
}

/** What an Adam step needs besides the arrays. One float each. */
@unmanaged
export class AdamPlan {
  clip: f32; // factor of every gradient
  keep: f32; // 1 − η·λ
  beta1: f32;
  rest1: f32; // 1 − β₁
  beta2: f32;
  rest2: f32; // 1 − β₂
  rate: f32; // η/(1 − β₁ᵗ)
  spread: f32; // 1/√(1 − β₂ᵗ)
  epsilon: f32;
}

function adamRange(
  p: AdamPlan, value: usize, gradient: usize, moments: usize, squares: usize, bytes: usize, keep: f32,
): void {
  const clip = f32x4.splat(p.clip), kept = f32x4.splat(keep);
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

/**
 * One step over packed weights [blocks][blockRows][16]: decay on all rows of a block but its first `vectors`, which are
 * biases and the like.
 */
export function adam(
  p: AdamPlan, value: usize, gradient: usize, moments: usize, squares: usize, blocks: i32, blockRows: i32, vectors: i32,
): void {
  const first = <usize>vectors * ROW, rest = <usize>(blockRows - vectors) * ROW, all = first + rest;
  for (; blocks > 0; blocks--) {
    adamRange(p, value, gradient, moments, squares, first, 1);
    adamRange(p, value + first, gradient + first, moments + first, squares + first, rest, p.keep);
    value += all; gradient += all; moments += all; squares += all;
  }
}
