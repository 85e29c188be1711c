/**
 * One contract for every recurrent layer and variant, on both engines: sequences of different lengths, streaming,
 * parameters, passes and wrong use. Values against PyTorch are in recurrent-goldens.test.ts; what only the LSTM's suite
 * asks for, in lstm.test.ts.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Numbers } from './cell-runner.js';
import type { EngineKind } from './engine-kind.js';
import { GRU, LSTM, RNN } from './index.js';
import {
  type AnyLayer,
  type AnyOptions,
  assertAllClose,
  assertClose,
  dataOf,
  ENGINES,
  INPUTS,
  randomArray,
  randomStates,
  type States,
  VARIANTS,
} from './recurrent-cases.test.support.js';

/** Sequence b of [T,B,·], its first `length` steps. */
function sequenceOf(values: Numbers, b: number, length: number, batch: number, width: number): Numbers {
  const result = values.slice(0, length * width);
  for (let t = 0; t < length; t++)
    result.set(values.subarray((t * batch + b) * width, (t * batch + b + 1) * width), t * width);
  return result;
}

/** Sequence b of states [rows,B,·]. */
function stateOf(states: States, b: number, batch: number, widths: Record<string, number>): States {
  const rows = states.h.length / batch / widths.h;
  const entries = Object.entries(states).map(([name, values]) => [
    name,
    sequenceOf(values, b, rows, batch, widths[name]),
  ]);
  return Object.fromEntries(entries) as States;
}

