/** The LSTM and its variants (cells/lstm.ts, cells/lstm-projection.ts). Gate order i f g o, peepholes i f o. */
import { addForgetBias, fillChronoBias } from '../cells/initialisation.js';
import { type LstmVariant, lstmBackward, lstmForward } from '../cells/lstm.js';
import { projectedLstmBackward, projectedLstmForward } from '../cells/lstm-projection.js';
import type { RecurrentCell } from './recurrent-cell.js';

export interface LstmForm {
  readonly forgetGate: boolean;
  readonly peephole: boolean;
  /** Width of h where it is projected; 0 is no projection. */
  readonly projSize: number;
  readonly bptt: 'full' | 'short';
  /** Added to the forget gate's part of bias_ih at the start. */
  readonly forgetBias: number;
  /** For the chrono initialisation, which is not the one where this is undefined. */
  readonly longest: number | undefined;
}

export function lstmCell(hiddenSize: number, form: LstmForm): RecurrentCell {
  const { forgetGate, peephole, projSize, forgetBias, longest } = form;
  const variant: LstmVariant = { forgetGate, bptt: form.bptt === 'short' ? 'short' : 'complete' };
  return {
    name: 'LSTM',
    hiddenSize,
    gates: 4,
    states: { h: projSize || hiddenSize, c: hiddenSize },
    extras: {
      ...(projSize > 0 && { weight_hr: [projSize, hiddenSize] }),
      ...(peephole && { peephole: [3, hiddenSize] }),
    },
    separateBias: false,
    spec: (inputSize) => ({
      kind: 'lstm',
      ...{ inputSize, hiddenSize, forgetGate, peephole },
      ...(projSize > 0 && { projSize }),
      ...(form.bptt === 'short' && { shortBptt: true }),
    }),
    start(name, values, random) {
      if (name !== 'bias_ih' || !forgetGate) return;
      if (longest === undefined) addForgetBias(values, forgetBias, hiddenSize);
      else fillChronoBias(values, longest, hiddenSize, random);
    },
    run: projSize > 0 ? projectedRun(hiddenSize, projSize, variant) : plainRun(hiddenSize, variant),
  };
}

function plainRun(H: number, variant: LstmVariant): RecurrentCell['run'] {
  return ({ weight_ih: Wx, weight_hh: Wh, bias: b, peephole: P }, x, { h: h0, c: c0 }, { steps: T, batch: B }) => {
    const sizes = { T, B, D: x.length / (T * B), H };
    const parameters = { Wx, Wh, b, P };
    const trace = {
      h: new Float64Array((T + 1) * B * H),
      c: new Float64Array((T + 1) * B * H),
      gates: new Float64Array(T * B * 4 * H),
    };
    lstmForward(trace, x, h0, c0, parameters, sizes, variant);
    return {
      output: trace.h.subarray(B * H),
      state: { h: trace.h.subarray(T * B * H), c: trace.c.subarray(T * B * H) },
      backward(dOutput, dState, { weight_ih: dWx, weight_hh: dWh, bias: db, peephole: dP }) {
        const gradients = {
          dx: new Float64Array(x.length),
          dh0: new Float64Array(B * H),
          dc0: new Float64Array(B * H),
          dz: new Float64Array(T * B * 4 * H),
          ...{ dWx, dWh, db, dP },
        };
        lstmBackward(gradients, dOutput, dState.h, dState.c, trace, x, parameters, sizes, variant);
        return { dInput: gradients.dx, dState: { h: gradients.dh0, c: gradients.dc0 } };
      },
    };
  };
}

function projectedRun(H: number, R: number, variant: LstmVariant): RecurrentCell['run'] {
  return (arrays, x, { h: h0, c: c0 }, { steps: T, batch: B }) => {
    const { weight_ih: Wx, weight_hh: Wh, bias: b, peephole: P, weight_hr: Wp } = arrays;
    const sizes = { T, B, D: x.length / (T * B), H, R };
    const parameters = { Wx, Wh, b, P, Wp };
    const trace = {
      h: new Float64Array((T + 1) * B * R),
      c: new Float64Array((T + 1) * B * H),
      gates: new Float64Array(T * B * 4 * H),
      m: new Float64Array(T * B * H),
    };
    projectedLstmForward(trace, x, h0, c0, parameters, sizes, variant);
    return {
      output: trace.h.subarray(B * R),
      state: { h: trace.h.subarray(T * B * R), c: trace.c.subarray(T * B * H) },
      backward(dOutput, dState, { weight_ih: dWx, weight_hh: dWh, bias: db, peephole: dP, weight_hr: dWp }) {
        const gradients = {
          dx: new Float64Array(x.length),
          dh0: new Float64Array(B * R),
          dc0: new Float64Array(B * H),
          dz: new Float64Array(T * B * 4 * H),
          dh: new Float64Array(T * B * R),
          dm: new Float64Array(B * H),
          ...{ dWx, dWh, db, dP, dWp },
        };
        projectedLstmBackward(gradients, dOutput, dState.h, dState.c, trace, x, parameters, sizes, variant);
        return { dInput: gradients.dx, dState: { h: gradients.dh0, c: gradients.dc0 } };
      },
    };
  };
}
