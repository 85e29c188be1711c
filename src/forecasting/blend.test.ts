import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { blendWeights } from './blend.js';

const NaNs = Number.NaN;
const sumOf = (row: ArrayLike<number>) => Array.from(row).reduce((sum, value) => sum + value, 0);

function close(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let m = 0; m < expected.length; m++)
    assert.ok(Math.abs(actual[m] - expected[m]) < 1e-12, `${Array.from(actual)}, not ${Array.from(expected)}`);
}

test('one series: weights go with the inverse fourth power of the errors', () => {
  // A single series is its own pool. 2⁻⁴ : 3⁻⁴ = 81 : 16.
  const { perSeries, pooled } = blendWeights([[2, 3]], [3], 2);
  close(perSeries[0], [81 / 97, 16 / 97]);
  close(pooled, [81 / 97, 16 / 97]);
  close(blendWeights([[5, 5, 5]], [1], 3).pooled, [1 / 3, 1 / 3, 1 / 3]);
  close(blendWeights([[5]], [2], 1).perSeries[0], [1]);
});

test('a model below a twentieth is dropped, and its weight shared', () => {
  // 1 : 3⁻⁴ has 1/82 for the second.
  close(blendWeights([[1, 3]], [1], 2).pooled, [1, 0]);
  // 16 : 16 : 1 has 1/33 for the third.
  close(blendWeights([[1, 1, 2]], [1], 3).pooled, [0.5, 0.5, 0]);
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

test('a series leans on the others, the more the fewer origins it has', () => {
  // Two models; on series 0 the second is better, on the nine others the first.
  const errors = [[3, 2], ...Array.from({ length: 9 }, () => [2, 3])];
  const second = (own: number) => blendWeights(errors, [own, ...new Array<number>(9).fill(3)], 2).perSeries[0][1];
  const pooled = blendWeights(errors, new Array<number>(10).fill(3), 2).pooled[1];
  const alone = 81 / 97;
  let before = pooled;
  for (const own of [1, 2, 3, 10, 100]) {
    assert.ok(second(own) > before && second(own) < alone, `${own}: ${second(own)}`);
    before = second(own);
  }
  assert.ok(Math.abs(second(1e9) - alone) < 1e-6, 'with endless origins of its own it stands alone');
});

test('a series without errors of its own gets the weights of the pool', () => {
  const { perSeries, pooled } = blendWeights(
    [
      [2, 3],
      [NaNs, NaNs],
    ],
    [3, 0],
    2,
  );
  close(perSeries[1], pooled);
  close(pooled, [81 / 97, 16 / 97]);
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
