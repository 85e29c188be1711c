import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compareLosses, dieboldMariano } from './diebold-mariano.js';

interface Reference {
  readonly a: number[];
  readonly b: number[];
  readonly statistic: number;
  readonly p: number;
}
/** By R's forecast::dm.test and t.test; see make_loss_tests.R. */
const REFERENCES: {
  readonly tests: (Reference & { horizon: number; power: number; estimator: string })[];
  readonly grouped: Reference & { groups: number[] };
} = JSON.parse(readFileSync(new URL('../../src/forecasting/fixtures/loss-tests.json', import.meta.url), 'utf8'));

function close(actual: number, expected: number, tolerance = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual}, not ${expected}`);
}

for (const { a, b, horizon, power, estimator, statistic, p } of REFERENCES.tests) {
  test(`as in R: horizon ${horizon}, power ${power}, ${estimator}, ${a.length} errors`, () => {
    const result = dieboldMariano(a, b, { horizon, power });
    close(result.statistic, statistic);
    close(result.p, p);
    assert.equal(result.n, a.length);
    const reversed = dieboldMariano(b, a, { horizon, power });
    close(reversed.statistic, -statistic);
    close(reversed.p, p);
  });
}

test('an example of the Python package dieboldmariano', () => {
  const { statistic, p } = dieboldMariano([0, 1, 2, 3, 4, 5], [0, 2, 3, 3, 5, 6]);
  close(statistic, -2.4905, 5e-5);
  close(p, 0.05513, 5e-5);
});

test('by hand: differences 1 1 0 1', () => {
  // Mean ¾, γ₀ = 3/16: DM = ¾/√(3/64) = 2√3, times √(3/4) = 3.
  const { statistic, n } = dieboldMariano([2, -2, 2, 4], [1, -1, 2, 3], { power: 1 });
  close(statistic, 3);
  assert.equal(n, 4);
});

test('with groups: the t test over the means of the groups, as in R', () => {
  const { a, b, groups, statistic, p } = REFERENCES.grouped;
  const result = compareLosses(a, b, { groups });
  close(result.statistic, statistic);
  close(result.p, p);
  assert.equal(result.n, 12);
});

test('pairs without a number are left out, groups without any too', () => {
  const a = [1, Number.NaN, 3, 2, 5, Number.NaN];
  const b = [2, 1, Number.NaN, 4, 5.5, 3];
  assert.deepEqual(compareLosses(a, b), compareLosses([1, 2, 5], [2, 4, 5.5]));
  const grouped = compareLosses(a, b, { groups: ['s', 't', 't', 's', 'u', 'v'] });
  assert.deepEqual(grouped, compareLosses([1.5, 5], [3, 5.5]));
});

test('what cannot be decided is not a number', () => {
  const nothing = { statistic: Number.NaN, p: Number.NaN };
  assert.deepEqual(compareLosses([], []), { ...nothing, n: 0 });
  assert.deepEqual(compareLosses([1], [2]), { ...nothing, n: 1 });
  assert.deepEqual(compareLosses([1, 2, 3], [1, 2, 3]), { ...nothing, n: 3 });
  assert.deepEqual(compareLosses([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]), { ...nothing, n: 3 });
});

test('wrong use has a code', () => {
  assert.throws(() => compareLosses([1, 2], [1]), { code: 'bad_losses' });
  assert.throws(() => compareLosses([1, 2], [1, 2], { groups: [1] }), { code: 'bad_losses' });
  assert.throws(() => dieboldMariano([1, 2], [1, 3], { horizon: 0 }), { code: 'bad_horizon' });
});
