/**
 * Ridge regression of a readout y = W·a on features a = [1; …], by orthogonal factorisation:
 *   min over W of Σ_t ‖W·a_t − y_t‖² + ridge·Σ_{j≥1} ‖W_·j‖²
 * The penalty is a set of rows √ridge·e_j with target 0 (j ≥ 1: the constant is not shrunk, so the mean of y is always
 * matched). They are already triangular and are what the factor starts with. ridge = 0 is ordinary least squares.
 * Source: Golub & Van Loan, Matrix Computations, 4th ed., section 6.1.4.
 */
import { absorbRows, type LeastSquaresSizes, solveTriangle } from './least-squares.js';

/** The factor [M,M+O] before any row: R = √ridge·I without the constant, z = 0. */
export function setRidgePrior(factor: Float64Array, ridge: number, { M, O }: LeastSquaresSizes): void {
  factor.fill(0);
  for (let j = 1; j < M; j++) factor[j * (M + O) + j] = Math.sqrt(ridge);
}

/**
 * The same, but shrinking towards known weights W0 [O,M] instead of zero: z = R·W0ᵀ. What online learning starts with when
 * the readout came from elsewhere.
 */
export function setRidgePriorAround(
  factor: Float64Array,
  W0: Float64Array,
  ridge: number,
  sizes: LeastSquaresSizes,
): void {
  const { M, O } = sizes;
  setRidgePrior(factor, ridge, sizes);
  for (let j = 1; j < M; j++) {
    const row = j * (M + O);
    for (let o = 0; o < O; o++) factor[row + M + o] = factor[row + j] * W0[o * M + j];
  }
}

/**
 * The whole regression at once: W [O,M] from `columns` [M+O,rows] (column by column; column 0 the constant; destroyed).
 * `factor` [M,M+O] is overwritten and afterwards holds everything that rlsUpdate needs to go on. Returns −1, or the first
 * column that is a combination of the ones before it.
 */
export function ridgeRegression(
  W: Float64Array,
  factor: Float64Array,
  columns: Float64Array,
  rows: number,
  ridge: number,
  sizes: LeastSquaresSizes,
): number {
  setRidgePrior(factor, ridge, sizes);
  absorbRows(factor, columns, rows, sizes);
  return solveTriangle(W, factor, sizes);
}
