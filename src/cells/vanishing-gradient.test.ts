/**
 * Why a plain network forgets (docs/math.md, section 1), measured with its own backward pass: the error that reaches
 * back over a lag is a product of Jacobians, ‖∂h_T/∂h_t‖ ≤ (‖W‖₂·max|φ′|)^(T−t).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { type Nonlinearity, rnnBackward, rnnForward } from './rnn.js';

interface Run {
  Wh: Float64Array;
  b: Float64Array;
  h0: Float64Array;
  x: Float64Array;
  nonlinearity: Nonlinearity;
  T: number;
}

/** Forward with Wx = I, then the error `dhT` sent back `lag` steps: ∂(dhT·h_T)/∂h_{T−lag}, and ∂/∂b. */
function sendBack({ Wh, b, h0, x, nonlinearity, T }: Run, lag: number, dhT: Float64Array) {
  const H = h0.length;
  const Wx = new Float64Array(H * H);
  for (let j = 0; j < H; j++) Wx[j * H + j] = 1;
  const h = new Float64Array((T + 1) * H);
  rnnForward(h, x, h0, { Wx, Wh, b }, nonlinearity, { T, B: 1, D: H, H });
  const zeros = (length: number) => new Float64Array(length);
  const gradients = {
    dx: zeros(lag * H),
    dh0: zeros(H),
    dz: zeros(lag * H),
    dWx: zeros(H * H),
    dWh: zeros(H * H),
    db: zeros(H),
  };
  const tail = [h.subarray((T - lag) * H), x.subarray((T - lag) * H)] as const;
  rnnBackward(gradients, zeros(lag * H), dhT, ...tail, { Wx, Wh, b }, nonlinearity, { T: lag, B: 1, D: H, H });
  return { dh: gradients.dh0, db: gradients.db, hT: h.slice(T * H) };
}

/** ∂h_T/∂h_{T−lag} [H,H], row by row. */
function jacobian(run: Run, lag: number): Float64Array {
  const H = run.h0.length;
  const J = new Float64Array(H * H);
  for (let j = 0; j < H; j++) J.set(sendBack(run, lag, new Float64Array(H).fill(1, j, j + 1)).dh, j * H);
  return J;
}

/** ‖A‖₂ of A [n,n] by power iteration on AᵀA; approaches from below. */
function spectralNorm(A: Float64Array, n: number): number {
  let v = new Float64Array(n).map((_, k) => 1 + k / n);
  let norm = 0;
  for (let round = 0; round < 2000; round++) {
    const u = new Float64Array(n);
    const w = new Float64Array(n);
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) u[r] += A[r * n + c] * v[c];
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) w[c] += A[r * n + c] * u[r];
    norm = Math.sqrt(Math.hypot(...w) / Math.hypot(...v));
    const length = Math.hypot(...w);
    if (length === 0) return 0;
    v = w.map((value) => value / length);
  }
  return norm;
}

/** A network of one ReLU unit that stays positive: h_t = w·h_{t−1} + b, so every derivative is known by hand. */
const oneUnit = (w: number, T: number, b = 0): Run => ({
  Wh: Float64Array.of(w),
  b: Float64Array.of(b),
  h0: Float64Array.of(1),
  x: new Float64Array(T),
  nonlinearity: 'relu',
  T,
});
const assertNear = (got: number, expected: number, relative = 1e-14) =>
  assert.ok(Math.abs(got - expected) <= relative * Math.abs(expected), `${got} for ${expected}`);

for (const nonlinearity of ['tanh', 'relu'] as const) {
  for (const scale of [0.5, 0.9, 1.5]) {
    test(`the bound holds at every lag: ${nonlinearity}, ‖W‖₂ = ${scale}`, () => {
      const [H, T] = [6, 30];
      const random = new Random(`bound ${nonlinearity}`);
      const normal = (length: number) => new Float64Array(length).map(() => random.normal());
      const raw = normal(H * H);
      const size = spectralNorm(raw, H);
      const Wh = raw.map((value) => (value * scale) / size);
      const run = { Wh, b: normal(H), h0: normal(H), x: normal(T * H), nonlinearity, T };
      let bound = 1;
      for (let lag = 1; lag <= T; lag++) {
        bound *= scale;
        const norm = spectralNorm(jacobian(run, lag), H);
        assert.ok(norm <= bound * (1 + 1e-9), `lag ${lag}: ${norm} above ${bound}`);
        if (lag === 1) assert.ok(norm > 0, 'something does come back');
      }
    });
  }
}

test('the bound is reached: with the identity for φ′ and W = 0.9·I the error shrinks by exactly 0.9 a step', () => {
  assertNear(sendBack(oneUnit(0.9, 20), 20, Float64Array.of(1)).dh[0], 0.12157665459056935);
});

test('the chain 0.3, 0.09, 0.027, 0.0081, 0.00243', () => {
  for (const [k, expected] of [0.3, 0.09, 0.027, 0.0081, 0.00243].entries())
    assertNear(sendBack(oneUnit(0.3, 5), k + 1, Float64Array.of(1)).dh[0], expected);
});

test('grains on a chessboard: a unit that doubles', () => {
  // ∂h_64/∂b = 1 + 2 + 4 + … + 2⁶³, one term per step.
  const grains = (1n << 64n) - 1n;
  assert.equal(grains, 18_446_744_073_709_551_615n);
  assert.equal(sendBack(oneUnit(2, 64), 64, Float64Array.of(1)).db[0], Number(grains));
  const kilograms = Number(grains) / 60_000;
  assert.equal(Math.round(kilograms), 307_445_734_561_826);
  assert.equal(Math.round(kilograms / 2.8e12), 110, 'years of a harvest of 2.8 billion tonnes');
});

test('weights between −1 and 1 do not by themselves vanish: 100 units grow by about √(100/3) a step', () => {
  const [H, T] = [100, 40];
  const random = new Random('explode');
  const zeros = (length: number) => new Float64Array(length);
  // At h = 0 tanh′ = 1: the Jacobian over a lag is a power of W itself.
  const run: Run = {
    Wh: new Float64Array(H * H).map(() => random.uniform(-1, 1)),
    b: zeros(H),
    h0: zeros(H),
    x: zeros(T * H),
    nonlinearity: 'tanh',
    T,
  };
  const back = (lag: number) => Math.hypot(...sendBack(run, lag, new Float64Array(H).fill(1)).dh);
  const growth = Math.exp(Math.log(back(40) / back(20)) / 20);
  assert.ok(growth > 5 && growth < 6.7, `${growth}`);
});
