/**
 * The masked pinball (quantile) loss of Koenker and Bassett, 1978, with its gradient.
 *
 *   loss = Σ w·ρ_τ(target − y) / Σ w,   ρ_τ(d) = max(τ·d, (τ − 1)·d),   over the targets that are not NaN, at every level τ
 *   ∂ρ/∂y = −τ where d > 0, 1 − τ where d < 0, 0 where d = 0
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

/**
 * Σ w·ρ over all panels (not yet divided); with `dy` ≠ 0 also dy = scale·w·∂ρ/∂y, where `scale` is 1/Σw.
 * `levels` has τ for every column, zero in the padding.
 */
export function pinball(
  dy: usize, dyStride: usize, y: usize, yStride: usize, target: usize, targetStride: usize,
  levels: usize, weights: usize, rows: i32, columns: i32, scale: f32,
): f64 {
  let total: f64 = 0;
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  for (let from = 0; from < columns; from += PANEL) {
    for (let r = 0; r < rows; r++) {
      const row = <usize>r << 6;
      const weight = v128.load32_splat(weights + (<usize>r << 2)), step = f32x4.mul(weight, f32x4.splat(scale));
      let sum = zero;
      for (let v: usize = row; v < row + ROW; v += 16) {
        const t = v128.load(target + v), d = f32x4.sub(t, v128.load(y + v)), tau = v128.load(levels + (v & 63));
        const slope = v128.bitselect(tau, f32x4.sub(tau, one), f32x4.gt(d, zero)), present = f32x4.eq(t, t);
        sum = f32x4.add(sum, v128.and(present, f32x4.mul(slope, d)));
        if (dy) v128.store(dy + v, v128.and(v128.and(present, f32x4.ne(d, zero)), f32x4.mul(f32x4.neg(slope), step)));
      }
      total += laneSum(f32x4.mul(sum, weight));
    }
    y += yStride; target += targetStride; levels += ROW;
    if (dy) dy += dyStride;
  }
  return total;
}
