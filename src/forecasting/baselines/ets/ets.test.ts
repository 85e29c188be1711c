import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../random.js';
import { ets, fitForms, recursionOf } from './ets.js';
import { fitForm } from './fit.js';
import type { EtsForm } from './form.js';
import { Recursion } from './recursion.js';
import { nameOf, REFERENCES, seriesOf } from './references.test.support.js';
import { startOf } from './start.js';

/** R's AICc in units in which the values are about 1: there −2 log L is less by 2n log of the unit. */
function inUnits(aicc: number, n: number, unit: number): number {
  return aicc - 2 * n * Math.log(unit);
}

for (const reference of REFERENCES.forms) {
  test(`${nameOf(reference)} of ${reference.series}: at least as likely as R's fit`, () => {
    const y = seriesOf(reference.series);
    const { m } = REFERENCES.series[reference.series];
    const scaled = y.map((value) => value / 512);
    const form: EtsForm = { error: reference.error, trend: reference.trend, season: reference.season };
    const fit = fitForm(new Recursion(scaled, m), form, startOf(scaled, m, form.season));
    assert.ok(fit);
    assert.ok(fit.aicc < inUnits(reference.aicc, y.length, 512) + 0.01, `${fit.aicc}`);
    const [alpha, beta, gamma, phi] = fit.x;
    assert.ok(alpha >= 1e-4 && alpha <= 0.9999);
    assert.ok(form.trend === 'N' ? beta === 0 : beta >= 1e-4 && beta <= alpha);
    assert.ok(form.season === 'N' ? gamma === 0 : gamma >= 1e-4 - 1e-12 && gamma <= 1 - alpha + 1e-12);
    assert.ok(form.trend === 'Ad' ? phi >= 0.8 && phi <= 0.98 : phi === 1);
  });
}

for (const { series, method, aicc } of REFERENCES.automatic) {
  test(`${series}: the best form is as good as R's ${method}`, () => {
    const y = seriesOf(series);
    const unit = 512;
    const fits = fitForms(
      recursionOf(
        y.map((value) => value / unit),
        REFERENCES.series[series].m,
      ),
    );
    const best = fits.reduce((a, b) => (b.aicc < a.aicc ? b : a));
    assert.ok(best.aicc < inUnits(aicc, y.length, unit) + 0.1, `${nameOf(best.form)} ${best.aicc}`);
    const same = fits.find(({ form }) => nameOf(form) === method);
    assert.ok(same && same.aicc < inUnits(aicc, y.length, unit) + 0.1, `${same?.aicc}`);
  });
}

test('a form that made the series is found, and its season goes on', () => {
  const random = new Random('made');
  const factors = [0.6, 1.1, 1.5, 0.8];
  const y = Float64Array.from({ length: 80 }, (_, t) => (50 + 2 * t) * factors[t % 4] * (1 + 0.02 * random.normal()));
  const best = fitForms(recursionOf(y, 4)).reduce((a, b) => (b.aicc < a.aicc ? b : a));
  assert.equal(nameOf(best.form), 'ETS(M,A,M)');
  const { mean, deviation } = ets(y, 8, 4);
  mean.forEach((value, k) => {
    const expected = (50 + 2 * (80 + k)) * factors[k % 4];
    assert.ok(Math.abs(value / expected - 1) < 0.05, `step ${k}: ${value}, not ${expected}`);
    assert.ok(deviation[k] > 0.01 * expected && deviation[k] < 0.06 * expected, `step ${k}: ${deviation[k]}`);
  });
});

test('a straight line and a pure season are continued', () => {
  const line = ets(
    Float64Array.from({ length: 30 }, (_, t) => 5 + 3 * t),
    6,
    1,
  );
  line.mean.forEach((value, k) => {
    assert.ok(Math.abs(value - (5 + 3 * (30 + k))) < 1e-3, `${value}`);
  });
  const pattern = [3, 9, 4, 7];
  const season = ets(
    Float64Array.from({ length: 40 }, (_, t) => pattern[t % 4]),
    6,
    4,
  );
  season.mean.forEach((value, k) => {
    assert.ok(Math.abs(value - pattern[k % 4]) < 1e-3, `${value}`);
  });
});

test('no multiplicative form where a value is not above zero', () => {
  const random = new Random('signs');
  const y = Float64Array.from({ length: 48 }, () => 3 + random.normal());
  assert.equal(fitForms(recursionOf(y, 4)).length, 15);
  for (const value of [0, -1]) {
    const fits = fitForms(recursionOf(Float64Array.of(...y, value), 4));
    assert.equal(fits.length, 6);
    assert.ok(fits.every(({ form }) => form.error === 'A' && form.season !== 'M'));
  }
});

test('seasons that are too long, or longer than the series, are left out', () => {
  assert.equal(recursionOf(new Float64Array(200), 24).season, 24);
  assert.equal(recursionOf(new Float64Array(200), 25).season, 1);
  assert.equal(recursionOf(new Float64Array(12), 12).season, 1);
});

test('of a long series the last thousand values count', () => {
  const random = new Random('long');
  const y = Float64Array.from({ length: 1500 }, (_, t) => 20 + (t % 7) + random.normal());
  const moved = y.map((value, t) => (t < 500 ? 1e6 * value : value));
  assert.deepEqual(ets(moved, 14, 7), ets(y, 14, 7));
});

/** Series that break what is not careful. */
const HARD: Record<string, (t: number, random: Random) => number> = {
  zeros: () => 0,
  'a spike': (t) => (t === 17 ? 1000 : 0),
  intermittent: (t, random) => (random.uniform() < 0.2 ? 1 + (t % 3) : 0),
  negative: (_, random) => -50 + 10 * random.normal(),
  'around zero': (_, random) => random.normal(),
  'almost constant': (t) => 1e6 + (t % 2) * 1e-6,
  'a jump': (t) => (t < 20 ? 1 : 1e6),
  'orders of magnitude': (t) => 10 ** (t / 4),
  falling: (t, random) => 1000 * 0.7 ** t * (1 + 0.1 * random.uniform()),
  tiny: (_, random) => 1e-12 * (5 + random.normal()),
  huge: (_, random) => 1e12 * (5 + random.normal()),
  'random walk': (t, random) => 100 + t * random.normal(),
};

for (const [name, value] of Object.entries(HARD)) {
  test(`${name}: finite, no narrower from season to season, repeatable, the same in other units`, () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 24, 40, 75]) {
      const random = new Random(`${name} ${n}`);
      const y = Float64Array.from({ length: n }, (_, t) => value(t, random));
      for (const m of [1, 2, 4, 12]) {
        const { mean, deviation } = ets(y, 30, m);
        const what = `${n} values, season ${m}`;
        const size = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        for (let k = 0; k < 30; k++) {
          assert.ok(Number.isFinite(mean[k]) && Math.abs(mean[k]) <= 100 * size, `${what}: mean ${mean[k]}`);
          assert.ok(deviation[k] >= 0 && deviation[k] <= 1000 * size, `${what}: deviation ${deviation[k]}`);
          if (k >= m) assert.ok(deviation[k] >= deviation[k - m], what);
        }
        assert.deepEqual(ets(y.slice(), 30, m), { mean, deviation }, what);
        const scaled = ets(
          y.map((v) => v * 2 ** 40),
          30,
          m,
        );
        assert.deepEqual([...scaled.mean], [...mean.map((v) => v * 2 ** 40)], what);
        assert.deepEqual([...scaled.deviation], [...deviation.map((v) => v * 2 ** 40)], what);
      }
    }
  });
}
