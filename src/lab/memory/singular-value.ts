/** The most that any error can keep, or grow by, over some steps: the largest singular value of a product of Jacobians. */
import { Random } from '../../random.js';
import type { NetworkRun } from './network-run.js';

/**
 * log10 σ₁ of ∂s_T/∂s_{T−lag} over the whole state, T the last step, by power iteration on AᵀA: a disturbance is pushed
 * forward and pulled back, scaled to length 1 at every step with the logs added up, so that nothing under- or overflows.
 *   σ₁ = max ‖A·v‖ over ‖v‖ = 1 ;  approached from below
 * Ends when a round changes σ₁ by less than a ten-thousandth, or after `rounds`. −∞ where A is zero.
 */
export function largestSingularValue(
  run: NetworkRun,
  lag: number,
  { rounds = 40, seed = 'singular value' } = {},
): number {
  const random = new Random(seed);
  const v = Float64Array.from({ length: run.stateSize }, () => random.normal());
  normalise(v);
  const from = run.steps - lag;
  let best = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    let logs = 0;
    for (let t = from + 1; t <= run.steps; t++) {
      run.pushForward(t, v);
      logs += normalise(v);
    }
    const gained = logs - best;
    best = Math.max(best, logs);
    if (!(gained > 1e-4) || best === Number.NEGATIVE_INFINITY) break;
    for (let t = run.steps; t > from; t--) {
      run.pullBack(t, v);
      normalise(v);
    }
  }
  return best / Math.LN10;
}

/** Scales to length 1; gives ln of the length that was. */
export function normalise(v: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < v.length; k++) squares += v[k] * v[k];
  const length = Math.sqrt(squares);
  if (length > 0) for (let k = 0; k < v.length; k++) v[k] /= length;
  return Math.log(length);
}
