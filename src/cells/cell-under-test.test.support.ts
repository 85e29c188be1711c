/**
 * Every cell and variant behind one face, so that one suite of checks runs over all of them: parameters and initial
 * states by name, a forward pass to the outputs and the final states, a backward pass to the gradients by the same names.
 * The functions of a cell come in from outside: the cell itself, or a mutant of it.
 */
import type { Random } from '../random.js';
import type { Nonlinearity } from './activations.js';
import type * as gruCell from './gru.js';
import type * as gruResetBeforeCell from './gru-reset-before.js';
import { fillOrthogonal } from './initialisation.js';
import type * as leakyCell from './leaky.js';
import type * as lstmCell from './lstm.js';
import type { LstmVariant } from './lstm.js';
import type * as projectionCell from './lstm-projection.js';
import type * as rnnCell from './rnn.js';
import type { SequenceSizes } from './sequence-sizes.js';

export type Arrays = Record<string, Float64Array>;

export interface CellUnderTest {
  /** Width of the output, H but for a projection. */
  outputSize: number;
  parameters: Arrays;
  /** Initial states: h, and c where there is one. */
  states: Arrays;
  /** y [T,B,outputSize], and the final states by the names of the initial ones. */
  forward(x: Float64Array): { y: Float64Array; ends: Arrays };
  /** Of the last forward. `ends`: the error at the final states. Parameter gradients add up over calls. */
  backward(dy: Float64Array, ends: Arrays): { dx: Float64Array; parameters: Arrays; states: Arrays };
}

/** A cell with random parameters and states, or with those in `values`. */
export type Build = (sizes: SequenceSizes, random: Random, values?: Arrays) => CellUnderTest;

const zeros = (length: number) => new Float64Array(length);
/** What a pass must overwrite starts dirty. */
const dirty = (length: number) => new Float64Array(length).fill(7);

/**
 * Arrays of the given lengths, taken from `values` or else normal with the given deviation (0.6 where none is given).
 * Deviations and openings are chosen for an error that neither saturates nor vanishes within 20 steps: what has vanished
 * cannot be compared with differences, whose rounding is about 1e-9.
 */
function draw(
  lengths: Record<string, number>,
  random: Random,
  values: Arrays | undefined,
  deviations: Record<string, number> = {},
): Arrays {
  return Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => [
      name,
      values?.[name] ?? zeros(length).map(() => random.normal(0, deviations[name] ?? 0.6)),
    ]),
  );
}

/** Adds to the biases of gate number `gate`, unless the values came from outside. */
function shift(b: Float64Array, gate: number, H: number, by: number, values: Arrays | undefined): void {
  if (values === undefined) for (let j = gate * H; j < (gate + 1) * H; j++) b[j] += by;
}

export function rnn(cell: Pick<typeof rnnCell, 'rnnForward' | 'rnnBackward'>, nonlinearity: Nonlinearity): Build {
  return (sizes, random, values) => {
    const { T, B, D, H } = sizes;
    const deviations = nonlinearity === 'tanh' ? { Wx: 0.3, b: 0.1 } : {};
    const { h0, ...parameters } = draw({ Wx: H * D, Wh: H * H, b: H, h0: B * H }, random, values, deviations);
    const { Wx, Wh, b } = parameters;
    if (values === undefined && nonlinearity === 'tanh') fillOrthogonal(Wh, H, H, random, 1.4);
    const h = dirty((T + 1) * B * H);
    const sums = { dWx: zeros(H * D), dWh: zeros(H * H), db: zeros(H) };
    const data = { dx: dirty(T * B * D), dh0: dirty(B * H), dz: dirty(T * B * H) };
    let x: Float64Array;
    return {
      outputSize: H,
      parameters,
      states: { h: h0 },
      forward(input) {
        x = input;
        cell.rnnForward(h, x, h0, { Wx, Wh, b }, nonlinearity, sizes);
        return { y: h.subarray(B * H), ends: { h: h.subarray(T * B * H) } };
      },
      backward(dy, ends) {
        cell.rnnBackward({ ...data, ...sums }, dy, ends.h, h, x, { Wx, Wh, b }, nonlinearity, sizes);
        return { dx: data.dx, parameters: { Wx: sums.dWx, Wh: sums.dWh, b: sums.db }, states: { h: data.dh0 } };
      },
    };
  };
}

