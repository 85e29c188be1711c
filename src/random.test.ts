import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from './random.js';

test('xoshiro128** gives the published sequence from state 1 2 3 4', () => {
  // First values of the authors' C program with s = {1, 2, 3, 4}.
  const random = Random.restore([1, 2, 3, 4]);
  const first = Array.from({ length: 5 }, () => random.nextUint32());
  assert.deepEqual(first, [11520, 0, 5927040, 70819200, 2031721883]);
});

test('the same seed repeats, another seed differs, a fork is independent of later draws', () => {
  const draw = (random: Random) => Array.from({ length: 8 }, () => random.uniform());
  assert.deepEqual(draw(new Random(7)), draw(new Random(7)));
  assert.notDeepEqual(draw(new Random(7)), draw(new Random(8)));
  const parent = new Random(7);
  const before = draw(parent.fork('weights'));
  assert.deepEqual(before, draw(new Random(7).fork('weights')));
  assert.notDeepEqual(before, draw(new Random(7).fork('dropout')));
});

test('a restored state continues exactly', () => {
  const random = new Random('checkpoint');
  for (let i = 0; i < 11; i++) random.normal();
  const copy = Random.restore(random.state());
  assert.equal(copy.normal(), random.normal());
});

test('uniform and normal have the right moments, shuffle keeps the items', () => {
  const random = new Random(1);
  const n = 200_000;
  let mean = 0;
  let square = 0;
  let uniform = 0;
  for (let i = 0; i < n; i++) {
    const z = random.normal();
    mean += z / n;
    square += (z * z) / n;
    uniform += random.uniform(-1, 3) / n;
  }
  assert.ok(Math.abs(mean) < 0.01, `mean ${mean}`);
  assert.ok(Math.abs(square - 1) < 0.02, `variance ${square}`);
  assert.ok(Math.abs(uniform - 1) < 0.02, `uniform mean ${uniform}`);
  const items = Array.from({ length: 100 }, (_, i) => i);
  assert.deepEqual(
    [...random.shuffle(items.slice())].sort((a, b) => a - b),
    items,
  );
});
