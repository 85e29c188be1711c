/**
 * The part of every series that its future covariates explain, by regression; what is left is forecast by every model, and the
 * explained part of the horizon is put back. Numbers enter as pieces of straight lines between their quintiles (a temperature
 * may raise demand at both ends), as they are and averaged over the last season; where the season is long, all of that with
 * a profile over it (a workday is no constant). Level and season are taken out by differencing, errors count by their size,
 * and each series leans on all the others:
 *   Δ_m u_t = Δ_m φ(x_t)·β_s + e ;  (G_s + κ·Ḡ)·β_s = c_s + κ·Ḡ·β
 * u is the logarithm where all values are positive, else the value over its mean size. Sources: Pankratz 1991 (dynamic
 * regression); Hastie, Tibshirani & Friedman 2009, section 5.2 (pieces), and section 3.4 (shrinkage).
 */

import { inputError } from '../errors.js';
import { cos, exp, log as ln, sin } from '../math/index.js';
import type { TimeAxis } from '../series/frame.js';
import { fixedStepMs } from '../series/frequency.js';
import { interpolate } from '../series/scaling.js';
import { formatTimestamp } from '../series/timestamp.js';
import { factorise, substitute } from './cholesky.js';
import { type History, timesOf } from './history.js';

/** How one covariate becomes numbers that a straight line can use. */
interface Shape {
  /** Mean and size by which it is divided. */
  readonly centre: number;
  readonly size: number;
  /** In units of size, ascending; none for a covariate of two values. */
  readonly knots: readonly number[];
}

/** A fitted regression; plain data. */
export interface ExplainedModel {
  readonly names: readonly string[];
  /** Steps of the differences, and of the profile; 1 for none. */
  readonly season: number;
  /** Sine waves of the profile. */
  readonly waves: number;
  readonly shapes: readonly Shape[];
  /** β for a series that was not fitted. */
  readonly pooled: Float64Array;
  /** β of each series. */
  readonly perSeries: readonly Float64Array[];
}

/** A series without its explained part, and how to put that back and take it off at step k ahead. */
export interface Unexplained {
  readonly y: Float64Array;
  readonly restore: (value: number, step: number) => number;
  readonly remove: (value: number, step: number) => number;
}

/** The unit that the effects on one series add up in: its logarithm, or its mean size. */
export interface EffectUnit {
  readonly log: boolean;
  readonly size: number;
}

/** Rows' worth of trust in the other series. */
const POOL_ROWS = 200;
/** Rows' worth of doubt in any effect at all. */
const DOUBT_ROWS = 20;
const KNOT_SHARES = [0.2, 0.4, 0.6, 0.8];
const MOST_VALUES_FOR_KNOTS = 100_000;
/** Values of a season from which a profile is worth its numbers, and seasons that must have been seen. */
const PROFILE_SEASON = 12;
const PROFILE_SEASONS = 30;
const WAVES = 4;
const REWEIGHTINGS = 3;

/** Fits the regression on the first `lengths[s]` values of each history. */
export function fitExplained(
  histories: readonly History[],
  lengths: readonly number[],
  axis: TimeAxis,
  names: readonly string[],
  season: number,
): ExplainedModel {
  const seen = histories.map((history, s) => ({ ...history, y: history.y.subarray(0, lengths[s]) }));
  const longest = Math.max(...lengths);
  const waves = season >= PROFILE_SEASON && longest >= PROFILE_SEASONS * season ? WAVES : 0;
  const shapes = names.map((_, c) => shapeOf(seen.map(({ y, future }) => future[c].subarray(0, y.length))));
  const frame = { names, season, waves, shapes };
  const width = widthOf(frame);
  const rows = seen.map((history) => differenced(history, frame, axis));
  let weights: Float64Array[] = rows.map(({ target }) => target.map((value) => (Number.isNaN(value) ? 0 : 1)));
  let pooled = new Float64Array(width);
  let perSeries: Float64Array[] = [];
  for (let pass = 0; pass <= REWEIGHTINGS; pass++) {
    const grams = rows.map((row, s) => gramOf(row, weights[s], width));
    const counted = grams.reduce((sum, { count }) => sum + count, 0);
    const total = { gram: new Float64Array(width * width), moment: new Float64Array(width), count: counted };
    for (const { gram, moment } of grams) {
      for (let i = 0; i < gram.length; i++) total.gram[i] += gram[i];
      for (let i = 0; i < width; i++) total.moment[i] += moment[i];
    }
    const mean = total.gram.map((value) => value / Math.max(1, counted));
    pooled = solveAround(total.gram, total.moment, priorOf(mean, width, DOUBT_ROWS, false), new Float64Array(width));
    perSeries =
      histories.length === 1
        ? [pooled]
        : grams.map(({ gram, moment }) => solveAround(gram, moment, priorOf(mean, width, POOL_ROWS, true), pooled));
    weights = rows.map((row, s) => robustWeights(row, perSeries[s], width));
  }
  return { ...frame, pooled, perSeries };
}

