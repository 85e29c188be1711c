/** How far back a trained network remembers on the series that it reads, and what a plain RNN would keep in its place. */
import { gateSaturation, meanSaturation, type Saturation, saturationOf, unitHalfLives } from './gate-statistics.js';
import { gradientByLag } from './gradient-by-lag.js';
import type { LayerRun } from './layer-run.js';
import type { LayerWeights } from './layer-weights.js';
import { forecastGradient, modelLayers, type TrainedNetwork } from './model-layers.js';
import { type Bptt, NetworkRun } from './network-run.js';
import { type QuartileLine, type Quartiles, quartileLine, quartiles } from './quartiles.js';
import { untrainedWeights } from './untrained-cells.js';
import { log10Norm, walkBack } from './walk-back.js';

/** One unit of the last layer. */
export interface UnitMemory {
  /** Number of the network, and of the unit in it. */
  readonly network: number;
  readonly unit: number;
  /** −1/log₂ f̄ in steps, the direct path only; null for a plain RNN. */
  readonly halfLife: number | null;
  /** f̄^distance: what its gates keep over the distance; null for a plain RNN. */
  readonly gatesKeep: number | null;
  /** log10 of its share in the gradient that is left after the distance, as a part of the whole gradient at lag 0. */
  readonly gradientKeeps: number;
  /** Of its forget (or update) gate; null where it has none. */
  readonly saturation: Saturation | null;
}

export interface ModelMemory {
  /** Steps back that are asked for: the season. */
  readonly distance: number;
  /** Whether the series were long enough for it. */
  readonly reached: boolean;
  /** log10 of the share by lag, from 0 on, over networks, series and points in time: what of ∂L/∂C (∂L/∂h where there is no C) is left; L is the network's part of the median forecast. */
  readonly kept: QuartileLine;
  /** The same by the short form of back-propagation: of ∂L/∂h for an LSTM; null for other cells. */
  readonly short: QuartileLine | null;
  /** The same of untrained plain RNNs of the same size, U(±1/√H), on the same inputs. */
  readonly plain: QuartileLine;
  readonly saturation: Readonly<Record<string, Saturation>>;
  /** Of all networks, those with the longest memory first. */
  readonly units: readonly UnitMemory[];
  readonly halfLives: Quartiles | null;
}

export interface ModelMemoryOptions {
  /** Steps back: the season of the data. */
  readonly distance: number;
  /** Lags to follow; by default a quarter more than the distance. */
  readonly lags?: number | undefined;
}

/** Points in time from which the gradient is followed back, per network and series. */
const MOST_ENDS = 4;

/**
 * Measures networks on sequences, [T][inputSize] each. Everything in float64. The kept share at a lag is
 * ‖∂L/∂C_{T−lag}‖ / ‖∂L/∂C_T‖; T runs over up to four points of each sequence.
 */
export function modelMemory(
  networks: readonly TrainedNetwork[],
  sequences: readonly Float64Array[],
  { distance, lags = Math.ceil(1.25 * distance) }: ModelMemoryOptions,
): ModelMemory {
  const { cell, inputSize } = networks[0].spec;
  const shortest = sequences.reduce((least, x) => Math.min(least, x.length / inputSize), Number.POSITIVE_INFINITY);
  const reach = Math.max(0, Math.min(lags, shortest - 1));
  const kept: Float64Array[] = [];
  const short: Float64Array[] = [];
  const plain: Float64Array[] = [];
  const saturation: Record<string, Saturation>[] = [];
  const units: UnitMemory[] = [];
  networks.forEach((network, number) => {
    const layers = modelLayers(network);
    const others = plainLayers(network, number);
    const u = forecastGradient(network);
    const sum = new Float64Array(u.length).fill(1);
    const readings: UnitReading[] = [];
    for (const x of sequences) {
      const run = new NetworkRun(layers, x);
      kept.push(...keptShares(run, u, reach, 'complete'));
      if (cell === 'lstm') short.push(...keptShares(run, u, reach, 'short'));
      plain.push(...keptShares(new NetworkRun(others, x), sum, reach, 'complete'));
      saturation.push(gateSaturation(lastOf(run)));
      readings.push(readUnits(run, u, Math.min(distance, reach)));
    }
    units.push(...unitsOf(readings, distance, number));
  });
  const lives = units.flatMap(({ halfLife }) => (halfLife === null ? [] : [halfLife]));
  return {
    distance,
    reached: reach >= distance,
    kept: quartileLine(kept),
    short: short.length > 0 ? quartileLine(short) : null,
    plain: quartileLine(plain),
    saturation: meanSaturation(saturation),
    units: units.sort((a, b) => order(b) - order(a)),
    halfLives: lives.length > 0 ? quartiles(lives) : null,
  };
}

