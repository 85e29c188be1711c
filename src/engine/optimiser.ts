/** Adam's options, and their way into the arena. */

import { usageError } from '../errors.js';
import { power } from '../math/index.js';
import { AdamPlan } from './kernels.generated.js';
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

/** Puts the options of the next Adam step into the arena; they have been checked. `clipNorm` 0: no clipping. */
export function placeAdam(m: Machine, options: AdamOptions, clipNorm: number): void {
  const { plan, floats } = m;
  const { learningRate, step } = options;
  const beta1 = options.beta1 ?? 0.9;
  const beta2 = options.beta2 ?? 0.999;
  const at = plan.tasks.adam >>> 2;
  floats[at + AdamPlan.clipNorm / 4] = clipNorm;
  floats[at + AdamPlan.keep / 4] = 1 - learningRate * (options.weightDecay ?? 0);
  floats[at + AdamPlan.beta1 / 4] = beta1;
  floats[at + AdamPlan.rest1 / 4] = 1 - beta1;
  floats[at + AdamPlan.beta2 / 4] = beta2;
  floats[at + AdamPlan.rest2 / 4] = 1 - beta2;
  floats[at + AdamPlan.rate / 4] = learningRate / (1 - power(beta1, step));
  floats[at + AdamPlan.spread / 4] = 1 / Math.sqrt(1 - power(beta2, step));
  floats[at + AdamPlan.epsilon / 4] = options.epsilon ?? 1e-8;
}
