/** The echo state network as an object: what fit learns, how the state is carried, and what is refused. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ridgeRegression } from '../cells/ridge.js';
import { TidegateError } from '../errors.js';
import { Random } from '../random.js';
import { ESN, type ESNOptions } from './index.js';

const [D, O, N] = [2, 3, 20];
const build = (options: Partial<ESNOptions> = {}) =>
  new ESN({ inputSize: D, outputSize: O, reservoirSize: N, washout: 10, ridge: 1e-6, seed: 7, leak: 0.8, ...options });

/** A random input and targets that depend on its past. */
function task(steps: number, seed = 'task'): { x: Float64Array; y: Float64Array } {
  const random = new Random(seed);
  const x = new Float64Array(steps * D).map(() => random.uniform(-1, 1));
  const at = (t: number, d: number) => (t < 0 ? 0 : x[t * D + d]);
  const y = new Float64Array(steps * O).map((_, k) => {
    const [t, o] = [Math.floor(k / O), k % O];
    return o === 0 ? 2 + at(t, 0) - at(t, 1) : o === 1 ? at(t - 1, 0) * at(t, 1) : at(t - 2, 1);
  });
  return { x, y };
}

const worst = (a: Float64Array, b: Float64Array) =>
  Math.max(...a.map((value, k) => Math.abs(value - b[k])), a.length === b.length ? 0 : Number.NaN);
const code =
  (expected: string, ...words: string[]) =>
  (error: unknown) => {
    assert.ok(error instanceof TidegateError, String(error));
    assert.equal(error.code, expected);
    for (const word of words) assert.ok(error.message.includes(word), `"${word}" in: ${error.message}`);
    return true;
  };

suite('ESN: fit', () => {
  const { x, y } = task(300);

  test('is the ridge regression of the targets on [1; x; h] after the washout', () => {
    const [washout, ridge] = [25, 1e-3];
    const network = build({ washout, ridge });
    const states = network.harvest(x);
    const [M, rows] = [1 + D + N, 300 - washout];
    const columns = new Float64Array((M + O) * rows);
    for (let row = 0; row < rows; row++) {
      const t = row + washout;
      const features = [1, ...x.subarray(t * D, (t + 1) * D), ...states.subarray(t * N, (t + 1) * N)];
      for (const [k, value] of [...features, ...y.subarray(t * O, (t + 1) * O)].entries())
        columns[k * rows + row] = value;
    }
    const expected = new Float64Array(O * M);
    ridgeRegression(expected, new Float64Array(M * (M + O)), columns, rows, ridge, { M, O });
    network.fit(x, y);
    const { weight_out } = network.stateDict();
    assert.deepEqual(weight_out.shape, [O, M]);
    assert.ok(worst(weight_out.data, expected) < 1e-10, `${worst(weight_out.data, expected)}`);
  });

  test('what lies in the washout has no part in the readout', () => {
    const [one, other] = [build(), build()];
    const changed = y.slice();
    changed.fill(1e6, 0, 10 * O);
    one.fit(x, y);
    other.fit(x, changed);
    assert.deepEqual(one.stateDict(), other.stateDict());
    changed[10 * O] += 1;
    other.fit(x, changed);
    assert.notDeepEqual(one.stateDict(), other.stateDict());
  });

  test('learns the linear part exactly and the memory well; the state is that of a run', () => {
    const network = build({ reservoirSize: 150, leak: 1, spectralRadius: 0.5, biasScaling: 0.5 });
    network.fit(x, y);
    const afterFit = network.state;
    network.resetState();
    const { output, state } = network.run(x);
    assert.deepEqual(state.h, afterFit.h);
    assert.equal(state.steps, 300);
    assert.deepEqual(afterFit.y, y.slice(-O), 'fit leaves the last target');
    assert.deepEqual(state.y, output.slice(-O), 'run its own output');
    const fresh = task(200, 'fresh');
    network.resetState();
    const predicted = network.run(fresh.x).output;
    const error = (o: number) => {
      let sum = 0;
      for (let t = 20; t < 200; t++) sum += (predicted[t * O + o] - fresh.y[t * O + o]) ** 2;
      return Math.sqrt(sum / 180);
    };
    assert.ok(error(0) < 1e-4, `linear in x: ${error(0)}`);
    // Their standard deviations are 1/3 and 0.58.
    assert.ok(error(1) < 0.1, `a product over two steps: ${error(1)}`);
    assert.ok(error(2) < 0.05, `two steps back: ${error(2)}`);
  });

  test('several sequences: each from the zero state with a washout of its own', () => {
    const [a, b] = [task(60, 'a'), task(80, 'b')];
    const network = build();
    network.fit([a.x, b.x], [a.y, b.y]);
    const both = network.stateDict().weight_out.data;
    assert.equal(network.state.steps, 80);
    network.fit(a.x, a.y);
    network.resetState();
    network.partialFit(b.x, b.y);
    assert.ok(worst(network.stateDict().weight_out.data, both) < 1e-9);
  });

  test('noise acts in fit only, repeatably, and shrinks the readout as its regulariser', () => {
    const [quiet, noisy, again] = [build(), build({ noise: 0.05 }), build({ noise: 0.05 })];
    for (const network of [quiet, noisy, again]) network.fit(x, y);
    assert.deepEqual(noisy.stateDict(), again.stateDict());
    noisy.fit(x, y);
    assert.deepEqual(noisy.stateDict(), again.stateDict(), 'the same call, the same readout');
    const size = (network: ESN) => network.stateDict().weight_out.data.reduce((sum, w) => sum + w * w, 0);
    assert.ok(size(noisy) < size(quiet));
    assert.deepEqual(noisy.harvest(x, { state: build().state }), quiet.harvest(x, { state: build().state }));
  });

  test('the seed decides the network', () => {
    const networks = [build(), build(), build({ seed: 8 })];
    for (const network of networks) network.fit(x, y);
    assert.deepEqual(networks[0].run(x), networks[1].run(x));
    assert.notDeepEqual(networks[0].run(x).output, networks[2].run(x).output);
  });
});

