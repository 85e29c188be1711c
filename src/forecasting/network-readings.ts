/** The networks of a fitted model and what they read, as plain data: for looking into them. */
import type { QuantileNetworkSpec, Tensors } from '../nn/quantile-network.js';
import { suitsNetwork } from './components.js';
import { cutAt } from './cuts.js';
import type { FittedState } from './fit.js';
import { type History, timesOf } from './history.js';
import type { Ensemble } from './recurrent/ensemble.js';
import type { View } from './recurrent/plan.js';
import { networkSpec } from './recurrent/reading.js';
import { forecastSet, inputInto, inputSize } from './recurrent/window-set.js';

/** The networks that see the series in one way, and what they are shown. */
export interface NetworkReadings {
  /** Whether the season is removed first. */
  readonly adjusted: boolean;
  /** Whether values are in units of how far the series moves. */
  readonly scaled: boolean;
  /** Values that the window of each step shows: so far back a network sees without any memory. */
  readonly window: number;
  /** Share in the recurrent forecast. */
  readonly share: number;
  readonly spec: QuantileNetworkSpec;
  readonly members: readonly Tensors[];
  readonly sequences: readonly Reading[];
}

/** One series as a network reads it, step by step from a zero state. */
export interface Reading {
  readonly id: string;
  /** Of each step, i.e. of the last value in its window. */
  readonly times: Float64Array;
  /** That value, in the units of the data; NaN where it is missing. */
  readonly y: Float64Array;
  /** [T][inputSize]: the window in local units, and what stands beside it. */
  readonly x: Float64Array;
}

/** What to read. */
export interface ReadingOptions {
  /** Series at the most, an even sample; default 32. */
  readonly most?: number | undefined;
  /** Ids of the series to read, as far as they are long enough; then `most` does not count. */
  readonly series?: readonly string[] | undefined;
  /** Steps to read at least, where the series has them; by default as many as for a forecast. */
  readonly steps?: number | undefined;
}

/**
 * Of all views; none for a model without networks.
 * @param histories on the axis of the fit; new ones, or those of the fit
 */
export function networkReadings(
  state: FittedState,
  histories: readonly History[],
  axis: FittedState['axis'],
  source: string,
  options: ReadingOptions = {},
): NetworkReadings[] {
  const { ensemble } = state;
  if (!ensemble) return [];
  const { plan, groups } = ensemble;
  return plan.views.map(
    (view, g): NetworkReadings => ({
      adjusted: view.adjusted,
      scaled: view.scaled,
      window: view.inputSteps,
      share: groups[g].weight,
      spec: networkSpec(plan, view.inputSteps + plan.extraSize),
      members: groups[g].members,
      sequences: sequencesOf(state, histories, axis, source, plan, view, options),
    }),
  );
}

function sequencesOf(
  state: FittedState,
  histories: readonly History[],
  axis: FittedState['axis'],
  source: string,
  plan: Ensemble['plan'],
  view: View,
  { most = 32, series, steps = 0 }: ReadingOptions,
): Reading[] {
  const { inputs, explained, live } = state;
  const fitted = histories === state.histories;
  const numbers = new Map(state.histories.map(({ id }, series) => [id, series]));
  const units = fitted ? live?.map((one) => one?.unit ?? null) : undefined;
  const suited = histories.filter(({ id, y }) => suitsNetwork(y) && (series?.includes(id) ?? true));
  const stride = series ? 1 : Math.ceil(suited.length / most);
  const read = suited.filter((_, i) => i % stride === 0);
  const preparation = { axis, inputs, explained, units, source };
  const cuts = read.map((history) => cutAt(history, history.y.length, 0, preparation, numbers.get(history.id) ?? null));
  const { set } = forecastSet(cuts, view, { ...plan, segmentSteps: Math.max(plan.segmentSteps, steps) });
  const width = inputSize(set);
  return read.map((history, row): Reading => {
    const count = set.steps[row];
    const x = new Float64Array(count * width);
    for (let t = 0; t < count; t++) inputInto(x, t * width, set, row, t);
    const from = set.from[row];
    return { id: history.id, times: timesOf(history, axis, from, count), y: history.y.slice(from, from + count), x };
  });
}
