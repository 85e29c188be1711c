/** The GRU's two forms (cells/gru.ts, cells/gru-reset-before.ts). Gate order r z n. */
import { gruBackward, gruForward } from '../cells/gru.js';
import { gruResetBeforeBackward, gruResetBeforeForward } from '../cells/gru-reset-before.js';
import { fillChronoBias } from '../cells/initialisation.js';
import type { RecurrentCell } from './recurrent-cell.js';

/** `longest`: for the chrono initialisation, which is not the one where this is undefined. */
export function gruCell(hiddenSize: number, resetAfter: boolean, longest: number | undefined): RecurrentCell {
  return {
    name: 'GRU',
    hiddenSize,
    gates: 3,
    states: { h: hiddenSize },
    extras: {},
    separateBias: resetAfter,
    spec: (inputSize) => ({ kind: 'gru', inputSize, hiddenSize, resetAfter }),
    start(name, values, random) {
      if (name !== 'bias_ih' || longest === undefined) return;
      // z keeps the state, as f does, and stands where f stands in the LSTM; there is no input gate for the other half.
      fillChronoBias(values, longest, hiddenSize, random);
      values.fill(0, 0, hiddenSize);
    },
    run: resetAfter ? resetAfterRun(hiddenSize) : resetBeforeRun(hiddenSize),
  };
}

function resetAfterRun(H: number): RecurrentCell['run'] {
  return ({ weight_ih: Wx, weight_hh: Wh, bias: bx, bias_hn }, x, { h: h0 }, { steps: T, batch: B }) => {
    const sizes = { T, B, D: x.length / (T * B), H };
    const gates = T * B * 3 * H;
    const bh = new Float64Array(3 * H);
    bh.set(bias_hn, 2 * H);
    const parameters = { Wx, Wh, bx, bh };
    const trace = {
      h: new Float64Array((T + 1) * B * H),
      gates: new Float64Array(gates),
      recurrent: new Float64Array(gates),
    };
    gruForward(trace, x, h0, parameters, sizes);
    return {
      output: trace.h.subarray(B * H),
      state: { h: trace.h.subarray(T * B * H) },
      backward(dOutput, dState, { weight_ih: dWx, weight_hh: dWh, bias: dbx, bias_hn: dbhn }) {
        const dbh = new Float64Array(3 * H);
        const gradients = {
          dx: new Float64Array(x.length),
          dh0: new Float64Array(B * H),
          da: new Float64Array(gates),
          drecurrent: new Float64Array(gates),
          ...{ dWx, dWh, dbx, dbh },
        };
        gruBackward(gradients, dOutput, dState.h, trace, x, parameters, sizes);
        for (let j = 0; j < H; j++) dbhn[j] += dbh[2 * H + j];
        return { dInput: gradients.dx, dState: { h: gradients.dh0 } };
      },
    };
  };
}

function resetBeforeRun(H: number): RecurrentCell['run'] {
  return ({ weight_ih: Wx, weight_hh: Wh, bias: b }, x, { h: h0 }, { steps: T, batch: B }) => {
    const sizes = { T, B, D: x.length / (T * B), H };
    const parameters = { Wx, Wh, b };
    const trace = {
      h: new Float64Array((T + 1) * B * H),
      gates: new Float64Array(T * B * 3 * H),
      resetState: new Float64Array(T * B * H),
    };
    gruResetBeforeForward(trace, x, h0, parameters, sizes);
    return {
      output: trace.h.subarray(B * H),
      state: { h: trace.h.subarray(T * B * H) },
      backward(dOutput, dState, { weight_ih: dWx, weight_hh: dWh, bias: db }) {
        const gradients = {
          dx: new Float64Array(x.length),
          dh0: new Float64Array(B * H),
          da: new Float64Array(T * B * 3 * H),
          dresetState: new Float64Array(B * H),
          ...{ dWx, dWh, db },
        };
        gruResetBeforeBackward(gradients, dOutput, dState.h, trace, x, parameters, sizes);
        return { dInput: gradients.dx, dState: { h: gradients.dh0 } };
      },
    };
  };
}
