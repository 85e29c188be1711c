/** Hues of the cells that learn: the plain RNN has the one that it has in the picture of gradients. */
import type { Racer } from './race.js';

export const TONES: Readonly<Record<Racer, number>> = {
  ...{ lstm: 0, rnn: 1, gru: 2, 'lstm-chrono': 3, 'lstm-short': 4 },
};
