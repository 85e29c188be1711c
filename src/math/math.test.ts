import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { asin, cos, exp, log, log1p, sin, tanh } from './index.js';

/** Units in the last place between two numbers. */
function apart(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const bits = new BigInt64Array(Float64Array.of(a, b).buffer);
  const order = (x: bigint) => (x < 0n ? -(x & 0x7fffffffffffffffn) : x);
  return Number(
    order(bits[0]) - order(bits[1]) < 0n ? order(bits[1]) - order(bits[0]) : order(bits[0]) - order(bits[1]),
  );
}

let state = 7;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const points = (from: number, to: number, count = 20_000) =>
  Array.from({ length: count }, () => from + (to - from) * random());
/** Of any order of magnitude. */
const sizes = (low: number, high: number, count = 20_000) =>
  Array.from({ length: count }, () => 10 ** (low + (high - low) * random()));

// The host's own functions are good to one unit or so, by methods of their own.
const CASES = [
  { name: 'exp', ours: exp, theirs: Math.exp, at: [...points(-2, 2), ...points(-745, 710), ...sizes(-20, 0)] },
  { name: 'log', ours: log, theirs: Math.log, at: [...points(0, 3), ...sizes(-320, 308), ...points(0.999, 1.001)] },
  { name: 'log1p', ours: log1p, theirs: Math.log1p, at: [...points(-1, 2), ...sizes(-20, 20), ...points(-0.3, -0.29)] },
  { name: 'sin', ours: sin, theirs: Math.sin, at: [...points(-7, 7), ...points(-1e6, 1e6), ...sizes(-20, 0)] },
  { name: 'cos', ours: cos, theirs: Math.cos, at: [...points(-7, 7), ...points(-1e6, 1e6), ...sizes(-20, 0)] },
  { name: 'asin', ours: asin, theirs: Math.asin, at: [...points(-1, 1), ...points(0.97, 0.98), ...sizes(-20, 0)] },
];
/** Near every place where its table goes on, too. */
const TANH_AT = [
  ...points(-3, 3),
  ...points(-25, 25),
  ...sizes(-20, 0),
  ...Array.from({ length: 1000 }, (_, n) => ((n + 0.5) * Math.LN2) / 32),
];

suite('functions that are the same everywhere', () => {
  for (const { name, ours, theirs, at } of CASES)
    test(`${name}: within one unit in the last place of the host's`, () => {
      for (const x of at) assert.ok(apart(ours(x), theirs(x)) <= 1, `${name}(${x}): ${ours(x)}, ${theirs(x)}`);
    });

  test("tanh: within four units in the last place of the host's, odd, and never beyond 1", () => {
    for (const x of TANH_AT) {
      assert.ok(apart(tanh(x), Math.tanh(x)) <= 4, `tanh(${x}): ${tanh(x)}, ${Math.tanh(x)}`);
      assert.equal(tanh(-x), -tanh(x));
      assert.ok(Math.abs(tanh(x)) <= 1);
    }
  });

  test('near multiples of π/2, where most digits cancel', () => {
    for (let n = 1; n < 5000; n += 7)
      for (const [ours, theirs] of [[sin, Math.sin] as const, [cos, Math.cos] as const]) {
        const x = (n * Math.PI) / 2;
        assert.ok(apart(ours(x), theirs(x)) <= 1, `${n}·π/2: ${ours(x)}, ${theirs(x)}`);
      }
  });

  test('values known to all digits', () => {
    assert.equal(exp(1), Math.E);
    assert.equal(exp(0), 1);
    assert.equal(log(2), Math.LN2);
    assert.equal(log(10), Math.LN10);
    assert.equal(log(Math.E), 1);
    assert.equal(log1p(1), Math.LN2);
    assert.equal(sin(1), 0.8414709848078965);
    assert.equal(cos(1), 0.5403023058681398);
    assert.equal(sin(Math.PI), 1.2246467991473532e-16);
  });

  test('ends and no numbers', () => {
    const { NaN: none, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minus } = Number;
    for (const [f, x, wanted] of [
      [exp, none, none],
      [exp, inf, inf],
      [exp, minus, 0],
      [exp, 710, inf],
      [exp, -746, 0],
      [exp, -745, 5e-324],
      [log, none, none],
      [log, -1, none],
      [log, 0, minus],
      [log, inf, inf],
      [log1p, none, none],
      [log1p, -1, minus],
      [log1p, -2, none],
      [log1p, inf, inf],
      [log1p, -0, -0],
      [sin, none, none],
      [sin, inf, none],
      [sin, -0, -0],
      [asin, 1.1, none],
      [asin, 1, Math.PI / 2],
      [asin, -1, -Math.PI / 2],
      [asin, -0, -0],
      [tanh, none, none],
      [tanh, inf, 1],
      [tanh, minus, -1],
      [tanh, 22, 1],
      [tanh, 5e-324, 5e-324],
      [tanh, -0, -0],
      [tanh, 0, 0],
      [cos, minus, none],
      [cos, 0, 1],
    ] as const)
      assert.ok(Object.is(f(x), wanted), `${f.name}(${x}) = ${f(x)}`);
  });
});
