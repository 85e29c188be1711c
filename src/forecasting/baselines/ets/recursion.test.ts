import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correctedAkaike, PHI, parameterCount, SEASONS } from './form.js';
import { Recursion } from './recursion.js';
import { nameOf, REFERENCES, referenceRecursion, staysPositive, vectorOf } from './references.test.support.js';

const comparable = REFERENCES.forms.filter(staysPositive);

test('every form is compared with R on at least one series', () => {
  assert.equal(new Set(comparable.map(nameOf)).size, 15);
});

for (const reference of comparable) {
  const name = `${nameOf(reference)} of ${reference.series}`;

  test(`${name}: likelihood, AICc and error variance at R's parameters are R's`, () => {
    const recursion = referenceRecursion(reference.series);
    const n = recursion.y.length;
    const deviance = recursion.deviance(reference, vectorOf(reference));
    assert.ok(Math.abs(-deviance / 2 - reference.loglik) < 1e-9 * Math.abs(reference.loglik));
    const parameters = parameterCount(reference, recursion.season);
    assert.ok(Math.abs(correctedAkaike(deviance, parameters, n) - reference.aicc) < 1e-9 * Math.abs(reference.aicc));
    assert.ok(Math.abs(recursion.squares / (n - parameters + 1) / reference.variance - 1) < 1e-9);
  });

  test(`${name}: the gradient is that of difference quotients`, () => {
    const size = 300;
    const given = referenceRecursion(reference.series);
    const recursion = new Recursion(
      given.y.map((value) => value / size),
      given.season,
    );
    const x = vectorOf(reference);
    x[4] /= size;
    x[5] /= size;
    if (reference.season === 'A') for (let i = SEASONS; i < x.length; i++) x[i] /= size;
    // Away from R's optimum, where all is nearly zero.
    x[0] = 0.6 * x[0] + 0.02;
    x[4] *= 1.03;
    const dx = new Float64Array(x.length);
    recursion.deviance(reference, x);
    recursion.gradient(reference, x, dx);
    const largest = dx.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let i = 0; i < x.length; i++) {
      const step = 1e-6;
      const shifted = (by: number) =>
        recursion.deviance(
          reference,
          x.map((value, j) => (j === i ? value + by : value)),
        );
      const quotient = (shifted(step) - shifted(-step)) / (2 * step);
      assert.ok(Math.abs(quotient - dx[i]) < 1e-6 * largest + 1e-4 * Math.abs(dx[i]), `x[${i}]: ${dx[i]}, ${quotient}`);
    }
  });
}

test('two values by hand', () => {
  const recursion = new Recursion(Float64Array.of(12, 10), 2);
  // Added: f = 10 + 1 − 2 = 9, e = 3; l = 11 + 1.5, b = 1 + 0.3, s = −2 + 0.6; then f = 13.8 + 2, e = −5.8.
  const added = Float64Array.of(0.5, 0.1, 0.2, 1, 10, 1, -2, 2);
  recursion.deviance({ error: 'A', trend: 'A', season: 'A' }, added);
  assert.ok(Math.abs(recursion.squares - (9 + 5.8 ** 2)) < 1e-12);
  assert.ok(Math.abs(recursion.level - (13.8 - 2.9)) < 1e-12);
  assert.ok(Math.abs(recursion.slope - (1.3 - 0.58)) < 1e-12);
  assert.ok(Math.abs(recursion.seasons[0] + 1.4) < 1e-12);
  assert.ok(Math.abs(recursion.seasons[1] - 0.84) < 1e-12);
  // Multiplied: q = 10, f = 20, r = −0.4; l = 10 − 2, s_0 = 2 − 0.2·0.8; then q = 8, f = 4, r = 1.5.
  const multiplied = Float64Array.of(0.5, 0, 0.2, 1, 10, 0, 2, 0.5);
  const deviance = recursion.deviance({ error: 'M', trend: 'N', season: 'M' }, multiplied);
  assert.ok(Math.abs(recursion.squares - (0.16 + 2.25)) < 1e-12);
  assert.ok(Math.abs(recursion.seasons[0] - 1.84) < 1e-12);
  assert.ok(Math.abs(deviance - (2 * Math.log(2.41) + 2 * Math.log(80))) < 1e-12);
});

test('multiplicative forms end where a forecast is not above zero', () => {
  const recursion = new Recursion(Float64Array.of(5, 1, 3, 2), 2);
  const x = new Float64Array(SEASONS + 2);
  x[PHI] = 1;
  for (const season of ['N', 'A', 'M'] as const)
    assert.equal(recursion.deviance({ error: 'M', trend: 'N', season }, x), Number.POSITIVE_INFINITY);
});
