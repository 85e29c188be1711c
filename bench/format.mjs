/** Numbers and names as the report and the picture write them. */

const three = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** A time in milliseconds, with the unit that suits it. */
export function formatTime(ms) {
  if (ms >= 1000) return `${three(ms / 1000)} s`;
  return ms >= 0.1 ? `${three(ms)} ms` : `${three(ms * 1000)} µs`;
}

export const formatRate = (rate) => (rate >= 10 ? rate.toFixed(0) : rate.toPrecision(2));

export const formatRatio = (ratio) => `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}×`;

const CELLS = { lstm: 'LSTM', gru: 'GRU', 'gru-before': 'GRU (reset before)', rnn: 'RNN' };

/** `LSTM 32, 48, 1, 32`: the cell and B, T, I, H. */
export function shapeName({ kind, cell, B, T, I, H, units }) {
  if (kind === 'esn') return `${units} units`;
  const sizes = kind === 'stream' ? `H ${H}` : [B, T, I, H].join(', ');
  return `${CELLS[cell]} ${sizes}`;
}
