import type { Baseline } from './baseline.js';
import { drift, naive, seasonalNaive } from './naive.js';
import { theta } from './theta.js';

export type { Baseline, GaussianForecast } from './baseline.js';

/** The classical methods by their public names. */
export const BASELINES = { naive, 'seasonal-naive': seasonalNaive, drift, theta } as const satisfies Record<
  string,
  Baseline
>;

export type BaselineName = keyof typeof BASELINES;
