/**
 * What every kernel shares: the multiply-add of the tier, and the shape of a panel.
 *
 * A matrix [rows][columns] lives in panels of 16 columns: panel p holds columns 16p … 16p+15, one 64-byte row after the
 * other, and the next panel starts `stride` bytes later (a little more than rows·64, so that panels do not alias in L1).
 * Columns beyond the last multiple of 8 are never read; up to it they are zero.
 */

/** Columns of a panel. */
export const PANEL: i32 = 16;
/** Bytes of a row of a panel. */
export const ROW: usize = 64;
/** Bytes of 16 rows: a square block. */
export const SQUARE: usize = 1024;

/** a·b + c: one rounding in the `fma` tier, two in the `simd` tier. The only arithmetic in which the tiers differ. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Sum of the four lanes, in float64 and in a fixed order: ((0 + 2) + (1 + 3)). */
// @ts-ignore: decorator
@inline
export function laneSum(a: v128): f64 {
  const low = f64x2.promote_low_f32x4(a);
  const high = f64x2.promote_low_f32x4(i32x4.shuffle(a, a, 2, 3, 2, 3));
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}
