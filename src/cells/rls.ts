/**
 * Recursive least squares: the ridge regression of all rows so far, each weighted by λ^age,
 *   min over W of Σ_t λ^(n−t)·‖W·a_t − y_t‖² + λ^n·ridge·‖W‖²        (the constant unpenalised)
 * kept up to date as rows come in. In square-root form: the triangle is scaled by √λ and takes the new row in by a
 * reflection, which neither loses symmetry nor squares the condition number as the update of the inverse covariance does.
 * With λ = 1 it is the batch regression. With λ < 1 the penalty fades with the data that it was balanced against.
 * Source: Haykin, Adaptive Filter Theory, 4th ed., chapter 11 (QR-decomposition-based RLS).
 */
import { absorbRows, type LeastSquaresSizes } from './least-squares.js';

/**
 * Takes `rows` new rows, oldest first, into the factor [M,M+O]: `columns` [M+O,rows] as in absorbRows, destroyed;
 * `forgetting` is λ in (0, 1]. Weighting a block of rows by √λ^age and reflecting it in at once gives what one row after
 * the other would.
 */
export function rlsUpdate(
  factor: Float64Array,
  columns: Float64Array,
  rows: number,
  forgetting: number,
  sizes: LeastSquaresSizes,
): void {
  if (forgetting < 1) {
    const width = sizes.M + sizes.O;
    let weight = 1;
    for (let row = rows - 1; row >= 0; row--) {
      for (let column = 0; column < width; column++) columns[column * rows + row] *= weight;
      weight *= Math.sqrt(forgetting);
    }
    for (let k = 0; k < factor.length; k++) factor[k] *= weight;
  }
  absorbRows(factor, columns, rows, sizes);
}
