/** The options of an echo state network, checked once where it is built. */
import { NOT_NEGATIVE, type OptionRule, SEED, SHARE, SIZE, settle } from './option-rules.js';

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

const COUNT: OptionRule = [(value) => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number ≥ 0'];
const RULES: Record<keyof ESNOptions, OptionRule> = {
  inputSize: SIZE,
  outputSize: SIZE,
  reservoirSize: SIZE,
  spectralRadius: NOT_NEGATIVE,
  leak: SHARE,
  density: SHARE,
  inputScaling: NOT_NEGATIVE,
  biasScaling: NOT_NEGATIVE,
  feedback: NOT_NEGATIVE,
  noise: NOT_NEGATIVE,
  ridge: NOT_NEGATIVE,
  washout: COUNT,
  forgetting: SHARE,
  seed: SEED,
};

/**
 * Fills in the defaults; an option that is undefined counts as left out.
 *
 * @throws TidegateError `unknown_option`, `invalid_option`
 */
export function resolveESNOptions(options: ESNOptions): ResolvedESNOptions {
  return settle<ESNOptions>('ESN', options, RULES, {
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
  }) as ResolvedESNOptions;
}
