/** The cells and variants that PyTorch does not have as layers, by the names of fixtures/variant-goldens.json. */
import { type Build, gruResetBefore, leaky, lstm, projectedLstm } from './cell-under-test.test.support.js';
import * as gruResetBeforeCell from './gru-reset-before.js';
import * as leakyCell from './leaky.js';
import * as lstmCell from './lstm.js';
import * as projectionCell from './lstm-projection.js';

const two = () => 2;

export const VARIANTS: Record<string, Build> = {
  'leaky-tanh-one': leaky(leakyCell, 'tanh', 'one'),
  'leaky-tanh-per-unit': leaky(leakyCell, 'tanh', 'per unit'),
  'leaky-relu-per-unit': leaky(leakyCell, 'relu', 'per unit'),
  'gru-reset-before': gruResetBefore(gruResetBeforeCell),
  'lstm-peepholes': lstm(lstmCell, { peepholes: true }),
  'lstm-1997': lstm(lstmCell, { forgetGate: false }),
  'lstm-1997-peepholes': lstm(lstmCell, { forgetGate: false, peepholes: true }),
  'lstm-projection-peepholes': projectedLstm(projectionCell, two, { peepholes: true }),
  'lstm-1997-projection': projectedLstm(projectionCell, two, { forgetGate: false }),
};
