/**
 * tanh and σ, the same bits on every machine of a tier.
 *
 *   tanh x ≈ x·P(x²)/Q(x²),  P of degree 3, Q of degree 4, |x| clamped at 8;  σ(x) = ½ + ½·tanh(x/2)
 *
 * The coefficients are a minimax fit on [0, 8] by fit_tanh.py (error weighted by 1/(0.3 + 0.7·tanh x)), scaled so that P
 * begins with x⁶ (an addition costs less than a multiplication), rounded to float32 so that the error is smallest. For σ the halves are folded into them and
 * |x| is clamped at 16. Absolute error below 5e-7 and 2.5e-7; the values stay within [−1, 1] and [0, 1]; NaN stays NaN;
 * tanh(0) = 0 exactly, which keeps padding at zero.
 *
 * Everything goes in pairs of vectors that are stored side by side, each constant loaded once for both: only then does V8 put
 * a pair into one 256-bit register. Each function has its own loop and its own table: V8 moves the loads of a basic block
 * before its arithmetic, and more than one table there would spill.
 */
import { madd, ROW } from './simd';

const TANH_OF_UNITS = memory.data<f32>([
  87957.9296875, 11363.8623046875, 259.0288391113281, 87957.953125, 40683.03125, 2092.491455078125, 20.92048454284668,
  0.02147427387535572,
]);
const TANH_OF_CELLS = memory.data<f32>([
  87957.9296875, 11363.8623046875, 259.0288391113281, 87957.953125, 40683.03125, 2092.491455078125, 20.92048454284668,
  0.02147427387535572,
]);
const SIGMA_OF_ROWS = memory.data<f32>([
  5629307.5, 181821.84375, 1036.1151123046875, 22517238, 2603714.25, 33479.8671875, 83.68192291259766,
  0.02147427573800087,
]);
const SIGMA_OF_HALVES = memory.data<f32>([
  5629307.5, 181821.84375, 1036.1151123046875, 22517238, 2603714.25, 33479.8671875, 83.68192291259766,
  0.02147427573800087,
]);

/** What becomes of r = x·P(x²)/Q(x²) before it is stored. */
const PLAIN: i32 = 0, ADD_HALF: i32 = 1, TIMES: i32 = 2;

/**
 * r of `x` and `y`, clamped to ±bound, with the coefficients p0…p2, q0…q4 of `table`; r, r + ½ or r times `a` and `b` go to
 * `to` and `to` + 16. NaN is kept.
 */
// @ts-ignore: decorator
@inline
function rationals(to: usize, x: v128, y: v128, table: usize, bound: f32, THEN: i32, a: v128, b: v128): void {
  const low = f32x4.splat(-bound), high = f32x4.splat(bound);
  x = f32x4.pmin(f32x4.pmax(x, low), high);
  y = f32x4.pmin(f32x4.pmax(y, low), high);
  const xx = f32x4.mul(x, x), yy = f32x4.mul(y, y);
  let c = v128.load32_splat(table, 8), p = f32x4.add(xx, c), s = f32x4.add(yy, c);
  c = v128.load32_splat(table, 4); p = madd(p, xx, c); s = madd(s, yy, c);
  c = v128.load32_splat(table); p = madd(p, xx, c); s = madd(s, yy, c);
  c = v128.load32_splat(table, 28);
  const d = v128.load32_splat(table, 24);
  let q = madd(c, xx, d), t = madd(c, yy, d);
  c = v128.load32_splat(table, 20); q = madd(q, xx, c); t = madd(t, yy, c);
  c = v128.load32_splat(table, 16); q = madd(q, xx, c); t = madd(t, yy, c);
  c = v128.load32_splat(table, 12); q = madd(q, xx, c); t = madd(t, yy, c);
  let r = f32x4.div(f32x4.mul(x, p), q), v = f32x4.div(f32x4.mul(y, s), t);
  if (THEN == ADD_HALF) { c = f32x4.splat(0.5); r = f32x4.add(r, c); v = f32x4.add(v, c); }
  if (THEN == TIMES) { r = f32x4.mul(r, a); v = f32x4.mul(v, b); }
  v128.store(to, r);
  v128.store(to, v, 16);
}

/** σ of `rows` rows of 16: of two gates side by side. */
export function sigmaRows(to: usize, from: usize, rows: i32): void {
  for (const end = from + <usize>rows * ROW; from < end; from += 32, to += 32) {
    const x = v128.load(from), y = v128.load(from, 16);
    rationals(to, x, y, SIGMA_OF_ROWS, 16, ADD_HALF, x, y);
  }
}

/** σ of 8 columns of `rows` rows: of one gate. */
export function sigmaHalves(to: usize, from: usize, rows: i32): void {
  for (const end = from + <usize>rows * ROW; from < end; from += ROW, to += ROW) {
    const x = v128.load(from), y = v128.load(from, 16);
    rationals(to, x, y, SIGMA_OF_HALVES, 16, ADD_HALF, x, y);
  }
}

/** tanh of 8 columns of `rows` rows: of a candidate, or of plain units. */
export function tanhHalves(to: usize, from: usize, rows: i32): void {
  for (const end = from + <usize>rows * ROW; from < end; from += ROW, to += ROW) {
    const x = v128.load(from), y = v128.load(from, 16);
    rationals(to, x, y, TANH_OF_UNITS, 8, PLAIN, x, y);
  }
}

/** o ⊙ tanh C over 8 columns of `rows` rows. */
export function outputHalves(to: usize, c: usize, o: usize, rows: i32): void {
  for (const end = c + <usize>rows * ROW; c < end; c += ROW, o += ROW, to += ROW)
    rationals(to, v128.load(c), v128.load(c, 16), TANH_OF_CELLS, 8, TIMES, v128.load(o), v128.load(o, 16));
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
