import { usageError } from '../errors.js';
import { twoSidedT } from './student-t.js';

/** From this many series on, the test compares series with each other; below, steps in time. */
export const MANY_SERIES = 10;

/** Whether two models differ in accuracy by more than chance. */
export interface LossTest {
  /** Negative where the first model has the smaller losses; NaN where the losses do not vary, or are fewer than two. */
  readonly statistic: number;
  /** Two-sided p by Student's t with n − 1 degrees of freedom. */
  readonly p: number;
  /** Differences that the test is made of. */
  readonly n: number;
}

/**
 * The Diebold-Mariano test with the small-sample correction of Harvey, Leybourne & Newbold, on forecast errors of two
 * models at the same points in time order:
 *   d_t = |eA_t|^power − |eB_t|^power ;  V = (γ₀ + 2·Σ_{k<h} γ_k)/n ;  DM = d̄/√V·√((n + 1 − 2h + h(h − 1)/n)/n)
 * Where the sum is not positive, Bartlett's weights 1 − k/h are put on the autocovariances, which always is.
 * Points where either error is NaN are left out. Sources: Diebold & Mariano 1995; Harvey, Leybourne & Newbold 1997; as
 * R's forecast::dm.test, which falls back to h = 1 instead.
 * @param options horizon h of the forecasts (default 1: errors of one step do not overlap); power 1 or 2 (default 2)
 * @throws usage error `bad_losses` for arrays of different lengths, `bad_horizon`
 * @example dieboldMariano([1, -2, 1, 3], [2, -2, 2, 4], { horizon: 1, power: 1 }) // { statistic: -3, p: 0.058, n: 4 }
 */
export function dieboldMariano(
  errorsA: ArrayLike<number>,
  errorsB: ArrayLike<number>,
  { horizon = 1, power = 2 }: { readonly horizon?: number; readonly power?: number } = {},
): LossTest {
  const losses = (errors: ArrayLike<number>) =>
    Float64Array.from(errors, (error) => (power === 2 ? error * error : Math.abs(error) ** power));
  return compareLosses(losses(errorsA), losses(errorsB), { horizon });
}

/**
 * The same test on losses of any kind, in the same order. With `groups` the losses of a group, such as all forecasts of one
 * series, are averaged first, and the test is made over the groups: series are nearer to independent of each other than the
 * forecasts of one, and a series with many forecasts counts once. At horizon 1 that is the paired t test over groups (the
 * correction turns one into the other). Losses of different series must have one scale, as MASE has.
 * @param options groups: one key per loss; horizon: how many neighbouring differences overlap (default 1)
 * @throws usage error `bad_losses` for arrays of different lengths, `bad_horizon`
 */
export function compareLosses(
  lossesA: ArrayLike<number>,
  lossesB: ArrayLike<number>,
  { groups, horizon = 1 }: { readonly groups?: ArrayLike<number | string>; readonly horizon?: number } = {},
): LossTest {
  if (lossesA.length !== lossesB.length || (groups && groups.length !== lossesA.length))
    throw usageError(
      'bad_losses',
      `there are ${lossesA.length} losses of the first model, ${lossesB.length} of the second${groups ? ` and ${groups.length} groups` : ''}; the test compares them pair by pair. Give one of each for every forecast.`,
    );
  if (!(Number.isInteger(horizon) && horizon >= 1))
    throw usageError('bad_horizon', `horizon is ${horizon}; it needs a whole number from 1. Give the steps forecast.`);
  const all = Float64Array.from(lossesA, (loss, i) => loss - lossesB[i]);
  const differences = groups ? groupMeans(all, groups) : all.filter((difference) => !Number.isNaN(difference));
  return testDifferences(differences, horizon);
}

function testDifferences(differences: Float64Array, horizon: number): LossTest {
  const n = differences.length;
  const undecided = { statistic: Number.NaN, p: Number.NaN, n };
  if (n < 2) return undecided;
  const mean = differences.reduce((sum, difference) => sum + difference / n, 0);
  const covariances = Array.from({ length: Math.min(horizon, n) }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (differences[t] - mean) * (differences[t - lag] - mean);
    return sum / n;
  });
  const weighted = (weight: (lag: number) => number) =>
    covariances.reduce((sum, covariance, lag) => sum + (lag === 0 ? 1 : 2 * weight(lag)) * covariance, 0);
  const plain = weighted(() => 1);
  const variance = plain > 0 ? plain : weighted((lag) => 1 - lag / horizon);
  const correction = (n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n;
  // Rounding alone is no variance.
  if (!(variance > 1e-28 * mean * mean) || !(correction > 0)) return undecided;
  const statistic = (mean / Math.sqrt(variance / n)) * Math.sqrt(correction);
  return { statistic, p: twoSidedT(statistic, n - 1), n };
}

/** Means by group, in order of first appearance; groups without any number are left out. */
function groupMeans(values: Float64Array, groups: ArrayLike<number | string>): Float64Array {
  const sums = new Map<number | string, { sum: number; count: number }>();
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const group = sums.get(groups[i]) ?? { sum: 0, count: 0 };
    sums.set(groups[i], { sum: group.sum + value, count: group.count + 1 });
  });
  return Float64Array.from(sums.values(), ({ sum, count }) => sum / count);
}
