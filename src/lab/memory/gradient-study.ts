/** Gradient flow of untrained cells, side by side: how far back an error reaches before anything is learned. */
import { spectralNorm } from '../../cells/bounds.js';
import { usageError } from '../../errors.js';
import { Random } from '../../random.js';
import { gateSaturation, meanSaturation, type Saturation, unitHalfLives } from './gate-statistics.js';
import { type GradientByLag, gradientByLag } from './gradient-by-lag.js';
import type { LayerWeights } from './layer-weights.js';
import { lyapunovExponents } from './lyapunov.js';
import { NetworkRun } from './network-run.js';
import { type QuartileLine, type Quartiles, quartileLine, quartiles } from './quartiles.js';
import { largestSingularValue } from './singular-value.js';
import { type UntrainedCell, untrainedWeights } from './untrained-cells.js';

export interface GradientStudyOptions {
  readonly hiddenSize?: number | undefined;
  readonly inputSize?: number | undefined;
  /** Steps back. */
  readonly lag?: number | undefined;
  /** Draws of weights and inputs; quartiles are over these. */
  readonly seeds?: number | undefined;
  readonly seed?: number | string | undefined;
  /** Lags at which the largest singular value is computed; by default the last one. Empty: none, which is faster. */
  readonly singularLags?: readonly number[] | undefined;
}

/** What one cell shows. Norms and singular values as log10; the loss is Σ_j h_T,j, so that lag 0 shows log10 √H for h. */
export interface GradientStudy {
  readonly hiddenSize: number;
  readonly inputSize: number;
  readonly lag: number;
  readonly seeds: number;
  /** ‖∂L/∂h_{T−lag}‖ */
  readonly h: QuartileLine;
  /** ‖∂L/∂C_{T−lag}‖; null where there is no C. */
  readonly c: QuartileLine | null;
  /** ‖∂L/∂h_{T−lag}‖ by the short form of back-propagation, which is wrong; null for cells that have no such form. */
  readonly short: QuartileLine | null;
  /** Largest singular value of ∂s_T/∂s_{T−lag}, s the whole state. */
  readonly singular: readonly ({ readonly lag: number } & Quartiles)[];
  /** log10 of the bound (‖Wh‖₂·max|φ′|)^lag, per step, median over the seeds: of a plain RNN only. Below 0 it proves that the gradient vanishes; above, nothing. */
  readonly boundPerStep: number | null;
  /** Largest Lyapunov exponent, ln per step. */
  readonly lyapunov: Quartiles;
  /** Mean over the seeds. */
  readonly saturation: Readonly<Record<string, Saturation>>;
  /** −1/log₂ f̄ over all units, in steps: the direct path only. Null for a plain RNN. */
  readonly halfLives: Quartiles | null;
}

export const GRADIENT_DEFAULTS = { hiddenSize: 64, inputSize: 3, lag: 100, seeds: 10, seed: 1 } as const;

/**
 * Measures one cell. Inputs are drawn from N(0, 1), states start at zero, and the sequence has one step more than `lag`.
 * Everything in float64, deterministic by seed.
 * @throws TidegateError `invalid_option`
 * @example
 * const plain = gradientStudy({ cell: 'rnn', recurrent: 'uniform' }, { seeds: 3, singularLags: [] });
 * plain.h.median[100] < -20; // true
 */
export function gradientStudy(cell: UntrainedCell, options: GradientStudyOptions = {}): GradientStudy {
  const settings = { ...GRADIENT_DEFAULTS, ...defined(options) };
  const { hiddenSize, inputSize, lag, seeds, seed } = settings;
  for (const name of ['hiddenSize', 'inputSize', 'lag', 'seeds'] as const) checkCount(name, settings[name]);
  const singularLags = options.singularLags ?? [lag];
  const runs = Array.from({ length: seeds }, (_, index) =>
    measure(cell, { hiddenSize, inputSize, lag, singularLags, seed: `${seed}/${index}` }),
  );
  const line = (of: (one: Measurement) => Float64Array) => quartileLine(runs.map(of));
  const has = (of: (one: Measurement) => unknown) => runs.every((one) => of(one) !== null);
  return {
    ...{ hiddenSize, inputSize, lag, seeds },
    h: line(({ complete }) => complete.h),
    c: has(({ complete }) => complete.c) ? line(({ complete }) => complete.c as Float64Array) : null,
    short: has(({ short }) => short) ? line(({ short }) => short?.h as Float64Array) : null,
    singular: singularLags.map((at, k) => ({ lag: at, ...quartiles(runs.map(({ singular }) => singular[k])) })),
    boundPerStep: has(({ bound }) => bound) ? quartiles(runs.map(({ bound }) => bound as number)).median : null,
    lyapunov: quartiles(runs.map(({ lyapunov }) => lyapunov)),
    saturation: meanSaturation(runs.map(({ saturation }) => saturation)),
    halfLives: has(({ halfLives }) => halfLives)
      ? quartiles(runs.flatMap(({ halfLives }) => [...(halfLives as Float64Array)]))
      : null,
  };
}

/** What one draw shows. */
interface Measurement {
  readonly complete: GradientByLag;
  readonly short: GradientByLag | null;
  readonly singular: readonly number[];
  readonly bound: number | null;
  readonly lyapunov: number;
  readonly saturation: Readonly<Record<string, Saturation>>;
  readonly halfLives: Float64Array | null;
}

function measure(
  cell: UntrainedCell,
  sizes: { hiddenSize: number; inputSize: number; lag: number; singularLags: readonly number[]; seed: string },
): Measurement {
  const { hiddenSize, inputSize, lag, singularLags, seed } = sizes;
  const weights = untrainedWeights(cell, { hiddenSize, inputSize, longest: Math.max(3, lag), seed: `weights/${seed}` });
  const run = new NetworkRun([weights], normals((lag + 1) * inputSize, `inputs/${seed}`));
  const u = new Float64Array(hiddenSize).fill(1);
  const [layer] = run.layers;
  return {
    complete: gradientByLag(run, u, lag),
    short: cell.cell === 'lstm' ? gradientByLag(run, u, lag, 'short') : null,
    singular: singularLags.map((at) => largestSingularValue(run, at)),
    bound: boundPerStep(weights),
    lyapunov: lyapunovExponents(run)[0],
    saturation: gateSaturation(layer),
    halfLives: unitHalfLives(layer),
  };
}

/** log10(‖Wh‖₂·max|φ′|); max|φ′| is 1 for tanh and ReLU. */
function boundPerStep({ cell, Wh, hiddenSize }: LayerWeights): number | null {
  return cell === 'rnn' ? Math.log10(spectralNorm(Wh, hiddenSize, hiddenSize)) : null;
}

function normals(count: number, seed: string): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.normal());
}

function defined<O extends object>(options: O): { [K in keyof O]: Exclude<O[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw usageError('invalid_option', `the option "${name}" needs a whole number from 1 on, got ${value}.`);
}
