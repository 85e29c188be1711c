/** What is in a fitted model, as plain data. */
import { halfLives, MEMORY_KIND, type MemoryKind } from '../nn/unit-memory.js';
import type { FittedState } from './fit.js';
import { FORMAT_VERSION } from './model-file.js';
import { type NetworkReadings, networkReadings } from './network-readings.js';
import { type Ensemble, memberParameters } from './recurrent/ensemble.js';
import type { FitReport } from './report.js';

/** Half-lives from the shortest to the longest. Infinity: nothing is forgotten. */
export interface HalfLives {
  readonly fastest: number;
  readonly median: number;
  readonly slowest: number;
}

/** How long some networks remember. */
export interface Memory {
  /** What holds it. `recurrent-weights`: no unit of a plain RNN has a memory of its own; then one number for each network. */
  readonly kind: MemoryKind;
  /** How many half-lives there are: units of all networks, or networks. */
  readonly count: number;
  readonly steps: HalfLives;
  /** The same in seasons; null without one. */
  readonly seasons: HalfLives | null;
}

/** The networks that see the series in one way. */
export interface ViewSummary {
  /** Whether the season is removed first. */
  readonly adjusted: boolean;
  /** Whether values are in units of how far the series moves. */
  readonly scaled: boolean;
  /** Values that each window shows. */
  readonly window: number;
  /** Numbers beside the window: past and static covariates, the time of year. */
  readonly extra: number;
  /** Share in the recurrent forecast. */
  readonly share: number;
  readonly members: number;
  /** Values in the networks and their linear path. */
  readonly parameters: number;
  /** Penalty of the linear path; Infinity where there is none. */
  readonly linearPenalty: number;
  readonly memory: Memory;
}

/** What is in a model. */
export interface ModelSummary {
  /** Of the model file. */
  readonly formatVersion: number;
  readonly data: FitReport['data'];
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed: number;
  readonly covariates: {
    readonly past: readonly string[];
    readonly future: readonly string[];
    readonly static: readonly string[];
  };
  /** Whether future covariates helped in the fit, so that their effect is taken off. */
  readonly futureExplains: boolean;
  readonly model: FitReport['model'];
  readonly views: readonly ViewSummary[];
  readonly training: FitReport['training'];
  readonly validation: FitReport['validation'];
  readonly calibration: FittedState['calibration'];
  readonly verdict: string;
}

/** What is in a fitted state. The memory is measured by running the networks over the histories, or an even sample of them. */
export function inspectState(state: FittedState): ModelSummary {
  const { settings, report, columns, ensemble } = state;
  const { horizon, levels, seed } = settings;
  const readings = networkReadings(state, state.histories, state.axis, 'the fitted data');
  return {
    formatVersion: FORMAT_VERSION,
    data: report.data,
    horizon,
    levels,
    seed,
    covariates: { past: columns.past, future: columns.future, static: columns.static },
    futureExplains: state.explained !== null,
    model: report.model,
    views: ensemble ? readings.map((one, g) => describeView(state, ensemble, one, g)) : [],
    training: report.training,
    validation: report.validation,
    calibration: state.calibration,
    verdict: report.verdict,
  };
}

function describeView(
  state: FittedState,
  { plan, groups }: Ensemble,
  readings: NetworkReadings,
  g: number,
): ViewSummary {
  const { weight, members, skip } = groups[g];
  const { spec } = readings;
  const sequences = readings.sequences.map(({ x }) => x);
  const season = state.season.length;
  const lives = Float64Array.from(members.flatMap((tensors) => [...halfLives(spec, tensors, sequences)])).sort();
  return {
    adjusted: readings.adjusted,
    scaled: readings.scaled,
    window: readings.window,
    extra: plan.extraSize,
    share: weight,
    members: members.length,
    parameters: members.reduce(
      (sum, member) => sum + memberParameters(plan, member),
      skip.weight.length + skip.bias.length,
    ),
    linearPenalty: skip.penalty,
    memory: {
      kind: MEMORY_KIND[plan.cell],
      count: lives.length,
      steps: spread(lives),
      seasons: season > 1 ? spread(lives.map((steps) => steps / season)) : null,
    },
  };
}

function spread(ascending: Float64Array): HalfLives {
  const { length } = ascending;
  return { fastest: ascending[0], median: ascending[length >> 1], slowest: ascending[length - 1] };
}