/**
 * Future covariates must be known `ahead` steps beyond the first `length` values of a history; inside it a gap is bridged.
 * @throws input error `covariate_missing` naming the series, the column and the first step without a value
 */
export function checkAhead(
  history: History,
  length: number,
  ahead: number,
  names: readonly string[],
  axis: TimeAxis,
  source: string,
): void {
  names.forEach((name, c) => {
    for (let k = Math.max(0, history.y.length - length); k < ahead; k++) {
      if (!Number.isNaN(history.future[c]?.[length + k] ?? Number.NaN)) continue;
      const stamp = formatTimestamp(axis, timesOf(history, axis, length + k, 1)[0]);
      throw inputError(
        'covariate_missing',
        `${source}: series "${history.id}" has no "${name}" at ${stamp}; a future covariate needs a value for each of the ${ahead} steps of the horizon. Add the rows (with an empty target), or give them in --future-file.`,
      );
    }
  });
}

/**
 * Takes the explained part off the first `length` values of a history. The covariates must be known `ahead` steps further.
 * @param series which of the fitted series it is; null for another
 * @param unit of the effects; that of these values where left out
 * @throws input error `covariate_missing`
 */
export function takeExplained(
  model: ExplainedModel,
  history: History,
  length: number,
  ahead: number,
  axis: TimeAxis,
  series: number | null,
  source: string,
  unit?: EffectUnit | null,
): Unexplained {
  const known = { ...history, y: history.y.subarray(0, length) };
  checkAhead(history, length, ahead, model.names, axis, source);
  const beta = series === null ? model.pooled : model.perSeries[series];
  const design = designOf(known, length + ahead, model, axis);
  const width = beta.length;
  const effect = new Float64Array(length + ahead);
  for (let t = 0; t < effect.length; t++) for (let i = 0; i < width; i++) effect[t] += design[t * width + i] * beta[i];
  const { log, size } = unit ?? unitOf(known.y);
  const without = (value: number, t: number) => (log ? value * exp(-effect[t]) : value - size * effect[t]);
  return {
    y: known.y.map(without),
    remove: (value, step) => without(value, length + step),
    restore: (value, step) => {
      const part = effect[length + step];
      return log ? value * exp(part) : value + size * part;
    },
  };
}

/**
 * The values y[from] … y[length − 1] of a history without their explained part, as takeExplained gives them up to rounding.
 * Looks one season further back, not at the whole history.
 */
export function unexplainedBetween(
  model: ExplainedModel,
  history: History,
  from: number,
  length: number,
  axis: TimeAxis,
  series: number,
  unit: EffectUnit,
): Float64Array {
  let first = Math.max(0, from - model.season);
  // Where a covariate is missing its values before count as well.
  while (first > 0 && history.future.some((column) => Number.isNaN(column[first]))) first--;
  const part = {
    ...history,
    offset: history.offset + first,
    y: history.y.subarray(first, length),
    future: history.future.map((column) => column.subarray(first)),
  };
  return takeExplained(model, part, length - first, 0, axis, series, '', unit).y.subarray(from - first);
}

