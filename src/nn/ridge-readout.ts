/**
 * A linear readout y = W·a on features a = [1; x; h] that is learned by ridge regression, all at once or online. Rows are
 * folded into a triangular factor a few at a time (cells/least-squares.ts), so its memory does not grow with the steps.
 */
import { type LeastSquaresSizes, solveTriangle } from '../cells/least-squares.js';
import { setRidgePrior, setRidgePriorAround } from '../cells/ridge.js';
import { rlsUpdate } from '../cells/rls.js';
import { usageError } from '../errors.js';

/** Rows that are folded in together: enough for speed, few enough to stay in the cache. */
const ROWS_AT_ONCE = 128;

export class RidgeReadout {
  readonly #sizes: LeastSquaresSizes;
  readonly #ridge: number;
  /** W [O,M], row-major. */
  readonly weights: Float64Array;
  /** [R, z] [M,M+O] of the rows learned so far; undefined when the weights came from elsewhere, or from nowhere. */
  #factor: Float64Array | undefined;
  /** Rows [a, y] that wait to be folded in. */
  readonly #pending: Float64Array;
  #pendingRows = 0;
  readonly #columns: Float64Array;

  /** M features (the first of them the constant 1) and O outputs. */
  constructor(sizes: LeastSquaresSizes, ridge: number) {
    const { M, O } = sizes;
    this.#sizes = sizes;
    this.#ridge = ridge;
    this.weights = new Float64Array(O * M);
    this.#pending = new Float64Array(ROWS_AT_ONCE * (M + O));
    this.#columns = new Float64Array(ROWS_AT_ONCE * (M + O));
  }

  /** y [O] = W·a. */
  predict(y: Float64Array, a: Float64Array): void {
    const { M, O } = this.#sizes;
    const W = this.weights;
    for (let o = 0, at = 0; o < O; o++, at += M) {
      // Two sums: additions that do not wait for each other.
      let even = 0;
      let odd = 0;
      let j = 0;
      for (; j + 1 < M; j += 2) {
        even += W[at + j] * a[j];
        odd += W[at + j + 1] * a[j + 1];
      }
      if (j < M) even += W[at + j] * a[j];
      y[o] = even + odd;
    }
  }

  /** Forgets all rows: the next ones start a regression that shrinks towards zero. */
  begin(): void {
    const { M, O } = this.#sizes;
    this.#factor ??= new Float64Array(M * (M + O));
    setRidgePrior(this.#factor, this.#ridge, this.#sizes);
    this.#pendingRows = 0;
  }

  /**
   * Goes on from what was learned before; from weights that came without their factor, by shrinking towards them.
   *
   * @throws TidegateError `ridge_needed`
   */
  resume(): void {
    if (this.#factor !== undefined) return;
    if (this.#ridge === 0)
      throw usageError(
        'ridge_needed',
        'online learning without a fit before it needs ridge > 0 to start from: give the option ridge, or call fit first.',
      );
    const { M, O } = this.#sizes;
    this.#factor = new Float64Array(M * (M + O));
    setRidgePriorAround(this.#factor, this.weights, this.#ridge, this.#sizes);
  }

  /** One row: features a [M] and their target at y[yAt …]. Between begin or resume and finish. */
  learn(a: Float64Array, y: Float64Array, yAt: number, forgetting: number): void {
    const { M, O } = this.#sizes;
    const at = this.#pendingRows * (M + O);
    this.#pending.set(a, at);
    for (let o = 0; o < O; o++) this.#pending[at + M + o] = y[yAt + o];
    this.#pendingRows += 1;
    if (this.#pendingRows === ROWS_AT_ONCE) this.#fold(forgetting);
  }

  /**
   * Folds in the rows that still wait and solves for the weights. Returns false, and leaves the weights alone, when no
   * row has been learned yet.
   *
   * @throws TidegateError `singular_readout`; the weights are as before
   */
  finish(forgetting: number): boolean {
    const { M, O } = this.#sizes;
    const factor = this.#factor as Float64Array;
    this.#fold(forgetting);
    // The constant feature has no penalty: R_00 is 0 until the first row.
    if (factor[0] === 0) return false;
    const solution = new Float64Array(O * M);
    const lost = solveTriangle(solution, factor, this.#sizes);
    if (lost >= 0)
      throw usageError(
        'singular_readout',
        `feature ${lost} of [1; x; h] (${M} in all) is a combination of the ones before it, so the weights are not ` +
          `determined (ridge ${this.#ridge}). Use a larger ridge, more steps than features and no constant input; online, forgetting nearer to 1.`,
      );
    this.weights.set(solution);
    return true;
  }

  /** A copy of the factor [M,M+O]; undefined when nothing was learned here. */
  factor(): Float64Array | undefined {
    return this.#factor?.slice();
  }

  /** Takes over weights [O,M], and the factor of the rows behind them where it is known. */
  load(weights: ArrayLike<number>, factor: ArrayLike<number> | undefined): void {
    this.weights.set(weights);
    this.#factor = factor === undefined ? undefined : Float64Array.from(factor);
    this.#pendingRows = 0;
  }

  /** Rows to columns, and into the factor. */
  #fold(forgetting: number): void {
    const rows = this.#pendingRows;
    const width = this.#sizes.M + this.#sizes.O;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < width; column++)
        this.#columns[column * rows + row] = this.#pending[row * width + column];
    }
    rlsUpdate(this.#factor as Float64Array, this.#columns, rows, forgetting, this.#sizes);
    this.#pendingRows = 0;
  }
}
