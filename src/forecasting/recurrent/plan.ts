/** Every number that shapes the recurrent forecaster, decided once from the sizes of the data; plain data. */
export interface RecurrentPlan {
  readonly horizon: number;
  /** Values that each window shows to the network. */
  readonly inputSteps: number;
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
  /** Networks that are averaged. */
  readonly members: number;
}

/** What the plan is made from. */
export interface PlanSizes {
  readonly horizon: number;
  readonly season: number;
  /** Lengths of the series. */
  readonly lengths: readonly number[];
  readonly levels: readonly number[];
  /** Seconds of training that the user is ready to wait for. */
  readonly budgetSeconds: number;
}

/** Fewest values before the first window: below that a window's shape says nothing. */
export const FEWEST_VALUES = 4;

/** A cautious rate of one thread. A constant, not a stopwatch: the same data and options must give the same forecast anywhere. */
const NOMINAL_FLOPS = 10e9;
const NOMINAL_THREADS = 2;

/**
 * Window of 1.25 seasons or horizons (Hewamalage, Bergmeir & Bandara 2021, section 4.2.2), one small network per
 * member, and as much training as fits the budget at a nominal machine speed.
 */
export function planRecurrent(sizes: PlanSizes): RecurrentPlan {
  const { horizon, season, lengths, levels, budgetSeconds } = sizes;
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const reach = Math.max(Math.ceil(1.25 * season), Math.min(Math.ceil(1.25 * horizon), 64));
  const inputSteps = Math.max(2, Math.min(reach, longest - 1));
  const segmentSteps = Math.max(128, 2 * season);
  const rows = lengths.reduce((sum, n) => sum + Math.max(1, Math.ceil(n / segmentSteps)), 0);
  const batchRows = rows <= 128 ? rows : 64;
  const hiddenSize = 32;
  const layers = 1;

  const outputs = horizon * levels.length;
  const weights = 4 * hiddenSize * (inputSteps + hiddenSize + (layers - 1) * 2 * hiddenSize) + hiddenSize * outputs;
  const flopsPerUpdate = 6 * batchRows * Math.min(segmentSteps, longest) * weights;
  const affordable = (budgetSeconds * NOMINAL_FLOPS * NOMINAL_THREADS) / flopsPerUpdate;
  // Two rounds of training: one to validate, one on everything.
  const wanted = Math.max(150, Math.ceil((4 * rows) / batchRows));
  const members = Math.max(2, Math.min(6, Math.floor(affordable / (2 * wanted))));
  const maxUpdates = Math.max(60, Math.min(wanted, Math.floor(affordable / (2 * members))));
  return {
    horizon,
    inputSteps,
    levels,
    hiddenSize,
    layers,
    learningRate: 0.01,
    weightDecay: 0,
    clipNorm: 1,
    batchRows,
    segmentSteps,
    maxUpdates,
    members,
  };
}
