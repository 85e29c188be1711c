import type { QuantileCell } from '../../nn/quantile-network.js';

/** Cells that a forecast can be made with; `esn` is a leaky network whose recurrent weights stay as they were drawn. */
export type Cell = QuantileCell | 'esn';

/** How a network sees a series. Networks that see the same series differently err differently, so their mean errs less. */
export interface View {
  /** Whether the season is removed from the values first. */
  readonly adjusted: boolean;
  /** Whether values are divided by how far the series moves from season to season, so that calm and lively series look alike. */
  readonly scaled: boolean;
  /** Values that each window shows. */
  readonly inputSteps: number;
  /** Values before the end of the first window of a series, where it has as many. */
  readonly firstValues: number;
}

/** Every number that shapes the recurrent forecaster, decided once from the sizes of the data; plain data. */
export interface RecurrentPlan {
  readonly cell: Cell;
  readonly horizon: number;
  /** Season lengths, the principal one first; empty for none. */
  readonly seasons: readonly number[];
  readonly views: readonly View[];
  /** Numbers beside the window at each step: past covariates and static ones. */
  readonly extraSize: number;
  /** Quantile levels in ascending order, in (0, 1), with 0.5 among them. */
  readonly levels: readonly number[];
  readonly hiddenSize: number;
  readonly layers: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Runs of windows in one training step. */
  readonly batchRows: number;
  /** Longest run; longer series are cut into several. */
  readonly segmentSteps: number;
  /** Training steps at the most. */
  readonly maxUpdates: number;
  /** Networks of each view that are trained to validate, and in the end. */
  readonly rehearsalMembers: number;
  readonly members: number;
}

/** What the plan is made from. */
export interface PlanSizes {
  readonly cell: Cell;
  readonly horizon: number;
  readonly seasons: readonly number[];
  /** Lengths of the series. */
  readonly lengths: readonly number[];
  readonly extraSize: number;
  /** Seconds of training that the user is ready to wait for. */
  readonly budgetSeconds: number;
}

/** Fewest values before the first window: below that a window's shape says nothing. */
export const FEWEST_VALUES = 4;

/** A cautious rate of one thread. A constant, not a stopwatch: the same data and options must give the same forecast anywhere. */
const NOMINAL_FLOPS = 30e9;
const NOMINAL_THREADS = 2;
/** Longest window that is made for the horizon's sake, and for the sake of long series: a seventh of their length. */
const LONGEST_REACH = 64;
const LONGEST_MEMORY = 336;
const MEMORY_SHARE = 1 / 7;
const MOST_MEMBERS = 4;
/** Windows of one training step, and the fewest steps of a training: with less to spend, steps get smaller. */
const WINDOWS_PER_UPDATE = 8192;
const FEWEST_UPDATES = 100;
/** What the networks answer with; other levels lie between and beyond these, see quantiles.ts. */
const NETWORK_LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];

/** Views, windows and sizes from the data, and as much training as fits the budget at a nominal machine speed. */
export function planRecurrent(sizes: PlanSizes): RecurrentPlan {
  const { cell, horizon, seasons, lengths, extraSize, budgetSeconds } = sizes;
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const views = viewsFor(horizon, seasons, longest);
  const segmentSteps = Math.max(128, Math.max(0, ...seasons), 2 * (seasons[0] ?? 1));
  const rows = lengths.reduce((sum, n) => sum + Math.max(1, Math.ceil(n / segmentSteps)), 0);
  const hiddenSize = 32;
  const layers = 1;
  const levels = NETWORK_LEVELS;
  const widest = views.reduce((most, { inputSteps }) => Math.max(most, inputSteps), 0) + extraSize;
  const weights = 4 * hiddenSize * (widest + hiddenSize) + hiddenSize * horizon * levels.length;
  const steps = Math.min(segmentSteps, longest);
  const flopsPerRow = 6 * steps * weights;
  const budget = budgetSeconds * NOMINAL_FLOPS * NOMINAL_THREADS;
  // One member of each view, twice: to validate and in the end.
  const affordableRows = Math.floor(budget / (2 * views.length * FEWEST_UPDATES * flopsPerRow));
  const usualRows = Math.ceil(WINDOWS_PER_UPDATE / steps);
  const batchRows = Math.max(1, Math.min(rows, usualRows, affordableRows));
  const wanted = Math.max(150, Math.ceil((4 * rows) / batchRows));
  const affordable = budget / (flopsPerRow * batchRows * views.length);
  // A third of the training is the rehearsal.
  const members = Math.max(1, Math.min(MOST_MEMBERS, Math.floor((2 / 3) * (affordable / wanted))));
  const rehearsalMembers = Math.ceil(members / 2);
  const maxUpdates = Math.max(FEWEST_UPDATES, Math.min(wanted, Math.floor(affordable / (members + rehearsalMembers))));
  return {
    cell,
    horizon,
    seasons,
    views,
    extraSize,
    levels,
    hiddenSize,
    layers,
    learningRate: 0.01,
    weightDecay: 0,
    clipNorm: 1,
    batchRows,
    segmentSteps,
    maxUpdates,
    rehearsalMembers,
    members,
  };
}

/**
 * Windows reach 1.25 seasons or horizons back where the season is removed (Hewamalage, Bergmeir & Bandara 2021, section
 * 4.2.2), over two short seasons or one long one where the network must see it, and further where series are long.
 */
function viewsFor(horizon: number, seasons: readonly number[], longest: number): View[] {
  const fits = (steps: number) => Math.max(2, Math.min(steps, longest - 1));
  const memory = Math.min(LONGEST_MEMORY, Math.floor(MEMORY_SHARE * longest));
  const ahead = Math.max(memory, Math.min(Math.ceil(1.25 * horizon), LONGEST_REACH));
  const [season = 1, ...longer] = seasons;
  if (season === 1)
    return [{ adjusted: false, scaled: false, inputSteps: fits(Math.max(2, ahead)), firstValues: FEWEST_VALUES }];
  const whole = Math.max(season, ...longer);
  const seen = whole > season ? whole + season : Math.ceil((season <= 24 ? 2.25 : 1.25) * season);
  const short = whole > season ? seen : Math.ceil(1.25 * season);
  const plain = { adjusted: false, inputSteps: fits(Math.max(seen, ahead)), firstValues: whole };
  return [
    { adjusted: true, scaled: false, inputSteps: fits(Math.max(short, ahead)), firstValues: FEWEST_VALUES },
    { ...plain, scaled: false },
    { ...plain, scaled: true },
  ];
}
