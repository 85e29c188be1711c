import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BacktestPanel, type BacktestPicture, backtestPlot, MOST_BACKTEST_PANELS } from './backtest-plot.js';

const counting = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);

function panel(id: string, windows = 2): BacktestPanel {
  return {
    id,
    history: { time: counting(1, 40), y: counting(1, 40).map((t) => 50 + 10 * Math.sin(t)) },
    windows: counting(0, windows).map((w) => {
      const cutoff = 40 - 5 * (windows - w);
      const time = counting(cutoff + 1, 5);
      const band = { level: 80, lo: time.map(() => 35), hi: time.map(() => 65) };
      return { cutoff, time, medians: [time.map(() => 50), time.map(() => 52)], band };
    }),
  };
}

const picture = (panels: BacktestPanel[]): BacktestPicture => ({
  title: 'Sales & more',
  timeKind: 'integer',
  models: ['lstm', 'naive'],
  panels,
  byStep: {
    label: 'MASE',
    errors: [
      [1, 2, 3, 4, 5],
      [2, 2, 3, 3, 6],
    ],
  },
});

const count = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;

test('a line per model and window, a hairline per cutoff, a band per window, errors by step', () => {
  const svg = backtestPlot(picture([panel('shop')]));
  // Two windows, the step panel and the legend.
  assert.equal(count(svg, /<path class="forecast"/g), 4);
  assert.equal(count(svg, /<path class="other other-1"/g), 4);
  assert.equal(count(svg, /<path class="origin"/g), 3);
  assert.equal(count(svg, /<path class="band"/g), 2);
  assert.equal(count(svg, /<path class="known"/g), 2);
  assert.match(svg, />MASE by step ahead</);
  assert.match(svg, /<title>Sales &amp; more<\/title>/);
  assert.match(svg, /<desc>Line charts of a back-test of lstm, naive\. shop: forecasts of 2 origins/);
});

test('models differ in dashes, not in colour alone', () => {
  const svg = backtestPlot(picture([panel('shop')]));
  assert.match(svg, /\.other-1\{stroke-dasharray:8 3\}/);
  assert.match(svg, /\.other-2\{stroke-dasharray:2 3\}/);
});

test('nine series at the most, the rest is counted', () => {
  const svg = backtestPlot(picture(counting(1, 12).map((s) => panel(`shop ${s}`, 1))));
  assert.equal(count(svg, /class="text panel-title"/g), MOST_BACKTEST_PANELS);
  assert.match(svg, />3 more series are not shown\.</);
});

test('gaps, a single step and no values draw without a wrong number', () => {
  const bare: BacktestPanel = {
    id: 'one',
    history: { time: [1, 2, 3], y: [5, Number.NaN, 6] },
    windows: [{ cutoff: 2, time: [3], medians: [[5.5], [Number.NaN]] }],
  };
  const empty: BacktestPanel = { id: 'none', history: { time: [], y: [] }, windows: [] };
  const svg = backtestPlot({ title: 'x', timeKind: 'integer', models: ['lstm', 'naive'], panels: [bare, empty] });
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  assert.match(svg, /no values to show/);
});
