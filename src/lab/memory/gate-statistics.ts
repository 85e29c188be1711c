/** What gates do over a run: how often they are shut or wide open, and how long the units hold on because of it. */
import type { LayerRun } from './layer-run.js';

/** Shares of all units and steps. */
export interface Saturation {
  /** Below 0.1. */
  readonly low: number;
  /** Above 0.9. */
  readonly high: number;
}

/** Of each gate of a layer, the candidate left out, which is no gate. Empty for cells without gates. */
export function gateSaturation({ gates }: LayerRun): Record<string, Saturation> {
  const named = Object.entries(gates).filter(([name]) => name !== 'g' && name !== 'n');
  return Object.fromEntries(named.map(([name, values]) => [name, saturationOf(values)]));
}

/** Of values in [0, 1]. */
export function saturationOf(values: ArrayLike<number>): Saturation {
  let low = 0;
  let high = 0;
  for (let k = 0; k < values.length; k++) {
    if (values[k] < 0.1) low++;
    else if (values[k] > 0.9) high++;
  }
  return { low: low / values.length, high: high / values.length };
}

/** Gate by gate over several runs. */
export function meanSaturation(all: readonly Readonly<Record<string, Saturation>>[]): Record<string, Saturation> {
  const mean = (gate: string, end: keyof Saturation) => all.reduce((sum, one) => sum + one[gate][end], 0) / all.length;
  return Object.fromEntries(
    Object.keys(all[0]).map((gate) => [gate, { low: mean(gate, 'low'), high: mean(gate, 'high') }]),
  );
}

/**
 * Half-life of each unit in steps, −1/log₂ f̄, f̄ the geometric mean of what it keeps per step (the forget gate, a GRU's z,
 * 1 − λ). The direct path only, C_t = f ⊙ C_{t−1} + …: what units tell each other through the recurrent weights may last
 * longer, or cut it short. Infinity: nothing is forgotten. Null for a plain RNN, whose units keep nothing of their own.
 */
export function unitHalfLives({ kept, hiddenSize: H, steps }: LayerRun): Float64Array | null {
  if (!kept) return null;
  return Float64Array.from({ length: H }, (_, j) => {
    let logs = 0;
    for (let t = 0; t < steps; t++) logs += Math.log2(kept[t * H + j]);
    return logs < 0 ? -steps / logs : Number.POSITIVE_INFINITY;
  });
}