suite('ESN: online', () => {
  const { x, y } = task(400);

  test('partialFit, however the steps are cut, ends where a fit on everything does', () => {
    const whole = build();
    whole.fit(x, y);
    for (const cuts of [
      [0, 400],
      [0, 5, 12, 13, 300, 400],
      [0, 129, 400],
    ]) {
      const network = build();
      for (let k = 1; k < cuts.length; k++)
        network.partialFit(x.subarray(cuts[k - 1] * D, cuts[k] * D), y.subarray(cuts[k - 1] * O, cuts[k] * O));
      const off = worst(network.stateDict().weight_out.data, whole.stateDict().weight_out.data);
      assert.ok(off < 1e-8, `cuts ${cuts}: ${off}`);
      assert.deepEqual(network.state, whole.state);
    }
    const continued = build();
    continued.fit(x.subarray(0, 150 * D), y.subarray(0, 150 * O));
    continued.partialFit(x.subarray(150 * D), y.subarray(150 * O));
    assert.ok(worst(continued.stateDict().weight_out.data, whole.stateDict().weight_out.data) < 1e-8);
  });

  test('its output is what the readout said before it learned', () => {
    const [network, twin] = [build(), build()];
    for (const either of [network, twin]) either.fit(x.subarray(0, 200 * D), y.subarray(0, 200 * O));
    const [next, targets] = [x.subarray(200 * D), y.subarray(200 * O)];
    const { output } = network.partialFit(next, targets);
    assert.deepEqual(output, twin.run(next).output);
    assert.notDeepEqual(network.stateDict().weight_out, twin.stateDict().weight_out);
  });

  test('with forgetting it follows targets that turn round, without it does not', () => {
    const turned = y.map((value, k) => (k < 200 * O ? value : -value));
    const error = (forgetting: number) => {
      const network = build({ forgetting });
      network.partialFit(x, turned);
      const fresh = task(100, 'fresh');
      return worst(
        network.run(fresh.x).output.filter((_, k) => k % O === 0),
        fresh.y.filter((_, k) => k % O === 0).map((v) => -v),
      );
    };
    assert.ok(error(0.9) < 1e-2, `${error(0.9)}`);
    assert.ok(error(1) > 1);
  });

  test('nothing is learned, and nothing claimed to be, within the washout', () => {
    const network = build({ washout: 50 });
    network.partialFit(x.subarray(0, 50 * D), y.subarray(0, 50 * O));
    assert.throws(() => network.run(x), code('not_fitted'));
    network.partialFit(x.subarray(50 * D, 51 * D), y.subarray(50 * O, 51 * O));
    assert.equal(network.run(x).output.length, 400 * O);
  });
});

