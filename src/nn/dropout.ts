/** Dropout: masks of 0 and 1/(1 − rate), so that what is left has the same expectation. */
import type { Random } from '../random.js';
import type { Numbers } from './cell-runner.js';

/** What is dropped in a training pass, each rate in [0, 1). */
export interface Dropout {
  /** Between the layers: every number of every step for itself. Srivastava et al. 2014. */
  readonly betweenLayers: number;
  /** On h_{t−1} where the recurrent weights read it: the same units of a sequence at all steps. Gal & Ghahramani 2016. */
  readonly recurrent: number;
  readonly random: Random;
}

/** Overwrites `mask`: 0 with probability `rate`, else 1/(1 − rate). */
export function drawMask<V extends Numbers>(mask: V, rate: number, random: Random): V {
  const kept = 1 / (1 - rate);
  for (let k = 0; k < mask.length; k++) mask[k] = random.uniform() < rate ? 0 : kept;
  return mask;
}

/** values ⊙ mask, in place. */
export function applyMask(values: Numbers, mask: Numbers): void {
  for (let k = 0; k < values.length; k++) values[k] *= mask[k];
}

/**
 * out += W·diag(m), W [rows,columns], m [columns]. The weights that see m ⊙ h in place of h, W·(m ⊙ h) = (W·diag(m))·h,
 * and also the way back: the gradient of W is that of W·diag(m), times diag(m).
 */
export function addMaskedColumns<V extends Numbers>(out: V, W: V, m: V): V {
  const columns = m.length;
  for (let k = 0; k < W.length; k++) out[k] += W[k] * m[k % columns];
  return out;
}
