/**
 * An independent float64 stack of layers for the engine's tests: the forward equations only, from docs/math.md, on a tape
 * that differentiates them. It shares nothing with the kernels, neither layout nor derivation. Shapes and names as in
 * Network.
 */
import type { LayerSpec } from './layer-spec.js';
import { Matrix, Tape } from './tape.test.support.js';

export type Parameters = ReadonlyMap<string, ArrayLike<number>>;
export type OracleState = ({ h: number[]; c: number[] | null } | null)[];

export interface OracleResult {
  /** Output of every layer, [T, B, width]. */
  readonly outputs: number[][];
  readonly finalState: OracleState;
  /** Once only. */
  backward(dOutput: ArrayLike<number>, dState: OracleState): OracleGradient;
}
export interface OracleGradient {
  readonly parameters: Map<string, number[]>;
  readonly input: number[];
  readonly state: OracleState;
}

/** One layer's run: its output for all steps, and its states before and after; c null where there is none. */
interface Run {
  y: Matrix;
  initial: { h: Matrix; c: Matrix | null } | null;
  final: { h: Matrix; c: Matrix | null } | null;
}

/** A parameter of the layer as a matrix, made once for each name. */
type Get = (name: string, rows: number, columns: number) => Matrix;

/** h_t of one layer from x_t and h_{t−1}; the LSTM's C is kept in `cell`. */
type Step = (x: Matrix, h: Matrix) => Matrix;

type RecurrentSpec = Exclude<LayerSpec, { kind: 'linear' }>;

/** x·W_xγᵀ, h·W_hγᵀ and b_γ of gate γ, of `gates` gates. */
function gateTerms(tape: Tape, get: Get, { inputSize: D, hiddenSize: H }: RecurrentSpec, R: number, gates: number) {
  const Wx = get('weight_ih', gates * H, D);
  const Wh = get('weight_hh', gates * H, R);
  const b = get('bias', gates, H);
  return {
    input: (x: Matrix, gate: number) => tape.add(tape.product(x, tape.rows(Wx, gate * H, H)), tape.rows(b, gate, 1)),
    recurrent: (h: Matrix, gate: number) => tape.product(h, tape.rows(Wh, gate * H, H)),
  };
}

function unitStep(tape: Tape, get: Get, spec: RecurrentSpec & { kind: 'rnn' | 'leaky' }): Step {
  const { input, recurrent } = gateTerms(tape, get, spec, spec.hiddenSize, 1);
  const leak = spec.kind === 'leaky' ? get('leak', 1, spec.hiddenSize) : undefined;
  return (x, h) => {
    const a = tape[spec.nonlinearity](tape.add(input(x, 0), recurrent(h, 0)));
    return leak === undefined ? a : tape.add(tape.times(h, tape.rest(leak)), tape.times(a, leak));
  };
}

function gruStep(tape: Tape, get: Get, spec: RecurrentSpec & { kind: 'gru' }): Step {
  const { input, recurrent } = gateTerms(tape, get, spec, spec.hiddenSize, 3);
  const biasInside = spec.resetAfter ? get('bias_hn', 1, spec.hiddenSize) : undefined;
  return (x, h) => {
    const [r, z] = [0, 1].map((gate) => tape.sigma(tape.add(input(x, gate), recurrent(h, gate)))) as [Matrix, Matrix];
    const past = biasInside ? tape.times(r, tape.add(recurrent(h, 2), biasInside)) : recurrent(tape.times(r, h), 2);
    const n = tape.tanh(tape.add(input(x, 2), past));
    return tape.add(tape.times(tape.rest(z), n), tape.times(z, h));
  };
}

function lstmStep(tape: Tape, get: Get, spec: RecurrentSpec & { kind: 'lstm' }, cell: { c: Matrix | null }): Step {
  const { hiddenSize: H, projSize, peephole, forgetGate } = spec;
  const { input, recurrent } = gateTerms(tape, get, spec, projSize ?? H, 4);
  const peepholes = peephole ? get('peephole', 3, H) : undefined;
  const projection = projSize ? get('weight_hr', projSize, H) : undefined;
  return (x, h) => {
    const before = cell.c!;
    const z = (gate: number, seen?: Matrix, peep = 0) => {
      const sum = tape.add(input(x, gate), recurrent(h, gate));
      return peepholes && seen ? tape.add(sum, tape.times(seen, tape.rows(peepholes, peep, 1))) : sum;
    };
    const entered = tape.times(tape.sigma(z(0, before, 0)), tape.tanh(z(2)));
    const kept = forgetGate === false ? before : tape.times(tape.sigma(z(1, before, 1)), before);
    const after = tape.add(kept, entered);
    cell.c = after;
    const m = tape.times(tape.sigma(z(3, after, 2)), tape.tanh(after));
    return projection ? tape.product(m, projection) : m;
  };
}

function runLayer(
  tape: Tape,
  spec: LayerSpec,
  get: Get,
  x: Matrix,
  T: number,
  B: number,
  state: OracleState[number],
): Run {
  if (spec.kind === 'linear') {
    const [W, b] = [get('weight', spec.outputSize, spec.inputSize), get('bias', 1, spec.outputSize)];
    return { y: tape.add(tape.product(x, W), b), initial: null, final: null };
  }
  const H = spec.hiddenSize;
  const h0 = new Matrix(B, (spec.kind === 'lstm' ? spec.projSize : undefined) ?? H, state?.h);
  const cell = { c: spec.kind === 'lstm' ? new Matrix(B, H, state?.c ?? undefined) : null };
  const initial = { h: h0, c: cell.c };
  let step: Step;
  if (spec.kind === 'lstm') step = lstmStep(tape, get, spec, cell);
  else step = spec.kind === 'gru' ? gruStep(tape, get, spec) : unitStep(tape, get, spec);
  const h = [h0];
  for (let t = 0; t < T; t++) h.push(step(tape.rows(x, t * B, B), h[t]!));
  return { y: tape.stack(h.slice(1)), initial, final: { h: h[T]!, c: cell.c } };
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
  const tape = new Tape();
  const parameters = new Map<string, Matrix>();
  const first = new Matrix(T * B, layers[0]!.inputSize, x);
  let input = first;
  const runs = layers.map((spec, at) => {
    const get: Get = (name, rows, columns) => {
      const matrix = new Matrix(rows, columns, p.get(`${at}.${name}`)!);
      parameters.set(`${at}.${name}`, matrix);
      return matrix;
    };
    const run = runLayer(tape, spec, get, input, T, B, state[at] ?? null);
    input = run.y;
    return run;
  });
  const numbers = (run: Run['final'], of: 'data' | 'gradient') =>
    run && { h: [...run.h[of]], c: run.c && [...run.c[of]] };
  const seed = (matrix: Matrix | null | undefined, values: ArrayLike<number> | null | undefined) => {
    for (let i = 0; matrix && values && i < values.length; i++) matrix.gradient[i]! += values[i]!;
  };
  const backward = (dOutput: ArrayLike<number>, dState: OracleState): OracleGradient => {
    seed(input, dOutput);
    runs.forEach(({ final }, at) => {
      seed(final?.h, dState[at]?.h);
      seed(final?.c, dState[at]?.c);
    });
    tape.backward();
    return {
      parameters: new Map([...parameters].map(([name, { gradient }]) => [name, [...gradient]])),
      input: [...first.gradient],
      state: runs.map(({ initial }) => numbers(initial, 'gradient')),
    };
  };
  return {
    outputs: runs.map(({ y }) => [...y.data]),
    finalState: runs.map(({ final }) => numbers(final, 'data')),
    backward,
  };
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
