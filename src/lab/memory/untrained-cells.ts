/** The cells and initialisations that the lab compares, as a network starts before it has learned anything. */
import {
  addForgetBias,
  fillChronoBias,
  fillGlorot,
  fillIdentity,
  fillLogSpreadLeaks,
  fillOrthogonal,
  fillUniform,
} from '../../cells/initialisation.js';
import { Random } from '../../random.js';
import type { LayerWeights, MemoryCell } from './layer-weights.js';

/** A cell and how it starts; plain data. */
export interface UntrainedCell {
  readonly cell: MemoryCell;
  /**
   * Recurrent weights, each gate's by itself: U(±1/√H) (`uniform`, as PyTorch), U(−1, 1) (`wide`), a random orthogonal
   * matrix, or the identity.
   */
  readonly recurrent: 'uniform' | 'wide' | 'orthogonal' | 'identity';
  /** Of plain and leaky units; default tanh. */
  readonly nonlinearity?: 'tanh' | 'relu' | undefined;
  /** Of an LSTM: b_f, or the chrono initialisation. Default 1. */
  readonly forgetBias?: number | 'chrono' | undefined;
  /** Of an LSTM: false is the form of 1997. Default true. */
  readonly forgetGate?: boolean | undefined;
}

/** By the names that commands know them by, plain ones first. */
export const UNTRAINED_CELLS = {
  rnn: { label: 'tanh RNN, U(±1/√H)', cell: 'rnn', recurrent: 'uniform' },
  'rnn-orthogonal': { label: 'tanh RNN, orthogonal', cell: 'rnn', recurrent: 'orthogonal' },
  'rnn-wide': { label: 'tanh RNN, U(−1, 1)', cell: 'rnn', recurrent: 'wide' },
  irnn: { label: 'IRNN', cell: 'rnn', recurrent: 'identity', nonlinearity: 'relu' },
  leaky: { label: 'leaky RNN', cell: 'leaky', recurrent: 'uniform' },
  gru: { label: 'GRU', cell: 'gru', recurrent: 'uniform' },
  'lstm-1997': { label: 'LSTM of 1997', cell: 'lstm', recurrent: 'uniform', forgetGate: false },
  'lstm-b0': { label: 'LSTM, b_f = 0', cell: 'lstm', recurrent: 'uniform', forgetBias: 0 },
  lstm: { label: 'LSTM, b_f = 1', cell: 'lstm', recurrent: 'uniform', forgetBias: 1 },
  'lstm-b3': { label: 'LSTM, b_f = 3', cell: 'lstm', recurrent: 'uniform', forgetBias: 3 },
  'lstm-chrono': { label: 'LSTM, chrono', cell: 'lstm', recurrent: 'uniform', forgetBias: 'chrono' },
} as const satisfies Record<string, UntrainedCell & { label: string }>;

export type UntrainedName = keyof typeof UNTRAINED_CELLS;

/** What is drawn. */
export interface UntrainedSizes {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** Longest dependency in steps, above 2: the chrono initialisation spreads its time constants up to it. */
  readonly longest: number;
  readonly seed: number | string;
}

/** Leaks of the leaky RNN, spread evenly on a log scale. */
const LEAKS = { fastest: 1, slowest: 1 / 32 };

/**
 * Draws the weights of a cell. Input weights: Glorot uniform for plain and leaky units, U(±1/√H) for gates; biases 0 but
 * those of the forget gate (with chrono, of the input gate too).
 */
export function untrainedWeights(form: UntrainedCell, sizes: UntrainedSizes): LayerWeights {
  const { cell } = form;
  const { inputSize: D, hiddenSize: H, longest, seed } = sizes;
  const random = new Random(seed);
  const gates = { rnn: 1, leaky: 1, gru: 3, lstm: 4 }[cell];
  const Wx = new Float64Array(gates * H * D);
  const Wh = new Float64Array(gates * H * H);
  if (gates === 1) fillGlorot(Wx, H, D, random.fork('input weights'));
  else fillUniform(Wx, H, random.fork('input weights'));
  for (let gate = 0; gate < gates; gate++)
    fillRecurrent(Wh.subarray(gate * H * H, (gate + 1) * H * H), form, H, random.fork(`recurrent weights ${gate}`));
  const b = new Float64Array(gates * H);
  const shared = { Wx, Wh, hiddenSize: H };
  if (cell === 'gru') return { cell, ...shared, bx: b, bh: new Float64Array(3 * H) };
  if (cell === 'lstm') {
    const { forgetBias = 1, forgetGate = true } = form;
    if (forgetBias === 'chrono') fillChronoBias(b, longest, H, random.fork('chrono'));
    else addForgetBias(b, forgetBias, H);
    return { cell, ...shared, b, forgetGate };
  }
  const leak = new Float64Array(H).fill(1);
  if (cell === 'leaky') fillLogSpreadLeaks(leak, LEAKS.fastest, LEAKS.slowest);
  return { cell, ...shared, b, leak, nonlinearity: form.nonlinearity ?? 'tanh' };
}

function fillRecurrent(W: Float64Array, { recurrent }: UntrainedCell, H: number, random: Random): void {
  if (recurrent === 'orthogonal') fillOrthogonal(W, H, H, random);
  else if (recurrent === 'identity') fillIdentity(W, H);
  else if (recurrent === 'uniform') fillUniform(W, H, random);
  else for (let k = 0; k < W.length; k++) W[k] = random.uniform(-1, 1);
}
