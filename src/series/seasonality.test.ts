import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../random.js';
import {
  autocorrelation,
  centredMovingAverage,
  detectSeason,
  isSeasonal,
  longerSeason,
  seasonalFactors,
  seasonalIndices,
} from './seasonality.js';

interface Reference {
  readonly y: number[];
  readonly m: number;
  readonly acf: number[];
  readonly trend: (number | null)[];
  readonly additive: number[];
  readonly multiplicative: number[];
  readonly seasonal: boolean;
}
/** By R; see make_seasonality.R. */
const REFERENCES: Record<string, Reference> = JSON.parse(
  readFileSync(new URL('../../src/series/fixtures/seasonality.json', import.meta.url), 'utf8'),
);

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])),
      `${what}[${i}]: ${actual[i]}, expected ${expected[i]}`,
    );
}

/** A season of `m` in values, about a level, with noise. */
function wave(n: number, m: number, amplitude: number, noise: number, random: Random, trend = 0): Float64Array {
  return Float64Array.from(
    { length: n },
    (_, t) => trend * t + amplitude * Math.sin((2 * Math.PI * t) / m) + noise * random.normal(),
  );
}

for (const [name, { y, m, acf, trend, additive, multiplicative, seasonal }] of Object.entries(REFERENCES)) {
  test(`${name}, season ${m}: as in R`, () => {
    close(autocorrelation(y, 2 * m), acf, 1e-12, 'autocorrelation');
    close(
      centredMovingAverage(y, m).map((value) => (Number.isNaN(value) ? -1e6 : value)),
      trend.map((value) => value ?? -1e6),
      1e-12,
      'moving average',
    );
    close(seasonalIndices(y, m, 'additive'), additive, 1e-11, 'additive indices');
    close(seasonalIndices(y, m, 'multiplicative'), multiplicative, 1e-12, 'multiplicative indices');
    assert.equal(isSeasonal(y, m), seasonal);
    const factors = seasonalFactors(y, m);
    if (seasonal) close(factors ?? [], multiplicative, 1e-12, 'factors');
    else assert.equal(factors, null);
  });
}

test('a constant series has no autocorrelation and no season', () => {
  const constant = new Float64Array(40).fill(7);
  assert.deepEqual([...autocorrelation(constant, 3)], [0, 0, 0, 0]);
  assert.equal(isSeasonal(constant, 4), false);
  assert.equal(detectSeason([constant]), 1);
});

test('the seasonality test needs three seasons, or as many values as it is told', () => {
  const y = Float64Array.from({ length: 60 }, (_, t) => (t % 12 === 3 ? 5 : 1));
  assert.equal(isSeasonal(y.subarray(0, 36), 12), true);
  assert.equal(isSeasonal(y.subarray(0, 35), 12), false);
  assert.equal(isSeasonal(y.subarray(0, 35), 12, 25), true);
  assert.equal(isSeasonal(y, 1), false);
  assert.equal(isSeasonal([], 4), false);
});

test('a season is no factor where a position averages zero or less', () => {
  const y = (low: number) => Float64Array.from({ length: 40 }, (_, t) => (t % 4 === 1 ? low : 6 + (t % 4)));
  assert.equal(seasonalFactors(y(2), 4)?.length, 4);
  for (const low of [0, -1]) {
    assert.equal(isSeasonal(y(low), 4), true);
    assert.equal(seasonalFactors(y(low), 4), null);
  }
});

test('white noise passes the 90 % seasonality test about one time in ten', () => {
  const random = new Random('noise');
  let passed = 0;
  for (let trial = 0; trial < 1000; trial++)
    if (
      isSeasonal(
        Float64Array.from({ length: 120 }, () => random.normal()),
        12,
      )
    )
      passed++;
  // Binomial(1000, 0.1) has a standard deviation of 9.5; the test is a little conservative in finite samples.
  assert.ok(passed > 50 && passed < 135, `${passed}`);
});

test('additive and multiplicative indices on a straight line are found exactly', () => {
  for (const indices of [
    [3, -1, -2],
    [5, -3, 4, -6],
  ]) {
    const m = indices.length;
    const added = Float64Array.from({ length: 5 * m }, (_, t) => 100 + 2.5 * t + indices[t % m]);
    close(seasonalIndices(added, m, 'additive'), indices, 1e-12, 'additive');
    const factors = indices.map((index) => 1 + index / 20);
    const multiplied = Float64Array.from({ length: 5 * m }, (_, t) => 80 * factors[t % m]);
    close(seasonalIndices(multiplied, m, 'multiplicative'), factors, 1e-12, 'multiplicative');
  }
});

test('detectSeason finds the season of monthly, weekly and quarterly series', () => {
  assert.equal(detectSeason([REFERENCES.AirPassengers.y]), 12);
  assert.equal(detectSeason([REFERENCES.nottem.y]), 12);
  assert.equal(detectSeason([REFERENCES.UKgas.y]), 4);
  for (let seed = 0; seed < 20; seed++) {
    const random = new Random(`seed ${seed}`);
    assert.equal(detectSeason([wave(120, 12, 3, 0.2, random, 0.1)]), 12, `monthly, seed ${seed}`);
    const days = [1, 1.1, 1, 1.05, 1.4, 2.2, 1.9];
    const weekly = Float64Array.from({ length: 140 }, (_, t) => 200 * days[t % 7] * (1 + 0.05 * random.normal()));
    assert.equal(detectSeason([weekly]), 7, `weekly, seed ${seed}`);
  }
});

