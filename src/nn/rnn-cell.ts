import { type Nonlinearity, rnnBackward, rnnForward } from '../cells/rnn.js';
import type { RecurrentCell } from './recurrent-cell.js';

/** The plain recurrent cell (cells/rnn.ts). */
export function rnnCell(hiddenSize: number, nonlinearity: Nonlinearity): RecurrentCell {
  return {
    name: 'RNN',
    hiddenSize,
    gates: 1,
    states: { h: hiddenSize },
    extras: {},
    separateBias: false,
    spec: (inputSize) => ({ kind: 'rnn', inputSize, hiddenSize, nonlinearity }),
    start() {},
    run({ weight_ih: Wx, weight_hh: Wh, bias: b }, x, { h: h0 }, { steps: T, batch: B }) {
      const H = hiddenSize;
      const sizes = { T, B, D: x.length / (T * B), H };
      const h = new Float64Array((T + 1) * B * H);
      rnnForward(h, x, h0, { Wx, Wh, b }, nonlinearity, sizes);
      return {
        output: h.subarray(B * H),
        state: { h: h.subarray(T * B * H) },
        backward(dOutput, dState, { weight_ih: dWx, weight_hh: dWh, bias: db }) {
          const data = {
            dx: new Float64Array(x.length),
            dh0: new Float64Array(B * H),
            dz: new Float64Array(T * B * H),
          };
          rnnBackward({ ...data, dWx, dWh, db }, dOutput, dState.h, h, x, { Wx, Wh, b }, nonlinearity, sizes);
          return { dInput: data.dx, dState: { h: data.dh0 } };
        },
      };
    },
  };
}
