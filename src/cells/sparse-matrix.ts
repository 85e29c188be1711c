/**
 * A sparse matrix in compressed rows: row i has the entries `values[k]` in the columns `columns[k]`, for k from `starts[i]`
 * to `starts[i+1]` − 1, columns ascending.
 */
export interface SparseMatrix {
  starts: Int32Array;
  columns: Int32Array;
  values: Float64Array;
}

/** out += A·v, out [rows], v [columns]. */
export function addSparseProduct(out: Float64Array, A: SparseMatrix, v: Float64Array): void {
  const { starts, columns, values } = A;
  for (let i = 0; i < out.length; i++) {
    const end = starts[i + 1];
    let k = starts[i];
    // Two sums: additions that do not wait for each other.
    let even = 0;
    let odd = 0;
    for (; k + 1 < end; k += 2) {
      even += values[k] * v[columns[k]];
      odd += values[k + 1] * v[columns[k + 1]];
    }
    if (k < end) even += values[k] * v[columns[k]];
    out[i] += even + odd;
  }
}

/** The non-zero entries of `dense` [rows,columns], row-major. */
export function sparseFromDense(dense: ArrayLike<number>, rows: number, columns: number): SparseMatrix {
  const starts = new Int32Array(rows + 1);
  const found: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) if (dense[i * columns + j] !== 0) found.push(j);
    starts[i + 1] = found.length;
  }
  const at = Int32Array.from(found);
  const values = new Float64Array(at.length);
  for (let i = 0; i < rows; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) values[k] = dense[i * columns + at[k]];
  }
  return { starts, columns: at, values };
}

/** The whole matrix [rows,columns], row-major. */
export function denseFromSparse(A: SparseMatrix, rows: number, columns: number): Float64Array {
  const dense = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = A.starts[i]; k < A.starts[i + 1]; k++) dense[i * columns + A.columns[k]] = A.values[k];
  }
  return dense;
}
