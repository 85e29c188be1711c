import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../random.js';
import { isAdmissible, isStable } from './admissible.js';
import { REFERENCES } from './references.test.support.js';

test('the admissible region is R’s', () => {
  assert.ok(REFERENCES.admissible.some(({ ok }) => ok) && REFERENCES.admissible.some(({ ok }) => !ok));
  for (const row of REFERENCES.admissible) {
    const { alpha, beta, gamma, phi, m, ok } = row;
    const x = Float64Array.of(alpha, beta, gamma, phi);
    assert.equal(isAdmissible(x, m, new Float64Array(m + 2)), ok, JSON.stringify(row));
  }
});

test('a polynomial made of its roots is stable if the largest is inside the circle', () => {
  const random = new Random('roots');
  for (let trial = 0; trial < 300; trial++) {
    const largest = trial % 2 === 0 ? 0.97 : 1.03;
    let a = [1];
    const pairs = 1 + (trial % 9);
    for (let pair = 0; pair < pairs; pair++) {
      const radius = pair === 0 ? largest : random.uniform() * largest;
      const turn = 2 * radius * Math.cos(2 * Math.PI * random.uniform());
      // times z² − 2r cos(φ) z + r²
      const next = new Array(a.length + 2).fill(0);
      a.forEach((value, i) => {
        next[i] += value * radius * radius;
        next[i + 1] -= value * turn;
        next[i + 2] += value;
      });
      a = next;
    }
    assert.equal(isStable(Float64Array.from(a), 2 * pairs), largest < 1, `trial ${trial}`);
  }
});