/** Numbers in β. */
export function widthOf({ shapes, waves }: Pick<ExplainedModel, 'shapes' | 'waves'>): number {
  return shapes.reduce(
    (sum, { knots }) => sum + (1 + knots.length) * (waves > 0 ? 2 : 1) + (1 + knots.length) * 2 * waves,
    0,
  );
}

function shapeOf(columns: readonly Float64Array[]): Shape {
  const stride = Math.ceil(columns.reduce((sum, { length }) => sum + length, 0) / MOST_VALUES_FOR_KNOTS);
  const values = columns.flatMap((column) => [
    ...column.filter((value, t) => t % stride === 0 && !Number.isNaN(value)),
  ]);
  const sorted = Float64Array.from(values).sort();
  const centre = sorted.length > 0 ? sorted.reduce((sum, value) => sum + value / sorted.length, 0) : 0;
  const spread = sorted.reduce((sum, value) => sum + ((value - centre) * (value - centre)) / sorted.length, 0);
  const size = spread > 0 ? Math.sqrt(spread) : 1;
  const isTwofold = sorted.every((value) => value === sorted[0] || value === sorted[sorted.length - 1]);
  const quantiles = KNOT_SHARES.map((share) => (sorted[Math.floor(share * (sorted.length - 1))] - centre) / size);
  const inner = quantiles.filter((knot, i) => knot !== quantiles[i - 1] && knot * size + centre > sorted[0]);
  return { centre, size, knots: isTwofold || columns.length * 100 > values.length * 4 ? [] : inner };
}

/** The unit that effects add up in. */
export function unitOf(y: Float64Array): EffectUnit {
  let log = true;
  let sum = 0;
  let count = 0;
  for (const value of y) {
    if (Number.isNaN(value)) continue;
    if (!(value > 0)) log = false;
    sum += Math.abs(value);
    count++;
  }
  return { log, size: sum > 0 ? sum / count : 1 };
}

/** φ(x_t), [steps][width]. */
function designOf(
  history: History,
  steps: number,
  frame: Pick<ExplainedModel, 'shapes' | 'waves' | 'season'>,
  axis: TimeAxis,
): Float64Array {
  const { shapes, waves, season } = frame;
  const width = widthOf(frame);
  const design = new Float64Array(steps * width);
  const profile = waveTable(season, waves);
  const phase = phaseOf(history, axis, season);
  let column = 0;
  shapes.forEach(({ centre, size, knots }, c) => {
    const x = filled(history.future[c].subarray(0, steps), centre).map((value) => (value - centre) / size);
    const pieces = [x, ...knots.map((knot) => x.map((value) => Math.max(0, value - knot)))];
    for (const piece of pieces) {
      for (let t = 0; t < steps; t++) design[t * width + column] = piece[t];
      column++;
      if (waves === 0) continue;
      const recent = trailingMean(piece, season);
      for (let t = 0; t < steps; t++) {
        const at = ((t + phase) % season) * 2 * waves;
        design[t * width + column] = recent[t];
        for (let w = 0; w < 2 * waves; w++) design[t * width + column + 1 + w] = piece[t] * profile[at + w];
      }
      column += 1 + 2 * waves;
    }
  });
  return design;
}

/** sin and cos of the first waves over one season, [season][2·waves]. */
function waveTable(season: number, waves: number): Float64Array {
  const table = new Float64Array(season * 2 * waves);
  for (let t = 0; t < season; t++) {
    for (let w = 0; w < waves; w++) {
      const angle = (2 * Math.PI * (w + 1) * t) / season;
      table[t * 2 * waves + 2 * w] = sin(angle);
      table[t * 2 * waves + 2 * w + 1] = cos(angle);
    }
  }
  return table;
}

/** Where in the season y[0] lies, by the clock where steps have one length, so that series begin anywhere and agree. */
function phaseOf({ start, offset }: History, axis: TimeAxis, season: number): number {
  const step = axis.kind === 'integer' ? 1 : fixedStepMs(axis.freq);
  const first = step === null ? offset : Math.round(start / step) + offset;
  return ((first % season) + season) % season;
}