/** An untrained plain RNN in the place of a network. */
function plainLayers({ spec: { inputSize, hiddenSize } }: TrainedNetwork, number: number): LayerWeights[] {
  const sizes = { inputSize, hiddenSize, longest: 3, seed: `plain/${number}` };
  return [untrainedWeights({ cell: 'rnn', recurrent: 'uniform' }, sizes)];
}

/** By half-life where there is one, else by the gradient. */
function order({ halfLife, gradientKeeps }: UnitMemory): number {
  return halfLife ?? gradientKeeps;
}

function lastOf(run: NetworkRun): LayerRun {
  return run.layers[run.layers.length - 1];
}

/** Ends from the last step on backward, evenly over what leaves room for the lags. */
function endsOf(steps: number, lags: number): number[] {
  const room = steps - 1 - lags;
  const count = Math.min(MOST_ENDS, room + 1);
  return Array.from({ length: count }, (_, k) => steps - (count === 1 ? 0 : Math.round((k * room) / (count - 1))));
}

/** log10 of what is left by lag, one line for each end. */
function keptShares(run: NetworkRun, u: Float64Array, lags: number, bptt: Bptt): Float64Array[] {
  return endsOf(run.steps, lags).map((end) => {
    const { h, c } = gradientByLag(run, u, lags, bptt, end);
    const norms = bptt === 'complete' ? (c ?? h) : h;
    return norms.map((value) => value - norms[0]);
  });
}

/** What the units of one network do on one sequence. */
interface UnitReading {
  readonly steps: number;
  readonly halfLives: Float64Array | null;
  /** log10(|∂L/∂C_{T−lag, unit}| / ‖∂L/∂C_T‖), one row for each T. */
  readonly shares: readonly Float64Array[];
  readonly saturation: readonly Saturation[] | null;
}

function readUnits(run: NetworkRun, u: Float64Array, lag: number): UnitReading {
  const layer = lastOf(run);
  const { hiddenSize: H, steps } = layer;
  const gate = layer.gates.f ?? layer.gates.z;
  const saturation = gate
    ? Array.from({ length: H }, (_, j) => saturationOf(gate.filter((_, at) => at % H === j)))
    : null;
  return { steps, halfLives: unitHalfLives(layer), shares: unitShares(run, u, lag), saturation };
}

/** The units of one network, over its sequences: geometric means of what gates keep, medians of gradients. */
function unitsOf(readings: readonly UnitReading[], distance: number, network: number): UnitMemory[] {
  const total = readings.reduce((sum, { steps }) => sum + steps, 0);
  const shares = readings.flatMap((one) => one.shares);
  const mean = (of: (one: UnitReading) => number) =>
    readings.reduce((sum, one) => sum + (of(one) * one.steps) / total, 0);
  const [{ halfLives, saturation }] = readings;
  return Array.from(shares[0], (_, unit): UnitMemory => {
    // 1/half-life is −log₂ f̄, whose mean over the steps of all sequences is asked for.
    const rate = halfLives && mean((one) => 1 / (one.halfLives?.[unit] ?? 1));
    return {
      network,
      unit,
      halfLife: rate === null ? null : 1 / rate,
      gatesKeep: rate === null ? null : 2 ** (-distance * rate),
      gradientKeeps: quartiles(shares.map((one) => one[unit])).median,
      saturation: saturation && {
        low: mean((one) => one.saturation?.[unit].low ?? 0),
        high: mean((one) => one.saturation?.[unit].high ?? 0),
      },
    };
  });
}

function unitShares(run: NetworkRun, u: Float64Array, lag: number): Float64Array[] {
  const top = run.layers.length - 1;
  const layer = lastOf(run);
  const { hiddenSize: H } = layer;
  const start = new Float64Array(run.stateSize);
  start.set(u, run.offsets[top]);
  return endsOf(run.steps, lag).map((end) => {
    const error = new Float64Array(H);
    const shares = new Float64Array(H);
    let whole = 0;
    walkBack(run, start, lag, { bptt: 'complete', end }, (at, t, d, decades) => {
      if (at !== 0 && at !== lag) return;
      const own = run.part(d, top);
      if (layer.cellError) layer.cellError(t, own, error);
      else error.set(own);
      if (at === 0) whole = log10Norm(error);
      for (let j = 0; j < H; j++) shares[j] = decades + Math.log10(Math.abs(error[j])) - whole;
    });
    return shares;
  });
}
