import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { amount, scoreText, tenTo } from './numbers.js';

suite('numbers in sentences', () => {
  test('amounts are written out as long as that can be read, then with a power of ten', () => {
    const written = [
      0,
      Math.log10(0.15),
      Math.log10(51),
      Math.log10(2.66e-5),
      Math.log10(13_780),
      -26.5,
      19.65,
      -300.2,
    ];
    assert.deepEqual(written.map(amount), [
      ...['1', '0.15', '51', '0.000027', '14,000', '3.2 × 10⁻²⁷', '4.5 × 10¹⁹', '6.3 × 10⁻³⁰¹'],
    ]);
  });

  test('what rounds up to ten takes the next power', () => {
    assert.equal(amount(Math.log10(9.97e-9)), '1.0 × 10⁻⁸');
    assert.equal(amount(Math.log10(0.0996)), '0.1');
  });

  test('nothing is 0', () => assert.equal(amount(Number.NEGATIVE_INFINITY), '0'));

  test('powers and scores', () => {
    assert.deepEqual([0, 6, -30].map(tenTo), ['1', '10⁶', '10⁻³⁰']);
    assert.deepEqual([1 / 6, 0.0083].map(scoreText), ['0.167', '0.0083']);
  });
});
