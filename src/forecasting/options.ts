import { usageError } from '../errors.js';
import type { BaselineName } from './baselines/index.js';
import type { Cell } from './recurrent/plan.js';

/** Recurrent cells that a forecast can be made with. */
export const CELL_NAMES = ['lstm', 'gru', 'rnn', 'leaky', 'esn'] as const satisfies readonly Cell[];

/** Classical methods that may be asked for by name; naive2 is there to measure others by. */
const CLASSICAL_NAMES = [
  'naive',
  'seasonal-naive',
  'drift',
  'ses',
  'ets',
  'theta',
] as const satisfies readonly BaselineName[];

/** Names that `model` may have. */
export const MODEL_NAMES = ['auto', ...CELL_NAMES, ...CLASSICAL_NAMES] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** What a user can say about a forecast; only the horizon is needed. */
export interface ForecasterOptions {
  /** Steps to forecast, a whole number from 1. */
  readonly horizon: number;
  /** Central intervals in percent, each from 0.01 to 99.99 with at most two decimals. Default [80, 95]. */
  readonly levels?: readonly number[];
  /** Default `auto`: the recurrent ensemble and the classical methods, weighted by their errors inside the history. */
  readonly model?: ModelName;
  /** Season length in steps, or several, the principal one first; default from the frequency or the values. */
  readonly season?: number | readonly number[] | undefined;
  /** Whole number; the same seed gives the same bytes. Default 1. */
  readonly seed?: number;
  /** Seconds of training to plan for on two ordinary cores. Default 60. A plan, not a stopwatch: results do not depend on the machine. */
  readonly budget?: number;
  /** Workers at the most. Default: all processors. Never changes the result. */
  readonly threads?: number | undefined;
}

/** Options with every default filled in and every value checked. */
export interface Settings {
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly model: ModelName;
  readonly season: readonly number[] | undefined;
  readonly seed: number;
  readonly budget: number;
  readonly threads: number | undefined;
}

const MOST_STEPS = 100_000;
const MOST_SEASONS = 3;

/** @throws usage error naming the option, what was got and what it takes. */
export function settle(options: ForecasterOptions): Settings {
  const { horizon, levels = [80, 95], model = 'auto', seed = 1, budget = 60, threads } = options;
  const season = typeof options.season === 'number' ? [options.season] : options.season;
  wholeNumber('horizon', horizon, 1, MOST_STEPS, 'Give the number of steps to forecast, for example 24');
  for (const steps of season ?? [])
    wholeNumber('season', steps, 1, MOST_STEPS, 'Give the steps in one season, 1 for none, or several such as 24,168');
  if (
    season &&
    (season.length === 0 || season.length > MOST_SEASONS || season.some((m, i) => i > 0 && m <= season[i - 1]))
  )
    throw usageError(
      'bad_season',
      `season is ${season.join()}; it needs one to ${MOST_SEASONS} lengths, each longer than the one before. For example 24,168.`,
    );
  wholeNumber('seed', seed, 0, Number.MAX_SAFE_INTEGER, 'Give any whole number from 0');
  if (threads !== undefined) wholeNumber('threads', threads, 1, 1024, 'Give a number of threads, or leave it out');
  if (!(budget > 0 && budget <= 86_400))
    throw usageError('bad_budget', `budget is ${budget}; it needs seconds between 0 and 86400. For example 60.`);
  // Two decimals: finer levels would share their quantiles with the median or lie at infinity.
  const isPercent = (level: number) =>
    level >= 0.01 && level <= 99.99 && Math.abs(level * 100 - Math.round(level * 100)) < 1e-9;
  if (!Array.isArray(levels) || levels.length === 0 || levels.length > 20 || !levels.every(isPercent))
    throw usageError(
      'bad_levels',
      `levels are ${JSON.stringify(levels)}; they need percentages from 0.01 to 99.99 with at most two decimals. For example 80,95.`,
    );
  if (new Set(levels).size !== levels.length)
    throw usageError('bad_levels', `levels are ${levels.join()}; each may stand once. For example 80,95.`);
  if (!(MODEL_NAMES as readonly string[]).includes(model))
    throw usageError('unknown_model', `model "${model}" is not known; use one of ${MODEL_NAMES.join(', ')}.`);
  return { horizon, levels: [...levels].sort((a, b) => a - b), model, season, seed, budget, threads };
}

function wholeNumber(name: string, value: number, low: number, high: number, remedy: string): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw usageError(`bad_${name}`, `${name} is ${value}; it needs a whole number from ${low} to ${high}. ${remedy}.`);
}