for (const { engine, array, tolerance } of ENGINES) {
  const random = (words: string, length: number) => randomArray(array, words, length);

  for (const { name, states: widths, build } of VARIANTS) {
    const stateAt = (words: string, rows: number, batch: number) => randomStates(array, words, widths, rows, batch);

    suite(`${name} on ${engine}`, () => {
      for (const [form, options, rows] of [
        ['one layer', {}, 1],
        ['two layers in both directions', { numLayers: 2, bidirectional: true }, 4],
      ] as [string, AnyOptions, number][]) {
        test(`${form}: sequences of different lengths are as each by itself, forward and backward`, () => {
          const [steps, batch, lengths] = [6, 5, [3, 6, 1, 6, 4]];
          const layer = build({ ...options, engine, seed: 'lengths' });
          const width = layer.outputSize;
          const [x, dOutput] = [random('x', steps * batch * INPUTS), random('dy', steps * batch * width)];
          const [state, dState] = [stateAt('0', rows, batch), stateAt('d', rows, batch)];
          const whole = layer.forward(x, { steps, batch, state, lengths });
          const back = layer.backward({ dOutput, dState });
          const sums: States = {};
          for (const [b, length] of lengths.entries()) {
            const own = (values: Numbers, columns: number) => sequenceOf(values, b, length, batch, columns);
            const ownState = (states: States) => stateOf(states, b, batch, widths);
            const alone = layer.forward(own(x, INPUTS), { steps: length, batch: 1, state: ownState(state) });
            const aloneBack = layer.backward({ dOutput: own(dOutput, width), dState: ownState(dState) });
            assertClose(`output ${b}`, own(whole.output, width), alone.output, tolerance);
            assertClose(`dInput ${b}`, own(back.dInput, INPUTS), aloneBack.dInput, tolerance);
            assertAllClose(`final state ${b}`, ownState(whole.state), alone.state, tolerance);
            assertAllClose(`dState ${b}`, ownState(back.dState), aloneBack.dState, tolerance);
            for (const [parameter, { data }] of Object.entries(aloneBack.grads))
              sums[parameter] = sums[parameter]?.map((value, k) => value + data[k]) ?? data;
            for (const [values, columns] of [
              [whole.output, width],
              [back.dInput, INPUTS],
            ] as const) {
              const beyond = sequenceOf(values, b, steps, batch, columns).subarray(length * columns);
              assert.ok(beyond.every((value) => value === 0));
            }
          }
          assertAllClose('gradient', dataOf(back.grads), sums, 10 * tolerance);
        });
      }

      test('what stands beyond a length is not read; lengths of all steps are no lengths', () => {
        const layer = build({ engine, bidirectional: true });
        const x = random('x', 4 * 2 * INPUTS);
        const before = layer.forward(x, { steps: 4, batch: 2, lengths: [4, 2] });
        for (let k = 0; k < INPUTS; k++) for (const t of [2, 3]) x[(t * 2 + 1) * INPUTS + k] = Number.NaN;
        assert.deepEqual(layer.forward(x, { steps: 4, batch: 2, lengths: [4, 2] }), before);
        const y = random('y', 4 * 2 * INPUTS);
        const given = layer.forward(y, { steps: 4, batch: 2, lengths: [4, 4] });
        assert.deepEqual(given, layer.forward(y, { steps: 4, batch: 2 }));
      });

      test('steps one by one are the whole', () => {
        const layer = build({ engine, numLayers: 2 });
        const [steps, batch] = [5, 3];
        const x = random('x', steps * batch * INPUTS);
        let state = stateAt('0', 2, batch);
        const whole = layer.forward(x, { steps, batch, state });
        const size = batch * layer.outputSize;
        for (let t = 0; t < steps; t++) {
          const result = layer.step(x.subarray(t * batch * INPUTS, (t + 1) * batch * INPUTS), state);
          assertClose(`step ${t}`, result.output, whole.output.subarray(t * size, (t + 1) * size), tolerance);
          state = result.state;
        }
        assertAllClose('state', state, whole.state, tolerance);
      });

      test('backward again after steps and with lengths: the same, and nothing passed in is changed or kept', () => {
        const layer = build({ engine, numLayers: 2 });
        const [steps, batch, lengths] = [4, 3, [2, 4, 3]];
        const given = {
          x: random('x', steps * batch * INPUTS),
          dOutput: random('dy', steps * batch * layer.outputSize),
          state: stateAt('0', 2, batch),
          dState: stateAt('d', 2, batch),
        };
        const kept = structuredClone(given);
        const { x, dOutput, state, dState } = given;
        const result = layer.forward(x, { steps, batch, lengths, state });
        const once = layer.backward({ dOutput, dState });
        const out = structuredClone({ result, once });
        layer.step(random('other', INPUTS));
        assert.deepEqual(given, kept);
        x.fill(9);
        for (const values of Object.values(state)) values.fill(9);
        assert.deepEqual(layer.backward({ dOutput, dState }), out.once);
        assert.deepEqual({ result, once }, out);
      });

      test('two halves with the state carried on are the whole, forward and backward', () => {
        const layer = build({ engine, numLayers: 2 });
        const [steps, batch, half] = [6, 2, 3];
        const x = random('x', steps * batch * INPUTS);
        const dOutput = random('dy', steps * batch * layer.outputSize);
        const [state, dState] = [stateAt('0', 2, batch), stateAt('d', 2, batch)];
        const whole = layer.forward(x, { steps, batch, state });
        const wholeBack = layer.backward({ dOutput, dState });
        const [x1, x2] = [x.subarray(0, x.length / 2), x.subarray(x.length / 2)];
        const middle = dOutput.length / 2;
        const first = layer.forward(x1, { steps: half, batch, state });
        const second = layer.forward(x2, { steps: half, batch, state: first.state });
        assertClose('output', array.from([...first.output, ...second.output]), whole.output, tolerance);
        assertAllClose('final state', second.state, whole.state, tolerance);
        const back2 = layer.backward({ dOutput: dOutput.subarray(middle), dState });
        layer.forward(x1, { steps: half, batch, state });
        const back1 = layer.backward({ dOutput: dOutput.subarray(0, middle), dState: back2.dState });
        assertClose('dInput', array.from([...back1.dInput, ...back2.dInput]), wholeBack.dInput, tolerance);
        assertAllClose('dState', back1.dState, wholeBack.dState, tolerance);
      });

      test('parameters: round trip, copies, seeds, all or nothing', () => {
        const options = { engine, numLayers: 2, bidirectional: true };
        const [layer, other] = [build({ ...options, seed: 1 }), build({ ...options, seed: 2 })];
        const before = layer.stateDict();
        assert.deepEqual(build({ ...options, seed: 1 }).stateDict(), before);
        assert.notDeepEqual(other.stateDict(), before);
        const x = random('x', 3 * 2 * INPUTS);
        const run = (of: AnyLayer) => of.forward(x, { steps: 3, batch: 2 });
        const [mine, theirs] = [run(layer), run(other)];
        assert.notDeepEqual(mine, theirs);
        layer.loadStateDict(other.stateDict());
        assert.deepEqual(layer.stateDict(), other.stateDict());
        assert.deepEqual(run(layer), theirs, 'new parameters count');
        for (const { data } of Object.values(layer.stateDict())) data.fill(0);
        assert.deepEqual(layer.stateDict(), other.stateDict(), 'copies are given out');

        layer.loadStateDict(before);
        const { weight_hh_l1_reverse, ...missing } = before;
        const refused = (
          dict: Record<string, { shape: readonly number[]; data: Numbers }>,
          code: string,
          text: RegExp,
        ) =>
          assert.throws(() => layer.loadStateDict({ ...other.stateDict(), ...dict }), {
            kind: 'usage',
            code,
            message: text,
          });
        assert.throws(() => layer.loadStateDict(missing), {
          code: 'state_dict_names',
          message: /missing weight_hh_l1_reverse/,
        });
        refused({ leak_l9: before.weight_ih_l0 }, 'state_dict_names', /unexpected leak_l9/);
        for (const [key, { shape, data }] of Object.entries(before)) {
          const turned = { shape: [...shape, 1], data };
          refused({ [key]: turned }, 'state_dict_shape', new RegExp(`^${key} is \\[.*, 1\\], needed \\[.*\\]`));
        }
        assert.deepEqual(layer.stateDict(), before, 'nothing was taken over');
      });

      test('without biases: no bias parameters, and as with biases of zero', () => {
        const layer = build({ engine, bias: false, bidirectional: true });
        const dict = layer.stateDict();
        assert.ok(Object.keys(dict).every((key) => !key.includes('bias')));
        const full = build({ engine, bidirectional: true });
        const zeroed = full.stateDict();
        for (const [key, { data }] of Object.entries(zeroed))
          data.set(dict[key]?.data ?? new Float64Array(data.length));
        full.loadStateDict(zeroed);
        const x = random('x', 4 * 2 * INPUTS);
        const result = layer.forward(x, { steps: 4, batch: 2 });
        assert.deepEqual(result, full.forward(x, { steps: 4, batch: 2 }));
        const [back, expected] = [layer, full].map((one) => one.backward({ dOutput: result.output }));
        assert.deepEqual(Object.keys(back.grads), Object.keys(dict));
        for (const [key, tensor] of Object.entries(back.grads)) assert.deepEqual(tensor, expected.grads[key]);
      });

      test('wrong use', () => {
        const layer = build({ engine });
        const x = new array(4 * 2 * INPUTS);
        const throws = (code: string, message: RegExp, call: () => unknown) =>
          assert.throws(call, { kind: 'usage', code, message });
        throws('no_forward', /call forward first/, () => layer.backward({}));
        for (const lengths of [[4], [4, 5], [0, 4], [1.5, 4], [4, 4, 4], [Number.NaN, 1]])
          throws('invalid_lengths', /whole number from 1 to steps = 4 for each of the 2 sequences, got /, () =>
            layer.forward(x, { steps: 4, batch: 2, lengths }),
          );
        throws('no_forward', /call forward first/, () => layer.backward({}));
        throws('wrong_length', /needs 36 numbers, got 24/, () => layer.forward(x, { steps: 4, batch: 3 }));
        throws('bidirectional_step', /use forward/, () =>
          build({ engine, bidirectional: true }).step(new array(INPUTS)),
        );
        const state = stateAt('0', 1, 2);
        for (const key of Object.keys(widths)) {
          const short = { ...state, [key]: state[key].subarray(1) };
          throws('wrong_length', new RegExp(`state\\.${key} `), () =>
            layer.forward(x, { steps: 4, batch: 2, state: short }),
          );
          throws('wrong_array_type', new RegExp(`state\\.${key} .* is undefined`), () =>
            layer.forward(x, { steps: 4, batch: 2, state: { ...state, [key]: undefined } as unknown as States }),
          );
        }
      });
    });
  }
}

