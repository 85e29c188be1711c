import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { adding, adding1997, multiplication } from './adding.js';
import type { SequenceBatch, SequenceTask } from './sequence-task.js';

/** The two rows of sequence b. */
const rows = ({ x, steps, batch }: SequenceBatch, b: number) => {
  const row = (input: number) => Array.from({ length: steps }, (_, t) => x[(t * batch + b) * 2 + input]);
  return { values: row(0), markers: row(1) };
};
const marked = (markers: number[]) => markers.flatMap((marker, t) => (marker === 1 ? [t] : []));
const targetOf = ({ target, steps, batch }: SequenceBatch, b: number) => target[(steps - 1) * batch + b];

test('the modern form: values in [0, 1), one marker in each half, the sum at the end and nothing before', () => {
  const random = new Random(1);
  for (const T of [2, 11, 100]) {
    const task = adding.make(T, random);
    const drawn = task.draw(random, 200);
    assert.equal(drawn.steps, T);
    const seen = new Set<number>();
    for (let b = 0; b < drawn.batch; b++) {
      const { values, markers } = rows(drawn, b);
      const [one, two, ...more] = marked(markers);
      assert.deepEqual(more, []);
      assert.ok(one < Math.floor(T / 2) && two >= Math.floor(T / 2) && two < T);
      seen.add(one).add(two);
      assert.ok(markers.every((marker) => marker === 0 || marker === 1));
      assert.ok(values.every((value) => value >= 0 && value < 1));
      assert.ok(Math.abs(targetOf(drawn, b) - values[one] - values[two]) < 1e-6);
    }
    assert.ok(seen.size >= Math.min(T, 90), `markers at ${seen.size} of ${T} places`);
    assert.equal(drawn.target.filter((y) => !Number.isNaN(y)).length, drawn.batch);
  }
});

test('the modern form: always to say 1 has MSE 1/6, which Le et al. print as 0.1767', () => {
  const task = adding.make(10, new Random(0));
  const count = 100_000;
  const drawn = task.draw(new Random(2), count);
  const mse = task.score(new Float32Array(drawn.target.length).fill(1), drawn);
  // The variance of (s − 1)² for a sum of two U[0, 1) is 7/180; four standard errors.
  assert.ok(Math.abs(mse - 1 / 6) < 4 * Math.sqrt(7 / 180 / count), `${mse}`);
  assert.ok(Math.abs(mse - 0.1767) < 0.012, `${mse}`);
  assert.equal(task.memoryless, 1 / 6);
  const worse = [0.9, 1.1].map((guess) => task.score(new Float32Array(drawn.target.length).fill(guess), drawn));
  assert.ok(worse.every((other) => other > mse));
});

for (const [name, definition, low, answer, first] of [
  ['1997, experiment 4', adding1997, -1, (X1: number, X2: number) => 0.5 + (X1 + X2) / 4, 0],
  ['1997, experiment 5', multiplication, 0, (X1: number, X2: number) => X1 * X2, 1],
] as const) {
  test(`${name}: lengths T to 1.1·T, markers as published, an error below 0.04 is right`, () => {
    const random = new Random(3);
    const T = 100;
    const task: SequenceTask = definition.make(T, random);
    const lengths = new Set<number>();
    let [firstMarked, sequences] = [0, 0];
    for (let round = 0; round < 100; round++) {
      const drawn = task.draw(random, 20);
      lengths.add(drawn.steps);
      for (let b = 0; b < drawn.batch; b++) {
        sequences += 1;
        const { values, markers } = rows(drawn, b);
        const places = marked(markers);
        assert.equal(places.length, 2);
        assert.ok(Math.min(...places) < 10, 'one among the first ten');
        assert.ok(Math.max(...places) < T / 2 - 1, 'the other among the first T/2 − 1');
        const middle = markers.slice(1, -1);
        assert.ok(middle.every((marker) => marker === 0 || marker === 1));
        assert.equal(markers.at(-1), -1);
        assert.ok(markers[0] === -1 || places[0] === 0);
        if (places[0] === 0) {
          firstMarked += 1;
          assert.equal(values[0], first);
        }
        assert.ok(values.every((value) => value >= low && value <= 1));
        assert.ok(Math.min(...values) < low + 0.2 && Math.max(...values) > 0.8);
        const y = targetOf(drawn, b);
        assert.ok(Math.abs(y - answer(values[places[0]], values[places[1]])) < 1e-6);
        assert.ok(y >= 0 && y <= 1);
      }
      const shifted = (error: number) =>
        task.score(
          drawn.target.map((y) => y + error),
          drawn,
        );
      assert.equal(shifted(0.0399), 1);
      assert.equal(shifted(0.0401), 0);
    }
    assert.deepEqual(
      [...lengths].sort((a, b) => a - b),
      [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110],
    );
    // The first pair is X1 once in ten times, or X2 (which is then one of the others) 0.9/48 times.
    assert.ok(Math.abs(firstMarked / sequences - (0.1 + 0.9 / 48)) < 0.03, `${firstMarked} of ${sequences}`);
  });
}

test('1997: what the best constant answer gets right', () => {
  // P(|X1 + X2| < 0.16) of two U[−1, 1], and P(X1·X2 < 0.08) of two U[0, 1]: 0.08·(1 − ln 0.08).
  for (const [definition, guess, share] of [
    [adding1997, 0.5, (0.32 - 0.0128) / 2],
    [multiplication, 0.04, 0.08 * (1 - Math.log(0.08))],
  ] as const) {
    const task = definition.make(100, new Random(0));
    assert.ok(Math.abs(task.memoryless - share) < 1e-3);
    const random = new Random(4);
    let sum = 0;
    for (let round = 0; round < 60; round++) {
      const drawn = task.draw(random, 200);
      sum += task.score(new Float32Array(drawn.target.length).fill(guess), drawn) / 60;
    }
    // Where the first pair is marked, X1 is fixed: one in nine is of another kind.
    assert.ok(Math.abs(sum - share) < 0.04, `${sum}, expected about ${share}`);
  }
});
