/** What the recurrent network is shown at every step beside the window: past covariates, static ones, and the time of year. */
import { cos, sin } from '../math/index.js';
import { DAY_MS } from '../series/calendar.js';
import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { type History, timesOf } from './history.js';

/** How the covariates of a frame become numbers; plain data. */
export interface InputRecipe {
  /** Number of past covariates: two numbers each, the value in standard units and its change over a season. */
  readonly past: number;
  readonly season: number;
  /** Of each static covariate: mean and size of a number, or the texts that have a place of their own. */
  readonly static: readonly (Moments | { readonly texts: readonly string[] })[];
  /** Whether sine and cosine of the time of year are there. */
  readonly yearly: boolean;
}

/** The unit that a column of numbers is shown in: (value − centre)/size. */
export interface Moments {
  readonly centre: number;
  readonly size: number;
}

const MOST_TEXTS = 16;
const YEAR_MS = 365.25 * DAY_MS;
const YEARS_FOR_YEARLY = 2;

/** Decides what there is to show. Of the values only static ones are looked at: they are the same at all times. */
export function inputRecipe(frame: SeriesFrame, histories: readonly History[], season: number): InputRecipe {
  const { past, static: names } = frame.covariates;
  return {
    past: past.length,
    season,
    static: names.map((_, c) => staticRecipe(histories.map((history) => history.static[c]))),
    yearly: showsYear(frame.axis, histories),
  };
}

/** Numbers at each step. */
export function inputWidth(recipe: InputRecipe): number {
  const fixed = recipe.static.reduce((sum, column) => sum + ('texts' in column ? column.texts.length : 1), 0);
  return 2 * recipe.past + fixed + (recipe.yearly ? 2 : 0);
}

/** The numbers [length][inputWidth] at the first `length` steps of a history; later ones are not looked at. */
export function inputsOf(recipe: InputRecipe, history: History, length: number, axis: TimeAxis): Float32Array {
  return inputsBetween(recipe, history, 0, length, axis, pastMoments(recipe, history, length));
}

/** Standard units of the past covariates in the first `length` steps of a history. */
export function pastMoments(recipe: InputRecipe, history: History, length: number): Moments[] {
  return Array.from({ length: recipe.past }, (_, c) => momentsOf(history.past[c].subarray(0, length)));
}

/**
 * The numbers [length − from][inputWidth] at the steps from `from` to before `length`, past covariates in the given units.
 * Looks one season further back, not at the whole history.
 */
export function inputsBetween(
  recipe: InputRecipe,
  history: History,
  from: number,
  length: number,
  axis: TimeAxis,
  moments: readonly Moments[],
): Float32Array {
  const width = inputWidth(recipe);
  const steps = length - from;
  const out = new Float32Array(steps * width);
  if (width === 0) return out;
  let column = 0;
  const { season } = recipe;
  const first = Math.max(0, from - season);
  for (let c = 0; c < recipe.past; c++, column += 2) {
    const values = standardised(history.past[c], first, length, moments[c]);
    for (let t = 0; t < steps; t++) {
      const at = from + t - first;
      out[t * width + column] = values[at];
      out[t * width + column + 1] = from + t >= season ? values[at] - values[at - season] : 0;
    }
  }
  recipe.static.forEach((kind, c) => {
    const value = history.static[c];
    const numbers =
      'texts' in kind
        ? kind.texts.map((text) => (text === String(value) ? 1 : 0))
        : [Number.isFinite(value) ? (Number(value) - kind.centre) / kind.size : 0];
    for (let t = 0; t < steps; t++) out.set(numbers, t * width + column);
    column += numbers.length;
  });
  if (recipe.yearly) {
    const times = timesOf(history, axis, from, steps);
    for (let t = 0; t < steps; t++) {
      const angle = (2 * Math.PI * times[t]) / YEAR_MS;
      out[t * width + column] = sin(angle);
      out[t * width + column + 1] = cos(angle);
    }
  }
  return out;
}

function staticRecipe(values: readonly (number | string)[]): InputRecipe['static'][number] {
  if (values.some((value) => typeof value === 'string')) {
    const counts = new Map<string, number>();
    for (const value of values) if (value !== '') counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    const byCount = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    return { texts: byCount.slice(0, MOST_TEXTS).map(([text]) => text) };
  }
  return momentsOf(values as readonly number[]);
}

function momentsOf(values: ArrayLike<number>): Moments {
  const known = Array.from(values).filter(Number.isFinite);
  const centre = known.reduce((sum, value) => sum + value / known.length, 0);
  const variance = known.reduce((sum, value) => sum + ((value - centre) * (value - centre)) / known.length, 0);
  return { centre, size: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** The values from `from` to before `end` in standard units; where one is missing, the last one, and 0 before the first. */
function standardised(values: Float64Array, from: number, end: number, { centre, size }: Moments): Float64Array {
  let known = from - 1;
  while (known >= 0 && Number.isNaN(values[known])) known--;
  let last = known < 0 ? 0 : (values[known] - centre) / size;
  return values.slice(from, end).map((value) => {
    if (!Number.isNaN(value)) last = (value - centre) / size;
    return last;
  });
}

/** Days, weeks and what is shorter have no yearly season of their own here: it shows after two years. */
function showsYear(axis: TimeAxis, histories: readonly History[]): boolean {
  if (axis.kind === 'integer' || ['month', 'quarter', 'year'].includes(axis.freq.unit)) return false;
  return histories.some((history) => {
    const [first] = timesOf(history, axis, 0, 1);
    const [last] = timesOf(history, axis, history.y.length - 1, 1);
    return last - first >= YEARS_FOR_YEARLY * YEAR_MS;
  });
}