export function leaky(
  cell: Pick<typeof leakyCell, 'leakyForward' | 'leakyBackward'>,
  nonlinearity: Nonlinearity,
  leaks: 'one' | 'per unit',
): Build {
  return (sizes, random, values) => {
    const { T, B, D, H } = sizes;
    const { h0, ...parameters } = draw({ Wx: H * D, Wh: H * H, b: H, h0: B * H }, random, values);
    const { Wx, Wh, b } = parameters;
    const leak = values?.leak ?? zeros(leaks === 'one' ? 1 : H).map(() => random.uniform(0.1, 0.9));
    const trace = { h: dirty((T + 1) * B * H), a: dirty(T * B * H) };
    const sums = { dWx: zeros(H * D), dWh: zeros(H * H), db: zeros(H), dleak: zeros(leak.length) };
    const data = { dx: dirty(T * B * D), dh0: dirty(B * H), dz: dirty(T * B * H) };
    let x: Float64Array;
    return {
      outputSize: H,
      parameters: { ...parameters, leak },
      states: { h: h0 },
      forward(input) {
        x = input;
        cell.leakyForward(trace, x, h0, { Wx, Wh, b, leak }, nonlinearity, sizes);
        return { y: trace.h.subarray(B * H), ends: { h: trace.h.subarray(T * B * H) } };
      },
      backward(dy, ends) {
        cell.leakyBackward({ ...data, ...sums }, dy, ends.h, trace, x, { Wx, Wh, b, leak }, nonlinearity, sizes);
        const { dWx, dWh, db, dleak } = sums;
        return { dx: data.dx, parameters: { Wx: dWx, Wh: dWh, b: db, leak: dleak }, states: { h: data.dh0 } };
      },
    };
  };
}

export function gru(cell: Pick<typeof gruCell, 'gruForward' | 'gruBackward'>): Build {
  return (sizes, random, values) => {
    const { T, B, D, H } = sizes;
    const lengths = { Wx: 3 * H * D, Wh: 3 * H * H, bx: 3 * H, bh: 3 * H, h0: B * H };
    const { h0, ...parameters } = draw(lengths, random, values);
    const { Wx, Wh, bx, bh } = parameters;
    shift(bx, 1, H, 1.5, values);
    const gates = T * B * 3 * H;
    const trace = { h: dirty((T + 1) * B * H), gates: dirty(gates), recurrent: dirty(gates) };
    const sums = { dWx: zeros(3 * H * D), dWh: zeros(3 * H * H), dbx: zeros(3 * H), dbh: zeros(3 * H) };
    const data = { dx: dirty(T * B * D), dh0: dirty(B * H), da: dirty(gates), drecurrent: dirty(gates) };
    let x: Float64Array;
    return {
      outputSize: H,
      parameters,
      states: { h: h0 },
      forward(input) {
        x = input;
        cell.gruForward(trace, x, h0, { Wx, Wh, bx, bh }, sizes);
        return { y: trace.h.subarray(B * H), ends: { h: trace.h.subarray(T * B * H) } };
      },
      backward(dy, ends) {
        cell.gruBackward({ ...data, ...sums }, dy, ends.h, trace, x, { Wx, Wh, bx, bh }, sizes);
        const { dWx, dWh, dbx, dbh } = sums;
        return { dx: data.dx, parameters: { Wx: dWx, Wh: dWh, bx: dbx, bh: dbh }, states: { h: data.dh0 } };
      },
    };
  };
}

export function gruResetBefore(
  cell: Pick<typeof gruResetBeforeCell, 'gruResetBeforeForward' | 'gruResetBeforeBackward'>,
): Build {
  return (sizes, random, values) => {
    const { T, B, D, H } = sizes;
    const { h0, ...parameters } = draw({ Wx: 3 * H * D, Wh: 3 * H * H, b: 3 * H, h0: B * H }, random, values);
    const { Wx, Wh, b } = parameters;
    shift(b, 1, H, 1.5, values);
    const trace = { h: dirty((T + 1) * B * H), gates: dirty(T * B * 3 * H), resetState: dirty(T * B * H) };
    const sums = { dWx: zeros(3 * H * D), dWh: zeros(3 * H * H), db: zeros(3 * H) };
    const data = {
      dx: dirty(T * B * D),
      dh0: dirty(B * H),
      da: dirty(T * B * 3 * H),
      dresetState: dirty(B * H),
    };
    let x: Float64Array;
    return {
      outputSize: H,
      parameters,
      states: { h: h0 },
      forward(input) {
        x = input;
        cell.gruResetBeforeForward(trace, x, h0, { Wx, Wh, b }, sizes);
        return { y: trace.h.subarray(B * H), ends: { h: trace.h.subarray(T * B * H) } };
      },
      backward(dy, ends) {
        cell.gruResetBeforeBackward({ ...data, ...sums }, dy, ends.h, trace, x, { Wx, Wh, b }, sizes);
        return { dx: data.dx, parameters: { Wx: sums.dWx, Wh: sums.dWh, b: sums.db }, states: { h: data.dh0 } };
      },
    };
  };
}

/** `peepholes`: with P; everything else as the cell's own options. */
export interface LstmForm extends LstmVariant {
  peepholes?: boolean;
}

