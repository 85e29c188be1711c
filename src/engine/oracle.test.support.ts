/**
 * An independent float64 stack of LSTM and linear layers for the engine's tests: plain loops, one number at a time,
 * written from the equations and sharing nothing with the kernels. Shapes and names as in Network.
 */
import type { LayerSpec } from './layer-spec.js';

export type Parameters = ReadonlyMap<string, ArrayLike<number>>;
export type OracleState = ({ h: number[]; c: number[] } | null)[];

export interface OracleResult {
  /** Output of every layer, [T, B, width]. */
  readonly outputs: number[][];
  readonly finalState: OracleState;
  backward(dOutput: ArrayLike<number>, dState: OracleState): OracleGradient;
}
export interface OracleGradient {
  readonly parameters: Map<string, number[]>;
  readonly input: number[];
  readonly state: OracleState;
}

const zeros = (n: number): number[] => new Array<number>(n).fill(0);
const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

/** One LSTM layer; backward returns dx and fills `grads`. */
function lstm(
  at: number,
  D: number,
  H: number,
  p: Parameters,
  x: number[],
  T: number,
  B: number,
  h0: number[],
  c0: number[],
) {
  const [Wx, Wh, b] = ['weight_ih', 'weight_hh', 'bias'].map((name) => p.get(`${at}.${name}`)!) as [
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
  ];
  const h = [h0];
  const c = [c0];
  const gates: number[][] = [];
  for (let t = 0; t < T; t++) {
    const a = zeros(B * 4 * H);
    const [hNext, cNext] = [zeros(B * H), zeros(B * H)];
    for (let r = 0; r < B; r++) {
      for (let n = 0; n < 4 * H; n++) {
        let z = b[n]!;
        for (let k = 0; k < D; k++) z += Wx[n * D + k]! * x[(t * B + r) * D + k]!;
        for (let k = 0; k < H; k++) z += Wh[n * H + k]! * h[t]![r * H + k]!;
        a[r * 4 * H + n] = n >= 2 * H && n < 3 * H ? Math.tanh(z) : sigma(z);
      }
      for (let u = 0; u < H; u++) {
        const [i, f, g, o] = [0, 1, 2, 3].map((gate) => a[r * 4 * H + gate * H + u]!) as [
          number,
          number,
          number,
          number,
        ];
        cNext[r * H + u] = f * c[t]![r * H + u]! + i * g;
        hNext[r * H + u] = o * Math.tanh(cNext[r * H + u]!);
      }
    }
    gates.push(a);
    h.push(hNext);
    c.push(cNext);
  }

  const backward = (dy: ArrayLike<number>, dhT: number[], dcT: number[], grads: Map<string, number[]>) => {
    const [dWx, dWh, db] = [zeros(4 * H * D), zeros(4 * H * H), zeros(4 * H)];
    const dx = zeros(T * B * D);
    let [dh, dc] = [[...dhT], [...dcT]];
    for (let t = T - 1; t >= 0; t--) {
      const [dhBefore, dcBefore] = [zeros(B * H), zeros(B * H)];
      for (let r = 0; r < B; r++) {
        const dz = zeros(4 * H);
        for (let u = 0; u < H; u++) {
          const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates[t]![r * 4 * H + gate * H + u]!) as [
            number,
            number,
            number,
            number,
          ];
          const at = r * H + u;
          const tanhC = Math.tanh(c[t + 1]![at]!);
          const dH = dh[at]! + dy[(t * B + r) * H + u]!;
          const dC = dc[at]! + dH * o * (1 - tanhC * tanhC);
          dz[u] = dC * g * i * (1 - i);
          dz[H + u] = dC * c[t]![at]! * f * (1 - f);
          dz[2 * H + u] = dC * i * (1 - g * g);
          dz[3 * H + u] = dH * tanhC * o * (1 - o);
          dcBefore[at] = dC * f;
        }
        for (let n = 0; n < 4 * H; n++) {
          db[n]! += dz[n]!;
          for (let k = 0; k < D; k++) {
            dWx[n * D + k]! += dz[n]! * x[(t * B + r) * D + k]!;
            dx[(t * B + r) * D + k]! += dz[n]! * Wx[n * D + k]!;
          }
          for (let k = 0; k < H; k++) {
            dWh[n * H + k]! += dz[n]! * h[t]![r * H + k]!;
            dhBefore[r * H + k]! += dz[n]! * Wh[n * H + k]!;
          }
        }
      }
      [dh, dc] = [dhBefore, dcBefore];
    }
    for (const [name, gradient] of [
      ['weight_ih', dWx],
      ['weight_hh', dWh],
      ['bias', db],
    ] as const)
      grads.set(`${at}.${name}`, gradient);
    return { dx, state: { h: dh, c: dc } };
  };
  return { y: h.slice(1).flat(), final: { h: h[T]!, c: c[T]! }, backward };
}

