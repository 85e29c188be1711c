import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import {
  fitLocalScale,
  fromLocal,
  interpolate,
  type LocalScale,
  observedSpan,
  seasonalSpread,
  toLocal,
} from './scaling.js';

const NaNs = Number.NaN;

/** Series of every kind: [what, values, seasons]. */
function kinds(): [string, Float64Array, number[]][] {
  const random = new Random('kinds');
  const make = (n: number, value: (t: number) => number) => Float64Array.from({ length: n }, (_, t) => value(t));
  const season = (t: number) => Math.sin((2 * Math.PI * t) / 12);
  return [
    ['positive, seasonal', make(60, (t) => Math.exp(5 + 0.02 * t + 0.3 * season(t) + 0.01 * random.normal())), [12]],
    ['mixed signs, seasonal', make(60, (t) => 4 * season(t) + 0.1 * random.normal()), [4, 12]],
    ['mixed signs', make(31, () => random.normal()), []],
    ['counts with zeros', make(40, () => random.integer(4)), [7]],
    ['tiny', make(30, () => 1e-12 * (1 + random.uniform())), [1]],
    ['huge', make(30, () => 1e12 * random.normal()), [4]],
    ['six orders of magnitude', make(30, () => 10 ** (6 * random.uniform())), [4]],
    ['all zero', new Float64Array(20), [4]],
    ['constant', new Float64Array(20).fill(-3), [4]],
    ['one value', Float64Array.of(5), [12]],
  ];
}

for (const [what, y, seasons] of kinds()) {
  const season = Math.max(1, ...seasons);
  const plain = fitLocalScale(y, seasons);
  const spread = { ...plain, spread: seasonalSpread(toLocal(plain, y), season) };
  for (const scale of [plain, spread])
    localUnits(scale === plain ? what : `${what}, by its movement`, y, season, scale);
}

function localUnits(what: string, y: Float64Array, season: number, scale: LocalScale): void {
  test(`${what}: local units and back`, () => {
    const z = toLocal(scale, y);
    const size = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let t = 0; t < y.length; t++) {
      assert.ok(Number.isFinite(z[t]));
      const back = fromLocal(scale, z[t], t);
      // A logarithm keeps relative digits, a division those of the largest value.
      const unit = scale.log ? Math.abs(y[t]) : size;
      assert.ok(Math.abs(back - y[t]) <= 2e-14 * unit, `${back} for ${y[t]}`);
    }
  });

  test(`${what}: fromLocal is strictly increasing, so quantiles keep their order`, () => {
    for (let t = 0; t < 3 * season; t++) {
      let before = fromLocal(scale, -20, t);
      for (let z = -19.5; z <= 20; z += 0.5) {
        const value = fromLocal(scale, z, t);
        assert.ok(value > before, `z ${z}, position ${t}`);
        before = value;
      }
    }
  });

  test(`${what}: the season goes on after the end`, () => {
    for (let k = 0; k < season; k++)
      assert.equal(fromLocal(scale, 0.3, y.length + k), fromLocal(scale, 0.3, y.length + k + 5 * season));
  });
}

test('logarithms only where all values are positive', () => {
  assert.equal(fitLocalScale([1, 2, 3], []).log, true);
  for (const y of [[0, 1, 2], [-1, 1, 2], []]) assert.equal(fitLocalScale(y, []).log, false, `${y}`);
  assert.deepEqual(fitLocalScale([-1, 0, 5], []), {
    log: false,
    divisor: 2,
    indices: new Float64Array(0),
    spread: 1,
  });
  assert.equal(fitLocalScale([0, 0], []).divisor, 1);
});

test('the unit of the input does not matter', () => {
  for (const [what, y, seasons] of kinds()) {
    const larger = y.map((value) => value * 1024);
    const [scale, scaled] = [fitLocalScale(y, seasons), fitLocalScale(larger, seasons)];
    const [z, zLarger] = [toLocal(scale, y), toLocal(scaled, larger)];
    const shift = scale.log ? Math.log(1024) : 0;
    z.forEach((value, t) => {
      assert.ok(Math.abs(zLarger[t] - shift - value) < 1e-11 * Math.max(1, Math.abs(value)), `${what} at ${t}`);
    });
  }
});

test('a season is taken out where there is one: a line stays', () => {
  const pattern = [0.4, -0.1, -0.3, 0];
  const y = Float64Array.from({ length: 24 }, (_, t) => Math.exp(2 + 0.01 * t + pattern[t % 4]));
  const z = toLocal(fitLocalScale(y, [4]), y);
  for (let t = 0; t < y.length; t++) assert.ok(Math.abs(z[t] - (2 + 0.01 * t)) < 1e-12, `${t}: ${z[t]}`);
  for (const none of [[], [1]]) assert.equal(fitLocalScale(y, none).indices.length, 0);
});

