/**
 * The gradient of whole layers, two on top of each other in both directions over sequences of different lengths, with and
 * without dropout: on the reference against central differences of the loss, on wasm against the reference.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lstmBackward, lstmForward } from '../cells/lstm.js';
import { gradCheck, LSTM } from './index.js';
import {
  type AnyLayer,
  type AnyOptions,
  assertAllClose,
  assertClose,
  dataOf,
  INPUTS,
  randomArray,
  randomStates,
  type States,
  VARIANTS,
} from './recurrent-cases.test.support.js';

const [STEPS, BATCH, LENGTHS] = [4, 3, [2, 4, 1]];
const STACK: AnyOptions = { numLayers: 2, bidirectional: true, init: 'orthogonal', seed: 4 };
const DROPOUT: AnyOptions = { dropout: 0.3, recurrentDropout: 0.4 };

/** The leaf arrays of a check: x, the initial states, the parameters. */
function problem(layer: AnyLayer, widths: Record<string, number>) {
  const x = randomArray(Float64Array, 'x', STEPS * BATCH * INPUTS) as Float64Array;
  const state = randomStates(Float64Array, '0', widths, 4, BATCH) as Record<string, Float64Array>;
  // What the loss Σ output·dOutput + Σ state·dState, scaled to about 1, multiplies with; some of it beyond the lengths.
  const dOutput = randomArray(Float64Array, 'dy', STEPS * BATCH * layer.outputSize).map((value) => 0.1 * value);
  const dState = randomStates(Float64Array, 'd', widths, 4, BATCH);
  for (const values of Object.values(dState)) for (let k = 0; k < values.length; k++) values[k] *= 0.1;
  return { x, state, dOutput, dState };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, k) => sum + value * b[k], 0);

const toFloat32 = (states: States): States =>
  Object.fromEntries(Object.entries(states).map(([name, values]) => [name, Float32Array.from(values)]));

for (const { name, states: widths, build } of VARIANTS) {
  suite(name, () => {
    for (const [form, options] of [
      ['no dropout', STACK],
      ['dropout between layers and on the recurrence', { ...STACK, ...DROPOUT }],
    ] as const) {
      test(`central differences, ${form}`, () => {
        const layer = build({ ...options, engine: 'reference' });
        const { x, state, dOutput, dState } = problem(layer, widths);
        const dict = layer.stateDict();
        const stream = layer.dropoutState();
        const run = () => {
          layer.loadStateDict(dict);
          layer.restoreDropoutState(stream);
          return layer.forward(x, { steps: STEPS, batch: BATCH, state, lengths: LENGTHS });
        };
        const loss = () => {
          const result = run();
          const ends = Object.keys(widths).reduce((sum, key) => sum + dot(result.state[key], dState[key]), 0);
          return dot(result.output, dOutput) + ends;
        };
        run();
        const back = layer.backward({ dOutput, dState });
        const prefixed = (states: States) =>
          Object.fromEntries(Object.entries(states).map(([key, values]) => [`initial ${key}`, values]));
        const leaves = { x, ...prefixed(state), ...dataOf(dict) } as Record<string, Float64Array>;
        const gradients = { x: back.dInput, ...prefixed(back.dState), ...dataOf(back.grads) };
        const { worst, errors } = gradCheck(loss, leaves, gradients as Record<string, Float64Array>);
        assert.ok(worst <= 1e-7, JSON.stringify(errors, null, 1));
      });

      test(`wasm is the reference, ${form}`, () => {
        const [exact, fast] = (['reference', 'wasm'] as const).map((engine) => build({ ...options, engine }));
        const { x, state, dOutput, dState } = problem(exact, widths);
        // Parameters of float32 on both, so that only the computing differs.
        exact.loadStateDict(fast.stateDict());
        const sizes = { steps: STEPS, batch: BATCH, lengths: LENGTHS };
        const expected = exact.forward(x, { ...sizes, state });
        const expectedBack = exact.backward({ dOutput, dState });
        const result = fast.forward(Float32Array.from(x), { ...sizes, state: toFloat32(state) });
        const back = fast.backward({ dOutput: Float32Array.from(dOutput), dState: toFloat32(dState) });
        assertClose('output', result.output, expected.output, 1e-5);
        assertAllClose('state', result.state, expected.state, 1e-5);
        assertClose('dInput', back.dInput, expectedBack.dInput, 1e-5);
        assertAllClose('dState', back.dState, expectedBack.dState, 1e-5);
        assertAllClose('gradient', dataOf(back.grads), dataOf(expectedBack.grads), 1e-5);
      });
    }

    test('wasm is the reference at the edges of its tiles', () => {
      for (const hiddenSize of [name.includes('projection') ? 3 : 1, 8, 9, 16, 17]) {
        for (const [inputSize, steps, batch] of [
          [1, 1, 1],
          [9, 3, 5],
        ]) {
          const options = { inputSize, hiddenSize, bidirectional: true, seed: 'edges' };
          const leak = name.endsWith('per-unit') ? { leak: { fastest: 0.9, slowest: 0.2 } } : {};
          const [exact, fast] = (['reference', 'wasm'] as const).map((engine) =>
            build({ ...options, ...leak, engine }),
          );
          exact.loadStateDict(fast.stateDict());
          const x = randomArray(Float32Array, 'x', steps * batch * inputSize);
          const dOutput = randomArray(Float32Array, 'dy', steps * batch * exact.outputSize);
          const expected = exact.forward(Float64Array.from(x), { steps, batch });
          const result = fast.forward(x, { steps, batch });
          const label = `H ${hiddenSize}, D ${inputSize}`;
          assertClose(`${label}: output`, result.output, expected.output, 1e-5);
          const expectedBack = exact.backward({ dOutput: Float64Array.from(dOutput) });
          const back = fast.backward({ dOutput });
          assertClose(`${label}: dInput`, back.dInput, expectedBack.dInput, 1e-5);
          // All parameters on one scale: the gradient of a single number is a sum that may all but cancel.
          const [got, needed] = [back, expectedBack].map(({ grads }) =>
            Float64Array.from(Object.values(dataOf(grads)).flatMap((values) => Array.from(values))),
          );
          assertClose(`${label}: gradient`, got, needed, 1e-5);
        }
      }
    });
  });
}