test('detectSeason takes the season, not a multiple of it', () => {
  // Years repeat almost exactly, and every second one even better: 24 has the higher peak.
  const random = new Random(3);
  const pattern = Float64Array.from({ length: 12 }, () => 10 * random.normal());
  const y = Float64Array.from({ length: 240 }, (_, t) => pattern[t % 12] + (t % 24 < 12 ? 0.5 : -0.5));
  const r = autocorrelation(
    y.subarray(1).map((value, t) => value - y[t]),
    24,
  );
  assert.ok(r[12] > 0.8 && r[24] > 0.8);
  assert.equal(detectSeason([y]), 12);
});

test('detectSeason rarely finds a season in noise and random walks', () => {
  const random = new Random(5);
  for (const n of [12, 40, 100, 300]) {
    const found = { noise: 0, walk: 0, trend: 0 };
    for (let trial = 0; trial < 200; trial++) {
      const noise = Float64Array.from({ length: n }, () => random.normal());
      let level = 0;
      const walk = noise.map((step) => {
        level += step;
        return level;
      });
      if (detectSeason([noise]) > 1) found.noise++;
      if (detectSeason([walk]) > 1) found.walk++;
      if (detectSeason([noise.map((step, t) => 20 + t + step)]) > 1) found.trend++;
    }
    for (const [kind, count] of Object.entries(found)) assert.ok(count <= 10, `${kind} of ${n}: ${count} of 200`);
  }
});

test('detectSeason looks at all series together', () => {
  const random = new Random(7);
  // One series of 30 values with this much noise says little; forty of them, each with its own phase, say 6.
  const many = Array.from({ length: 40 }, (_, phase) =>
    Float64Array.from(
      { length: 30 },
      (_, t) => 1.5 * Math.sin((2 * Math.PI * (t + phase)) / 6) + 0.7 * random.normal(),
    ),
  );
  assert.ok(many.filter((y) => detectSeason([y]) === 6).length < 30);
  assert.equal(detectSeason(many), 6);
});

test('detectSeason needs three seasons', () => {
  const random = new Random(7);
  assert.equal(detectSeason([wave(37, 12, 1, 0, random)]), 12);
  assert.equal(detectSeason([wave(35, 12, 1, 0, random)]), 1);
  assert.equal(detectSeason([]), 1);
  assert.equal(detectSeason([new Float64Array(0), new Float64Array(1)]), 1);
});

test('detectSeason takes as many series as there are', () => {
  const y = Float64Array.of(1, 2);
  assert.equal(detectSeason(Array.from({ length: 200_000 }, () => y)), 1);
});

test('a season is the same in any unit', () => {
  const y = Float64Array.from(REFERENCES.AirPassengers.y);
  assert.equal(detectSeason([y.map((value) => value * 1e9)]), 12);
  assert.equal(detectSeason([y.map((value) => -1e-9 * value)]), 12);
  close(
    seasonalIndices(
      y.map((value) => 1e6 * value),
      12,
      'multiplicative',
    ),
    seasonalIndices(y, 12, 'multiplicative'),
    1e-12,
    'indices',
  );
});

/** Hours: a day, on the last two days of the week with the other sign where there is a week. */
function hours(n: number, weekly: boolean, noise: number, seed: string, level = 0): Float64Array {
  const random = new Random(seed);
  const sign = (t: number) => (weekly && Math.floor(t / 24) % 7 > 4 ? -1 : 1);
  return Float64Array.from(
    { length: n },
    (_, t) => level + sign(t) * Math.sin((2 * Math.PI * t) / 24) + noise * random.normal(),
  );
}

test('a week shows in hours that have a day and a week, alone or among others, in any unit', () => {
  for (const level of [0, 5])
    for (const unit of [1e-6, 1, 1e6]) {
      const y = hours(24 * 28, true, 0.1, 'week', level).map((value) => unit * value);
      assert.equal(longerSeason([y], 24), 168, `level ${level}, unit ${unit}`);
    }
  const many = Array.from({ length: 5 }, (_, s) => hours(24 * 28, true, 0.3, `many ${s}`));
  assert.equal(longerSeason([...many, hours(24 * 5, false, 0.3, 'short')], 24), 168);
});

test('a day alone is no week, and neither is noise, but by rare chance', () => {
  for (const days of [21, 28, 56, 200])
    for (const noise of [0, 0.1, 0.5, 1, 1e9]) {
      let found = 0;
      for (let s = 0; s < 40; s++) found += Number(longerSeason([hours(24 * days, false, noise, `day ${s}`)], 24) > 1);
      assert.ok(found <= (noise > 0 ? 3 : 0), `${found} of 40 with ${days} days, noise ${noise}`);
    }
  assert.equal(longerSeason([new Float64Array(24 * 28).fill(5)], 24), 1);
});

test('three weeks must have been seen, and a season of few steps has no week', () => {
  const y = hours(24 * 28, true, 0.02, 'length');
  assert.equal(longerSeason([y.subarray(0, 3 * 168)], 24), 168);
  assert.equal(longerSeason([y.subarray(0, 3 * 168 - 1)], 24), 1);
  assert.equal(longerSeason([], 24), 1);
  // Quarters: seven years are no season, even where they repeat.
  const sevens = Float64Array.from({ length: 28 * 5 }, (_, t) => (t % 4) + 3 * (Math.floor(t / 4) % 7));
  assert.equal(longerSeason([sevens], 4), 1);
});