test('of several seasons the longest that shows is taken out', () => {
  const day = (t: number) => [3, 1, -1, -3][t % 4];
  const week = (t: number) => [0.5, -0.3, 0, 0, 0, 0, -0.2][Math.floor(t / 4) % 7];
  const random = new Random('seasons');
  const noise = Float64Array.from({ length: 168 }, () => random.normal());
  const both = noise.map((value, t) => day(t) * (1 + week(t)) + 0.1 * value);
  const short = noise.map((value, t) => day(t) + 0.1 * value);
  const length = (y: Float64Array, seasons: readonly number[]) => fitLocalScale(y, seasons).indices.length;
  assert.equal(length(both, [4, 28]), 28);
  assert.equal(length(both, [4]), 4);
  // A day repeats after a week as well, but no better than after a day.
  assert.equal(length(short, [4, 28]), 4);
  // Where there are no three weeks only the day can be seen.
  assert.equal(length(both.subarray(0, 80), [4, 28]), 4);
  assert.equal(length(noise, [4, 28]), 0);
});

test('movement from season to season, by hand', () => {
  // |5−1|, |2−4|, |6−2| over two steps; over one step 3, 2, 3, 4.
  assert.ok(Math.abs(seasonalSpread(Float64Array.of(1, 4, 5, 2, 1), 2) - (4 + 2 + 4) / 3) < 1e-15);
  assert.ok(Math.abs(seasonalSpread(Float64Array.of(1, 4, 2, 5, 1), 1) - (3 + 2 + 3 + 4) / 4) < 1e-15);
  // No two seasons: from value to value. What never moved is taken to move a little.
  assert.equal(seasonalSpread(Float64Array.of(1, 4), 2), 3);
  for (const still of [[], [7], [7, 7, 7]]) {
    const spread = seasonalSpread(Float64Array.from(still), 1);
    assert.ok(spread > 0 && spread < 1, `${spread}`);
  }
  // A season that repeats to the bit moves a hundredth of its deviation, and is not divided by nothing.
  assert.ok(Math.abs(seasonalSpread(Float64Array.of(3, -3, 3, -3, 3, -3), 2) - 0.03) < 1e-15);
});

test('no forecast is infinite, whatever the network says', () => {
  const scale = fitLocalScale([1e-3, 5, 2e6], []);
  assert.ok(Number.isFinite(fromLocal(scale, 1e30, 3)));
  assert.equal(fromLocal(scale, -1e30, 3), 0);
});

test('observedSpan leaves out what is missing at either end', () => {
  assert.deepEqual(observedSpan([1, NaNs, 3]), { first: 0, end: 3 });
  assert.deepEqual(observedSpan([NaNs, NaNs, 3, NaNs, 4, NaNs]), { first: 2, end: 5 });
  assert.deepEqual(observedSpan([NaNs, 7, NaNs]), { first: 1, end: 2 });
  assert.deepEqual(observedSpan([NaNs, NaNs]), { first: 0, end: 0 });
  assert.deepEqual(observedSpan([]), { first: 0, end: 0 });
});

test('interpolate bridges inner gaps by straight lines', () => {
  const y = Float64Array.of(1, NaNs, NaNs, 4, 0, NaNs, -2, 5);
  assert.deepEqual([...interpolate(y)], [1, 2, 3, 4, 0, -1, -2, 5]);
  assert.ok(Number.isNaN(y[1]), 'the input stays as it is');
  assert.deepEqual([...interpolate([3])], [3]);
  assert.deepEqual([...interpolate([])], []);
});

test('a bridge lies on the line between its piers', () => {
  const random = new Random('gaps');
  for (let trial = 0; trial < 50; trial++) {
    const y = Float64Array.from({ length: 40 }, () => (random.uniform() < 0.5 ? NaNs : random.normal(0, 1e3)));
    y[0] = 1;
    y[39] = 2;
    const filled = interpolate(y);
    let left = 0;
    for (let t = 0; t < 40; t++) {
      if (!Number.isNaN(y[t])) {
        assert.equal(filled[t], y[t]);
        left = t;
        continue;
      }
      let right = t;
      while (Number.isNaN(y[right])) right++;
      const expected = y[left] + ((y[right] - y[left]) * (t - left)) / (right - left);
      assert.ok(Math.abs(filled[t] - expected) < 1e-9, `${filled[t]}, expected ${expected}`);
    }
  }
});
