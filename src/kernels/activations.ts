/**
 * tanh and σ for four lanes, the same bits on every machine of a tier.
 *
 *   tanh x ≈ x·P(x²)/Q(x²),  P of degree 3, Q of degree 4, |x| clamped at 8;  σ(x) = ½ + ½·tanh(x/2)
 *
 * The coefficients are a minimax fit on [0, 8] by fit_tanh.py (error weighted by 1/(0.3 + 0.7·tanh x)), rounded to
 * float32. For σ the halves are folded into them: p_k/4^(k+1), q_k/4^k, |x| clamped at 16. Absolute error below 5e-7 and
 * 2.5e-7; the values stay within [−1, 1] and [0, 1]; NaN stays NaN; tanh(0) = 0 exactly, which keeps padding at zero.
 *
 * Each use has its own table, and its own loop in the cell: V8 moves the loads of a basic block before its arithmetic,
 * and more than one table there would spill.
 */
import { madd } from './simd';

const TANH_OF_CANDIDATE = memory.data<f32>([
  0.9999996345055314, 0.12919654791249463, 0.002944916191250499, 1.1369068932811152e-5, 0.462528157673542,
  0.023789679766323152, 0.00023784644112639136, 2.441425080917222e-7, 1.0,
]);
const TANH_OF_CELL = memory.data<f32>([
  0.9999996345055314, 0.12919654791249463, 0.002944916191250499, 1.1369068932811152e-5, 0.462528157673542,
  0.023789679766323152, 0.00023784644112639136, 2.441425080917222e-7, 1.0,
]);
const TANH_OF_UNIT = memory.data<f32>([
  0.9999996345055314, 0.12919654791249463, 0.002944916191250499, 1.1369068932811152e-5, 0.462528157673542,
  0.023789679766323152, 0.00023784644112639136, 2.441425080917222e-7, 1.0,
]);
const SIGMA_OF_GATES = memory.data<f32>([
  0.24999990862638285, 0.008074784244530914, 4.601431548828905e-5, 4.4410425518793564e-8, 0.1156320394183855,
  0.001486854985395197, 3.716350642599865e-6, 9.536816722332898e-10, 1.0,
]);
const SIGMA_OF_OUTPUT = memory.data<f32>([
  0.24999990862638285, 0.008074784244530914, 4.601431548828905e-5, 4.4410425518793564e-8, 0.1156320394183855,
  0.001486854985395197, 3.716350642599865e-6, 9.536816722332898e-10, 1.0,
]);

/** x·P(x²)/Q(x²) with the coefficients p0…p3, q1…q4, q0 = 1 of `table`. */
// @ts-ignore: decorator
@inline
function rational(x: v128, table: usize): v128 {
  const y = f32x4.mul(x, x);
  let p = madd(v128.load32_splat(table, 12), y, v128.load32_splat(table, 8));
  p = madd(p, y, v128.load32_splat(table, 4));
  p = madd(p, y, v128.load32_splat(table, 0));
  let q = madd(v128.load32_splat(table, 28), y, v128.load32_splat(table, 24));
  q = madd(q, y, v128.load32_splat(table, 20));
  q = madd(q, y, v128.load32_splat(table, 16));
  q = madd(q, y, v128.load32_splat(table, 32));
  return f32x4.div(f32x4.mul(x, p), q);
}

/** min(max(x, −bound), bound), NaN kept. */
// @ts-ignore: decorator
@inline
function clamp(x: v128, bound: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(-bound)), f32x4.splat(bound));
}

// @ts-ignore: decorator
@inline
function sigma(x: v128, table: usize): v128 {
  return f32x4.add(rational(clamp(x, 16), table), f32x4.splat(0.5));
}

/** σ of the gates i and f of a group. */
// @ts-ignore: decorator
@inline
export function sigmaOfGates(z: v128): v128 {
  return sigma(z, SIGMA_OF_GATES);
}

/** σ of the output gate. */
// @ts-ignore: decorator
@inline
export function sigmaOfOutput(z: v128): v128 {
  return sigma(z, SIGMA_OF_OUTPUT);
}

/** tanh of the candidate. */
// @ts-ignore: decorator
@inline
export function tanhOfCandidate(z: v128): v128 {
  return rational(clamp(z, 8), TANH_OF_CANDIDATE);
}

/** tanh of a plain or leaky unit. */
// @ts-ignore: decorator
@inline
export function tanhOfUnit(z: v128): v128 {
  return rational(clamp(z, 8), TANH_OF_UNIT);
}

/** tanh of the long-term state. */
// @ts-ignore: decorator
@inline
export function tanhOfCell(c: v128): v128 {
  return rational(clamp(c, 8), TANH_OF_CELL);
}

/**
 * tanh′x = 1 − tanh²x = 4y/(1 + y)², y = exp(−2|x|), to a relative 5e-7·(1 + |x|): without the cancellation that leaves nothing of
 * 1 − tanh² where tanh is near ±1. exp as 2ⁿ·2ᶠ, |f| ≤ ½, 2ᶠ by its Taylor polynomial of degree 6.
 */
// @ts-ignore: decorator
@inline
export function slopeOfTanh(x: v128): v128 {
  const one = f32x4.splat(1);
  const p = f32x4.pmax(f32x4.mul(f32x4.abs(x), f32x4.splat(-2.8853900817779268)), f32x4.splat(-120));
  const n = f32x4.nearest(p), f = f32x4.sub(p, n);
  let y = madd(f, f32x4.splat(1.5403530393381608e-4), f32x4.splat(1.3333558146428443e-3));
  y = madd(f, y, f32x4.splat(9.618129107628477e-3));
  y = madd(f, y, f32x4.splat(0.05550410866482158));
  y = madd(f, y, f32x4.splat(0.2402265069591007));
  y = madd(f, y, f32x4.splat(0.6931471805599453));
  y = madd(f, y, one);
  y = f32x4.mul(y, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
  const sum = f32x4.add(one, y);
  return f32x4.div(f32x4.mul(f32x4.splat(4), y), f32x4.mul(sum, sum));
}

/** In place over `count` floats, a multiple of 4. */
export function slopeOfTanhArray(a: usize, count: i32): void {
  for (const end = a + (<usize>count << 2); a < end; a += 16) v128.store(a, slopeOfTanh(v128.load(a)));
}

/** In place over `count` floats, a multiple of 4. */
export function tanhArray(a: usize, count: i32): void {
  for (const end = a + (<usize>count << 2); a < end; a += 16) v128.store(a, tanhOfCell(v128.load(a)));
}

/** In place over `count` floats, a multiple of 4. */
export function sigmaArray(a: usize, count: i32): void {
  for (const end = a + (<usize>count << 2); a < end; a += 16) v128.store(a, sigmaOfGates(v128.load(a)));
}
