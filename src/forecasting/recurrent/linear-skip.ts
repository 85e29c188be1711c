/**
 * The linear path beside the recurrent one: the horizon as a linear function of the window, fitted in closed form before
 * training. The network then learns only what is not linear in the window, which needs far fewer updates, and cannot
 * unlearn what a linear autoregression knows.
 *   ŷ_k = a_k·x + b_k ;  (XᵀWX + λ·v·I)·a_k = XᵀW·y_k ,  v the mean square of an input
 * W weighs every window by 1/(mean |error| + δ), found by repeated solution, so that the fit is to the median and not to the
 * mean. Sources: Hoerl & Kennard 1970 (ridge); Schlossmacher 1973 (absolute errors by reweighting).
 */
import { Linear } from '../../nn/index.js';
import { targetInto } from '../../series/windows.js';
import { factorise, substitute } from '../cholesky.js';
import { inputInto, inputSize, seriesOf, type WindowSet } from './window-set.js';

/** A fitted linear path: weight [K][F], bias [K]. */
export interface LinearSkip {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  /** λ: as many windows' worth of doubt. */
  readonly penalty: number;
}

/** λ that are tried where there is something to choose by; Infinity leaves everything to the network. */
export const PENALTIES = [10, 100, 1000, 10_000, Number.POSITIVE_INFINITY];
/** λ where there is not. */
export const USUAL_PENALTY = 100;

const MOST_WINDOWS = 60_000;
const MOST_OPERATIONS = 1.2e9;
const REWEIGHTINGS = 2;
/** Up to this many inputs every step of the horizon is solved with all windows that know it; else with the complete ones. */
const EXACT_INPUTS = 96;

/** Fits one linear path for each penalty. */
export function fitLinearSkips(set: WindowSet, penalties: readonly number[]): LinearSkip[] {
  const windows = sampleWindows(set);
  const fits = penalties.map((penalty) => solve(windows, penalty, null));
  return fits.map((first, i) => {
    let fit = first;
    for (let pass = 0; pass < REWEIGHTINGS && Number.isFinite(penalties[i]); pass++)
      fit = solve(windows, penalties[i], medianWeights(windows, fit));
    return { weight: Float32Array.from(fit.weight), bias: Float32Array.from(fit.bias), penalty: penalties[i] };
  });
}

/** The fit of several whose forecasts at the ends of the runs of `judge` have the least mean absolute error. */
export function bestSkip(skips: readonly LinearSkip[], judge: WindowSet): LinearSkip {
  const { horizon } = judge;
  const width = inputSize(judge);
  const errors = new Float64Array(skips.length);
  const x = new Float64Array(width);
  for (let row = 0; row < judge.steps.length; row++) {
    const step = judge.steps[row] - 1;
    const target = new Float64Array(horizon).fill(Number.NaN);
    inputInto(x, 0, judge, row, step);
    targetInto(target, 0, seriesOf(judge, row), judge.from[row] + step, horizon);
    skips.forEach((skip, i) => {
      const answer = applyLinearSkip(skip, x);
      for (let k = 0; k < horizon; k++) if (!Number.isNaN(target[k])) errors[i] += Math.abs(target[k] - answer[k]);
    });
  }
  return skips[errors.indexOf(Math.min(...errors))];
}

/** The path's answer [K] for one input [F]. */
export function applyLinearSkip({ weight, bias }: LinearSkip, x: ArrayLike<number>): Float64Array {
  const answer = Float64Array.from(bias);
  for (let k = 0, at = 0; k < answer.length; k++) for (let i = 0; i < x.length; i++) answer[k] += weight[at++] * x[i];
  return answer;
}

/** Takes the path's answers to x [T, B, F] off the targets [T, B, K]: on the engine, a batch at a time. */
export function skipRemover(skip: LinearSkip): (target: Float32Array, x: Float32Array) => void {
  if (isZero(skip)) return () => {};
  const outputSize = skip.bias.length;
  const inputs = skip.weight.length / outputSize;
  const layer = new Linear({ inputSize: inputs, outputSize });
  layer.loadStateDict({
    weight: { shape: [outputSize, inputs], data: skip.weight },
    bias: { shape: [outputSize], data: skip.bias },
  });
  return (target, x) => {
    const { output } = layer.forward(x);
    for (let i = 0; i < target.length; i++) target[i] -= output[i];
  };
}

function isZero({ weight, bias }: LinearSkip): boolean {
  return weight.every((value) => value === 0) && bias.every((value) => value === 0);
}

/** Windows with what they see and what came after; the ones that know most of the horizon first. */
interface Windows {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Targets known without a gap from the first on, of each window. */
  readonly known: Int32Array;
  readonly count: number;
  readonly inputs: number;
  readonly horizon: number;
}

