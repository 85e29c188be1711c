/** Live series: a stream gives the bits of the layer's own steps, for every cell, on both engines. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../random.js';
import { configureEngine, GRU, LeakyRNN, LSTM, RNN } from './index.js';

const SIZES = { inputSize: 3, hiddenSize: 21, numLayers: 2, seed: 4 };
const CELLS = {
  RNN: (engine: 'wasm' | 'reference') => new RNN({ ...SIZES, engine }),
  'leaky RNN': (engine: 'wasm' | 'reference') => new LeakyRNN({ ...SIZES, leak: 0.3, engine }),
  GRU: (engine: 'wasm' | 'reference') => new GRU({ ...SIZES, engine }),
  'GRU, reset before': (engine: 'wasm' | 'reference') => new GRU({ ...SIZES, resetAfter: false, engine }),
  LSTM: (engine: 'wasm' | 'reference') => new LSTM({ ...SIZES, engine }),
  'LSTM with peepholes and projection': (engine: 'wasm' | 'reference') =>
    new LSTM({ ...SIZES, peephole: true, projSize: 9, engine }),
};

for (const [name, build] of Object.entries(CELLS))
  for (const engine of ['wasm', 'reference'] as const)
    suite(`${name} on ${engine}`, () => {
      const draw = (random: Random, length: number) => {
        const values = Array.from({ length }, () => random.uniform(-1, 1));
        return engine === 'wasm' ? Float32Array.from(values) : (Float64Array.from(values) as never);
      };
      const layer = build(engine) as LSTM;

      for (const batch of [1, 2, 40])
        test(`${batch} series: the outputs and states of the layer's steps, from a given state on`, () => {
          const random = new Random(`stream ${batch}`);
          const warm = layer.forward(draw(random, 4 * batch * 3), { steps: 4, batch });
          const stream = layer.stream({ batch, state: warm.state });
          assert.equal(stream.batch, batch);
          assert.deepEqual(stream.state(), warm.state);
          let { state } = warm;
          for (let t = 0; t < 6; t++) {
            const x = draw(random, batch * 3);
            const expected = layer.step(x, state);
            assert.deepEqual(stream.step(x), expected.output, `step ${t}`);
            state = expected.state;
            assert.deepEqual(stream.state(), state, `state ${t}`);
          }
          const second = layer.stream({ batch, state: stream.state() });
          const x = draw(random, batch * 3);
          assert.deepEqual(second.step(x).slice(), stream.step(x).slice());
        });

      test('without a state it begins at zero, with the parameters that the layer has then', () => {
        const other = build(engine) as LSTM;
        const x = draw(new Random(1), 3);
        const stream = other.stream();
        const first = other.step(x).output;
        const parameters = other.stateDict();
        for (const { data } of Object.values(parameters)) data.fill(0.1);
        other.loadStateDict(parameters);
        assert.deepEqual(stream.step(x).slice(), first);
        assert.notDeepEqual(other.stream().step(x).slice(), first);
      });

      test('refuses what does not fit', () => {
        const stream = layer.stream({ batch: 2 });
        assert.throws(() => stream.step(draw(new Random(1), 3)), { code: 'wrong_length' });
        assert.throws(() => stream.step([1, 2, 3, 4, 5, 6] as never), { code: 'wrong_array_type' });
        assert.throws(() => layer.stream({ batch: 0 }), { code: 'invalid_size' });
        assert.throws(() => layer.stream({ batch: 2, state: layer.stream().state() }), { code: 'wrong_length' });
      });
    });

test('a layer that reads from both ends cannot stream', () => {
  const layer = new GRU({ inputSize: 1, hiddenSize: 2, bidirectional: true });
  assert.throws(() => layer.stream(), { code: 'bidirectional_step' });
});

test('the engine can be told its tier and threads, for what is built from then on', () => {
  const before = configureEngine({});
  try {
    assert.equal(configureEngine({ tier: 'simd' }).tier, 'simd');
    assert.throws(() => configureEngine({ tier: 'avx9' as never }), { code: 'tier_unavailable' });
    assert.throws(() => configureEngine({ threads: 0.5 }), { code: 'bad_option' });
    assert.equal(configureEngine({}).tier, 'simd');
  } finally {
    configureEngine({ tier: before.tier, threads: before.threads });
  }
});
