import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { copy } from './copy.js';

test('ten symbols, T − 1 blanks, the marker, ten blanks; the answer is T + 10 blanks and the symbols', () => {
  for (const T of [1, 7, 100]) {
    const { x, target, steps, batch } = copy.make(T, new Random(0)).draw(new Random(1), 50);
    assert.equal(steps, T + 20);
    const counts = new Array<number>(8).fill(0);
    for (let b = 0; b < batch; b++) {
      const symbols = Array.from({ length: steps }, (_, t) => {
        const units = [...x.subarray((t * batch + b) * 10, (t * batch + b + 1) * 10)];
        assert.deepEqual(units.toSorted(), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        return units.indexOf(1);
      });
      const word = symbols.slice(0, 10);
      assert.ok(word.every((symbol) => symbol < 8));
      for (const symbol of word) counts[symbol] += 1;
      const blanks = (count: number) => new Array<number>(count).fill(8);
      assert.deepEqual(symbols.slice(10), [...blanks(T - 1), 9, ...blanks(10)]);
      const answer = Array.from({ length: steps }, (_, t) => target[t * batch + b]);
      assert.deepEqual(answer, [...blanks(T + 10), ...word]);
    }
    assert.ok(
      counts.every((count) => count > 30 && count < 100),
      `${counts}`,
    );
  }
});

test('who knows where he is and remembers nothing has the published loss 10·ln 8/(T + 20)', () => {
  for (const T of [10, 100, 500]) {
    const task = copy.make(T, new Random(0));
    const drawn = task.draw(new Random(2), 8);
    const output = new Float32Array(drawn.target.length * 9);
    for (let row = 0; row < drawn.target.length; row++)
      if (row < (T + 10) * drawn.batch) output[row * 9 + 8] = 60;
      else output[row * 9 + 8] = -60;
    const published = (10 * Math.log(8)) / (T + 20);
    assert.ok(Math.abs(task.score(output, drawn) - published) < 1e-6);
    assert.equal(task.memoryless, published);
    assert.equal(task.goal, published / 2);
  }
});