/** An even sample of all windows, no more than can be solved in a moment. */
function sampleWindows(set: WindowSet): Windows {
  const inputs = inputSize(set);
  const { horizon } = set;
  const total = set.steps.reduce((sum, steps) => sum + steps, 0);
  const affordable = Math.floor(MOST_OPERATIONS / ((inputs + 1) * (inputs / 2 + horizon)));
  const share = Math.min(1, Math.max(1, Math.min(MOST_WINDOWS, affordable)) / Math.max(1, total));
  const found: { row: number; step: number; known: number }[] = [];
  const target = new Float32Array(horizon);
  let due = 0;
  for (let row = 0; row < set.steps.length; row++) {
    for (let step = 0; step < set.steps[row]; step++) {
      due += share;
      if (due < 1 - 1e-9) continue;
      due -= 1;
      target.fill(Number.NaN);
      targetInto(target, 0, seriesOf(set, row), set.from[row] + step, horizon);
      const gap = target.findIndex(Number.isNaN);
      if (gap !== 0) found.push({ row, step, known: gap < 0 ? horizon : gap });
    }
  }
  found.sort((a, b) => b.known - a.known);
  const x = new Float32Array(found.length * inputs);
  const y = new Float32Array(found.length * horizon);
  found.forEach(({ row, step }, w) => {
    inputInto(x, w * inputs, set, row, step);
    targetInto(y, w * horizon, seriesOf(set, row), set.from[row] + step, horizon);
  });
  return { x, y, known: Int32Array.from(found, ({ known }) => known), count: found.length, inputs, horizon };
}

/** The ridge solution for every step of the horizon; window w counts `weights`[w] times. */
function solve(windows: Windows, penalty: number, weights: Float64Array | null) {
  const { x, y, known, count, inputs, horizon } = windows;
  const N = inputs + 1;
  const weight = new Float64Array(horizon * inputs);
  const bias = new Float64Array(horizon);
  if (!Number.isFinite(penalty)) return { weight, bias };
  const gram = new Float64Array(N * N);
  const moments = new Float64Array(horizon * N);
  const row = new Float64Array(N);
  row[inputs] = 1;
  let counted = 0;
  let factor: Float64Array | null = null;
  let next = 0;
  for (let k = horizon - 1; k >= 0; k--) {
    const exact = inputs <= EXACT_INPUTS || counted < 20 * N;
    const before = next;
    for (; exact && next < count && known[next] > k; next++) {
      const share = weights ? weights[next] : 1;
      counted += share;
      for (let i = 0; i < inputs; i++) row[i] = x[next * inputs + i];
      for (let i = 0; i < N; i++) {
        const scaled = share * row[i];
        if (scaled === 0) continue;
        for (let j = 0; j <= i; j++) gram[i * N + j] += scaled * row[j];
      }
      for (let q = 0; q < known[next]; q++) {
        const scaled = share * y[next * horizon + q];
        for (let i = 0; i < N; i++) moments[q * N + i] += scaled * row[i];
      }
    }
    if (factor === null || next > before) factor = factorised(gram, N, penalty, counted);
    const solution = moments.slice(k * N, (k + 1) * N);
    substitute(solution, factor, N);
    weight.set(solution.subarray(0, inputs), k * inputs);
    bias[k] = solution[inputs];
  }
  return { weight, bias };
}

/** 1/(mean |error| + δ) of every window, δ three tenths of the median, scaled to be 1 for a perfect window. */
function medianWeights(windows: Windows, fit: { weight: Float64Array; bias: Float64Array }): Float64Array {
  const { x, y, known, count, inputs, horizon } = windows;
  const errors = new Float64Array(count);
  for (let w = 0; w < count; w++) {
    for (let k = 0; k < known[w]; k++) {
      let answer = fit.bias[k];
      for (let i = 0; i < inputs; i++) answer += fit.weight[k * inputs + i] * x[w * inputs + i];
      errors[w] += Math.abs(y[w * horizon + k] - answer) / known[w];
    }
  }
  const median = errors.slice().sort()[count >> 1];
  const delta = 0.3 * median;
  return delta > 0 ? errors.map((error) => delta / (error + delta)) : errors.fill(1);
}

/** The lower Cholesky factor of gram + λ·v·I; the bias is not penalised. */
function factorised(gram: Float64Array, N: number, penalty: number, count: number): Float64Array {
  const lower = gram.slice();
  let trace = 0;
  for (let i = 0; i < N - 1; i++) trace += gram[i * N + i];
  const ridge = (penalty * trace) / Math.max(1, (N - 1) * count);
  for (let i = 0; i < N; i++) lower[i * N + i] += (i < N - 1 ? ridge : 0) + 1e-9;
  factorise(lower, N, 1e-12);
  return lower;
}
