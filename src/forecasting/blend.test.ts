import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { blendWeights, type StackingCut, stackedShares, towards } from './blend.js';

const NaNs = Number.NaN;
const sumOf = (row: ArrayLike<number>) => Array.from(row).reduce((sum, value) => sum + value, 0);

function close(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let m = 0; m < expected.length; m++)
    assert.ok(Math.abs(actual[m] - expected[m]) < 1e-12, `${Array.from(actual)}, not ${Array.from(expected)}`);
}

/** So many values that nothing is left to doubt. */
const ENDLESS = 1e15;

test('one series: weights go with the inverse sixth power of the errors, the more values, the nearer to it', () => {
  // A single series is its own pool. 2⁻⁶ : 3⁻⁶ = 729 : 64.
  const { perSeries, pooled } = blendWeights([[2, 3]], [ENDLESS], 2);
  close(perSeries[0], [729 / 793, 64 / 793]);
  close(pooled, [729 / 793, 64 / 793]);
  // With as many values as doubt, half the power: 2⁻³ : 3⁻³ = 27 : 8.
  close(blendWeights([[2, 3]], [60], 2).perSeries[0], [27 / 35, 8 / 35]);
  close(blendWeights([[5, 5, 5]], [1], 3).pooled, [1 / 3, 1 / 3, 1 / 3]);
  close(blendWeights([[5]], [2], 1).perSeries[0], [1]);
});

test('a model below a twentieth is dropped, and its weight shared', () => {
  // 1 : 3⁻⁶ has 1/730 for the second.
  close(blendWeights([[1, 3]], [ENDLESS], 2).pooled, [1, 0]);
  // 64 : 64 : 1 has 1/129 for the third.
  close(blendWeights([[1, 1, 2]], [ENDLESS], 3).pooled, [0.5, 0.5, 0]);
});

test('an error of zero takes everything', () => {
  close(blendWeights([[0, 3, 1]], [3], 3).perSeries[0], [1, 0, 0]);
  close(
    blendWeights(
      [
        [0, 3, 0],
        [0, 7, 0],
      ],
      [3, 3],
      3,
    ).perSeries[1],
    [0.5, 0, 0.5],
  );
  close(blendWeights([[0, 0]], [3], 2).perSeries[0], [0.5, 0.5]);
});

test('a series leans on the others, the more the fewer values it has', () => {
  // Two models; on series 0 the second is better, on the nine others the first.
  const errors = [[3, 2], ...Array.from({ length: 9 }, () => [2, 3])];
  const second = (own: number) => blendWeights(errors, [own, ...new Array<number>(9).fill(ENDLESS)], 2).perSeries[0][1];
  const pooled = blendWeights(errors, new Array<number>(10).fill(ENDLESS), 2).pooled[1];
  const alone = 729 / 793;
  let before = pooled;
  for (const own of [4, 12, 60, 300, 3000]) {
    assert.ok(second(own) > before && second(own) < alone, `${own}: ${second(own)}`);
    before = second(own);
  }
  assert.ok(Math.abs(second(ENDLESS) - alone) < 1e-6, 'with endless values of its own it stands alone');
});

test('a series without errors of its own gets the weights of the pool', () => {
  const { perSeries, pooled } = blendWeights(
    [
      [2, 3],
      [NaNs, NaNs],
    ],
    [ENDLESS, 0],
    2,
  );
  close(perSeries[1], pooled);
  close(pooled, [729 / 793, 64 / 793]);
  close(blendWeights([[NaNs, NaNs]], [0], 2).pooled, [0.5, 0.5]);
  close(blendWeights([], [], 3).pooled, [1 / 3, 1 / 3, 1 / 3]);
});

test('a series of large values has no larger say in the pool', () => {
  const errors = [
    [2, 3],
    [4, 1],
    [1, 1],
  ];
  const scaled = errors.map((row, s) => row.map((error) => error * [1e6, 1, 1e-6][s]));
  const plain = blendWeights(errors, [3, 3, 3], 2);
  const other = blendWeights(scaled, [3, 3, 3], 2);
  close(other.pooled, plain.pooled);
  plain.perSeries.forEach((row, s) => {
    close(other.perSeries[s], row);
  });
});

test('any errors: weights are shares, sum to 1, follow the order of the errors, and are not mixed up by it', () => {
  const random = new Random('weights');
  for (let trial = 0; trial < 200; trial++) {
    const models = 1 + random.integer(5);
    const errors = Array.from({ length: 1 + random.integer(6) }, () =>
      Array.from({ length: models }, () => (random.uniform() < 0.1 ? 0 : Math.exp(random.normal(0, 3)))),
    );
    const origins = errors.map(() => random.integer(4));
    const { perSeries, pooled } = blendWeights(errors, origins, models);
    for (const row of [...perSeries, pooled]) {
      assert.ok(Math.abs(sumOf(row) - 1) < 1e-12, `${row}`);
      assert.ok(
        row.every((weight) => weight >= 0),
        `${row}`,
      );
    }
    // One series alone: the lower error never has the lower weight.
    const alone = blendWeights([errors[0]], [3], models).pooled;
    for (let a = 0; a < models; a++)
      for (let b = 0; b < models; b++) if (errors[0][a] < errors[0][b]) assert.ok(alone[a] >= alone[b]);
    // Models in another order have the same weights.
    const order = random.shuffle(Array.from({ length: models }, (_, m) => m));
    const shuffled = blendWeights(
      errors.map((row) => order.map((m) => row[m])),
      origins,
      models,
    );
    perSeries.forEach((row, s) => {
      close(
        shuffled.perSeries[s],
        order.map((m) => row[m]),
      );
    });
  }
});

