/**
 * What is measured, as data. Kinds:
 *
 *   layer    one recurrent layer, forward and complete backward (weights, input) with dY given
 *   step     one training step: recurrent layer, Linear(H → 1) on every step, loss, backward, clipping by norm, Adam
 *   forward  one recurrent layer, forward only
 *   stream   B = T = 1: one step of a live series
 *   esn      a reservoir and its readout over a series, float64
 *   fleet    one step for many live series
 */
import { GATES } from './data.mjs';

/** B, T, I, H */
const LSTM = [
  [32, 48, 1, 32],
  [32, 48, 8, 64],
  [128, 24, 16, 40],
  [64, 96, 8, 128],
  [64, 96, 8, 256],
  [1, 256, 1, 64],
  [256, 48, 32, 512],
];
const OTHER_CELLS = [
  [32, 48, 8, 64],
  [64, 96, 8, 128],
];

export const KINDS = {
  layer: 'Forward and backward of one layer',
  step: 'Training step: layer, linear head, loss, backward, clipping, Adam',
  forward: 'Forward pass of one layer',
  stream: 'One step of a live series',
  esn: 'Echo state network, 1000 steps',
  fleet: 'One step for each of many live series',
};

const sized = (kind, cell, [B, T, I, H]) => ({ name: `${cell} ${kind} ${B},${T},${I},${H}`, kind, cell, B, T, I, H });

export const CASES = [
  ...LSTM.map((shape) => sized('layer', 'lstm', shape)),
  ...['gru', 'rnn'].flatMap((cell) => OTHER_CELLS.map((shape) => sized('layer', cell, shape))),
  ...LSTM.map((shape) => sized('step', 'lstm', shape)),
  ...['gru', 'gru-before', 'rnn'].flatMap((cell) => OTHER_CELLS.map((shape) => sized('step', cell, shape))),
  ...LSTM.map((shape) => sized('forward', 'lstm', shape)),
  ...[32, 64, 128, 256].map((H) => sized('stream', 'lstm', [1, 1, 1, H])),
  { name: 'esn 1000 units', kind: 'esn', cell: 'esn', units: 1000, steps: 1000 },
  { name: 'lstm fleet 100000,1,1,32', kind: 'fleet', cell: 'lstm', B: 100_000, T: 1, I: 1, H: 32 },
];

/** What the training-step contenders share. The loss is half the mean absolute error: the quantile loss at ½. */
export const TRAINING = { learningRate: 1e-3, clipNorm: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Floating-point operations of the matrix products of one run; NaN where the unit means nothing. */
export function operations({ kind, cell, B, T, I, H }) {
  const passes = { layer: 3, step: 3, forward: 1, stream: 1, fleet: 1 }[kind];
  return passes === undefined ? Number.NaN : passes * 2 * B * T * GATES[cell] * H * (I + H);
}
