/**
 * Reverse-mode differentiation of matrices in float64, for the oracle: an expression is written forward only, and its
 * gradients follow from those of six elementary operations. Rows × columns, row-major.
 */
export class Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  readonly gradient: Float64Array;

  constructor(rows: number, columns: number, data?: ArrayLike<number>) {
    this.rows = rows;
    this.columns = columns;
    this.data = data ? Float64Array.from(data) : new Float64Array(rows * columns);
    this.gradient = new Float64Array(rows * columns);
    if (this.data.length !== rows * columns) throw new Error(`${this.data.length} numbers for ${rows} × ${columns}`);
  }
}

export class Tape {
  readonly #undo: (() => void)[] = [];

  /** Every gradient, once those of the results have been set. */
  backward(): void {
    for (const undo of this.#undo.toReversed()) undo();
  }

  /** x·Wᵀ: x [R, K], W [N, K] → [R, N]. */
  product(x: Matrix, W: Matrix): Matrix {
    const y = new Matrix(x.rows, W.rows);
    const K = x.columns;
    const each = (visit: (at: number, a: number, w: number) => void) => {
      for (let r = 0, at = 0; r < x.rows; r++)
        for (let n = 0; n < W.rows; n++, at++) for (let k = 0; k < K; k++) visit(at, r * K + k, n * K + k);
    };
    each((at, a, w) => {
      y.data[at]! += x.data[a]! * W.data[w]!;
    });
    this.#undo.push(() =>
      each((at, a, w) => {
        x.gradient[a]! += y.gradient[at]! * W.data[w]!;
        W.gradient[w]! += y.gradient[at]! * x.data[a]!;
      }),
    );
    return y;
  }

  /** a + b; b may be one row, for all rows of a. */
  add(a: Matrix, b: Matrix): Matrix {
    const size = b.data.length;
    const y = new Matrix(
      a.rows,
      a.columns,
      a.data.map((value, i) => value + b.data[i % size]!),
    );
    this.#undo.push(() =>
      y.gradient.forEach((g, i) => {
        a.gradient[i]! += g;
        b.gradient[i % size]! += g;
      }),
    );
    return y;
  }

  /** a ⊙ b; b may be one row, for all rows of a. */
  times(a: Matrix, b: Matrix): Matrix {
    const size = b.data.length;
    const y = new Matrix(
      a.rows,
      a.columns,
      a.data.map((value, i) => value * b.data[i % size]!),
    );
    this.#undo.push(() =>
      y.gradient.forEach((g, i) => {
        a.gradient[i]! += g * b.data[i % size]!;
        b.gradient[i % size]! += g * a.data[i]!;
      }),
    );
    return y;
  }

  /** 1 − a. */
  rest(a: Matrix): Matrix {
    return this.#map(
      a,
      (value) => 1 - value,
      () => -1,
    );
  }

  tanh(a: Matrix): Matrix {
    return this.#map(a, Math.tanh, (y) => 1 - y * y);
  }

  sigma(a: Matrix): Matrix {
    return this.#map(
      a,
      (x) => 1 / (1 + Math.exp(-x)),
      (y) => y * (1 - y),
    );
  }

  relu(a: Matrix): Matrix {
    return this.#map(
      a,
      (x) => Math.max(0, x),
      (y) => Number(y > 0),
    );
  }

  /** Rows from … from + count − 1 of a. */
  rows(a: Matrix, from: number, count: number): Matrix {
    const [begin, end] = [from * a.columns, (from + count) * a.columns];
    const y = new Matrix(count, a.columns, a.data.subarray(begin, end));
    this.#undo.push(() =>
      y.gradient.forEach((g, i) => {
        a.gradient[begin + i]! += g;
      }),
    );
    return y;
  }

  /** One matrix under the other, all of one width. */
  stack(parts: readonly Matrix[]): Matrix {
    const columns = parts[0]!.columns;
    const y = new Matrix(
      parts.reduce((sum, { rows }) => sum + rows, 0),
      columns,
      parts.flatMap(({ data }) => [...data]),
    );
    this.#undo.push(() => {
      let at = 0;
      for (const part of parts) for (let i = 0; i < part.data.length; i++) part.gradient[i]! += y.gradient[at++]!;
    });
    return y;
  }

  /** f element by element; `slope` is f′ in terms of f's value. */
  #map(a: Matrix, f: (x: number) => number, slope: (y: number) => number): Matrix {
    const y = new Matrix(a.rows, a.columns, a.data.map(f));
    this.#undo.push(() =>
      y.gradient.forEach((g, i) => {
        a.gradient[i]! += g * slope(y.data[i]!);
      }),
    );
    return y;
  }
}
