/** Whether small disturbances of a network's state die out or grow, in the long run. */
import { Random } from '../../random.js';
import type { NetworkRun } from './network-run.js';

/**
 * The largest Lyapunov exponents along a run, in ln per step, largest first: some directions are pushed through the
 * Jacobian of every step and made orthonormal again (QR, by Gram-Schmidt); the mean log of what each is scaled by is its
 * exponent. Negative: the memory fades at e^λ per step; positive: chaos, the gradient grows. −∞ where a direction dies.
 * Source: Benettin, Galgani, Giorgilli & Strelcyn 1980; for networks, Engelken, Wolf & Abbott 2023.
 *
 * @param settle steps at the beginning in which the directions find their places, not counted; a fifth by default
 */
export function lyapunovExponents(
  run: NetworkRun,
  { count = 1, settle = Math.floor(run.steps / 5), seed = 'lyapunov' } = {},
): Float64Array {
  const random = new Random(seed);
  const directions = Array.from({ length: count }, () =>
    Float64Array.from({ length: run.stateSize }, () => random.normal()),
  );
  orthonormalise(directions);
  const sums = new Float64Array(count);
  for (let t = 1; t <= run.steps; t++) {
    for (const v of directions) run.pushForward(t, v);
    const lengths = orthonormalise(directions);
    if (t > settle) for (let k = 0; k < count; k++) sums[k] += Math.log(lengths[k]);
  }
  return sums.map((sum) => sum / (run.steps - settle));
}

/** Gram-Schmidt in place, twice for accuracy; gives the diagonal of R. */
function orthonormalise(directions: readonly Float64Array[]): number[] {
  return directions.map((v, k) => {
    for (let round = 0; round < 2; round++) {
      for (const u of directions.slice(0, k)) {
        let along = 0;
        for (let j = 0; j < v.length; j++) along += u[j] * v[j];
        for (let j = 0; j < v.length; j++) v[j] -= along * u[j];
      }
    }
    let squares = 0;
    for (let j = 0; j < v.length; j++) squares += v[j] * v[j];
    const length = Math.sqrt(squares);
    if (length > 0) for (let j = 0; j < v.length; j++) v[j] /= length;
    return length;
  });
}