/** One linear layer over all rows. */
function linear(at: number, I: number, O: number, p: Parameters, x: number[], rows: number) {
  const W = p.get(`${at}.weight`)!;
  const b = p.get(`${at}.bias`)!;
  const y = zeros(rows * O);
  for (let r = 0; r < rows; r++)
    for (let n = 0; n < O; n++) {
      y[r * O + n] = b[n]!;
      for (let k = 0; k < I; k++) y[r * O + n]! += W[n * I + k]! * x[r * I + k]!;
    }
  const backward = (dy: ArrayLike<number>, grads: Map<string, number[]>) => {
    const [dW, db, dx] = [zeros(O * I), zeros(O), zeros(rows * I)];
    for (let r = 0; r < rows; r++)
      for (let n = 0; n < O; n++) {
        db[n]! += dy[r * O + n]!;
        for (let k = 0; k < I; k++) {
          dW[n * I + k]! += dy[r * O + n]! * x[r * I + k]!;
          dx[r * I + k]! += dy[r * O + n]! * W[n * I + k]!;
        }
      }
    grads.set(`${at}.weight`, dW);
    grads.set(`${at}.bias`, db);
    return dx;
  };
  return { y, backward };
}

/** The whole stack on x [T, B, D]. */
export function oracle(
  layers: readonly LayerSpec[],
  p: Parameters,
  x: ArrayLike<number>,
  T: number,
  B: number,
  state: OracleState,
): OracleResult {
  const outputs: number[][] = [];
  const finalState: OracleState = [];
  const back: ((
    dy: ArrayLike<number>,
    dState: OracleState[number],
    grads: Map<string, number[]>,
    states: OracleState,
  ) => number[])[] = [];
  let input = Array.from(x);
  layers.forEach((layer, at) => {
    if (layer.kind === 'linear') {
      const run = linear(at, layer.inputSize, layer.outputSize, p, input, T * B);
      outputs.push(run.y);
      finalState.push(null);
      back.push((dy, _, grads, states) => {
        states[at] = null;
        return run.backward(dy, grads);
      });
    } else {
      const H = layer.hiddenSize;
      const given = state[at] ?? { h: zeros(B * H), c: zeros(B * H) };
      const run = lstm(at, layer.inputSize, H, p, input, T, B, given.h, given.c);
      outputs.push(run.y);
      finalState.push(run.final);
      back.push((dy, dState, grads, states) => {
        const { dx, state: dInitial } = run.backward(dy, dState?.h ?? zeros(B * H), dState?.c ?? zeros(B * H), grads);
        states[at] = dInitial;
        return dx;
      });
    }
    input = outputs[at]!;
  });
  const backward = (dOutput: ArrayLike<number>, dState: OracleState): OracleGradient => {
    const parameters = new Map<string, number[]>();
    const states: OracleState = [];
    let dy = Array.from(dOutput);
    for (let at = layers.length - 1; at >= 0; at--) dy = back[at]!(dy, dState[at] ?? null, parameters, states);
    return { parameters, input: dy, state: states };
  };
  return { outputs, finalState, backward };
}

/** A small generator of repeatable test data (mulberry32), uniform in [0, 1). */
export function testRandom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` float32 values, uniform in (−size, size). */
export function randomArray(random: () => number, count: number, size = 1): Float32Array {
  return Float32Array.from({ length: count }, () => (2 * random() - 1) * size);
}

/** ‖a − b‖ / ‖b‖, with ‖b‖ at least 1e-12. NaN anywhere gives NaN. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(size), 1e-12);
}
