import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELL_NAMES } from '../options.js';
import { type PlanSizes, planRecurrent } from './plan.js';

const SIZES: PlanSizes = {
  cell: 'lstm',
  horizon: 12,
  seasons: [12],
  lengths: new Array<number>(50).fill(120),
  extraSize: 0,
  budgetSeconds: 60,
};

/** Window of the view in which the season is removed, or of the only one. */
const windowOf = (sizes: PlanSizes) => {
  const { views } = planRecurrent(sizes);
  return (views.find(({ adjusted }) => adjusted) ?? views[0]).inputSteps;
};

test('the window is 1.25 seasons, or 1.25 horizons where there is no season', () => {
  const short = { ...SIZES, lengths: new Array<number>(50).fill(60) };
  assert.equal(windowOf(short), 15);
  assert.equal(windowOf({ ...short, seasons: [24], horizon: 4 }), 30);
  assert.equal(windowOf({ ...short, seasons: [], horizon: 8 }), 10);
});

test('windows grow with the longest series, but not for ever', () => {
  for (const seasons of [[], [12]]) {
    const window = (longest: number) => windowOf({ ...SIZES, seasons, lengths: [40, longest] });
    let before = 0;
    for (const longest of [60, 120, 500, 1000, 10_000, 100_000]) {
      assert.ok(window(longest) >= before);
      before = window(longest);
    }
    assert.ok(before > window(60) && before === window(10_000), `${before}`);
  }
});

test('a view that leaves the season in sees more than one of it, the longest one too', () => {
  for (const seasons of [[4], [12], [24, 168], [48, 336]]) {
    const lengths = [20 * 336];
    const { views } = planRecurrent({ ...SIZES, seasons, lengths });
    assert.ok(views.some(({ adjusted }) => adjusted) && views.some(({ adjusted }) => !adjusted));
    for (const { adjusted, inputSteps } of views)
      assert.ok(adjusted || inputSteps > Math.max(...seasons), `${seasons}: ${inputSteps}`);
  }
  assert.ok(
    planRecurrent({ ...SIZES, seasons: [] }).views.every(({ adjusted }) => !adjusted),
    'nothing to remove',
  );
});

test('any sizes: whole positive numbers, and a window that fits the longest series', () => {
  for (const horizon of [1, 7, 48, 1000])
    for (const seasons of [[], [4], [52], [24, 168], [10_000]])
      for (const lengths of [[5], [5, 300], [40_000], new Array<number>(3000).fill(20)])
        for (const budgetSeconds of [0.001, 1, 60, 86_400]) {
          const sizes = { ...SIZES, horizon, seasons, lengths, budgetSeconds };
          const plan = planRecurrent(sizes);
          const what = JSON.stringify({ ...sizes, lengths: lengths.slice(0, 3) });
          for (const name of [
            'hiddenSize',
            'layers',
            'batchRows',
            'segmentSteps',
            'maxUpdates',
            'members',
            'rehearsalMembers',
          ] as const)
            assert.ok(Number.isInteger(plan[name]) && plan[name] >= 1, `${name} ${plan[name]} for ${what}`);
          assert.ok(plan.views.length >= 1);
          for (const { inputSteps, firstValues } of plan.views) {
            assert.ok(Number.isInteger(inputSteps) && inputSteps >= 1, what);
            assert.ok(inputSteps <= Math.max(2, Math.max(...lengths) - 1), what);
            assert.ok(Number.isInteger(firstValues) && firstValues >= 1, what);
          }
          assert.equal(plan.horizon, horizon);
          assert.ok(
            plan.levels.includes(0.5) && plan.levels.every((level, q) => level > (plan.levels[q - 1] ?? 0)),
            what,
          );
        }
});

test('more time never plans less training, and what is planned is finite', () => {
  let before = 0;
  for (let budgetSeconds = 0.01; budgetSeconds < 80_000; budgetSeconds *= 1.5) {
    const { members, maxUpdates, batchRows } = planRecurrent({ ...SIZES, budgetSeconds });
    // A member more may mean fewer updates for each, never fewer in all by more than the rounding.
    assert.ok(
      members * (maxUpdates + 1) * batchRows >= before,
      `${budgetSeconds} s: ${members} × ${maxUpdates} × ${batchRows}`,
    );
    before = members * maxUpdates * batchRows;
  }
  assert.ok(before < 1e5);
});

test('the cell and what is beside the window are taken as given', () => {
  for (const cell of CELL_NAMES) assert.equal(planRecurrent({ ...SIZES, cell }).cell, cell);
  assert.equal(planRecurrent({ ...SIZES, extraSize: 7 }).extraSize, 7);
});

test('the plan is a function of its sizes alone', () => {
  assert.deepEqual(planRecurrent(SIZES), planRecurrent({ ...SIZES, lengths: [...SIZES.lengths].reverse() }));
});

test('as many series as there are', () => {
  assert.ok(planRecurrent({ ...SIZES, lengths: new Array<number>(300_000).fill(7) }).members >= 1);
});
