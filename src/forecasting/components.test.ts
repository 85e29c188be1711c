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

test('a classical component is its method on the bridged history, with normal quantiles', async () => {
  const history = Float64Array.of(-1, 4, NaNs, 6, 3, 9, 1, 8);
  const bridged = Float64Array.of(-1, 4, 5, 6, 3, 9, 1, 8);
  for (const [name, method] of Object.entries(BASELINES)) {
    const [forecast] = await forecastComponent(name as BaselineName, [{ history }], context());
    assert.deepEqual(forecast, gaussianQuantiles(method(bridged, 5, 2), LEVELS), name);
  }
});

test('what has never been negative is not forecast to be; what has may be', async () => {
  const falling = Float64Array.of(9, 7, 6, 3, 1);
  const [cut] = await forecastComponent('drift', [{ history: falling }], context());
  const free = gaussianQuantiles(BASELINES.drift(falling, 5), LEVELS);
  cut.forEach((row, q) => {
    row.forEach((value, k) => {
      assert.equal(value, Math.max(0, free[q][k]));
    });
  });
  assert.ok(free[2][4] < 0);
  const [whole] = await forecastComponent('drift', [{ history: Float64Array.of(-1, ...falling) }], context());
  assert.ok(whole[0][4] < 0);
  // A gap is no negative value.
  const [gap] = await forecastComponent('drift', [{ history: Float64Array.of(9, NaNs, 6, 3, 1) }], context());
  assert.ok(gap.every((row) => row.every((value) => value >= 0)));
});

test('without a network every history gets the naive forecast in its place, each its own', async () => {
  const cuts = [[5], [1, 2, 3], [-4, 2, 4, 8, 16, 7, 6]].map((y) => ({ history: Float64Array.from(y) }));
  assert.deepEqual(
    cuts.map(({ history }) => suitsNetwork(history)),
    [false, false, true],
  );
  assert.deepEqual(await forecastComponent('lstm', cuts, context()), await forecastComponent('naive', cuts, context()));
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
