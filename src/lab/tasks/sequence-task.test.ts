/** What every task on sequences must do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { SEQUENCE_TASKS } from './index.js';
import { isBetter, isSolved } from './sequence-task.js';

for (const definition of Object.values(SEQUENCE_TASKS)) {
  const lengths = definition.length === null ? [1] : [definition.leastLength, definition.length, 137];
  for (const length of lengths) {
    const make = () => definition.make(length, new Random('task'));

    test(`${definition.name}, length ${length}: shapes, and equal seeds give equal sequences`, () => {
      const task = make();
      for (const batch of [1, 3]) {
        const drawn = task.draw(new Random(7), batch);
        assert.equal(drawn.batch, batch);
        assert.ok(drawn.steps <= task.longest, `${drawn.steps} steps, longest ${task.longest}`);
        assert.equal(drawn.x.length, drawn.steps * batch * task.inputSize);
        const targets = task.loss === 'squared' ? task.outputSize : 1;
        assert.equal(drawn.target.length, drawn.steps * batch * targets);
        assert.ok(drawn.x.every(Number.isFinite));
        if (task.loss === 'cross-entropy')
          assert.ok(
            drawn.target.every((y) => Number.isNaN(y) || (Number.isInteger(y) && y >= 0 && y < task.outputSize)),
          );
        // Each sequence is asked for something.
        for (let b = 0; b < batch; b++)
          assert.ok(
            Array.from({ length: drawn.steps }, (_, t) => drawn.target[t * batch + b]).some((y) => y >= 0 || y < 0),
          );
        assert.deepEqual(make().draw(new Random(7), batch), drawn);
      }
      assert.notDeepEqual(task.draw(new Random(8), 3), task.draw(new Random(7), 3));
    });
  }

  test(`${definition.name}: the memoryless score is worse than the goal`, () => {
    const task = definition.make(definition.length ?? 1, new Random('task'));
    assert.ok(!isSolved(task, task.memoryless));
    assert.ok(isSolved(task, task.goal));
    assert.ok(isBetter(task, task.goal, task.memoryless));
  });
}
