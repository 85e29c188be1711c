/** What every gate and state of a network does while it reads a series. */
import { gateSaturation, type Saturation, unitHalfLives } from './gate-statistics.js';
import { modelLayers, type TrainedNetwork } from './model-layers.js';
import { NetworkRun } from './network-run.js';

/** One recurrent layer over a sequence; arrays are [T][H], step by step. */
export interface MemoryTraces {
  readonly steps: number;
  readonly hiddenSize: number;
  /** The output, after each step. */
  readonly h: Float64Array;
  /** The long-term state C of an LSTM, after each step; null where there is none. */
  readonly c: Float64Array | null;
  /** i f o and the candidate g of an LSTM; r z and the candidate n of a GRU; nothing of other cells. */
  readonly gates: Readonly<Record<string, Float64Array>>;
  /** By gate: the shares of units and steps below 0.1 and above 0.9. */
  readonly saturation: Readonly<Record<string, Saturation>>;
  /** Of each unit in steps, direct path only; null for a plain RNN. */
  readonly halfLives: Float64Array | null;
}

/**
 * Lets a network read x [T][inputSize] from a zero state, in float64, and keeps all that happens inside; one entry per
 * recurrent layer, lowest first. Runs anywhere, without files or threads.
 * @example
 * // const [{ spec, members, sequences }] = forecaster.networks();
 * // const [{ gates, c }] = memoryTraces({ spec, tensors: members[0] }, sequences[0].x);
 * // gates.f[t * spec.hiddenSize + unit]; // what the unit's forget gate keeps at step t
 */
export function memoryTraces(network: TrainedNetwork, x: Float64Array): MemoryTraces[] {
  return new NetworkRun(modelLayers(network), x).layers.map((layer): MemoryTraces => {
    const { steps, hiddenSize, h, c, gates } = layer;
    return {
      ...{ steps, hiddenSize, gates },
      h: h.slice(hiddenSize),
      c: c?.slice(hiddenSize) ?? null,
      saturation: gateSaturation(layer),
      halfLives: unitHalfLives(layer),
    };
  });
}
