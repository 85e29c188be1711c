/** One contract suite for the linear layer, every case over both engines, against sums written out and finite differences. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../random.js';
import { type EngineKind, gradCheck, Linear, mse } from './index.js';

for (const [engine, array, tolerance] of [
  ['reference', Float64Array, 1e-12],
  ['wasm', Float32Array, 1e-5],
] as const) {
  suite(`Linear on ${engine}`, () => {
    const random = (length: number, seed = 'x') => {
      const stream = new Random(seed);
      return new array(length).map(() => stream.normal()) as never;
    };
    const assertClose = (what: string, got: ArrayLike<number>, expected: number[]) => {
      assert.ok(got instanceof array, what);
      assert.equal(got.length, expected.length, what);
      const scale = Math.max(...expected.map(Math.abs));
      expected.forEach((value, k) => {
        assert.ok(Math.abs(got[k] - value) <= tolerance * scale, `${what}[${k}]: ${got[k]}, expected ${value}`);
      });
    };
    const build = (inputSize: number, outputSize: number, bias = true) =>
      new Linear<EngineKind>({ inputSize, outputSize, bias, seed: 3, engine });

    for (const [N, K, M, bias] of [
      [1, 1, 1, true],
      [5, 3, 2, true],
      [5, 3, 2, false],
      [17, 16, 33, true],
      [40, 15, 17, true],
    ] as const)
      test(`output and gradients, ${N} rows of ${K} to ${M}${bias ? '' : ', no bias'}`, () => {
        const layer = build(K, M, bias);
        const { weight, bias: b } = layer.stateDict();
        assert.deepEqual(weight.shape, [M, K]);
        assert.deepEqual(Object.keys(layer.stateDict()), bias ? ['weight', 'bias'] : ['weight']);
        const x: Float64Array = random(N * K);
        const dOutput: Float64Array = random(N * M, 'd');
        const W = (m: number, k: number) => weight.data[m * K + k];
        const sum = (count: number, term: (n: number) => number) =>
          Array.from({ length: count }, (_, n) => term(n)).reduce((total, value) => total + value, 0);
        const table = (rows: number, columns: number, entry: (row: number, column: number) => number) =>
          Array.from({ length: rows * columns }, (_, k) => entry(Math.floor(k / columns), k % columns));
        assertClose(
          'output',
          layer.forward(x).output,
          table(N, M, (n, m) => sum(K, (k) => x[n * K + k] * W(m, k)) + (b?.data[m] ?? 0)),
        );
        for (const time of ['first', 'second']) {
          const { dInput, grads } = layer.backward({ dOutput });
          assertClose(
            `${time} dInput`,
            dInput,
            table(N, K, (n, k) => sum(M, (m) => dOutput[n * M + m] * W(m, k))),
          );
          assertClose(
            `${time} dweight`,
            grads.weight.data,
            table(M, K, (m, k) => sum(N, (n) => dOutput[n * M + m] * x[n * K + k])),
          );
          assert.deepEqual(grads.weight.shape, [M, K]);
          if (bias)
            assertClose(
              `${time} dbias`,
              grads.bias.data,
              table(1, M, (_, m) => sum(N, (n) => dOutput[n * M + m])),
            );
          else assert.equal(grads.bias, undefined);
        }
      });

    test('growing and shrinking numbers of rows, and parameters loaded in between', () => {
      const layer = build(2, 1);
      for (const rows of [3, 50, 1]) {
        layer.loadStateDict({ weight: { shape: [1, 2], data: [rows, 1] }, bias: { shape: [1], data: [0.5] } });
        const { output } = layer.forward(new array(rows * 2).fill(1) as never);
        assert.deepEqual(Array.from(output), new Array(rows).fill(rows + 1.5));
      }
    });

    test('arrays passed in and given out are apart from the layer', () => {
      const layer = build(3, 2);
      const x: Float64Array = random(6);
      const dOutput: Float64Array = random(4);
      layer.forward(x);
      const first = layer.backward({ dOutput });
      const kept = structuredClone(first);
      x.fill(7);
      layer.stateDict().weight.data.fill(7);
      assert.deepEqual(layer.backward({ dOutput }), kept);
      first.dInput.fill(9);
      first.grads.weight.data.fill(9);
      assert.deepEqual(layer.backward({ dOutput }), kept);
    });

    test('start values: within 1/√K, from the seed alone', () => {
      const start = build(25, 40).stateDict();
      const values = [...start.weight.data, ...start.bias.data];
      assert.ok(values.every((value) => Math.abs(value) <= 0.2));
      assert.ok(Math.max(...values) > 0.19 && Math.min(...values) < -0.19);
      assert.deepEqual(build(25, 40).stateDict(), start);
      const other = new Linear({ inputSize: 25, outputSize: 40, seed: 4, engine });
      assert.notDeepEqual(other.stateDict(), start);
    });

    test('what cannot be done says so', () => {
      const layer = build(3, 2);
      const wrong = engine === 'wasm' ? new Float64Array(3) : new Float32Array(3);
      assert.throws(() => layer.backward({ dOutput: random(2) }), { code: 'no_forward' });
      assert.throws(() => layer.forward(wrong as never), { code: 'wrong_array_type' });
      assert.throws(() => layer.forward(random(4)), { code: 'wrong_length' });
      assert.throws(() => layer.forward(random(0)), { code: 'wrong_length' });
      layer.forward(random(3));
      assert.throws(() => layer.backward({ dOutput: random(3) }), { code: 'wrong_length' });
      layer.loadStateDict(layer.stateDict());
      assert.throws(() => layer.backward({ dOutput: random(2) }), { code: 'no_forward' });
      assert.throws(() => layer.loadStateDict({ weight: layer.stateDict().weight }), { code: 'state_dict_names' });
      const flat = { ...layer.stateDict(), weight: { shape: [6], data: new Float64Array(6) } };
      assert.throws(() => layer.loadStateDict(flat), { code: 'state_dict_shape' });
      assert.throws(() => build(0, 1), { code: 'invalid_option' });
      assert.throws(() => new Linear({ inputSize: 1, outputSize: 1, units: 3 } as never), { code: 'unknown_option' });
    });
  });
}

test('Linear and mse together: central differences', () => {
  const layer = new Linear({ inputSize: 3, outputSize: 2, seed: 1, engine: 'reference' });
  const random = new Random('check');
  const target = new Float64Array(8).map(() => random.normal());
  const { weight, bias } = layer.stateDict();
  const p = { x: new Float64Array(12).map(() => random.normal()), weight: weight.data, bias: bias.data };
  const loss = () => {
    layer.loadStateDict({ weight, bias });
    return mse(layer.forward(p.x).output, target);
  };
  const { dInput, grads } = layer.backward({ dOutput: loss().dOutput });
  const { worst } = gradCheck(() => loss().loss, p, { x: dInput, weight: grads.weight.data, bias: grads.bias.data });
  assert.ok(worst <= 1e-7, `${worst}`);
});