/** Names and lengths of an LSTM's parameters and states, R the size of h; without Wp, which only a projection has. */
const lstmLengths = ({ B, D, H }: SequenceSizes, R: number, form: LstmForm) => ({
  Wx: 4 * H * D,
  Wh: 4 * H * R,
  b: 4 * H,
  ...(form.peepholes ? { P: 3 * H } : {}),
  h0: B * R,
  c0: B * H,
});

/** Forget gates ajar, and little let in, so that tanh(C) does not saturate. */
function balance(b: Float64Array, H: number, values: Arrays | undefined): void {
  shift(b, 0, H, -1.5, values);
  shift(b, 1, H, 2.5, values);
}

export function lstm(cell: Pick<typeof lstmCell, 'lstmForward' | 'lstmBackward'>, form: LstmForm = {}): Build {
  return (sizes, random, values) => {
    const { T, B, D, H } = sizes;
    const { h0, c0, ...parameters } = draw(lstmLengths(sizes, H, form), random, values);
    const { Wx, Wh, b, P } = parameters;
    balance(b, H, values);
    const trace = { h: dirty((T + 1) * B * H), c: dirty((T + 1) * B * H), gates: dirty(T * B * 4 * H) };
    const sums = { dWx: zeros(4 * H * D), dWh: zeros(4 * H * H), db: zeros(4 * H), dP: zeros(3 * H) };
    const data = { dx: dirty(T * B * D), dh0: dirty(B * H), dc0: dirty(B * H), dz: dirty(T * B * 4 * H) };
    let x: Float64Array;
    return {
      outputSize: H,
      parameters,
      states: { h: h0, c: c0 },
      forward(input) {
        x = input;
        cell.lstmForward(trace, x, h0, c0, { Wx, Wh, b, P }, sizes, form);
        const ends = { h: trace.h.subarray(T * B * H), c: trace.c.subarray(T * B * H) };
        return { y: trace.h.subarray(B * H), ends };
      },
      backward(dy, ends) {
        const gradients = { ...data, ...sums, dP: P && sums.dP };
        cell.lstmBackward(gradients, dy, ends.h, ends.c, trace, x, { Wx, Wh, b, P }, sizes, form);
        const { dWx, dWh, db, dP } = sums;
        return {
          dx: data.dx,
          parameters: { Wx: dWx, Wh: dWh, b: db, ...(P && { P: dP }) },
          states: { h: data.dh0, c: data.dc0 },
        };
      },
    };
  };
}

export function projectedLstm(
  cell: Pick<typeof projectionCell, 'projectedLstmForward' | 'projectedLstmBackward'>,
  projectedSize: (H: number) => number,
  form: LstmForm = {},
): Build {
  return (sizes, random, values) => {
    const { T, B, D, H } = sizes;
    const R = projectedSize(H);
    const { h0, c0, ...parameters } = draw({ Wp: R * H, ...lstmLengths(sizes, R, form) }, random, values, {
      Wp: 1,
      Wh: 1,
    });
    const { Wx, Wh, b, P, Wp } = parameters;
    balance(b, H, values);
    const trace = {
      h: dirty((T + 1) * B * R),
      c: dirty((T + 1) * B * H),
      gates: dirty(T * B * 4 * H),
      m: dirty(T * B * H),
    };
    const sums = {
      dWx: zeros(4 * H * D),
      dWh: zeros(4 * H * R),
      db: zeros(4 * H),
      dP: zeros(3 * H),
      dWp: zeros(R * H),
    };
    const data = {
      dx: dirty(T * B * D),
      dh0: dirty(B * R),
      dc0: dirty(B * H),
      dz: dirty(T * B * 4 * H),
      dh: dirty(T * B * R),
      dm: dirty(B * H),
    };
    const all = { ...sizes, R };
    let x: Float64Array;
    return {
      outputSize: R,
      parameters,
      states: { h: h0, c: c0 },
      forward(input) {
        x = input;
        cell.projectedLstmForward(trace, x, h0, c0, { Wx, Wh, b, P, Wp }, all, form);
        return { y: trace.h.subarray(B * R), ends: { h: trace.h.subarray(T * B * R), c: trace.c.subarray(T * B * H) } };
      },
      backward(dy, ends) {
        const gradients = { ...data, ...sums, dP: P && sums.dP };
        cell.projectedLstmBackward(gradients, dy, ends.h, ends.c, trace, x, { Wx, Wh, b, P, Wp }, all, form);
        const { dWx, dWh, db, dP, dWp } = sums;
        return {
          dx: data.dx,
          parameters: { Wx: dWx, Wh: dWh, b: db, ...(P && { P: dP }), Wp: dWp },
          states: { h: data.dh0, c: data.dc0 },
        };
      },
    };
  };
}
