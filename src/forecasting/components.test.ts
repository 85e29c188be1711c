import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASELINES, type BaselineName } from './baselines/index.js';
import { blendComponents, type ForecastContext, forecastComponent, suitsNetwork } from './components.js';
import { InlineRunner } from './inline-runner.test.support.js';
import { gaussianQuantiles, quantileLevels } from './quantiles.js';

const NaNs = Number.NaN;
const LEVELS = quantileLevels([80, 95]);
const context = (): ForecastContext => ({
  horizon: 5,
  season: 2,
  levels: LEVELS,
  ensemble: null,
  runner: new InlineRunner(),
});
const cutOf = (y: Float64Array) => ({ y, extra: new Float32Array(0) });

test('a classical component is its method on the bridged history, with normal quantiles', async () => {
  const history = Float64Array.of(-1, 4, NaNs, 6, 3, 9, 1, 8);
  const bridged = Float64Array.of(-1, 4, 5, 6, 3, 9, 1, 8);
  for (const [name, method] of Object.entries(BASELINES)) {
    const [forecast] = await forecastComponent(name as BaselineName, [cutOf(history)], context());
    assert.deepEqual(forecast, gaussianQuantiles(method(bridged, 5, 2), LEVELS), name);
  }
});

test('what has never been negative is not forecast to be; what has may be', async () => {
  const falling = Float64Array.of(9, 7, 6, 3, 1);
  const [cut] = await forecastComponent('drift', [cutOf(falling)], context());
  const free = gaussianQuantiles(BASELINES.drift(falling, 5), LEVELS);
  cut.forEach((row, q) => {
    row.forEach((value, k) => {
      assert.equal(value, Math.max(0, free[q][k]));
    });
  });
  assert.ok(free[2][4] < 0);
  const [whole] = await forecastComponent('drift', [cutOf(Float64Array.of(-1, ...falling))], context());
  assert.ok(whole[0][4] < 0);
  // A gap is no negative value.
  const [gap] = await forecastComponent('drift', [cutOf(Float64Array.of(9, NaNs, 6, 3, 1))], context());
  assert.ok(gap.every((row) => row.every((value) => value >= 0)));
});

test('without a network every history gets the naive forecast in its place, each its own', async () => {
  const cuts = [[5], [1, 2, 3], [-4, 2, 4, 8, 16, 7, 6]].map((y) => cutOf(Float64Array.from(y)));
  assert.deepEqual(
    cuts.map(({ y }) => suitsNetwork(y)),
    [false, false, true],
  );
  assert.deepEqual(await forecastComponent('lstm', cuts, context()), await forecastComponent('naive', cuts, context()));
});

test('what was taken off is put back, step by step, before anything is cut at zero', async () => {
  // Left over: 5, −1, 3, −3. As they were: all positive, and 10·(k + 1) + 2·value at step k.
  const cut = {
    y: Float64Array.of(5, -1, 3, -3),
    original: Float64Array.of(20, 8, 16, 4),
    extra: new Float32Array(0),
    restore: (value: number, step: number) => 10 * (step + 1) + 2 * value,
  };
  for (const name of ['naive', 'drift'] as const) {
    const [forecast] = await forecastComponent(name, [cut], context());
    const left = gaussianQuantiles(BASELINES[name](cut.y, 5), LEVELS);
    forecast.forEach((row, q) => {
      row.forEach((value, k) => {
        assert.equal(value, Math.max(0, 10 * (k + 1) + 2 * left[q][k]), `${name}, quantile ${q}, step ${k}`);
      });
    });
    assert.ok(forecast[0].includes(0), 'something was cut');
  }
  // The network's place is taken by the naive forecast of what is left, put back alike.
  const [short] = await forecastComponent('lstm', [{ ...cut, y: cut.y.slice(0, 3) }], context());
  assert.deepEqual([...short[2]], [16, 26, 36, 46, 56]);
});

test('many series are sent in several tasks, and each gets its own answer', async () => {
  const runner = new InlineRunner(true);
  const cuts = Array.from({ length: 100 }, (_, s) => cutOf(Float64Array.of(1, 2, s)));
  const forecasts = await forecastComponent('naive', cuts, { ...context(), runner });
  assert.ok(runner.tasks.length > 1 && runner.tasks.every(({ kind }) => kind === 'classical'));
  forecasts.forEach((forecast, s) => {
    assert.deepEqual([...forecast[2]], [s, s, s, s, s]);
  });
});

test('blending takes each cut with its own weights', () => {
  const forecast = (...values: number[]) => values.map((value) => [Float64Array.of(value)]);
  const blended = blendComponents(
    [forecast(0, 100), forecast(10, 200)],
    [
      [1, 0],
      [0.25, 0.75],
    ],
  );
  assert.deepEqual(blended, forecast(0, 175));
});
