/** Solving M·a = b for a symmetric positive definite M [n,n], row-major, of which only the lower triangle is read. */

/** Overwrites the lower triangle of M with its Cholesky factor L, M = L·Lᵀ; a pivot below `least` counts as that. */
export function factorise(matrix: Float64Array, n: number, least: number): void {
  for (let j = 0; j < n; j++) {
    let pivot = matrix[j * n + j];
    for (let p = 0; p < j; p++) pivot -= matrix[j * n + p] * matrix[j * n + p];
    matrix[j * n + j] = Math.sqrt(Math.max(pivot, least));
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[i * n + j];
      for (let p = 0; p < j; p++) sum -= matrix[i * n + p] * matrix[j * n + p];
      matrix[i * n + j] = sum / matrix[j * n + j];
    }
  }
}

/** Overwrites b with the a of L·Lᵀ·a = b. */
export function substitute(b: Float64Array, factor: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < i; p++) b[i] -= factor[i * n + p] * b[p];
    b[i] /= factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let p = i + 1; p < n; p++) b[i] -= factor[p * n + i] * b[p];
    b[i] /= factor[i * n + i];
  }
}
