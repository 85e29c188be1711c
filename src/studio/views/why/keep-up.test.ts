import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keepUp } from './keep-up.js';

suite('answers that follow wishes', () => {
  test('of what is wished while an answer is awaited, only the newest is asked', async () => {
    let [wished, answered] = [1, 0];
    const asked: number[] = [];
    const follow = keepUp(
      () => (wished === answered ? undefined : wished),
      async (question: number) => {
        asked.push(question);
        await Promise.resolve();
        answered = question;
      },
    );
    const whole = follow();
    for (wished = 2; wished < 9; wished++) void follow();
    await whole;
    assert.deepEqual(asked, [1, 9]);
    assert.equal(answered, 9);
    await follow();
    assert.deepEqual(asked, [1, 9], 'nothing is missing, nothing is asked');
  });

  test('a failure is told, and the next wish is asked all the same', async () => {
    let [wished, answered] = [1, 0];
    const follow = keepUp(
      () => (wished === answered ? undefined : wished),
      async (question: number) => {
        if (question === 1) throw new Error('no');
        answered = question;
      },
    );
    await assert.rejects(follow(), /no/);
    wished = 2;
    await follow();
    assert.equal(answered, 2);
  });
});
