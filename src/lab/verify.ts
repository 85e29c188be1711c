import { GRU, gradCheck, LeakyRNN, LSTM, RNN } from '../nn/index.js';
import { Random } from '../random.js';

/** What is checked: a layer by its options, once per engine. */
interface Case {
  readonly name: string;
  readonly make: (engine: 'reference' | 'wasm') => Layer;
  /** Names of the states, each of width `stateSizes`. */
  readonly states: Readonly<Record<string, number>>;
  /** Rows of a state: layers · directions. */
  readonly rows: number;
  readonly outputSize: number;
}

type Values = Float64Array | Float32Array;
type State = Readonly<Record<string, Values>>;

/** The part of a recurrent layer's face that is used here, whatever the engine. */
interface Layer {
  forward(x: Values, sizes: { steps: number; batch: number; state: State }): { output: Values; state: State };
  backward(gradients: { dOutput: Values; dState: State }): {
    dInput: Values;
    dState: State;
    grads: Readonly<Record<string, { data: Values }>>;
  };
  stateDict(): Record<string, { shape: readonly number[]; data: Values }>;
  loadStateDict(dict: Record<string, { shape: readonly number[]; data: Values }>): void;
}

/** The worst figure of one case over all lengths, losses and arrays. */
export interface VerifyRow {
  readonly name: string;
  /** Worst ‖a − n‖/(‖a‖ + ‖n‖) of the float64 gradients against central differences; the bound is 1e-7. */
  readonly finiteDifferences: number;
  /** Array and length where that was. */
  readonly where: string;
  /** Worst ‖a − b‖/‖b‖ of the float32 engine against float64: outputs, states, their gradients and all of the parameters' gradients; the bound is 1e-5. */
  readonly engine: number;
  readonly ok: boolean;
}

export const FINITE_DIFFERENCE_BOUND = 1e-7;
export const ENGINE_BOUND = 1e-5;

const INPUTS = 3;
const UNITS = 4;
const BATCH = 2;
const LENGTHS = [1, 2, 3, 20];

/** All cells, variants and stacks. */
function cases(): Case[] {
  const common = { inputSize: INPUTS, hiddenSize: UNITS, seed: 5 };
  const h = { h: UNITS };
  const hc = { h: UNITS, c: UNITS };
  const as = (layer: unknown) => layer as Layer;
  const list: [
    string,
    (engine: 'reference' | 'wasm') => Layer,
    Record<string, number>,
    layers: number,
    directions: number,
  ][] = [
    ['RNN tanh', (engine) => as(new RNN({ ...common, engine })), h, 1, 1],
    ['RNN ReLU', (engine) => as(new RNN({ ...common, nonlinearity: 'relu', engine })), h, 1, 1],
    [
      'RNN, 2 layers, bidirectional',
      (engine) => as(new RNN({ ...common, numLayers: 2, bidirectional: true, engine })),
      h,
      2,
      2,
    ],
    ['leaky RNN', (engine) => as(new LeakyRNN({ ...common, leak: 0.3, engine })), h, 1, 1],
    [
      'leaky RNN, a leak per unit',
      (engine) => as(new LeakyRNN({ ...common, leak: [0.1, 0.3, 0.6, 1], engine })),
      h,
      1,
      1,
    ],
    ['GRU reset-after', (engine) => as(new GRU({ ...common, engine })), h, 1, 1],
    ['GRU reset-before', (engine) => as(new GRU({ ...common, resetAfter: false, engine })), h, 1, 1],
    [
      'GRU, 2 layers, bidirectional',
      (engine) => as(new GRU({ ...common, numLayers: 2, bidirectional: true, engine })),
      h,
      2,
      2,
    ],
    ['LSTM', (engine) => as(new LSTM({ ...common, engine })), hc, 1, 1],
    ['LSTM without bias', (engine) => as(new LSTM({ ...common, bias: false, engine })), hc, 1, 1],
    ['LSTM of 1997, no forget gate', (engine) => as(new LSTM({ ...common, forgetGate: false, engine })), hc, 1, 1],
    ['LSTM with peepholes', (engine) => as(new LSTM({ ...common, peephole: true, engine })), hc, 1, 1],
    ['LSTM with projection', (engine) => as(new LSTM({ ...common, projSize: 2, engine })), { h: 2, c: UNITS }, 1, 1],
    ['LSTM, 3 layers', (engine) => as(new LSTM({ ...common, numLayers: 3, engine })), hc, 3, 1],
    [
      'LSTM, 2 layers, bidirectional',
      (engine) => as(new LSTM({ ...common, numLayers: 2, bidirectional: true, engine })),
      hc,
      2,
      2,
    ],
  ];
  return list.map(([name, make, states, layers, directions]) => ({
    name,
    make,
    states,
    rows: layers * directions,
    outputSize: states.h * directions,
  }));
}

/** How many rows verifyGradients gives. */
export const VERIFY_CASES = cases().length;

/**
 * Checks the back-propagation of every cell, variant and stack on this machine: the float64 reference against
 * central differences (T = 1, 2, 3, 20; loss on all steps and on the last only; every parameter, x and initial
 * state), and the float32 engine against the reference. One row per case, as it is done.
 * Method: docs/math.md, section 4.
 * @example [...verifyGradients()].every((row) => row.ok); // true
 */
