import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { TidegateError } from '../errors.js';
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from '../interop/safetensors.js';
import { readFrame } from '../series/read.js';
import { GlobalForecaster } from './forecaster.js';
import { inlineHost } from './inline-runner.test.support.js';
import { decodeModel, encodeModel } from './model-file.js';

/** Three series, the last too short for the networks. */
const LENGTHS = { a: 40, b: 30, c: 3 };
let bytes: Uint8Array;
let fitted: GlobalForecaster;
before(async () => {
  const rows = Object.entries(LENGTHS).flatMap(([unique_id, length]) =>
    Array.from({ length }, (_, t) => ({ unique_id, ds: t, y: 50 + ((t * 37) % 11) + t, load: (t * 5) % 3 })),
  );
  fitted = new GlobalForecaster({ horizon: 4, model: 'lstm', season: 4, budget: 0.01 }, inlineHost());
  await fitted.fit(await readFrame(rows, { past: ['load'] }));
  bytes = encodeModel(fitted.state);
});

test('states and units are tensors of a row for each series, and come back as they were', () => {
  const { tensors } = decodeSafetensors(bytes);
  const { plan } = fitted.state.ensemble!;
  const live = fitted.state.live!;
  assert.deepEqual([...tensors.get('live.read')!.data], [1, 1, 0]);
  assert.deepEqual(tensors.get('live.past')!.shape, [3, 2]);
  const size = plan.layers * plan.hiddenSize;
  plan.views.forEach((_, g) => {
    assert.deepEqual(tensors.get(`view.${g}.answer`)!.shape, [3, plan.levels.length * plan.horizon]);
    assert.deepEqual(tensors.get(`view.${g}.level`)!.shape, [3]);
    for (let n = 0; n < plan.members; n++)
      for (const part of ['h', 'c'] as const) {
        const { shape, data, dtype } = tensors.get(`view.${g}.member.${n}.state.${part}`)!;
        assert.deepEqual([shape, dtype], [[3, size], 'F32']);
        const own = live[1]!.views[g].states[part]!.subarray(n * size, (n + 1) * size);
        assert.deepEqual([...data.subarray(size, 2 * size)], [...own]);
        assert.ok(data.subarray(2 * size).every((value) => value === 0));
      }
  });
  assert.deepEqual(decodeModel(bytes, 'm').live, live);
});

const doubles = (data: readonly number[]): SafeTensor => ({
  dtype: 'F64',
  shape: [data.length],
  data: Float64Array.from(data),
});
type Change = (tensors: Map<string, SafeTensor>) => void;
const poke =
  (name: string, at: number, value: number): Change =>
  (tensors) => {
    const tensor = tensors.get(name)!;
    const data = tensor.data.slice() as Float64Array;
    data[at] = value;
    tensors.set(name, { ...tensor, data });
  };

const DAMAGE: readonly [string, Change, RegExp][] = [
  ['no states', (t) => t.delete('view.0.member.0.state.h'), /"view.0.member.0.state.h" is missing/],
  ['no cell states', (t) => t.delete('view.0.member.0.state.c'), /"view.0.member.0.state.c" is missing/],
  ['state NaN', poke('view.0.member.0.state.c', 5, Number.NaN), /state.c" holds a value/],
  ['states of other sizes', (t) => t.set('view.0.answer', doubles([1, 2])), /"view.0.answer" is missing or not/],
  ['answer infinite', poke('view.0.answer', 1, Number.POSITIVE_INFINITY), /"view.0.answer" holds a value/],
  ['no level', (t) => t.delete('view.0.level'), /"view.0.level" is missing/],
  ['read what is too short', poke('live.read', 2, 1), /"live.read" does not fit/],
  ['not read what is not', poke('live.read', 0, 0), /"live.read" does not fit/],
  ['half a logarithm', poke('view.0.scale', 0, 0.5), /"view.0.scale" is not made of units/],
  ['divided by zero', poke('view.0.scale', 1, 0), /"view.0.scale" is not made of units/],
  ['negative spread', poke('view.0.scale', 2, -1), /"view.0.scale" is not made of units/],
  ['half a season', poke('view.0.scale', 3, 0.5), /has a season that is no whole number/],
  ['endless season', poke('view.0.scale', 3, 1e15), /has a season that is no whole number/],
  ['a season that is not there', poke('view.0.scale', 3, 1e6), /"view.0.indices" is missing or not/],
  ['no size of a covariate', poke('live.past', 1, 0), /"live.past" has a size that is not positive/],
  [
    'logarithms of a negative value',
    (t) => {
      poke('history.y', 3, -1)(t);
      poke('view.0.scale', 0, 1)(t);
    },
    /"view.0.scale" takes logarithms of what has none/,
  ],
];

for (const [name, change, says] of DAMAGE) {
  test(`refused: ${name}`, () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    change(tensors);
    assert.throws(
      () => decodeModel(encodeSafetensors(tensors, metadata), 'm.safetensors'),
      (error: unknown) => {
        assert.ok(error instanceof TidegateError);
        assert.equal(error.code, 'bad_model_file');
        assert.match(error.message, says);
        return true;
      },
    );
  });
}
