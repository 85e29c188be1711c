/**
 * Masked, weighted losses of the outputs y, with their gradients; d = target − y, over the targets that are not NaN.
 *
 *   loss = Σ w·ρ(d) / Σ w
 *   pinball of level τ   ρ = max(τ·d, (τ − 1)·d);  ∂ρ/∂y = −τ where d > 0, 1 − τ where d < 0, 0 where d = 0
 *   squared              ρ = d²;  ∂ρ/∂y = −2·d
 *   Huber of bound δ     ρ = ½·d² where |d| ≤ δ, else δ·(|d| − ½·δ);  ∂ρ/∂y = −max(−δ, min(δ, d))
 *
 * (Koenker and Bassett 1978; Huber 1964.)
 *
 * Output column q·K + k is level q of target k. Targets are repeated for every level, in panels as the outputs are, so
 * that the loss itself is element-wise; columns beyond the last are NaN there, that is, masked.
 */
import { laneSum, PANEL, ROW } from './simd';

/**
 * Row-major targets [rows][K] → panels [rows][Q·K]. Returns Σ over the targets that are not NaN of weight[row], times Q.
 */
export function packTargets(
  panels: usize, stride: usize, source: usize, weights: usize, rows: i32, K: i32, Q: i32,
): f64 {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const from = source + ((r * K) << 2);
    let present = 0;
    for (let k = 0; k < K; k++) {
      const value = f32.load(from + (k << 2));
      present += i32(value == value);
    }
    total += <f64>present * <f64>f32.load(weights + (r << 2));
    let to = panels + <usize>r * ROW, column = 0, k = 0;
    for (let n = Q * K; column < n; column++) {
      f32.store(to + ((column & 15) << 2), f32.load(from + (k << 2)));
      if (++k == K) k = 0;
      if ((column & 15) == 15) to += stride;
    }
    for (; column & 15; column++) f32.store(to + ((column & 15) << 2), NaN);
  }
  return total * <f64>Q;
}

const PINBALL: i32 = 0, SQUARED: i32 = 1;

/** Where everything is. Addresses and strides in bytes; panels of one row for each t·B + b. */
@unmanaged
export class LossPlan {
  kind: i32; // 0 pinball, 1 squared, 2 Huber
  bound: f32; // δ of Huber
  rows: i32;
  columns: i32;
  y: usize;
  yStride: usize;
  dy: usize; // 0: no gradient wanted
  dyStride: usize;
  target: usize; // as y; NaN is masked
  targetStride: usize;
  levels: usize; // τ of every column, zero in the padding
  weights: usize; // w of every row
  scale: f32; // 1/Σw, a factor of the gradient
  sum: usize; // address of a float64: Σ w·ρ, not yet divided by Σw
}

/** The sum, and dy where it is wanted. */
export function loss(p: LossPlan): void {
  let total: f64 = 0, y = p.y, target = p.target, dy = p.dy, levels = p.levels;
  const zero = f32x4.splat(0), one = f32x4.splat(1), half = f32x4.splat(0.5);
  const high = f32x4.splat(p.bound), low = f32x4.splat(-p.bound);
  for (let from = 0; from < p.columns; from += PANEL) {
    // The gradient of the columns up to the next multiple of 8 is read.
    const width = <usize>(((min(p.columns - from, PANEL) + 7) >> 3) << 5);
    for (let r = 0; r < p.rows; r++) {
      const row = <usize>r << 6, weight = v128.load32_splat(p.weights + (<usize>r << 2));
      const step = f32x4.mul(weight, f32x4.splat(p.scale));
      let sum = zero;
      for (let v = row; v < row + width; v += 16) {
        const t = v128.load(target + v), d = f32x4.sub(t, v128.load(y + v)), present = f32x4.eq(t, t);
        let value: v128, slope: v128;
        if (p.kind == PINBALL) {
          const tau = v128.load(levels + (v & 63));
          slope = v128.and(v128.bitselect(tau, f32x4.sub(tau, one), f32x4.gt(d, zero)), f32x4.ne(d, zero));
          value = f32x4.mul(slope, d);
        } else if (p.kind == SQUARED) {
          slope = f32x4.add(d, d);
          value = f32x4.mul(d, d);
        } else {
          slope = f32x4.pmin(f32x4.pmax(d, low), high);
          value = f32x4.mul(slope, f32x4.sub(d, f32x4.mul(half, slope)));
        }
        sum = f32x4.add(sum, v128.and(present, value));
        if (dy) v128.store(dy + v, v128.and(present, f32x4.mul(f32x4.neg(slope), step)));
      }
      total += laneSum(f32x4.mul(sum, weight));
    }
    y += p.yStride; target += p.targetStride; levels += ROW;
    if (dy) dy += p.dyStride;
  }
  f64.store(p.sum, total);
}