export function* verifyGradients(seed: number | string = 1): Generator<VerifyRow> {
  for (const one of cases()) {
    let finiteDifferences = 0;
    let engine = 0;
    let where = '';
    for (const steps of LENGTHS) {
      for (const lastOnly of steps === 1 ? [false] : [false, true]) {
        const problem = pose(one, steps, lastOnly, new Random(`${seed}/${one.name}/${steps}/${lastOnly}`));
        for (const [array, error] of differences(one, problem)) {
          if (error <= finiteDifferences && !Number.isNaN(error)) continue;
          finiteDifferences = error;
          where = `${array}, T = ${steps}`;
        }
        engine = Math.max(engine, disagreement(one, problem));
      }
    }
    const ok = finiteDifferences <= FINITE_DIFFERENCE_BOUND && engine <= ENGINE_BOUND;
    yield { name: one.name, finiteDifferences, where, engine, ok };
  }
}

/** Inputs, initial states, and the weights of the loss Σ output·wOutput + Σ state·wState. */
interface Problem {
  readonly steps: number;
  readonly x: Float64Array;
  readonly state: Readonly<Record<string, Float64Array>>;
  readonly wOutput: Float64Array;
  readonly wState: Readonly<Record<string, Float64Array>>;
  readonly weights: ReturnType<Layer['stateDict']>;
}

function pose(one: Case, steps: number, lastOnly: boolean, random: Random): Problem {
  const draw = (count: number) => Float64Array.from({ length: count }, () => random.normal());
  const perState = () =>
    Object.fromEntries(Object.entries(one.states).map(([name, width]) => [name, draw(one.rows * BATCH * width)]));
  const wOutput = draw(steps * BATCH * one.outputSize);
  if (lastOnly) wOutput.fill(0, 0, (steps - 1) * BATCH * one.outputSize);
  const weights = one.make('reference').stateDict();
  // Weights of an untrained network would let the gradient vanish below the rounding of the differences within 20 steps.
  for (const [name, { data }] of Object.entries(weights))
    if (!name.startsWith('leak')) for (let i = 0; i < data.length; i++) data[i] = 0.6 * random.normal();
  return { steps, x: draw(steps * BATCH * INPUTS), state: perState(), wOutput, wState: perState(), weights };
}

/** Central differences of the reference by x, the initial states and every parameter. */
function differences(one: Case, { steps, x, state, wOutput, wState, weights }: Problem) {
  const layer = one.make('reference');
  const dict = weights;
  const moved: Record<string, Float64Array> = { x };
  for (const [name, values] of Object.entries(state)) moved[`${name}_0`] = values;
  for (const [name, { data }] of Object.entries(dict)) moved[name] = data as Float64Array;
  const run = () => {
    layer.loadStateDict(dict);
    return layer.forward(x, { steps, batch: BATCH, state });
  };
  const loss = () => {
    const { output, state: last } = run();
    return Object.keys(wState).reduce((sum, name) => sum + dot(last[name], wState[name]), dot(output, wOutput));
  };
  run();
  const { dInput, dState, grads } = layer.backward({ dOutput: wOutput, dState: wState });
  const gradients: Record<string, Float64Array> = { x: dInput as Float64Array };
  for (const name of Object.keys(state)) gradients[`${name}_0`] = dState[name] as Float64Array;
  for (const name of Object.keys(dict)) gradients[name] = grads[name].data as Float64Array;
  const { errors } = gradCheck(loss, moved, gradients);
  // Over many steps some arrays vanish below the rounding of the differences: those are measured against the largest.
  const sizes = Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, norm(values)]));
  const floor = 0.01 * Math.max(...Object.values(sizes));
  return Object.entries(errors).map(([name, error]): [string, number] => [
    name,
    sizes[name] < floor ? (error * sizes[name]) / floor : error,
  ]);
}

/** The largest relative difference between the engines at their initial weights, over outputs, states and gradients. */
function disagreement(one: Case, { steps, x, state, wOutput, wState }: Problem): number {
  const arrays = (engine: 'reference' | 'wasm') => {
    const narrow = (values: Float64Array): Values => (engine === 'wasm' ? Float32Array.from(values) : values);
    const all = (values: Readonly<Record<string, Float64Array>>) =>
      Object.fromEntries(Object.entries(values).map(([name, data]) => [name, narrow(data)]));
    const layer = one.make(engine);
    const { output, state: last } = layer.forward(narrow(x), { steps, batch: BATCH, state: all(state) });
    const { dInput, dState, grads } = layer.backward({ dOutput: narrow(wOutput), dState: all(wState) });
    return [
      output,
      ...Object.values(last),
      dInput,
      ...Object.values(dState),
      // As one array: a single number of it, such as a shared leak's, may be a sum that nearly cancels.
      Float64Array.from(Object.values(grads).flatMap(({ data }) => [...data])),
    ];
  };
  const right = arrays('reference');
  return arrays('wasm').reduce((worst, values, i) => Math.max(worst, relativeError(values, right[i])), 0);
}

function dot(a: Values, b: Values): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(a: Values): number {
  return Math.sqrt(dot(a, a));
}

/** ‖a − b‖ / ‖b‖; 0 where they are equal, as two zeros of a dead ReLU are. */
function relativeError(a: Values, b: Values): number {
  const distance = norm(Float64Array.from(a, (value, i) => value - b[i]));
  return distance === 0 ? 0 : distance / norm(b);
}
