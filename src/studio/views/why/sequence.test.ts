import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sampleTask } from '../../../lab-entry-browser.js';
import { markedNumbers, orderName, symbolsOf, wantedOf } from './sequence.js';

suite('a sequence as people read it', () => {
  test('adding: two marked numbers, and their sum', () => {
    for (const seed of [1, 2, 3]) {
      const sample = sampleTask('adding', 30, seed);
      const { numbers, marked } = markedNumbers(sample);
      assert.deepEqual([numbers.length, marked.length], [30, 2]);
      assert.ok(Math.abs(numbers[marked[0]] + numbers[marked[1]] - wantedOf(sample)) < 1e-6);
    }
  });

  test('temporal order: X and Y among others, in the order that is asked for', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const sample = sampleTask('temporal-order', 40, seed);
      const symbols = symbolsOf(sample);
      assert.match(symbols.join(''), /^E[abcdXY]+B$/);
      const order = symbols.filter((symbol) => symbol === 'X' || symbol === 'Y').join('');
      assert.equal(orderName(wantedOf(sample)), order);
      seen.add(order);
    }
    assert.equal(seen.size, 4);
  });
});
