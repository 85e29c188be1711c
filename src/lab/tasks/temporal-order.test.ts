import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { temporalOrder, temporalOrder6b } from './temporal-order.js';

for (const [definition, places] of [
  [
    temporalOrder,
    [
      [10, 20],
      [50, 60],
    ],
  ],
  [
    temporalOrder6b,
    [
      [10, 20],
      [33, 43],
      [66, 76],
    ],
  ],
] as const)
  test(`${definition.name}: E first, B last, X or Y within ${places.join(' and ')}, all orders equally often`, () => {
    const task = definition.make(100, new Random(0));
    const random = new Random(1);
    const lengths = new Set<number>();
    const seen = places.map(() => new Set<number>());
    const classes = new Array<number>(2 ** places.length).fill(0);
    for (let round = 0; round < 100; round++) {
      const { x, target, steps, batch } = task.draw(random, 16);
      lengths.add(steps);
      for (let b = 0; b < batch; b++) {
        const word = Array.from({ length: steps }, (_, t) => {
          const units = [...x.subarray((t * batch + b) * 8, (t * batch + b + 1) * 8)];
          assert.equal(units.filter((unit) => unit === 1).length, 1);
          assert.equal(units.filter((unit) => unit === 0).length, 7);
          return 'abcdXYEB'[units.indexOf(1)];
        }).join('');
        assert.match(word, /^E[abcdXY]+B$/);
        const at = [...word.matchAll(/[XY]/g)].map(({ index }) => index + 1);
        assert.equal(at.length, places.length);
        at.forEach((place, k) => {
          assert.ok(place >= places[k][0] && place <= places[k][1], `${at}`);
          seen[k].add(place);
        });
        const order = Number.parseInt(word.replace(/[^XY]/g, '').replace(/X/g, '0').replace(/Y/g, '1'), 2);
        assert.equal(target[(steps - 1) * batch + b], order);
        classes[order] += 1;
      }
    }
    assert.equal(Math.min(...lengths), 100);
    assert.equal(Math.max(...lengths), 110);
    assert.ok(seen.every((set) => set.size === 11));
    const expected = 1600 / classes.length;
    assert.ok(
      classes.every((count) => Math.abs(count - expected) < 5 * Math.sqrt(expected)),
      `${classes}`,
    );
    assert.equal(task.memoryless, 1 / classes.length);
  });
