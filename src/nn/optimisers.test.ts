/** Optimisers, clipping and learning rates against PyTorch (fixtures/make_loss_goldens.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { Random } from '../random.js';
import {
  Adam,
  AdamW,
  clipGradNorm,
  clipGradValue,
  clipWeights,
  constantRate,
  cosineRate,
  type FloatArray,
  limitSpectralNorm,
  limitSpectralRadius,
  maxNorm,
  type Optimiser,
  SGD,
  type StateDict,
  stepRate,
  type Tensor,
} from './index.js';

type Named = Record<string, number[]>;
interface OptimiserGolden {
  name: string;
  kind: 'Adam' | 'AdamW' | 'SGD';
  options: never;
  parameters: Record<string, { shape: number[]; data: number[] }>;
  steps: { gradients: Named; values: Named }[];
}
interface ClippingGolden {
  kind: 'norm' | 'value';
  bound: number;
  before: Record<string, { shape: number[]; data: number[] }>;
  norm: number | null;
  after: Named;
}
const goldens = JSON.parse(
  readFileSync(new URL('../../src/nn/fixtures/loss-goldens.json', import.meta.url), 'utf8'),
) as {
  optimisers: OptimiserGolden[];
  clipping: ClippingGolden[];
  rates: { kind: string; options: never; values: number[] }[];
};
const METHODS: Record<string, new (parameters: StateDict<FloatArray>, options: never) => Optimiser> = {
  Adam,
  AdamW,
  SGD,
};

function dictOf(
  tensors: Record<string, { shape: number[]; data: number[] }>,
  array: typeof Float64Array | typeof Float32Array = Float64Array,
): StateDict<FloatArray> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: array.from(data) }]),
  );
}

const gradientsOf = (named: Named) =>
  Object.fromEntries(Object.entries(named).map(([name, data]) => [name, { shape: [data.length], data }]));

function assertClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(got.length, expected.length, what);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let k = 0; k < expected.length; k++)
    assert.ok(Math.abs(got[k] - expected[k]) <= tolerance * scale, `${what}[${k}]: ${got[k]}, expected ${expected[k]}`);
}

suite("PyTorch's steps", () => {
  for (const golden of goldens.optimisers)
    for (const [array, tolerance] of [
      [Float64Array, 1e-12],
      [Float32Array, 1e-5],
    ] as const)
      test(`${golden.name}, ${golden.steps.length} steps in ${array.name}`, () => {
        const parameters = dictOf(golden.parameters, array);
        const optimiser = new METHODS[golden.kind](parameters, golden.options);
        golden.steps.forEach(({ gradients, values }, i) => {
          optimiser.step(gradientsOf(gradients));
          for (const [name, expected] of Object.entries(values))
            assertClose(parameters[name].data, expected, tolerance, `step ${i + 1}, ${name}`);
        });
      });
});

suite('state', () => {
  for (const { name, kind, options, parameters, steps } of goldens.optimisers)
    test(`${name}: restored after any step, the rest has the same bits`, () => {
      const whole = dictOf(parameters, Float32Array);
      const through = new METHODS[kind](whole, options);
      for (const { gradients } of steps) through.step(gradientsOf(gradients));
      for (let k = 0; k < steps.length; k += 4) {
        const first = dictOf(parameters, Float32Array);
        const before = new METHODS[kind](first, options);
        for (const { gradients } of steps.slice(0, k)) before.step(gradientsOf(gradients));
        const state = before.state();
        const second = Object.fromEntries(
          Object.entries(first).map(([key, { shape, data }]) => [key, { shape, data: data.slice() }]),
        );
        // What happens to the first afterwards is nothing to the state.
        before.step(gradientsOf(steps[0].gradients));
        const after = new METHODS[kind](second, options);
        after.restore(state);
        for (const { gradients } of steps.slice(k)) after.step(gradientsOf(gradients));
        assert.deepEqual(second, whole, `after step ${k}`);
        assert.deepEqual(after.state(), through.state());
      }
    });

  test('a state that does not fit is refused, and nothing is changed', () => {
    const build = () => new Adam(dictOf({ w: { shape: [2], data: [1, 2] } }), { learningRate: 0.1 });
    const good = build();
    good.step(gradientsOf({ w: [1, 1] }));
    const state = good.state();
    const w = { shape: [2], data: Float64Array.of(1, 2) };
    for (const bad of [
      { kind: 'sgd' },
      { learningRate: Number.NaN },
      { steps: {} },
      { steps: { w: -1 } },
      { steps: { w: 1, v: 1 } },
      { slots: {} },
      { slots: { moment1: { w } } },
      { slots: { moment1: { w }, moment2: { w: { shape: [1], data: Float64Array.of(1) } } } },
      { slots: { moment1: { w }, moment2: { w: { shape: [2], data: Float32Array.of(1, 2) } } } },
    ]) {
      const target = build();
      const before = target.state();
      assert.throws(() => target.restore({ ...state, ...bad }), { code: 'bad_optimiser_state' }, JSON.stringify(bad));
      assert.deepEqual(target.state(), before);
    }
  });
});

suite('optimisers', () => {
  test('decayed: only the parameters named decay', () => {
    const parameters = dictOf({ weight: { shape: [1], data: [1] }, bias: { shape: [1], data: [1] } });
    const decayed = (name: string) => name !== 'bias';
    new AdamW(parameters, { learningRate: 0.5, weightDecay: 0.5, decayed }).step(
      gradientsOf({ weight: [0], bias: [0] }),
    );
    assert.deepEqual([parameters.weight.data[0], parameters.bias.data[0]], [0.75, 1]);
  });

  test('a gradient that does not fit changes nothing', () => {
    const parameters = dictOf({ a: { shape: [1], data: [1] }, b: { shape: [2], data: [1, 2] } });
    const optimiser = new SGD(parameters, { learningRate: 1 });
    assert.throws(() => optimiser.step(gradientsOf({ a: [1], c: [1] })), { code: 'unknown_parameter' });
    assert.throws(() => optimiser.step(gradientsOf({ a: [1], b: [1] })), { code: 'wrong_length' });
    assert.deepEqual(parameters.a.data, Float64Array.of(1));
    assert.deepEqual(optimiser.state().steps, { a: 0, b: 0 });
  });

  test('wrong options are refused', () => {
    const parameters = dictOf({ a: { shape: [1], data: [1] } });
    for (const options of [
      {},
      { learningRate: -1 },
      { learningRate: 1, beta1: 1 },
      { learningRate: 1, beta2: -0.1 },
      { learningRate: 1, epsilon: 0 },
      { learningRate: 1, weightDecay: Number.NaN },
    ])
      assert.throws(() => new Adam(parameters, options as never), { code: 'invalid_option' }, JSON.stringify(options));
    assert.throws(() => new Adam(parameters, { lr: 1 } as never), { code: 'unknown_option' });
    for (const options of [{ nesterov: true }, { nesterov: true, momentum: 0.9, dampening: 0.1 }])
      assert.throws(() => new SGD(parameters, { learningRate: 1, ...options }), { code: 'invalid_option' });
    const plain = { a: { shape: [1], data: [1] } } as never;
    assert.throws(() => new SGD(plain, { learningRate: 1 }), { code: 'bad_parameter' });
  });
});

suite('clipping', () => {
  for (const { kind, bound, before, norm, after } of goldens.clipping)
    test(`PyTorch's, by ${kind} ${bound}`, () => {
      const grads = dictOf(before);
      if (kind === 'norm') assertClose([clipGradNorm(grads, bound)], [norm as number], 1e-14, 'norm');
      else clipGradValue(grads, bound);
      for (const [name, expected] of Object.entries(after)) assertClose(grads[name].data, expected, 1e-14, name);
      const single = dictOf(before, Float32Array);
      if (kind === 'norm') clipGradNorm(single, bound);
      else clipGradValue(single, bound);
      for (const [name, expected] of Object.entries(after)) assertClose(single[name].data, expected, 1e-6, name);
    });

  test('gradients that are not finite stay as they are and show in the norm', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const grads = dictOf({ a: { shape: [2], data: [3, bad] } });
      assert.ok(!Number.isFinite(clipGradNorm(grads, 1)));
      assert.deepEqual(grads.a.data, Float64Array.of(3, bad));
    }
  });

  const matrix = (
    array: typeof Float64Array | typeof Float32Array,
    rows: number,
    columns: number,
  ): Tensor<FloatArray> => {
    const random = new Random('matrix');
    return { shape: [rows, columns], data: new array(rows * columns).map(() => random.normal()) };
  };
  for (const array of [Float64Array, Float32Array]) {
    const tolerance = array === Float64Array ? 1e-12 : 1e-6;
    test(`projections of a ${array.name} meet their bounds and leave what obeys alone`, () => {
      const clipped = matrix(array, 4, 5);
      clipWeights(clipped, 0.5);
      assert.deepEqual(
        clipped.data,
        matrix(array, 4, 5).data.map((value) => Math.min(0.5, Math.max(-0.5, value))),
      );

      const rows = matrix(array, 4, 5);
      const lengths = (data: FloatArray) => [0, 1, 2, 3].map((r) => Math.hypot(...data.subarray(5 * r, 5 * r + 5)));
      const start = lengths(rows.data);
      const bound = start.toSorted((a, b) => a - b)[1];
      maxNorm(rows, bound);
      lengths(rows.data).forEach((length, r) => {
        assert.ok(Math.abs(length - Math.min(bound, start[r])) <= tolerance * bound);
      });

      const wide = matrix(array, 4, 5);
      const norm = limitSpectralNorm(wide, 0.5);
      assert.ok(norm > 0.5);
      assert.ok(Math.abs(limitSpectralNorm(wide, 10) - 0.5) <= tolerance);
      wide.data.forEach((value, k) => {
        assert.ok(Math.abs(value - (matrix(array, 4, 5).data[k] * 0.5) / norm) <= tolerance);
      });

      const square = matrix(array, 5, 5);
      assert.ok(limitSpectralRadius(square, 0.9) > 0.9);
      assert.ok(Math.abs(limitSpectralRadius(square, 10) - 0.9) <= 10 * tolerance);
    });
  }

  test('wrong bounds and shapes are refused', () => {
    const vector = { shape: [2], data: Float64Array.of(1, 2) };
    assert.throws(() => clipGradNorm({ vector }, 0), { code: 'invalid_option' });
    assert.throws(() => clipWeights(vector, Number.NaN), { code: 'invalid_option' });
    assert.throws(() => maxNorm(vector, 1), { code: 'not_a_matrix' });
    assert.throws(() => limitSpectralRadius(matrix(Float64Array, 2, 3), 1), { code: 'not_a_matrix' });
  });
});

suite('learning rates', () => {
  for (const { kind, options, values } of goldens.rates)
    test(`PyTorch's ${kind} ${JSON.stringify(options)}`, () => {
      const schedules = { constant: constantRate, cosine: cosineRate, step: stepRate };
      const rate = (schedules[kind as 'step'] as typeof stepRate)(0.3, options);
      // Relative to the first rate: PyTorch's cosine goes by recursion.
      assertClose(
        Array.from(values, (_, step) => rate(step)),
        values,
        1e-14,
        kind,
      );
    });

  test('cosine: against Math.cos to the last bits, and the least rate stays', () => {
    const rate = cosineRate(1, { steps: 1000 });
    for (let step = 0; step <= 1000; step++)
      assert.ok(Math.abs(rate(step) - 0.5 * (1 + Math.cos((Math.PI * step) / 1000))) <= 3e-16, `${step}`);
    assert.equal(rate(0), 1);
    assert.equal(rate(1000), 0);
    assert.equal(cosineRate(1, { steps: 10, least: 0.25 })(5000), 0.25);
  });

  test('warm-up rises in a line, then the cosine starts', () => {
    const rate = cosineRate(0.8, { steps: 12, warmup: 4 });
    assert.deepEqual([0, 1, 2, 3, 4].map(rate), [0.2, 0.4, (0.8 * 3) / 4, 0.8, 0.8]);
    assert.equal(rate(8), 0.4);
    assert.throws(() => cosineRate(1, { steps: 4, warmup: 4 }), { code: 'invalid_option' });
    assert.throws(() => stepRate(1, { every: 0, factor: 0.5 }), { code: 'invalid_option' });
    assert.throws(() => constantRate(-1), { code: 'invalid_option' });
  });
});
