import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { latch } from './latch.js';

test('three numbers 1 or −1, then noise of mean 0 and variance 0.2; the class at the end, right within 0.2', () => {
  const task = latch.make(100, new Random(0));
  const random = new Random(1);
  let [sum, squares, count, ones, sequences] = [0, 0, 0, 0, 0];
  for (let round = 0; round < 50; round++) {
    const drawn = task.draw(random, 16);
    const { x, target, steps, batch } = drawn;
    assert.ok(steps >= 100 && steps <= 110);
    for (let b = 0; b < batch; b++) {
      const values = Array.from({ length: steps }, (_, t) => x[t * batch + b]);
      const sign = values[0];
      assert.ok(Math.abs(sign) === 1);
      assert.deepEqual(values.slice(0, 3), [sign, sign, sign]);
      assert.equal(target[(steps - 1) * batch + b], sign === 1 ? 1 : 0);
      for (const value of values.slice(3)) {
        sum += value;
        squares += value * value;
        count += 1;
      }
      ones += Number(sign === 1);
      sequences += 1;
    }
    assert.equal(
      task.score(
        target.map((y) => y + 0.199),
        drawn,
      ),
      1,
    );
    assert.equal(
      task.score(
        target.map((y) => y - 0.201),
        drawn,
      ),
      0,
    );
  }
  assert.ok(Math.abs(sum / count) < 0.01);
  assert.ok(Math.abs(squares / count - 0.2) < 0.005, `variance ${squares / count}`);
  assert.ok(Math.abs(ones / sequences - 0.5) < 0.07);
});
