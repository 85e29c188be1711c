/**
 * The same numbers for every contender, in every language: one linear congruential sequence per array.
 *   s ← 1664525·s + 1013904223 mod 2³² ;  value = (s >> 8)/2²³ − 1, in [−1, 1)
 * Arrays are row-major in PyTorch's shapes, x and targets time-major: x [T,B,I], Wx [G·H,I], Wh [G·H,H], b [G·H].
 */

/** Gates of a cell: LSTM i f g o, GRU r z n, RNN one. */
export const GATES = { lstm: 4, gru: 3, 'gru-before': 3, rnn: 1 };

/** Seed of each array. Weights have amplitude 1/√H, biases 0.1, everything else 1. */
export const SEEDS = { x: 1, Wx: 2, Wh: 3, b: 4, dY: 5, target: 6, headW: 7, headB: 8 };

/** The first `length` values of the sequence that starts at `seed`, times `amplitude`. */
export function sequence(length, seed, amplitude = 1) {
  const values = new Float32Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = amplitude * ((state >>> 8) / 8388608 - 1);
  }
  return values;
}

/** All arrays of a case { cell, B, T, I, H }: what is in, what is learned, what comes back. */
export function arraysOf({ cell, B, T, I, H }) {
  const rows = GATES[cell] * H;
  const weight = 1 / Math.sqrt(H);
  return {
    x: sequence(T * B * I, SEEDS.x),
    Wx: sequence(rows * I, SEEDS.Wx, weight),
    Wh: sequence(rows * H, SEEDS.Wh, weight),
    b: sequence(rows, SEEDS.b, 0.1),
    dY: sequence(T * B * H, SEEDS.dY),
    target: sequence(T * B, SEEDS.target),
    headW: sequence(H, SEEDS.headW, weight),
    headB: sequence(1, SEEDS.headB, 0.1),
  };
}

/**
 * A reservoir of N units with ten recurrent weights in every row, in float64: columns from seed 11, values from seed 12,
 * so that row k has columns[10k …] and values[10k …]. A column that is drawn twice in a row counts with its sum.
 */
export function reservoirArrays({ units, steps }) {
  const perRow = 10;
  const columns = sequence(units * perRow, 11).map((value) => Math.floor(((value + 1) / 2) * units));
  return {
    perRow,
    columns,
    values: sequence(units * perRow, 12, 0.4),
    Wx: sequence(units, 13, 0.5),
    b: sequence(units, 14, 0.1),
    out: sequence(1 + 1 + units, 15, 1 / Math.sqrt(units)),
    x: sequence(steps, 16),
  };
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);
export const sumAbs = (values) => values.reduce((total, value) => total + Math.abs(value), 0);

/** [rows, columns] → [columns, rows]. */
export function transposed(values, rows, columns) {
  const result = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c];
  return result;
}

/** Blocks of `values`, one for each gate, in another order: `order[k]` is which of ours comes k-th. */
export function reordered(values, order) {
  const size = values.length / order.length;
  const result = new Float32Array(values.length);
  order.forEach((from, to) => {
    result.set(values.subarray(from * size, (from + 1) * size), to * size);
  });
  return result;
}
