import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlanSizes, planRecurrent } from './plan.js';

const SIZES: PlanSizes = {
  horizon: 12,
  season: 12,
  lengths: new Array<number>(50).fill(120),
  levels: [0.025, 0.1, 0.5, 0.9, 0.975],
  budgetSeconds: 60,
};

test('the window is 1.25 seasons, or 1.25 horizons where there is no season', () => {
  assert.equal(planRecurrent(SIZES).inputSteps, 15);
  assert.equal(planRecurrent({ ...SIZES, season: 24, horizon: 4 }).inputSteps, 30);
  assert.equal(planRecurrent({ ...SIZES, season: 1, horizon: 8 }).inputSteps, 10);
});

test('any sizes: whole positive numbers, and a window that fits the longest series', () => {
  for (const horizon of [1, 7, 48, 1000])
    for (const season of [1, 4, 52, 10_000])
      for (const lengths of [[5], [5, 300], [40_000], new Array<number>(3000).fill(20)])
        for (const budgetSeconds of [0.001, 1, 60, 86_400]) {
          const sizes = { ...SIZES, horizon, season, lengths, budgetSeconds };
          const plan = planRecurrent(sizes);
          const what = JSON.stringify({ ...sizes, lengths: lengths.slice(0, 3) });
          for (const name of [
            'inputSteps',
            'hiddenSize',
            'layers',
            'batchRows',
            'segmentSteps',
            'maxUpdates',
            'members',
          ] as const)
            assert.ok(Number.isInteger(plan[name]) && plan[name] >= 1, `${name} ${plan[name]} for ${what}`);
          assert.ok(plan.inputSteps <= Math.max(2, Math.max(...lengths) - 1), what);
          assert.equal(plan.horizon, horizon);
          assert.deepEqual(plan.levels, sizes.levels);
        }
});

test('more time never plans less training, and what is planned is finite', () => {
  let before = 0;
  for (let budgetSeconds = 0.01; budgetSeconds < 80_000; budgetSeconds *= 1.5) {
    const { members, maxUpdates } = planRecurrent({ ...SIZES, budgetSeconds });
    // A member more may mean fewer updates for each, never fewer in all by more than the rounding.
    assert.ok(members * (maxUpdates + 1) >= before, `${budgetSeconds} s: ${members} × ${maxUpdates}`);
    before = members * maxUpdates;
  }
  assert.ok(before < 1e5);
});

test('the plan is a function of its sizes alone', () => {
  assert.deepEqual(planRecurrent(SIZES), planRecurrent({ ...SIZES, lengths: [...SIZES.lengths].reverse() }));
});

test('as many series as there are', () => {
  assert.ok(planRecurrent({ ...SIZES, lengths: new Array<number>(300_000).fill(7) }).members >= 1);
});
