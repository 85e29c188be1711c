import type { Baseline } from './baseline.js';
import { ets } from './ets/ets.js';
import { drift, naive, seasonalNaive } from './naive.js';
import { naive2 } from './naive2.js';
import { ses } from './ses.js';
import { theta } from './theta.js';

export type { Baseline, GaussianForecast } from './baseline.js';
export { naive2 } from './naive2.js';

/** The classical methods by their public names. */
export const BASELINES = {
  naive,
  'seasonal-naive': seasonalNaive,
  drift,
  ses,
  ets,
  theta,
  naive2,
} as const satisfies Record<string, Baseline>;

export type BaselineName = keyof typeof BASELINES;
