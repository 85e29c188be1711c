/** Gradient norm, clipping and Adam over all parameters of a network. */
import { usageError } from '../errors.js';
import { AdamPlan } from './kernels.generated.js';
import type { PlacedMatrix } from './layer-plan.js';
import type { Machine } from './machine.js';

export interface AdamOptions {
  readonly learningRate: number;
  /** Decay of the first moment; default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment; default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number;
  /** Decoupled (AdamW): weights, not biases, shrink by learningRate·weightDecay. Default 0. */
  readonly weightDecay?: number;
  /** Number of this step, from 1: for the bias correction. */
  readonly step: number;
}

/** The least leak that training may reach: a half-life of 6931 steps. */
export const LEAST_LEAK = 1e-4;

/** base^exponent by squaring: Math.pow differs between engine versions. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let factor = base, n = exponent; n > 0; n = Math.floor(n / 2), factor *= factor)
    if (n % 2 === 1) result *= factor;
  return result;
}

const within = (name: string, value: number, low: number, high: number, range: string): void => {
  if (!(value >= low && value < high)) throw usageError('bad_option', `${name} is ${value}; it must be ${range}.`);
};

/** Throws `bad_option` unless every number is in its range. */
export function checkAdam({ learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamOptions): void {
  within('learningRate', learningRate, 0, Number.POSITIVE_INFINITY, 'zero or positive');
  within('beta1', beta1 ?? 0, 0, 1, 'at least 0 and below 1');
  within('beta2', beta2 ?? 0, 0, 1, 'at least 0 and below 1');
  within('epsilon', epsilon ?? 1, 1e-30, Number.POSITIVE_INFINITY, 'positive, 1e-30 or more');
  within('weightDecay', weightDecay ?? 0, 0, Number.POSITIVE_INFINITY, 'zero or positive');
  if (!Number.isInteger(step)) throw usageError('bad_option', `step is ${step}; it must be an integer.`);
  within('step', step, 1, Number.POSITIVE_INFINITY, 'an integer from 1 on');
}

/** √Σ g² over all parameters. Padding is zero. */
export function gradientNorm(m: Machine): number {
  return Math.sqrt(m.kernels.sumOfSquares(m.plan.slots.gradient, m.plan.slotBytes));
}

/** Back into [LEAST_LEAK, 1], outside which a leaky unit is no average any more. The leaks are row 1 of each block. */
function boundLeaks(floats: Float32Array, value: number, units: number, { offset, blockRows }: PlacedMatrix): void {
  for (let unit = 0; unit < units; unit++) {
    const at = ((value + offset) >>> 2) + ((unit >> 4) * blockRows + 1) * 16 + (unit & 15);
    floats[at] = Math.min(1, Math.max(LEAST_LEAK, floats[at]!));
  }
}

/** One Adam step over all parameters on `clip` times their gradients. Options have been checked. */
export function adamStep(m: Machine, options: AdamOptions, clip: number): void {
  const { kernels, plan, floats } = m;
  const { learningRate, step } = options;
  const beta1 = options.beta1 ?? 0.9;
  const beta2 = options.beta2 ?? 0.999;
  const at = plan.adam >>> 2;
  floats[at + AdamPlan.clip / 4] = clip;
  floats[at + AdamPlan.keep / 4] = 1 - learningRate * (options.weightDecay ?? 0);
  floats[at + AdamPlan.beta1 / 4] = beta1;
  floats[at + AdamPlan.rest1 / 4] = 1 - beta1;
  floats[at + AdamPlan.beta2 / 4] = beta2;
  floats[at + AdamPlan.rest2 / 4] = 1 - beta2;
  floats[at + AdamPlan.rate / 4] = learningRate / (1 - power(beta1, step));
  floats[at + AdamPlan.spread / 4] = 1 / Math.sqrt(1 - power(beta2, step));
  floats[at + AdamPlan.epsilon / 4] = options.epsilon ?? 1e-8;
  const { value, gradient, moment1, moment2 } = plan.slots;
  for (const { matrices, spec } of plan.layers) {
    for (const { offset, blocks, blockRows, vectors } of matrices)
      kernels.adam(
        plan.adam,
        value + offset,
        gradient + offset,
        moment1 + offset,
        moment2 + offset,
        blocks,
        blockRows,
        vectors,
      );
    if (spec.kind === 'leaky') boundLeaks(floats, value, spec.hiddenSize, matrices[0]!);
  }
}