/** Σ_cuts (1/s_c)·Σ_k |y_k − Σ_m w_m·f_mk| as in the docstring, each cut over its length. */
function stackingError(cuts: readonly StackingCut[], shares: ArrayLike<number>): number {
  return cuts.reduce((sum, { forecasts, actual }) => {
    const known = Array.from(actual, (_, k) => k).filter((k) => !Number.isNaN(actual[k]));
    const scale = known.reduce(
      (total, k) =>
        total + forecasts.reduce((all, forecast) => all + Math.abs(forecast[k] - actual[k]), 0) / forecasts.length,
      0,
    );
    const errors = known.map((k) =>
      Math.abs(forecasts.reduce((mixed, forecast, m) => mixed + shares[m] * forecast[k], 0) - actual[k]),
    );
    return sum + (known.length * sumOf(errors)) / (scale * actual.length);
  }, 0);
}

/** Cuts of some models whose errors have the given deviations; the last two share most of their errors. */
function stackingCuts(random: Random, deviations: readonly number[], count: number): StackingCut[] {
  return Array.from({ length: count }, (_, c) => {
    const actual = Array.from({ length: 5 }, () => 10 ** (c % 3) * random.normal());
    const common = actual.map(() => random.normal());
    const forecasts = deviations.map((deviation, m) =>
      actual.map((value, k) => {
        const shared = m >= deviations.length - 2 ? 0.9 * common[k] : 0;
        return value + 10 ** (c % 3) * deviation * (shared + (shared === 0 ? 1 : 0.44) * random.normal());
      }),
    );
    return { forecasts, actual: actual.map((value) => (random.uniform() < 0.1 ? NaNs : value)) };
  });
}

test('stacked shares err as little as the best of a fine grid, and are shares', () => {
  const random = new Random('stacking');
  for (const deviations of [
    [1, 1, 1],
    [1, 0.7, 0.7],
    [1, 2, 5],
    [0.5, 4, 4],
  ]) {
    const cuts = stackingCuts(random, deviations, 60);
    const shares = stackedShares(cuts, 3);
    assert.ok(Math.abs(sumOf(shares) - 1) < 1e-12 && shares.every((share) => share > 0));
    let best = Number.POSITIVE_INFINITY;
    for (let a = 0; a <= 50; a++)
      for (let b = 0; a + b <= 50; b++) best = Math.min(best, stackingError(cuts, [a / 50, b / 50, (50 - a - b) / 50]));
    const own = stackingError(cuts, shares);
    assert.ok(own < 1.01 * best, `${deviations}: ${own}, the grid has ${best}`);
  }
});

test('two models that err alike are worth no more than one', () => {
  const cuts = stackingCuts(new Random('twins'), [1, 1, 1], 400);
  const [single, ...twins] = stackedShares(cuts, 3);
  assert.ok(single > sumOf(twins) - 0.1 && single > twins[0] && single > twins[1], `${single}, ${twins}`);
  // Weights by error see three equals.
  const errors = [0, 1, 2].map((m) =>
    sumOf(
      cuts.map(({ forecasts, actual }) =>
        sumOf(Array.from(actual, (y, k) => (Number.isNaN(y) ? 0 : Math.abs(y - forecasts[m][k])))),
      ),
    ),
  );
  assert.ok(Math.abs(blendWeights([errors], [1], 3).pooled[0] - 1 / 3) < 0.1);
});

test('stacked shares: the unit of a series does not matter; nothing observed gives equal shares', () => {
  const cuts = stackingCuts(new Random('units'), [1, 0.5], 30);
  const times = (row: ArrayLike<number>, factor: number) => Array.from(row, (value) => factor * value);
  const scaled = cuts.map(({ forecasts, actual }, c) => ({
    forecasts: forecasts.map((row) => times(row, 2 ** (c % 7))),
    actual: times(actual, 2 ** (c % 7)),
  }));
  close(stackedShares(scaled, 2), stackedShares(cuts, 2));
  const third = [1 / 3, 1 / 3, 1 / 3];
  close(stackedShares([], 3), third);
  close(stackedShares([{ forecasts: [[1], [2], [3]], actual: [NaNs] }], 3), third);
  close(stackedShares([{ forecasts: [[1], [1], [1]], actual: [1] }], 3), third);
});

test('weights move towards the stacked shares, the more the more series they come from, and sum to 1', () => {
  const weights = {
    perSeries: [Float64Array.of(0.5, 0.5), Float64Array.of(0.9, 0.1)],
    pooled: Float64Array.of(0.7, 0.3),
  };
  const shares = Float64Array.of(0.2, 0.8);
  const none = towards(weights, shares, 0);
  none.perSeries.forEach((row, s) => {
    close(row, weights.perSeries[s]);
  });
  let before = weights.pooled[1];
  for (const series of [1, 5, 50, 1e6]) {
    const { perSeries, pooled } = towards(weights, shares, series);
    assert.ok(pooled[1] > before && pooled[1] < 0.8);
    before = pooled[1];
    // One and the same share of the way, for every row.
    const way = (pooled[1] - 0.3) / 0.5;
    close(perSeries[0], [0.5 - 0.3 * way, 0.5 + 0.3 * way]);
    close(perSeries[1], [0.9 - 0.7 * way, 0.1 + 0.7 * way]);
  }
  // What falls below a twentieth is dropped.
  close(towards({ perSeries: [], pooled: Float64Array.of(1, 0) }, Float64Array.of(0.99, 0.01), 1e9).pooled, [1, 0]);
});
