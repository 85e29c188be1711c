import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesFrame } from '../series/frame.js';
import { readFrame } from '../series/read.js';
import { backtestWindows } from './backtest-windows.js';

const NaNs = Number.NaN;

/** Series with integer steps from 1 on; NaN is an empty field. */
function stepped(series: Record<string, number[]>): Promise<SeriesFrame> {
  return readFrame(
    Object.entries(series).flatMap(([unique_id, y]) =>
      y.map((value, t) => ({ unique_id, ds: t + 1, y: Number.isNaN(value) ? null : value })),
    ),
  );
}

const counting = (n: number) => Array.from({ length: n }, (_, t) => t + 1);

test('origins count back from the last value of each series, one horizon apart', async () => {
  const whole = await stepped({ long: counting(20), short: counting(12) });
  const { windows, leftOut } = backtestWindows(whole, { horizon: 3, windows: 3, step: 3 });
  assert.deepEqual(
    windows.map(({ cuts }) => cuts.map(({ id, window, cutoff }) => [id, window, cutoff])),
    [
      [
        ['long', 0, 11],
        ['short', 0, 3],
      ],
      [
        ['long', 1, 14],
        ['short', 1, 6],
      ],
      [
        ['long', 2, 17],
        ['short', 2, 9],
      ],
    ],
  );
  assert.equal(leftOut.size, 0);
  const [{ cuts, frame }] = windows;
  const first = frame();
  assert.deepEqual([...cuts[1].times], [4, 5, 6]);
  assert.deepEqual([...cuts[1].history], [1, 2, 3]);
  assert.deepEqual([...cuts[1].actual], [4, 5, 6]);
  assert.deepEqual(
    first.series.map(({ y }) => [...y]),
    [counting(11), counting(3)],
  );
  assert.equal(first.rows, 14);
});

test('a series too short for a window is left out of it and counted', async () => {
  const frame = await stepped({ long: counting(20), short: counting(9), tiny: counting(5) });
  const { windows, leftOut } = backtestWindows(frame, { horizon: 3, windows: 3, step: 2 });
  assert.deepEqual(
    windows.map(({ cuts }) => cuts.map(({ id }) => id)),
    [['long'], ['long', 'short'], ['long', 'short']],
  );
  assert.deepEqual(
    [...leftOut],
    [
      ['short', 1],
      ['tiny', 3],
    ],
  );
});

test('windows in which there is no series are not there', async () => {
  const { windows, leftOut } = backtestWindows(await stepped({ only: counting(9) }), {
    horizon: 3,
    windows: 5,
    step: 3,
  });
  assert.deepEqual(
    windows.map(({ cuts }) => cuts[0].cutoff),
    [3, 6],
  );
  assert.deepEqual([...leftOut], [['only', 3]]);
});

test('an origin is an observed value; where two fall on one, the later window has it', async () => {
  const y = [1, 2, 3, 4, NaNs, NaNs, NaNs, 8, NaNs, 10];
  const { windows, leftOut } = backtestWindows(await stepped({ gap: y }), { horizon: 2, windows: 4, step: 1 });
  // The positions 8, 7, 6 and 5 lead to the values 8, 4, 4 and 4.
  assert.deepEqual(
    windows.map(({ cuts }) => [cuts[0].window, cuts[0].cutoff, [...cuts[0].actual]]),
    [[3, 8, [NaNs, 10]]],
    'after 4 come two missing values: nothing to compare with',
  );
  assert.deepEqual([...leftOut], [['gap', 3]]);
});

test('covariates end where they may: the past ones at the cutoff, the future ones a horizon later', async () => {
  const frame = await readFrame(
    counting(14).map((t) => ({ ds: t, y: t > 12 ? null : t, load: t > 12 ? null : 10 * t, price: 100 * t, kind: 'a' })),
    { past: ['load'], future: ['price'], static: ['kind'] },
  );
  const { windows } = backtestWindows(frame, { horizon: 2, windows: 2, step: 4 });
  const { series, covariates } = windows[0].frame();
  assert.deepEqual([...series[0].y], [1, 2, 3, 4, 5, 6, NaNs, NaNs]);
  assert.deepEqual([...series[0].past[0]], [10, 20, 30, 40, 50, 60, NaNs, NaNs]);
  assert.deepEqual([...series[0].future[0]], [100, 200, 300, 400, 500, 600, 700, 800]);
  assert.deepEqual(series[0].static, ['a']);
  assert.deepEqual(covariates, frame.covariates);
  assert.equal(windows[1].cuts[0].cutoff, 10);
  assert.equal(frame.series[0].y.length, 14, 'the frame itself is as it was');
});

test('a frame without any series long enough is an error that says what is needed', async () => {
  const frame = await stepped({ a: counting(7), b: counting(4) });
  assert.throws(() => backtestWindows(frame, { horizon: 4, windows: 1, step: 4 }), {
    code: 'series_too_short',
    message: /the longest series, "a", has 7 values; a back-test with horizon 4 needs at least 8\./,
  });
});