suite('options', () => {
  const refused = (message: RegExp, build: () => unknown) =>
    assert.throws(build, { kind: 'usage', code: 'invalid_option', message });
  const sizes = { inputSize: 2, hiddenSize: 4 };
  for (const { layer, build } of VARIANTS.filter(({ name }) =>
    ['rnn-tanh', 'leaky-tanh-one', 'gru', 'lstm'].includes(name),
  )) {
    test(`of ${layer}`, () => {
      assert.throws(() => build({ units: 3 }), {
        code: 'unknown_option',
        message: new RegExp(`^${layer} has no option "units"; it takes inputSize, hiddenSize,`),
      });
      for (const rate of [-0.1, 1, Number.NaN, '0.5'])
        for (const option of ['dropout', 'recurrentDropout'])
          refused(new RegExp(`${layer} option "${option}" needs a number in \\[0, 1\\)`), () =>
            build({ [option]: rate }),
          );
      refused(/"bidirectional" needs true or false, got 1/, () => build({ bidirectional: 1 as unknown as boolean }));
      refused(/"seed"/, () => build({ seed: Number.NaN }));
      const wrong = layer === 'GRU' || layer === 'LSTM' ? 'identity' : 'chrono';
      refused(new RegExp(`"init" needs 'default', .* or '.*', got '${wrong}'`), () => build({ init: wrong }));
    });
  }

  test('of one cell only', () => {
    refused(
      /"nonlinearity" needs 'tanh' or 'relu', got 'gelu'/,
      () => new RNN({ ...sizes, nonlinearity: 'gelu' as 'tanh' }),
    );
    refused(/"resetAfter" needs true or false/, () => new GRU({ ...sizes, resetAfter: 'no' as unknown as boolean }));
    refused(/"projSize" needs a size below hiddenSize = 4, got 4/, () => new LSTM({ ...sizes, projSize: 4 }));
    refused(/"projSize" needs a whole number ≥ 0, got -1/, () => new LSTM({ ...sizes, projSize: -1 }));
    refused(
      /"longest" needs a number above 2 together with init 'chrono', .* got nothing/,
      () => new LSTM({ ...sizes, init: 'chrono' }),
    );
    refused(/"longest" .* got 9/, () => new LSTM({ ...sizes, longest: 9 }));
    refused(/"longest" needs a number above 2, got 2/, () => new GRU({ ...sizes, init: 'chrono', longest: 2 }));
    refused(
      /"bias" needs true with init 'chrono'/,
      () => new GRU({ ...sizes, init: 'chrono', longest: 9, bias: false }),
    );
    refused(
      /"forgetGate" needs true with init 'chrono'/,
      () => new LSTM({ ...sizes, init: 'chrono', longest: 9, forgetGate: false }),
    );
  });

  test('leaks', () => {
    const leaky = VARIANTS.find(({ layer }) => layer === 'LeakyRNN')!;
    for (const leak of [
      0,
      -1,
      1.1,
      Number.NaN,
      null,
      'slow',
      [0.1, 0.2, 0.3, 0.4, 0],
      { fastest: 0.5 },
      { fastest: 2, slowest: 0.1 },
    ])
      refused(/"leak" needs a number in \(0, 1\], one for each hidden unit, or/, () => leaky.build({ leak }));
    refused(/"leak" needs 5 numbers for 5 units, got 2 numbers/, () => leaky.build({ leak: [0.1, 0.2] }));
    const start = (leak: unknown) => Array.from(leaky.build({ leak, engine: 'reference' }).stateDict().leak_l0.data);
    assert.deepEqual(start(0.25), [0.25]);
    assert.deepEqual(start([0.1, 0.2, 0.3, 0.4, 1]), [0.1, 0.2, 0.3, 0.4, 1]);
    assert.deepEqual(start(undefined), [0.5]);
  });

  test('the types follow the engine and the cell', () => {
    const { output, state } = new GRU({ ...sizes, engine: 'reference' }).step(Float64Array.of(1, 2));
    const double: Float64Array = output;
    const single: Float32Array = new RNN(sizes).step(Float32Array.of(1, 2)).state.h;
    const engine: EngineKind = new LSTM(sizes).engine;
    assert.deepEqual([double.constructor, single.constructor, engine], [Float64Array, Float32Array, 'wasm']);
    assert.deepEqual(Object.keys(state), ['h']);
  });
});