suite('ESN: state', () => {
  const { x, y } = task(200);

  test('a run in pieces is the run in one; a state can be put back', () => {
    const network = build({ feedback: 0.2 });
    network.fit(x, y);
    network.resetState();
    const whole = network.run(x);
    network.resetState();
    const first = network.run(x.subarray(0, 70 * D));
    const second = network.run(x.subarray(70 * D));
    assert.deepEqual(Float64Array.from([...first.output, ...second.output]), whole.output);
    assert.deepEqual(network.run(x.subarray(70 * D), { state: first.state }), second);
    assert.deepEqual(network.state, whole.state);
    first.state.h.fill(0.5);
    assert.deepEqual(network.state, whole.state, 'states given out are copies');
  });

  test('feedback sees the output of the step before, or the teacher', () => {
    const network = build({ feedback: 0.5 });
    network.fit(x, y);
    const start = build({ feedback: 0.5 }).state;
    const taught = network.run(x, { state: start, teacher: y });
    assert.deepEqual(taught.state.y, y.slice(-O));
    const free = network.run(x, { state: start });
    assert.deepEqual(free.output.slice(0, O), taught.output.slice(0, O), 'the first step has the same past');
    assert.notDeepEqual(free.output, taught.output);
    // Teaching it its own outputs changes nothing.
    assert.deepEqual(network.run(x, { state: start, teacher: free.output }).output, free.output);
    assert.deepEqual(network.harvest(x, { state: start }).slice(-N), free.state.h);
  });

  test('generate is a run on its own outputs', () => {
    const wave = Float64Array.from({ length: 600 }, (_, t) => Math.sin(t / 4));
    const network = build({ inputSize: 1, outputSize: 1, washout: 50, ridge: 1e-8 });
    network.fit(wave.subarray(0, 599), wave.subarray(1));
    const start = network.state;
    const { output, state } = network.generate(30);
    assert.equal(state.steps, 599 + 30);
    const inputs = Float64Array.from([wave[599], ...output.subarray(0, 29)]);
    assert.deepEqual(network.run(inputs, { state: start }).output, output);
    assert.ok(
      worst(
        output,
        Float64Array.from({ length: 30 }, (_, t) => Math.sin((600 + t) / 4)),
      ) < 0.01,
    );
    assert.deepEqual(network.generate(10, { state: start }).output, output.slice(0, 10));
    assert.equal(network.generate(0).output.length, 0);
  });
});

suite('ESN: state dict', () => {
  const { x, y } = task(200);
  const fitted = (options: Partial<ESNOptions> = {}) => {
    const network = build(options);
    network.fit(x, y);
    return network;
  };

  test('a round trip gives identical runs, and with the learning tensors identical learning', () => {
    for (const feedback of [0, 0.3]) {
      const original = fitted({ feedback });
      const copy = build({ feedback, seed: 'another' });
      copy.loadStateDict(
        JSON.parse(
          JSON.stringify(original.stateDict({ learning: true }), (_, value) =>
            ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
          ),
        ),
      );
      original.resetState();
      assert.deepEqual(copy.run(x), original.run(x));
      assert.deepEqual(copy.partialFit(x, y), original.partialFit(x, y));
      assert.deepEqual(copy.stateDict({ learning: true }), original.stateDict({ learning: true }));
    }
  });

  test('names and shapes', () => {
    const shapes = (dict: Record<string, { shape: readonly number[] }>) =>
      Object.fromEntries(Object.entries(dict).map(([name, { shape }]) => [name, [...shape]]));
    const M = 1 + D + N;
    const weights = { weight_ih_l0: [N, D], weight_hh_l0: [N, N], bias_ih_l0: [N] };
    assert.deepEqual(shapes(build().stateDict({ learning: true })), { ...weights, weight_out: [O, M] });
    assert.deepEqual(shapes(fitted({ feedback: 1 }).stateDict({ learning: true })), {
      ...weights,
      weight_fb_l0: [N, O],
      weight_out: [O, M],
      readout_factor: [M, M + O],
    });
  });

  test('without the learning tensors, partialFit starts from the loaded readout', () => {
    const original = fitted();
    const copy = build({ ridge: 1e6, washout: 0 });
    copy.loadStateDict(original.stateDict());
    original.resetState();
    const [few, targets] = [x.subarray(0, 5 * D), original.run(x.subarray(0, 5 * D)).output];
    copy.partialFit(few, targets);
    const off = worst(copy.stateDict().weight_out.data, original.stateDict().weight_out.data);
    assert.ok(off < 1e-9, `${off}`);
  });

  test('what does not fit is refused, and nothing is changed', () => {
    const network = fitted();
    const before = network.stateDict();
    assert.throws(() => network.loadStateDict({}), code('state_dict_names', 'weight_out'));
    assert.throws(() => build({ feedback: 1 }).loadStateDict(before), code('state_dict_names', 'weight_fb_l0'));
    assert.throws(() => build({ reservoirSize: 9 }).loadStateDict(before), code('state_dict_shape', 'weight_hh_l0'));
    const broken = network.stateDict();
    broken.weight_out.data[4] = Number.NaN;
    assert.throws(() => network.loadStateDict(broken), code('not_finite', 'weight_out'));
    assert.deepEqual(network.stateDict(), before);
  });
});

