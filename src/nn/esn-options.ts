/** The options of an echo state network, checked once where it is built. */
import { usageError } from '../errors.js';

export interface ESNOptions {
  /** D: numbers per step. */
  inputSize: number;
  /** O: numbers per step that the readout gives. Default: inputSize. */
  outputSize?: number | undefined;
  /** N: units in the reservoir. */
  reservoirSize: number;
  /** ρ of the recurrent weights, the largest modulus of their eigenvalues. Default 0.9. */
  spectralRadius?: number | undefined;
  /** λ in (0, 1]: how much of a unit's state is new at each step; 1 is no leak. Default 1. */
  leak?: number | undefined;
  /** Share of recurrent connections that exist, in (0, 1], the same number for each unit. Default: 10 per unit. */
  density?: number | undefined;
  /** Input weights are uniform in ± this. Default 0.5. */
  inputScaling?: number | undefined;
  /** Biases are uniform in ± this. Default 0.1. */
  biasScaling?: number | undefined;
  /** Weights from the outputs of the step before back into the reservoir are uniform in ± this. Default 0: none. */
  feedback?: number | undefined;
  /** In `fit` only: uniform noise in ± this on every unit before tanh, which makes free running more stable. Default 0. */
  noise?: number | undefined;
  /** Penalty on the squared readout weights (not on the constant). Default 1e-8. */
  ridge?: number | undefined;
  /** Steps after a start from the zero state that are not learned from. Default 100. */
  washout?: number | undefined;
  /** λ of `partialFit` in (0, 1]: a row counts λ^age; 1 forgets nothing. Default 1. */
  forgetting?: number | undefined;
  /** Seed of the reservoir and of the noise; equal seeds give equal networks. Default 0. */
  seed?: number | string | undefined;
}

/** All options with their values. */
export type ResolvedESNOptions = { [K in keyof ESNOptions]-?: Exclude<ESNOptions[K], undefined> };

const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const isNotNegative = (value: unknown) => Number.isFinite(value) && (value as number) >= 0;
const isShare = (value: unknown) => Number.isFinite(value) && (value as number) > 0 && (value as number) <= 1;

/** What each option must be: a test, and the words for it. */
const RULES: Record<keyof ESNOptions, [(value: unknown) => boolean, string]> = {
  inputSize: [isSize, 'a whole number ≥ 1'],
  outputSize: [isSize, 'a whole number ≥ 1'],
  reservoirSize: [isSize, 'a whole number ≥ 1'],
  spectralRadius: [isNotNegative, 'a finite number ≥ 0'],
  leak: [isShare, 'a number in (0, 1]'],
  density: [isShare, 'a number in (0, 1]'],
  inputScaling: [isNotNegative, 'a finite number ≥ 0'],
  biasScaling: [isNotNegative, 'a finite number ≥ 0'],
  feedback: [isNotNegative, 'a finite number ≥ 0'],
  noise: [isNotNegative, 'a finite number ≥ 0'],
  ridge: [isNotNegative, 'a finite number ≥ 0'],
  washout: [(value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number ≥ 0'],
  forgetting: [isShare, 'a number in (0, 1]'],
  seed: [(value) => typeof value === 'string' || Number.isFinite(value), 'a finite number or text'],
};

/**
 * Fills in the defaults; an option that is undefined counts as left out.
 *
 * @throws TidegateError `unknown_option`, `invalid_option`
 */
export function resolveESNOptions(options: ESNOptions): ResolvedESNOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(RULES, name));
  if (unknown.length > 0)
    throw usageError(
      'unknown_option',
      `ESN has no option ${unknown.map((name) => `"${name}"`).join(', ')}; it takes ${Object.keys(RULES).join(', ')}.`,
    );
  const resolved: Record<string, unknown> = {
    outputSize: options.inputSize,
    spectralRadius: 0.9,
    leak: 1,
    density: Math.min(1, 10 / options.reservoirSize),
    inputScaling: 0.5,
    biasScaling: 0.1,
    feedback: 0,
    noise: 0,
    ridge: 1e-8,
    washout: 100,
    forgetting: 1,
    seed: 0,
    ...given,
  };
  for (const [name, [fits, needed]] of Object.entries(RULES)) {
    const value = resolved[name];
    if (fits(value)) continue;
    const got = value === undefined ? 'nothing' : typeof value === 'string' ? `'${value}'` : String(value);
    throw usageError('invalid_option', `ESN option "${name}" needs ${needed}, got ${got}.`);
  }
  return resolved as unknown as ResolvedESNOptions;
}
