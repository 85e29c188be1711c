/**
 * What dropout does, seen from outside: layers of ReLU units with identity matrices pass on exactly what is left, so that
 * every mask can be read off the output.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Numbers } from './cell-runner.js';
import { RNN } from './index.js';
import { type AnyLayer, type AnyOptions, ENGINES, randomArray, VARIANTS } from './recurrent-cases.test.support.js';

/** Weights a·I from below and b·I on the recurrence in all layers, biases zero. */
function diagonal(layer: AnyLayer, below: number, recurrent: number): AnyLayer {
  const dict = layer.stateDict();
  for (const [name, { shape, data }] of Object.entries(dict)) {
    data.fill(0);
    const scale = name.startsWith('weight_ih') ? below : name.startsWith('weight_hh') ? recurrent : 0;
    for (let j = 0; j < shape[0]; j++) if (shape.length === 2) data[j * shape[1] + j] = scale;
  }
  layer.loadStateDict(dict);
  return layer;
}

/** The mean of masks of so many numbers must be 1 within five standard errors; their variance is p/(1 − p). */
function assertMean(values: Numbers, rate: number): void {
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const error = Math.sqrt(rate / (1 - rate) / values.length);
  assert.ok(Math.abs(mean - 1) < 5 * error, `mean ${mean} of ${values.length}`);
}

for (const { engine, array } of ENGINES) {
  const build = (H: number, options: AnyOptions) =>
    new RNN({ inputSize: H, hiddenSize: H, nonlinearity: 'relu', engine, ...options } as never) as unknown as AnyLayer;
  const ones = (length: number): Numbers => new array(length).fill(1);

  suite(`dropout between layers on ${engine}`, () => {
    const [H, steps, batch, rate] = [20, 30, 7, 0.25];
    const x = ones(steps * batch * H);

    test('keeps the expectation, draws every number for itself, scales the way back alike', () => {
      const layer = diagonal(build(H, { numLayers: 2, dropout: rate }), 1, 0);
      const { output } = layer.forward(x, { steps, batch });
      const kept = Math.fround(1 / (1 - rate));
      assert.ok(output.every((value) => value === 0 || Math.fround(value) === kept));
      assertMean(output, rate);
      // Neighbours in every direction are independent: both dropped with probability p².
      for (const lag of [1, H, H * batch]) {
        const pairs = output.length - lag;
        let together = 0;
        for (let k = 0; k < pairs; k++) together += Number(output[k] === 0 && output[k + lag] === 0);
        const expected = rate * rate;
        const error = Math.sqrt((expected * (1 - expected)) / pairs);
        assert.ok(Math.abs(together / pairs - expected) < 6 * error, `lag ${lag}: ${together / pairs}`);
      }
      const { dInput } = layer.backward({ dOutput: x });
      assert.deepEqual(dInput, output, 'the same mask on the way back');
    });

    test('not above the top layer', () => {
      const layer = diagonal(build(H, { numLayers: 1, dropout: rate }), 1, 0);
      assert.deepEqual(layer.forward(x, { steps, batch }).output, x);
    });
  });

  suite(`recurrent dropout on ${engine}`, () => {
    const [H, steps, batch, rate] = [150, 4, 9, 0.2];
    const state = () => ({ h: ones(batch * H) });

    test('keeps the expectation; one mask per sequence, fixed over time', () => {
      const layer = diagonal(build(H, { recurrentDropout: rate }), 0, 1);
      const { output } = layer.forward(new array(steps * batch * H), { steps, batch, state: state() });
      const mask = output.slice(0, batch * H);
      assertMean(mask, rate);
      for (let t = 0; t < steps; t++)
        for (let k = 0; k < batch * H; k++) {
          // h_t = m ⊙ h_{t−1} = m^(t+1)
          let power = 1;
          for (let s = 0; s <= t; s++) power *= mask[k];
          assert.ok(Math.abs(output[t * batch * H + k] - power) <= 1e-6 * power, `step ${t}, unit ${k}`);
        }
      const first = mask.subarray(0, H).join();
      for (let b = 1; b < batch; b++) assert.notEqual(mask.subarray(b * H, (b + 1) * H).join(), first);
    });

    test('acts on what the recurrent weights read, not on what a leaky unit keeps', () => {
      const leaky = VARIANTS.find(({ name }) => name === 'leaky-relu-per-unit')!;
      const layer = diagonal(leaky.build({ engine, leak: 0.25, recurrentDropout: 0.5, inputSize: 5 }), 0, 1);
      const dict = layer.stateDict();
      dict.leak_l0.data.fill(0.25);
      layer.loadStateDict(dict);
      const { output } = layer.forward(new array(5 * 40), { steps: 1, batch: 40, state: { h: ones(5 * 40) } });
      // (1 − λ)·1 + λ·m, m 0 or 2.
      assert.deepEqual([...new Set(output)].sort(), [0.75, 1.25]);
    });
  });

  for (const { name, build: buildVariant, states: widths } of VARIANTS) {
    test(`${name} on ${engine}: modes, seeds and the place in the random stream`, () => {
      const both = { numLayers: 2, dropout: 0.4, recurrentDropout: 0.4 };
      const make = (options: AnyOptions) => buildVariant({ engine, seed: 5, ...options });
      const sizes = { steps: 5, batch: 3 };
      const x = randomArray(array, 'x', 5 * 3 * 3);
      const run = (layer: AnyLayer) => layer.forward(x, sizes).output;

      const plain = run(make({ numLayers: 2 }));
      const layer = make(both);
      assert.equal(layer.training, true);
      const [first, second] = [run(layer), run(layer)];
      assert.notDeepEqual(first, second, 'new masks every time');
      const again = make(both);
      assert.deepEqual([run(again), run(again)], [first, second], 'equal seeds, equal masks');
      assert.notDeepEqual(first, plain);
      // The start values belong to the seed too: only the masks are of another one here.
      const other = make({ ...both, seed: 6 });
      other.loadStateDict(layer.stateDict());
      assert.notDeepEqual(run(other), first);

      const place = layer.dropoutState();
      const third = run(layer);
      layer.restoreDropoutState(place);
      assert.deepEqual(run(layer), third, 'resumed');

      const before = layer.dropoutState();
      assert.equal(layer.eval().training, false);
      assert.deepEqual(run(layer), plain, 'nothing is dropped in evaluation');
      layer.train();
      let state = Object.fromEntries(
        Object.entries(widths).map(([key, width]) => [key, new array(2 * 3 * width)]),
      ) as Record<string, Numbers>;
      for (let t = 0; t < 5; t++) {
        const result = layer.step(x.subarray(t * 9, (t + 1) * 9), state);
        const expected = plain.subarray(t * result.output.length, (t + 1) * result.output.length);
        assert.ok(
          result.output.every((value, k) => Math.abs(value - expected[k]) < 1e-5),
          'nor by step',
        );
        state = result.state;
      }
      assert.deepEqual(layer.dropoutState(), before, 'and nothing was drawn');
    });
  }
}

test('one seed, the same masks on both engines', () => {
  const outputs = ENGINES.map(({ engine, array }) => {
    const options = { inputSize: 9, hiddenSize: 9, numLayers: 2, nonlinearity: 'relu', dropout: 0.5, seed: 3, engine };
    const layer = diagonal(new RNN(options as never) as unknown as AnyLayer, 1, 0);
    return Array.from(layer.forward(new array(9 * 8).fill(1), { steps: 4, batch: 2 }).output);
  });
  assert.deepEqual(outputs[0], outputs[1]);
});
