/** The cells that the lab compares, each as it is usually started. */
import { gruCell } from '../../nn/gru-cell.js';
import { leakyCell } from '../../nn/leaky-cell.js';
import { startLeaks } from '../../nn/leaky-rnn.js';
import { type LstmForm, lstmCell } from '../../nn/lstm-cell.js';
import type { RecurrentCell } from '../../nn/recurrent-cell.js';
import type { Initialisation } from '../../nn/recurrent-init.js';
import { rnnCell } from '../../nn/rnn-cell.js';

/** A cell that is trained by gradients. */
export interface LabCell {
  readonly summary: string;
  readonly init: Initialisation;
  /** Of Adam, where none is given: plain units need small steps. */
  readonly learningRate: number;
  /** @param longest the longest sequence, for what starts with time scales up to it */
  make(hiddenSize: number, longest: number): RecurrentCell;
}

const LSTM: LstmForm = {
  ...{ forgetGate: true, peephole: false, projSize: 0, bptt: 'full', forgetBias: 1, longest: undefined },
};
const lstm =
  (form: Partial<LstmForm>): LabCell['make'] =>
  (hiddenSize) =>
    lstmCell(hiddenSize, { ...LSTM, ...form });

/**
 * By name. All start with Glorot input weights, orthogonal recurrent weights gate by gate and zero biases, except for what the
 * summary says. `esn` is not among them: see reservoir.ts.
 */
export const LAB_CELLS: Readonly<Record<string, LabCell>> = {
  rnn: {
    summary: 'plain units, tanh, orthogonal recurrent weights',
    ...{ init: 'orthogonal', learningRate: 0.001 },
    make: (hiddenSize) => rnnCell(hiddenSize, 'tanh'),
  },
  irnn: {
    summary: 'plain units, ReLU, the identity as recurrent weights (Le et al. 2015)',
    ...{ init: 'identity', learningRate: 0.001 },
    make: (hiddenSize) => rnnCell(hiddenSize, 'relu'),
  },
  leaky: {
    summary: 'leaky units, leaks from 1 to 1/T on a log scale',
    ...{ init: 'orthogonal', learningRate: 0.005 },
    make: (hiddenSize, longest) => {
      const leaks = startLeaks({ fastest: 1, slowest: 1 / Math.max(2, longest) }, hiddenSize);
      return leakyCell(hiddenSize, 'tanh', leaks);
    },
  },
  gru: {
    summary: 'gated recurrent units',
    ...{ init: 'orthogonal', learningRate: 0.005 },
    make: (hiddenSize) => gruCell(hiddenSize, true, undefined),
  },
  'gru-chrono': {
    summary: 'GRU, update gates started for times up to T (Tallec & Ollivier 2018)',
    ...{ init: 'orthogonal', learningRate: 0.005 },
    make: (hiddenSize, longest) => gruCell(hiddenSize, true, Math.max(3, longest)),
  },
  'lstm-1997': {
    summary: 'LSTM without forget gate, as it was first published',
    ...{ init: 'orthogonal', learningRate: 0.005 },
    make: lstm({ forgetGate: false }),
  },
  lstm: {
    summary: 'LSTM, forget bias 1',
    ...{ init: 'orthogonal', learningRate: 0.005 },
    make: lstm({}),
  },
  'lstm-chrono': {
    summary: 'LSTM, forget gates started for times up to T (Tallec & Ollivier 2018)',
    ...{ init: 'orthogonal', learningRate: 0.005 },
    make: (hiddenSize, longest) => lstm({ longest: Math.max(3, longest) })(hiddenSize, longest),
  },
  'lstm-short': {
    summary: 'LSTM, forget bias 1, trained by the short form of back-propagation: a famous mistake',
    ...{ init: 'orthogonal', learningRate: 0.005 },
    make: lstm({ bptt: 'short' }),
  },
};

/** All names, with the network that is not trained by gradients. */
export const CELL_NAMES: readonly string[] = ['rnn', 'irnn', 'leaky', 'esn', ...Object.keys(LAB_CELLS).slice(3)];
