/**
 * The LSTM layer as an object, on both engines: parameters, passes, wrong use. PyTorch's values are in
 * recurrent-goldens.test.ts, and what holds for every recurrent layer in recurrent-layer.test.ts.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../random.js';
import { type EngineKind, LSTM, type LSTMOptions, type LSTMState, type StateDict } from './index.js';

type Numbers = Float32Array | Float64Array;

const ENGINES = [
  { engine: 'reference' as EngineKind, array: Float64Array, tolerance: 1e-12 },
  { engine: 'wasm' as EngineKind, array: Float32Array, tolerance: 1e-5 },
];

for (const { engine, array, tolerance } of ENGINES) {
  const build = (options: Partial<LSTMOptions> = {}) => new LSTM({ inputSize: 3, hiddenSize: 5, ...options, engine });
  const random = (seed: string, length: number): Numbers => {
    const stream = new Random(seed);
    return new array(length).map(() => stream.normal());
  };
  const randomState = (seed: string, length: number) => ({
    h: random(`h ${seed}`, length),
    c: random(`c ${seed}`, length),
  });
  const assertClose = (label: string, got: Numbers, expected: ArrayLike<number>) => {
    assert.ok(got instanceof array, `${label}: ${array.name}`);
    assert.equal(got.length, expected.length, `${label}: length`);
    const scale = Math.max(...Array.from(expected, Math.abs));
    const off = Math.max(...Array.from(expected, (value, k) => Math.abs(got[k] - value)));
    assert.ok(off <= tolerance * scale, `${label}: off by ${off} on a scale of ${scale}`);
  };
  const assertSameState = (label: string, got: LSTMState<EngineKind>, expected: LSTMState<EngineKind>) => {
    assertClose(`${label} h`, got.h, expected.h);
    assertClose(`${label} c`, got.c, expected.c);
  };

  suite(`LSTM on ${engine}: parameters`, () => {
    test('names and shapes as PyTorch, in its order', () => {
      const shapes = (dict: StateDict) => Object.entries(dict).map(([name, { shape }]) => [name, ...shape]);
      assert.deepEqual(shapes(build({ numLayers: 2 }).stateDict()), [
        ['weight_ih_l0', 20, 3],
        ['weight_hh_l0', 20, 5],
        ['bias_ih_l0', 20],
        ['bias_hh_l0', 20],
        ['weight_ih_l1', 20, 5],
        ['weight_hh_l1', 20, 5],
        ['bias_ih_l1', 20],
        ['bias_hh_l1', 20],
      ]);
      assert.deepEqual(Object.keys(build({ bias: false }).stateDict()), ['weight_ih_l0', 'weight_hh_l0']);
    });

    test('what is loaded comes out, in another array', () => {
      const layer = build();
      const dict = build({ seed: 'other' }).stateDict();
      layer.loadStateDict(dict);
      assert.deepEqual(layer.stateDict(), dict);
      layer.stateDict().weight_hh_l0.data.fill(0);
      dict.weight_ih_l0.data.fill(0);
      assert.ok(layer.stateDict().weight_ih_l0.data.every((value) => value !== 0));
      assert.ok(layer.stateDict().weight_hh_l0.data.every((value) => value !== 0));
    });

    test('start: uniform in ±1/√H, with forgetBias on the forget gate of bias_ih', () => {
      const H = 16;
      const dict = (forgetBias?: number) =>
        build({
          hiddenSize: H,
          numLayers: 2,
          seed: 3,
          ...(forgetBias === undefined ? {} : { forgetBias }),
        }).stateDict();
      const plain = dict(0);
      for (const [name, { data }] of Object.entries(plain)) {
        assert.ok(
          data.every((value) => Math.abs(value) <= 0.25),
          name,
        );
        const mean = Array.from(data).reduce((sum, value) => sum + value, 0) / data.length;
        const variance =
          Array.from(data).reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / data.length;
        // Uniform on ±a: mean 0, variance a²/3; 5 standard errors of each for this many numbers.
        assert.ok(Math.abs(mean) < (5 * 0.1444) / Math.sqrt(data.length), `${name}: mean ${mean}`);
        assert.ok(
          Math.abs(variance - 0.0625 / 3) < (5 * 0.0187) / Math.sqrt(data.length),
          `${name}: variance ${variance}`,
        );
      }
      for (const [forgetBias, started] of [
        [1, dict()],
        [2.5, dict(2.5)],
      ] as const) {
        for (const [name, { data }] of Object.entries(started)) {
          const added = Array.from(data, (value, k) => value - plain[name].data[k]);
          const expected = (k: number) => (name.startsWith('bias_ih') && k >= H && k < 2 * H ? forgetBias : 0);
          for (const [k, value] of added.entries()) assert.ok(Math.abs(value - expected(k)) < 1e-6, `${name}[${k}]`);
        }
      }
    });

    test('equal seeds, equal layers; other seeds, other layers; no two parameters alike', () => {
      assert.deepEqual(build({ seed: 7 }).stateDict(), build({ seed: 7 }).stateDict());
      assert.deepEqual(build().stateDict(), build({ seed: 0 }).stateDict());
      assert.notDeepEqual(build({ seed: 7 }).stateDict(), build({ seed: 8 }).stateDict());
      const { weight_hh_l0: low, weight_hh_l1: high } = build({ numLayers: 2 }).stateDict();
      assert.notDeepEqual(low, high);
    });

    test('names that do not fit', () => {
      const layer = build();
      const { bias_hh_l0, ...missing } = build({ seed: 1 }).stateDict();
      const before = layer.stateDict();
      const throwsFor = (dict: StateDict, message: RegExp) =>
        assert.throws(() => layer.loadStateDict(dict), { kind: 'usage', code: 'state_dict_names', message });
      throwsFor(missing, /^missing bias_hh_l0\. .*exactly weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0/);
      throwsFor({ ...missing, bias_hh_l0, weight_ih_l1: bias_hh_l0 }, /^unexpected weight_ih_l1\./);
      throwsFor({ ...missing, bias_hh: bias_hh_l0 }, /^missing bias_hh_l0; unexpected bias_hh\./);
      assert.deepEqual(layer.stateDict(), before, 'nothing was taken over');
    });

    test('shapes that do not fit', () => {
      const layer = build();
      const before = layer.stateDict();
      const throwsFor = (change: StateDict, message: RegExp) =>
        assert.throws(() => layer.loadStateDict({ ...build({ seed: 1 }).stateDict(), ...change }), {
          kind: 'usage',
          code: 'state_dict_shape',
          message,
        });
      throwsFor(
        { weight_ih_l0: { shape: [3, 20], data: new array(60) } },
        /^weight_ih_l0 is \[3, 20\], needed \[20, 3\]/,
      );
      throwsFor({ bias_ih_l0: { shape: [20, 1], data: new array(20) } }, /^bias_ih_l0 is \[20, 1\], needed \[20\]/);
      throwsFor(
        { bias_ih_l0: { shape: [20], data: new array(19) } },
        /^bias_ih_l0 holds 19 numbers, needed \[20\] = 20/,
      );
      assert.deepEqual(layer.stateDict(), before, 'nothing was taken over');
    });
  });

  suite(`LSTM on ${engine}: passes`, () => {
    test('a state left out is a state of zeros', () => {
      const layer = build({ numLayers: 2 });
      const x = random('x', 4 * 2 * 3);
      const zero = { h: new array(2 * 2 * 5) as Numbers, c: new array(2 * 2 * 5) as Numbers };
      const dOutput = random('dy', 4 * 2 * 5);
      const without = layer.forward(x, { steps: 4, batch: 2 });
      const gradients = layer.backward({ dOutput });
      assert.deepEqual(without, layer.forward(x, { steps: 4, batch: 2, state: zero }));
      assert.deepEqual(gradients, layer.backward({ dOutput, dState: zero }));
      assert.deepEqual(layer.step(x.subarray(0, 6)), layer.step(x.subarray(0, 6), zero));
    });

    test('two halves with the state carried on are the whole, forward and backward', () => {
      const layer = build({ numLayers: 2 });
      const [steps, batch, half] = [6, 2, 3];
      const x = random('x', steps * batch * 3);
      const state = randomState('0', 2 * batch * 5);
      const dOutput = random('dy', steps * batch * 5);
      const dState = randomState('d', 2 * batch * 5);
      const whole = layer.forward(x, { steps, batch, state });
      const wholeBack = layer.backward({ dOutput, dState });

      const [x1, x2] = [x.subarray(0, half * batch * 3), x.subarray(half * batch * 3)];
      const first = layer.forward(x1, { steps: half, batch, state });
      const second = layer.forward(x2, { steps: half, batch, state: first.state });
      assertClose('output', new array([...first.output, ...second.output]), whole.output);
      assertSameState('final', second.state, whole.state);
      const secondBack = layer.backward({ dOutput: dOutput.subarray(half * batch * 5), dState });
      layer.forward(x1, { steps: half, batch, state });
      const firstBack = layer.backward({ dOutput: dOutput.subarray(0, half * batch * 5), dState: secondBack.dState });
      assertClose('dx', new array([...firstBack.dInput, ...secondBack.dInput]), wholeBack.dInput);
      assertSameState('dState', firstBack.dState, wholeBack.dState);
      for (const [name, { data }] of Object.entries(wholeBack.grads)) {
        const sum = firstBack.grads[name].data.map((value, k) => value + secondBack.grads[name].data[k]);
        assertClose(name, sum, data);
      }
    });

    test('shapes may grow and shrink from call to call', () => {
      const used = build({ numLayers: 2 });
      for (const [steps, batch] of [
        [2, 1],
        [1, 1],
        [5, 3],
        [3, 7],
        [1, 2],
        [9, 1],
        [5, 3],
      ]) {
        const fresh = build({ numLayers: 2 });
        const x = random(`x ${steps} ${batch}`, steps * batch * 3);
        const state = randomState('s', 2 * batch * 5);
        const dOutput = random('dy', steps * batch * 5);
        const [result, expected] = [used, fresh].map((layer) => layer.forward(x, { steps, batch, state }));
        assertClose(`output at ${steps} x ${batch}`, result.output, expected.output);
        assertSameState(`state at ${steps} x ${batch}`, result.state, expected.state);
        const [back, expectedBack] = [used, fresh].map((layer) => layer.backward({ dOutput }));
        assertClose('dx', back.dInput, expectedBack.dInput);
        for (const [name, { data }] of Object.entries(expectedBack.grads))
          assertClose(name, back.grads[name].data, data);
      }
    });

    test('a long narrow pass and a short wide one do not need room for a long wide one', () => {
      const layer = build();
      for (const [steps, batch] of [
        [20_000, 1],
        [1, 20_000],
        [2, 3],
      ]) {
        const { output } = layer.forward(random('x', steps * batch * 3), { steps, batch });
        const alone = build().forward(random('x', steps * batch * 3), { steps, batch });
        assertClose(`${steps} x ${batch}`, output, alone.output);
      }
    });

    test('backward may be called again, and steps in between do not disturb it', () => {
      const layer = build();
      const x = random('x', 4 * 2 * 3);
      const dOutput = random('dy', 4 * 2 * 5);
      layer.forward(x, { steps: 4, batch: 2 });
      const once = layer.backward({ dOutput });
      layer.step(random('other', 9 * 3));
      assert.deepEqual(layer.backward({ dOutput }), once);
      const double = layer.backward({ dOutput: dOutput.map((value) => 2 * value) });
      assertClose(
        'linear in dOutput',
        double.dInput,
        once.dInput.map((value) => 2 * value),
      );
    });

    test('arrays passed in are neither changed nor kept, arrays given out are not overwritten', () => {
      const layer = build();
      const [x, dOutput] = [random('x', 4 * 2 * 3), random('dy', 4 * 2 * 5)];
      const [state, dState] = [randomState('s', 2 * 5), randomState('d', 2 * 5)];
      const inputs = { x, dOutput, state, dState };
      const kept = structuredClone(inputs);
      const result = layer.forward(x, { steps: 4, batch: 2, state });
      const back = layer.backward({ dOutput, dState });
      assert.deepEqual(inputs, kept);
      const given = structuredClone({ result, back });
      for (const values of [x, state.h, state.c]) values.fill(9);
      assert.deepEqual(layer.backward({ dOutput, dState }), given.back);
      layer.forward(x, { steps: 4, batch: 2 });
      layer.backward({ dOutput: dOutput.map(() => 1) });
      layer.step(x.subarray(0, 6));
      assert.deepEqual({ result, back }, given);
    });

    test('dOutput or dState left out counts as zero', () => {
      const layer = build();
      layer.forward(random('x', 4 * 2 * 3), { steps: 4, batch: 2 });
      const [dOutput, dState] = [random('dy', 4 * 2 * 5), randomState('d', 2 * 5)];
      const both = layer.backward({ dOutput, dState });
      const [one, other] = [layer.backward({ dOutput }), layer.backward({ dState })];
      assertClose(
        'dx adds up',
        one.dInput.map((value, k) => value + other.dInput[k]),
        both.dInput,
      );
      assert.ok(layer.backward({}).dInput.every((value) => value === 0));
    });

    test('new parameters count from the next call, for steps as for passes', () => {
      const [layer, other] = [build({ seed: 1 }), build({ seed: 2 })];
      const x = random('x', 2 * 3);
      layer.step(x);
      layer.forward(x, { steps: 2, batch: 1 });
      layer.loadStateDict(other.stateDict());
      assert.throws(() => layer.backward({}), { kind: 'usage', code: 'no_forward' });
      assert.deepEqual(layer.step(x), other.step(x));
      assert.deepEqual(layer.forward(x, { steps: 2, batch: 1 }), other.forward(x, { steps: 2, batch: 1 }));
    });
  });

  suite(`LSTM on ${engine}: wrong use`, () => {
    const layer = build();
    const throws = (code: string, message: RegExp, call: () => unknown) =>
      assert.throws(call, { kind: 'usage', code, message });

    test('arrays of another length', () => {
      const x = new array(24);
      const short = { h: new array(10) as Numbers, c: new array(9) as Numbers };
      throws('wrong_length', /x \[steps,batch,inputSize\] = \[4,3,3\] needs 36 numbers, got 24/, () =>
        layer.forward(x, { steps: 4, batch: 3 }),
      );
      throws('wrong_length', /state\.c .* needs 10 numbers, got 9/, () =>
        layer.forward(x, { steps: 4, batch: 2, state: short }),
      );
      throws('wrong_length', /x \[batch,inputSize\] = \[2,3\] needs 6 numbers, got 4/, () =>
        layer.step(x.subarray(0, 4)),
      );
      throws('wrong_length', /got 0/, () => layer.step(x.subarray(0, 0)));
      layer.forward(x, { steps: 4, batch: 2 });
      throws('wrong_length', /dOutput .* = \[4,2,5\] needs 40 numbers, got 24/, () => layer.backward({ dOutput: x }));
      throws('wrong_length', /dState\.c/, () => layer.backward({ dState: short }));
    });

    test('arrays of another type', () => {
      const other = engine === 'wasm' ? new Float64Array(24) : new Float32Array(24);
      const message = new RegExp(`is ${other.constructor.name}; engine '${engine}' takes ${array.name}`);
      throws('wrong_array_type', message, () => layer.forward(other, { steps: 4, batch: 2 }));
      throws('wrong_array_type', message, () => layer.step(other.subarray(0, 3)));
      throws('wrong_array_type', /is Array;/, () => layer.step([1, 2, 3] as unknown as Numbers));
      throws('wrong_array_type', /is undefined;/, () => layer.step(undefined as unknown as Numbers));
    });

    test('sizes', () => {
      for (const [steps, batch] of [
        [0, 1],
        [1, 0],
        [1.5, 2],
        [Number.NaN, 1],
        [-1, 1],
      ])
        throws('invalid_size', /whole numbers ≥ 1/, () => layer.forward(new array(3), { steps, batch }));
    });

    test('backward before forward', () => throws('no_forward', /call forward first/, () => build().backward({})));

    test('options', () => {
      throws('unknown_option', /no option "projection", "drop"; it takes inputSize,/, () =>
        build({ projection: 0, drop: 0 } as Partial<LSTMOptions>),
      );
      throws('invalid_option', /"hiddenSize" needs a whole number ≥ 1, got 0/, () => build({ hiddenSize: 0 }));
      throws('invalid_option', /"inputSize" .* got nothing/, () => new LSTM({ hiddenSize: 1 } as LSTMOptions));
      throws('invalid_option', /"numLayers" .* got 1\.5/, () => build({ numLayers: 1.5 }));
      throws('invalid_option', /"forgetBias" .* got NaN/, () => build({ forgetBias: Number.NaN }));
      throws('invalid_option', /"bias" needs true or false, got 1/, () => build({ bias: 1 as unknown as boolean }));
      throws('invalid_option', /"init" needs 'default', .* or 'chrono', got 'zeros'/, () =>
        build({ init: 'zeros' as 'default' }),
      );
      throws('invalid_option', /"seed" .* got Infinity/, () => build({ seed: Number.POSITIVE_INFINITY }));
      throws(
        'invalid_option',
        /"engine" needs 'wasm' or 'reference', got 'gpu'/,
        () => new LSTM({ inputSize: 1, hiddenSize: 1, engine: 'gpu' as EngineKind }),
      );
    });
  });
}

test('the default engine is wasm, and the types follow the engine', () => {
  const fast = new LSTM({ inputSize: 1, hiddenSize: 2 });
  const exact = new LSTM({ inputSize: 1, hiddenSize: 2, engine: 'reference' });
  assert.equal(fast.engine, 'wasm');
  const single: Float32Array = fast.step(Float32Array.of(1)).output;
  const double: Float64Array = exact.step(Float64Array.of(1)).output;
  assert.ok(single instanceof Float32Array && double instanceof Float64Array);
  assert.deepEqual(
    fast.stateDict().weight_hh_l0.data,
    Float32Array.from(exact.stateDict().weight_hh_l0.data),
    'one seed, one layer: the same start values on both engines',
  );
});
