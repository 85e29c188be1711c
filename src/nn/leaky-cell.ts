import { leakyBackward, leakyForward } from '../cells/leaky.js';
import type { Nonlinearity } from '../cells/rnn.js';
import type { RecurrentCell } from './recurrent-cell.js';

/** The leaky-integrator cell (cells/leaky.ts). `leaks`: λ at the start, [1] for all units or [H]. */
export function leakyCell(hiddenSize: number, nonlinearity: Nonlinearity, leaks: Float64Array): RecurrentCell {
  return {
    name: 'LeakyRNN',
    hiddenSize,
    gates: 1,
    states: { h: hiddenSize },
    extras: { leak: [leaks.length] },
    separateBias: false,
    spec: (inputSize) => ({ kind: 'leaky', inputSize, hiddenSize, nonlinearity }),
    start(name, values) {
      if (name === 'leak') values.set(leaks);
    },
    run({ weight_ih: Wx, weight_hh: Wh, bias: b, leak }, x, { h: h0 }, { steps: T, batch: B }) {
      const H = hiddenSize;
      const sizes = { T, B, D: x.length / (T * B), H };
      const parameters = { Wx, Wh, b, leak };
      const trace = { h: new Float64Array((T + 1) * B * H), a: new Float64Array(T * B * H) };
      leakyForward(trace, x, h0, parameters, nonlinearity, sizes);
      return {
        output: trace.h.subarray(B * H),
        state: { h: trace.h.subarray(T * B * H) },
        backward(dOutput, dState, { weight_ih: dWx, weight_hh: dWh, bias: db, leak: dleak }) {
          const gradients = {
            dx: new Float64Array(x.length),
            dh0: new Float64Array(B * H),
            dz: new Float64Array(T * B * H),
            ...{ dWx, dWh, db, dleak },
          };
          leakyBackward(gradients, dOutput, dState.h, trace, x, parameters, nonlinearity, sizes);
          return { dInput: gradients.dx, dState: { h: gradients.dh0 } };
        },
      };
    },
  };
}
