import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelTicks, numberTicks, shortNumber } from './number-ticks.js';

test('labels are as short as they can be with one unit per axis', () => {
  const cases: [number[], string[]][] = [
    [
      [0, 200, 400],
      ['0', '200', '400'],
    ],
    [
      [0, 2000, 4000],
      ['0', '2000', '4000'],
    ],
    [
      [0, 5000, 10000, 15000],
      ['0', '5k', '10k', '15k'],
    ],
    [
      [0, 2500, 5000, 7500, 10000],
      ['0', '2.5k', '5.0k', '7.5k', '10.0k'],
    ],
    [
      [-3e6, 0, 3e6],
      ['−3M', '0', '3M'],
    ],
    [
      [1.1e6, 1.15e6, 1.2e6],
      ['1.10M', '1.15M', '1.20M'],
    ],
    [
      [2e9, 4e9],
      ['2B', '4B'],
    ],
    [[5e12], ['5T']],
    [
      [0, 0.1, 0.2, 0.30000000000000004],
      ['0', '0.1', '0.2', '0.3'],
    ],
    [
      [-0.05, 0],
      ['−0.05', '0'],
    ],
    [
      [1_000_005, 1_000_010],
      ['1,000,005', '1,000,010'],
    ],
    [
      [0, 2e-7],
      ['0', '2e−7'],
    ],
    [
      [0, 5e20],
      ['0', '5e20'],
    ],
  ];
  for (const [values, labels] of cases) assert.deepEqual(labelTicks(values), labels);
});

test('the domain covers the values, and different ticks have different labels, at all scales', () => {
  for (let exponent = -12; exponent <= 18; exponent++) {
    for (const [low, high] of [
      [0, 1],
      [-3.3, 4.7],
      [0.9, 1.1],
      [7, 7.01],
      [-2, -1.2],
    ]) {
      const scale = Number(`1e${exponent}`);
      const { domain, ticks } = numberTicks(low * scale, high * scale, 6);
      assert.ok(domain[0] <= low * scale && domain[1] >= high * scale, `${low} ${high} ${scale}`);
      assert.equal(new Set(ticks.map(({ label }) => label)).size, ticks.length, ticks.map(({ label }) => label).join());
      assert.ok(ticks.length >= 3 && ticks.length <= 14);
    }
  }
});

test('a constant stands inside its domain', () => {
  for (const value of [0, 5, -5, 1e9, -1e-9]) {
    const { domain } = numberTicks(value, value, 5);
    assert.ok(domain[0] < value && value < domain[1], `${value}`);
  }
});

test('a value by itself has four digits', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [338, '338'],
    [6.2512, '6.251'],
    [-0.038123, '−0.03812'],
    [9999, '9999'],
    [40_630_000, '40.63M'],
    [-12345, '−12.35k'],
    [3e-9, '3e−9'],
    [1.5e18, '1.5e18'],
  ];
  for (const [value, text] of cases) assert.equal(shortNumber(value), text);
});
