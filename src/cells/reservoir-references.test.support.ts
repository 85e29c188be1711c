/** What fixtures/make_reservoir_references.py wrote. */

interface References {
  eigenvalues: { name: string; n: number; at: number[]; values: number[]; moduli: number[] }[];
  ridge: {
    name: string;
    rows: number;
    M: number;
    O: number;
    ridge: number;
    A: number[];
    Y: number[];
    W: number[];
    condition: number;
  }[];
}

const references = JSON.parse(
  process
    .getBuiltinModule('node:fs')
    .readFileSync(new URL('../../src/cells/fixtures/reservoir-references.json', import.meta.url), 'utf8'),
) as References;

/** Matrices, dense and row-major, and the moduli of their eigenvalues in ascending order, from LAPACK. */
export const eigenvalueCases = references.eigenvalues.map(({ name, n, at, values, moduli }) => {
  const matrix = new Float64Array(n * n);
  at.forEach((place, k) => {
    matrix[place] = values[k];
  });
  return { name, n, matrix, moduli };
});

/** Regressions, their rows turned into the columns [M+O,rows] that absorbRows takes, and the exact W [O,M]. */
export const ridgeCases = references.ridge.map(({ A, Y, ...regression }) => ({
  ...regression,
  sizes: { M: regression.M, O: regression.O },
  columns: () => columnsOf(A, Y, regression.rows, regression.M, regression.O),
}));

/** Columns [M+O,rows] of rows A [rows,M] and Y [rows,O]. */
export function columnsOf(
  A: ArrayLike<number>,
  Y: ArrayLike<number>,
  rows: number,
  M: number,
  O: number,
): Float64Array {
  const columns = new Float64Array((M + O) * rows);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < M; j++) columns[j * rows + row] = A[row * M + j];
    for (let o = 0; o < O; o++) columns[(M + o) * rows + row] = Y[row * O + o];
  }
  return columns;
}

/** max |got − expected| / max |expected|. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [off, scale] = [0, 0];
  for (let k = 0; k < expected.length; k++) {
    off = Math.max(off, Math.abs(got[k] - expected[k]));
    scale = Math.max(scale, Math.abs(expected[k]));
  }
  return got.length === expected.length ? off / scale : Number.NaN;
}