suite('ESN: refusals', () => {
  const { x, y } = task(100);

  test('options', () => {
    assert.throws(() => new ESN({ inputSize: 1 } as ESNOptions), code('invalid_option', 'reservoirSize', 'nothing'));
    assert.throws(() => build({ hiddenSize: 5 } as Partial<ESNOptions>), code('unknown_option', 'hiddenSize'));
    for (const [name, value] of [
      ['inputSize', 0],
      ['outputSize', 1.5],
      ['reservoirSize', -1],
      ['spectralRadius', -0.1],
      ['leak', 0],
      ['leak', 1.1],
      ['density', 0],
      ['density', 2],
      ['inputScaling', Number.NaN],
      ['biasScaling', -1],
      ['feedback', Number.POSITIVE_INFINITY],
      ['noise', -1],
      ['ridge', -1e-9],
      ['washout', 1.5],
      ['forgetting', 0],
      ['seed', Number.NaN],
    ] as [keyof ESNOptions, number][])
      assert.throws(() => build({ [name]: value }), code('invalid_option', name, String(value)), name);
    assert.equal(build({ leak: undefined }).options.leak, 1);
    assert.equal(new ESN({ inputSize: 4, reservoirSize: 5 }).options.outputSize, 4);
  });

  test('arrays', () => {
    const network = build();
    assert.throws(() => network.fit(Float32Array.from(x) as never, y), code('wrong_array_type', 'Float64Array'));
    assert.throws(() => network.fit(x.subarray(1), y), code('wrong_length'));
    assert.throws(() => network.fit(x, y.subarray(O)), code('wrong_length', 'outputSize'));
    assert.throws(() => network.fit([x], y), code('wrong_length'));
    assert.throws(() => network.fit([x, x], [y]), code('wrong_length'));
    const gap = y.slice();
    gap[7 * O + 1] = Number.NaN;
    assert.throws(() => network.fit(x, gap), code('not_finite', 'NaN at step 7'));
    assert.throws(() => network.partialFit(x, gap), code('not_finite'));
    assert.throws(() => network.fit(x.subarray(0, 10 * D), y.subarray(0, 10 * O)), code('too_few_steps', '10'));
    assert.throws(() => network.fit([], []), code('too_few_steps'));
    assert.equal(network.state.steps, 0, 'refused before the first step');
  });

  test('calls out of order', () => {
    const network = build();
    assert.throws(() => network.run(x), code('not_fitted'));
    assert.throws(() => network.generate(3), code('not_fitted'));
    assert.throws(() => build({ feedback: 1 }).harvest(x), code('not_fitted'));
    assert.throws(() => build({ ridge: 0 }).partialFit(x, y), code('ridge_needed'));
    network.fit(x, y);
    assert.throws(() => network.generate(3), code('not_generative', '2', '3'));
    const square = build({ outputSize: D });
    square.fit(x, x);
    assert.throws(() => square.generate(-1), code('invalid_size'));
    const { h, steps } = square.state;
    assert.throws(
      () => square.run(x, { state: { h, y: new Float64Array(1), steps } }),
      code('wrong_length', 'state.y'),
    );
  });

  test('weights that the data does not determine, and then the old readout stays', () => {
    const network = build({ ridge: 0 });
    network.fit(x, y);
    const before = network.stateDict();
    assert.throws(() => network.fit(x.fill(1), y), code('singular_readout', 'ridge'));
    assert.deepEqual(network.stateDict(), before);
  });
});