suite("bptt: 'short'", () => {
  const H = 4;
  const build = (bptt: 'full' | 'short', steps: number) => {
    const layer = new LSTM({ inputSize: 2, hiddenSize: H, engine: 'reference', seed: 1, bptt });
    const x = randomArray(Float64Array, 'x', steps * 2) as Float64Array;
    const dOutput = randomArray(Float64Array, 'dy', steps * H) as Float64Array;
    layer.forward(x, { steps, batch: 1 });
    return { back: layer.backward({ dOutput }), dict: layer.stateDict(), x, dOutput };
  };
  test('right for one step', () => assert.deepEqual(build('short', 1).back, build('full', 1).back));
  test("beyond that the cell's short form, and not the gradient", () => {
    const T = 6;
    const { back, dict, x, dOutput } = build('short', T);
    const none = () => new Float64Array(H);
    const parameters = {
      Wx: dict.weight_ih_l0.data,
      Wh: dict.weight_hh_l0.data,
      b: dict.bias_ih_l0.data.map((value, k) => value + dict.bias_hh_l0.data[k]),
    };
    const trace = {
      h: new Float64Array((T + 1) * H),
      c: new Float64Array((T + 1) * H),
      gates: new Float64Array(T * 4 * H),
    };
    const sizes = { T, B: 1, D: 2, H };
    lstmForward(trace, x, none(), none(), parameters, sizes);
    const gradients = {
      ...{ dx: new Float64Array(T * 2), dh0: none(), dc0: none(), dz: new Float64Array(T * 4 * H) },
      ...{ dWx: new Float64Array(4 * H * 2), dWh: new Float64Array(4 * H * H), db: new Float64Array(4 * H) },
    };
    lstmBackward(gradients, dOutput, none(), none(), trace, x, parameters, sizes, { bptt: 'short' });
    assertClose('dWh', back.grads.weight_hh_l0.data, gradients.dWh, 1e-12);
    assertClose('dWx', back.grads.weight_ih_l0.data, gradients.dWx, 1e-12);
    assertClose('dx', back.dInput, gradients.dx, 1e-12);
    const complete = build('full', T).back.grads.weight_hh_l0.data;
    const off = Math.sqrt(
      dot(...([1, 1].map(() => complete.map((value, k) => value - gradients.dWh[k])) as [Float64Array, Float64Array])),
    );
    assert.ok(off > 0.1 * Math.sqrt(dot(complete, complete)), `off by ${off} only`);
  });
  // 600 steps are more than the engine takes at once on its way back.
  for (const [T, B, own] of [
    [1, 1, {}],
    [7, 5, {}],
    [600, 17, {}],
    [7, 5, { forgetGate: false, peephole: true }],
    [7, 5, { projSize: 2 }],
  ] as const)
    test(`the engine gives the same: ${T} steps, batch ${B}, ${JSON.stringify(own)}`, () => {
      const gradients = (['reference', 'wasm'] as const).map((engine) => {
        const layer = new LSTM({ inputSize: 3, hiddenSize: 9, engine, seed: 1, bptt: 'short', ...own }) as LSTM;
        const array = (name: string, length: number) =>
          randomArray(engine === 'wasm' ? Float32Array : Float64Array, name, length) as Float32Array;
        layer.forward(array('x', T * B * 3), { steps: T, batch: B });
        return layer.backward({ dOutput: array('dy', T * B * layer.outputSize) });
      });
      assertClose('dx', gradients[1].dInput, gradients[0].dInput, 1e-5);
      for (const name of ['h', 'c'] as const)
        assertClose(`d${name}`, gradients[1].dState[name], gradients[0].dState[name], 1e-5);
      for (const [name, { data }] of Object.entries(gradients[1].grads))
        assertClose(name, data, gradients[0].grads[name].data, 1e-5);
    });
});
