/**
 * Linear least squares, kept as a triangle. All that the rows [a_t, y_t] say about
 *   min over W of Σ_t ‖W·a_t − y_t‖²        a_t [M], y_t [O], W [O,M]
 * is in the upper triangle R and the right-hand sides z of the orthogonal factorisation [A, Y] = Q·[R, z]. Both lie side
 * by side in one array, `factor` [M,M+O], row-major, zero below the diagonal. New rows are taken in by Householder
 * reflections that act on R and the new rows alone, so one routine serves a batch (many rows at a time, nothing kept of
 * them) and an online update (one row). The normal equations AᵀA, which square the condition number, are never formed.
 * Source: Golub & Van Loan, Matrix Computations, 4th ed., sections 5.2 and 6.5.
 */

/** Numbers of unknowns M and of right-hand sides O. */
export interface LeastSquaresSizes {
  M: number;
  O: number;
}

/**
 * Takes new rows into the factor. `columns` [M+O,rows] holds them column by column (a column of A or Y is contiguous)
 * and is destroyed. For each column j, with α = R_jj and v the rows' column j, the reflection
 *   β = −sign(α)·√(α² + ‖v‖²) ;  H = I − τ·[1; u][1; u]ᵀ ,  u = v/(α − β) ,  τ = (β − α)/β
 * sends [α; v] to [β; 0] and is applied to all later columns.
 */
export function absorbRows(
  factor: Float64Array,
  columns: Float64Array,
  rows: number,
  { M, O }: LeastSquaresSizes,
): void {
  const width = M + O;
  for (let j = 0; j < M; j++) {
    const diagonal = j * width + j;
    const v = j * rows;
    let sum = 0;
    for (let i = v; i < v + rows; i++) sum += columns[i] * columns[i];
    if (sum === 0) continue;
    const alpha = factor[diagonal];
    const norm = Math.sqrt(alpha * alpha + sum);
    const beta = alpha > 0 ? -norm : norm;
    const scale = 1 / (alpha - beta);
    for (let i = v; i < v + rows; i++) columns[i] *= scale;
    factor[diagonal] = beta;
    reflectColumns(factor, j * width, columns, v, rows, (beta - alpha) / beta, j + 1, width);
  }
}

/**
 * Applies I − τ·[1; u][1; u]ᵀ to the columns `from` … `to`−1 of [R's row; rows], u at columns[v …]: for each column c
 *   s = τ·(R_jc + uᵀ·c) ;  R_jc −= s ;  c −= s·u
 * Four columns share each pass over u, which is what the speed depends on.
 */
function reflectColumns(
  factor: Float64Array,
  row: number,
  columns: Float64Array,
  v: number,
  rows: number,
  tau: number,
  from: number,
  to: number,
): void {
  let c = from;
  for (; c + 4 <= to; c += 4) {
    const [c0, c1, c2, c3] = [c * rows, (c + 1) * rows, (c + 2) * rows, (c + 3) * rows];
    let s0 = factor[row + c];
    let s1 = factor[row + c + 1];
    let s2 = factor[row + c + 2];
    let s3 = factor[row + c + 3];
    for (let i = 0; i < rows; i++) {
      const u = columns[v + i];
      s0 += u * columns[c0 + i];
      s1 += u * columns[c1 + i];
      s2 += u * columns[c2 + i];
      s3 += u * columns[c3 + i];
    }
    s0 *= tau;
    s1 *= tau;
    s2 *= tau;
    s3 *= tau;
    factor[row + c] -= s0;
    factor[row + c + 1] -= s1;
    factor[row + c + 2] -= s2;
    factor[row + c + 3] -= s3;
    for (let i = 0; i < rows; i++) {
      const u = columns[v + i];
      columns[c0 + i] -= s0 * u;
      columns[c1 + i] -= s1 * u;
      columns[c2 + i] -= s2 * u;
      columns[c3 + i] -= s3 * u;
    }
  }
  for (; c < to; c++) {
    const at = c * rows;
    let s = factor[row + c];
    for (let i = 0; i < rows; i++) s += columns[v + i] * columns[at + i];
    s *= tau;
    factor[row + c] -= s;
    for (let i = 0; i < rows; i++) columns[at + i] -= s * columns[v + i];
  }
}

/**
 * Solves R·Wᵀ = z by back substitution into W [O,M]. Returns −1, or the first column whose diagonal in R is lost in the
 * rounding of the largest (|R_jj| ≤ M·ε·max|R|): that column of A is a combination of the ones before it, and W is
 * unusable.
 */
export function solveTriangle(W: Float64Array, factor: Float64Array, { M, O }: LeastSquaresSizes): number {
  const width = M + O;
  let largest = 0;
  for (let j = 0; j < M; j++) largest = Math.max(largest, Math.abs(factor[j * width + j]));
  for (let j = 0; j < M; j++) {
    if (!(Math.abs(factor[j * width + j]) > M * Number.EPSILON * largest)) return j;
  }
  for (let o = 0; o < O; o++) {
    const w = o * M;
    for (let j = M - 1; j >= 0; j--) {
      const row = j * width;
      let rest = factor[row + M + o];
      for (let k = j + 1; k < M; k++) rest -= factor[row + k] * W[w + k];
      W[w + j] = rest / factor[row + j];
    }
  }
  return -1;
}
