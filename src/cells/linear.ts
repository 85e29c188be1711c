/**
 * The linear map y = x·Wᵀ + b over N rows, and the three gradients of it. Every cell is built from these.
 * Shapes, row-major: x [N,K], W [M,K], b [M], y [N,M]. `…At` is where the first row starts, so that one step of a
 * sequence can be named without making a view of it.
 */

/** y = b on every row. */
export function setBias(y: Float64Array, yAt: number, b: Float64Array, N: number, M: number): void {
  for (let n = 0; n < N; n++) for (let m = 0; m < M; m++) y[yAt + n * M + m] = b[m];
}

/** y += x·Wᵀ. */
export function addLinear(
  y: Float64Array,
  yAt: number,
  x: Float64Array,
  xAt: number,
  W: Float64Array,
  N: number,
  M: number,
  K: number,
): void {
  for (let n = 0; n < N; n++) {
    for (let m = 0; m < M; m++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += x[xAt + n * K + k] * W[m * K + k];
      y[yAt + n * M + m] += sum;
    }
  }
}

/** dx = dy·W. Overwrites, as data gradients do. */
export function setInputGradient(
  dx: Float64Array,
  dxAt: number,
  dy: Float64Array,
  dyAt: number,
  W: Float64Array,
  N: number,
  M: number,
  K: number,
): void {
  dx.fill(0, dxAt, dxAt + N * K);
  addInputGradient(dx, dxAt, dy, dyAt, W, N, M, K);
}

/** dx += dy·W, for a value that goes other ways too. */
export function addInputGradient(
  dx: Float64Array,
  dxAt: number,
  dy: Float64Array,
  dyAt: number,
  W: Float64Array,
  N: number,
  M: number,
  K: number,
): void {
  for (let n = 0; n < N; n++) {
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let m = 0; m < M; m++) sum += dy[dyAt + n * M + m] * W[m * K + k];
      dx[dxAt + n * K + k] += sum;
    }
  }
}

/** dW += dyᵀ·x, the sum over all N rows. Adds, as parameter gradients do. */
export function addWeightGradient(
  dW: Float64Array,
  dy: Float64Array,
  x: Float64Array,
  N: number,
  M: number,
  K: number,
  dyAt = 0,
  xAt = 0,
): void {
  for (let n = 0; n < N; n++) {
    for (let m = 0; m < M; m++) {
      for (let k = 0; k < K; k++) dW[m * K + k] += dy[dyAt + n * M + m] * x[xAt + n * K + k];
    }
  }
}

/** db += Σ over the N rows of dy. Adds. */
export function addBiasGradient(db: Float64Array, dy: Float64Array, N: number, M: number): void {
  for (let n = 0; n < N; n++) for (let m = 0; m < M; m++) db[m] += dy[n * M + m];
}
