/** The fixed random weights of an echo state network. */
import type { Random } from '../random.js';
import type { EsnWeights } from './esn.js';
import type { SparseMatrix } from './sparse-matrix.js';
import { addSparseProduct } from './sparse-matrix.js';
import { spectralRadius } from './spectral-radius.js';

/** N units, D inputs, O outputs. */
export interface ReservoirSizes {
  N: number;
  D: number;
  O: number;
}

/** How large the parts of a reservoir are. */
export interface ReservoirScales {
  /** Share of the N² recurrent connections that exist, in (0, 1]. */
  density: number;
  /** ρ(Wh) after scaling. */
  spectralRadius: number;
  /** Input weights are uniform in ±inputScaling. */
  inputScaling: number;
  /** Biases are uniform in ±biasScaling. */
  biasScaling: number;
  /** Feedback weights are uniform in ±feedback; 0: no feedback. */
  feedback: number;
}

/**
 * Draws a reservoir: Wx, b, Wfb uniform in ± their scale; Wh with the same number of entries in every row,
 * max(1, round(density·N)), in columns drawn without replacement, uniform in ±1 and then scaled to the spectral radius.
 * (Every unit having an input, there is always a cycle, so that ρ > 0 before scaling.) Each part has a random stream of
 * its own. Source: Jaeger 2001, GMD report 148; Lukoševičius 2012, sections 3.2.1–3.2.5.
 */
export function drawReservoir(sizes: ReservoirSizes, scales: ReservoirScales, random: Random): EsnWeights {
  const { N, D, O } = sizes;
  const Wh = drawSparse(N, Math.max(1, Math.round(scales.density * N)), random.fork('Wh'));
  const product = (out: Float64Array, v: Float64Array) => addSparseProduct(out.fill(0), Wh, v);
  const factor = scales.spectralRadius / spectralRadius(product, N, random.fork('spectral radius'));
  for (let k = 0; k < Wh.values.length; k++) Wh.values[k] *= factor;
  return {
    Wx: drawUniform(N * D, scales.inputScaling, random.fork('Wx')),
    Wh,
    b: drawUniform(N, scales.biasScaling, random.fork('b')),
    Wfb: scales.feedback === 0 ? undefined : drawUniform(N * O, scales.feedback, random.fork('Wfb')),
  };
}

function drawUniform(length: number, scale: number, random: Random): Float64Array {
  return new Float64Array(length).map(() => random.uniform(-scale, scale));
}

/** N rows of `perRow` entries, uniform in ±1. */
function drawSparse(N: number, perRow: number, random: Random): SparseMatrix {
  const starts = Int32Array.from({ length: N + 1 }, (_, i) => i * perRow);
  const columns = new Int32Array(N * perRow);
  const deck = Int32Array.from({ length: N }, (_, j) => j);
  for (let i = 0; i < N; i++) {
    // The first cards of a Fisher–Yates shuffle; the deck stays shuffled for the next row.
    for (let k = 0; k < perRow; k++) {
      const pick = k + random.integer(N - k);
      const kept = deck[k];
      deck[k] = deck[pick];
      deck[pick] = kept;
    }
    columns.set(deck.slice(0, perRow).sort(), i * perRow);
  }
  return { starts, columns, values: drawUniform(N * perRow, 1, random) };
}