/** Gaps bridged, the ends continued; the mean where there is nothing. */
function filled(values: Float64Array, centre: number): Float64Array {
  const first = values.findIndex((value) => !Number.isNaN(value));
  if (first < 0) return values.slice().fill(centre);
  const complete = interpolate(values.slice().fill(values[first], 0, first));
  for (let t = first; t < complete.length; t++) if (Number.isNaN(complete[t])) complete[t] = complete[t - 1];
  return complete;
}

function trailingMean(values: Float64Array, window: number): Float64Array {
  const mean = new Float64Array(values.length);
  let sum = 0;
  for (let t = 0; t < values.length; t++) {
    sum += values[t];
    if (t >= window) sum -= values[t - window];
    mean[t] = sum / Math.min(window, t + 1);
  }
  return mean;
}

/** Differences over one season of the design and of the series, in units of how far the series moves. */
interface Rows {
  readonly x: Float64Array;
  readonly target: Float64Array;
}

function differenced(
  history: History,
  frame: Pick<ExplainedModel, 'shapes' | 'waves' | 'season'>,
  axis: TimeAxis,
): Rows {
  const { y } = history;
  const n = y.length;
  const lag = frame.season < n / 2 ? frame.season : 1;
  const width = widthOf(frame);
  const design = designOf(history, n, frame, axis);
  const { log, size } = unitOf(y);
  const u = y.map((value) => (log ? ln(value) : value / size));
  const count = Math.max(0, n - lag);
  const x = new Float64Array(count * width);
  const target = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    target[t] = u[t + lag] - u[t];
    for (let i = 0; i < width; i++) x[t * width + i] = design[(t + lag) * width + i] - design[t * width + i];
  }
  return { x, target };
}

function gramOf({ x, target }: Rows, weights: Float64Array, width: number) {
  const gram = new Float64Array(width * width);
  const moment = new Float64Array(width);
  let count = 0;
  for (let t = 0; t < target.length; t++) {
    if (weights[t] === 0) continue;
    count += weights[t];
    for (let i = 0; i < width; i++) {
      const scaled = weights[t] * x[t * width + i];
      if (scaled === 0) continue;
      moment[i] += scaled * target[t];
      for (let j = 0; j <= i; j++) gram[i * width + j] += scaled * x[t * width + j];
    }
  }
  return { gram, moment, count };
}

/** 1/(|error| + δ) relative to a perfect row, δ the median error; 0 where there is nothing to compare. */
function robustWeights({ x, target }: Rows, beta: Float64Array, width: number): Float64Array {
  const errors = target.map((value, t) => {
    let rest = value;
    for (let i = 0; i < width; i++) rest -= x[t * width + i] * beta[i];
    return Math.abs(rest);
  });
  const known = errors.filter((error) => !Number.isNaN(error)).sort();
  const delta = known.length > 0 ? known[known.length >> 1] : 0;
  return errors.map((error) => (Number.isNaN(error) ? 0 : delta > 0 ? delta / (error + delta) : 1));
}

/** (G + P)·β = c + P·β₀ by Cholesky; G and P by their lower triangles. */
function solveAround(
  gram: Float64Array,
  moment: Float64Array,
  prior: Float64Array,
  around: Float64Array,
): Float64Array<ArrayBuffer> {
  const n = moment.length;
  const lower = gram.map((value, i) => value + prior[i]);
  const solution = moment.slice();
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) solution[i] += (j <= i ? prior[i * n + j] : prior[j * n + i]) * around[j];
  factorise(lower, n, 1e-300);
  substitute(solution, lower, n);
  return solution;
}

/** Ḡ times `rows`, all of it or its diagonal only, with enough on the diagonal to be solved. */
function priorOf(mean: Float64Array, n: number, rows: number, whole: boolean): Float64Array {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += mean[i * n + i] / n;
  return mean.map((value, at) => {
    const diagonal = at % (n + 1) === 0;
    return (whole || diagonal ? rows * value : 0) + (diagonal ? 1e-6 * trace + 1e-300 : 0);
  });
}
