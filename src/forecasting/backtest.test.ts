import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import type { SeriesFrame } from '../series/frame.js';
import { readFrame } from '../series/read.js';
import { type BacktestOptions, type BacktestProgress, runBacktest } from './backtest.js';
import { compareLosses, dieboldMariano } from './diebold-mariano.js';
import { inlineHost } from './inline-runner.test.support.js';
import { coverage, mase, smape } from './metrics.js';
import { MODEL_NAMES } from './options.js';

/** So little time that the plan is the smallest: these tests ask for properties, not for accuracy. */
const QUICK = { budget: 0.01 };
const HORIZON = 4;

/** Months from 2000 on, seasonal with noise, with a past and a future covariate. */
async function monthly(lengths: readonly number[]): Promise<SeriesFrame> {
  const rows = lengths.flatMap((length, s) => {
    const random = new Random(`backtest ${s}`);
    return Array.from({ length }, (_, t) => ({
      unique_id: `s${s}`,
      ds: `${2000 + Math.floor(t / 12)}-${`${1 + (t % 12)}`.padStart(2, '0')}-01`,
      y: 100 * (s + 1) + 20 * Math.sin((t * Math.PI) / 6) + 5 * random.normal(),
      load: random.normal(),
      price: random.normal(),
    }));
  });
  return readFrame(rows, { past: ['load'], future: ['price'] });
}

const run = (frame: SeriesFrame, options: Partial<BacktestOptions>) =>
  runBacktest(frame, { horizon: HORIZON, ...QUICK, ...options }, inlineHost());

test('rows as in Nixtla’s cross-validation, ordered by series, cutoff and time', async () => {
  const frame = await monthly([40, 37]);
  const result = await run(frame, { models: ['theta', 'seasonal-naive'], windows: 2 });
  const bands = (model: string) => [
    model,
    ...[80, 95].flatMap((level) => [`${model}-lo-${level}`, `${model}-hi-${level}`]),
  ];
  assert.deepEqual(result.columnNames, [
    'unique_id',
    'ds',
    'cutoff',
    'y',
    ...bands('theta'),
    ...bands('seasonal-naive'),
  ]);
  assert.equal(result.length, 2 * 2 * HORIZON);
  const rows = result.toRows();
  assert.deepEqual(
    rows.filter((_, i) => i % HORIZON === 0).map(({ unique_id, ds, cutoff }) => [unique_id, cutoff, ds]),
    [
      ['s0', '2002-08-01', '2002-09-01'],
      ['s0', '2002-12-01', '2003-01-01'],
      ['s1', '2002-05-01', '2002-06-01'],
      ['s1', '2002-09-01', '2002-10-01'],
    ],
  );
  rows.forEach((row, i) => {
    assert.deepEqual(Object.keys(row), result.columnNames);
    const { y } = frame.series[i < 2 * HORIZON ? 0 : 1];
    const [first, at] = i < 2 * HORIZON ? [32, i] : [29, i - 2 * HORIZON];
    assert.equal(row.y, y[first + at]);
    assert.equal(row['seasonal-naive'], y[first + at - 12], 'the value of a year before');
  });
  const [header, ...lines] = result.toCSV().trimEnd().split('\n');
  assert.equal(header, result.columnNames.join());
  assert.deepEqual(
    lines.map((line) => line.split(',')),
    rows.map((row) => Object.values(row).map(String)),
  );
});

test('a value that was not observed is an empty field, and in no score', async () => {
  const y = Array.from({ length: 30 }, (_, t) => (t === 27 ? null : t % 3));
  const frame = await readFrame(y.map((value, t) => ({ ds: t, y: value })));
  const result = await run(frame, { models: ['naive'], windows: 1 });
  assert.deepEqual(
    result.toRows().map((row) => [row.ds, row.cutoff, row.y]),
    [
      [26, 25, 2],
      [27, 25, null],
      [28, 25, 1],
      [29, 25, 2],
    ],
  );
  assert.match(result.toCSV(), /\ny,27,25,,1/);
  // From 25, whose value is 1: errors 1, 0 and 1.
  const [{ smape: score }] = result.table;
  assert.ok(Math.abs(score - (200 / 3 + 0 + 200 / 3) / 3) < 1e-12);
});

for (const refit of [true, false])
  test(`no model sees what comes after the cutoff, refit ${refit}`, async () => {
    const frame = await monthly([40, 44]);
    const options = { models: ['auto', 'theta', 'naive'], windows: 3, refit } as const;
    const clean = await run(frame, options);
    const columns = [...clean.columns.keys()];
    // By steps after the cutoff. Where all were missing, there would be no forecasts to compare.
    const poisons = [() => 1e9, () => -1e9, (k: number) => (k % HORIZON === HORIZON - 1 ? 1e9 : Number.NaN)];
    for (const window of [0, 1, 2]) {
      for (const poison of window === 0 ? poisons : poisons.slice(0, 1)) {
        const series = frame.series.map((one, s) => {
          const cut = clean.cuts.find((candidate) => candidate.series === s && candidate.window === window)!;
          const end = cut.history.length;
          const after = (from: number) => (value: number, t: number) => (t < from ? value : poison(t - from));
          // A missing one would be an error at the later origins, for whose horizon it is needed.
          const known = (value: number) => (Number.isNaN(value) ? -1e9 : value);
          return {
            ...one,
            y: one.y.map(after(end)),
            past: one.past.map((values) => values.map(after(end))),
            future: one.future.map((values) => values.map(after(end + HORIZON)).map(known)),
          };
        });
        const poisoned = await run({ ...frame, series }, options);
        const compared = poisoned.cuts.flatMap((cut, at) => (cut.window <= window ? [{ cut, at }] : []));
        assert.ok(compared.length >= 2);
        for (const { cut, at } of compared) {
          const same = clean.cuts.findIndex((one) => one.series === cut.series && one.window === cut.window);
          assert.equal(cut.cutoff, clean.cuts[same].cutoff);
          for (const column of columns)
            assert.deepEqual(
              poisoned.valuesOf(column, at),
              clean.valuesOf(column, same),
              `${column}, window ${window}`,
            );
        }
      }
    }
  });

test('every model: nothing behind the cutoff changes a forecast', async () => {
  const frame = await monthly([40, 44]);
  const models = MODEL_NAMES;
  const end = (series: number) => frame.series[series].y.length - HORIZON;
  const changed = (
    change: (one: SeriesFrame['series'][number], end: number) => Partial<SeriesFrame['series'][number]>,
  ) => ({
    ...frame,
    series: frame.series.map((one, s) => ({ ...one, ...change(one, end(s)) })),
  });
  const clean = await run(frame, { models, windows: 1 });
  const poisoned = await run(
    changed((one, from) => ({
      y: one.y.map((value, t) => (t < from ? value : t === one.y.length - 1 ? 1e9 : -1e9)),
      past: one.past.map((values) => values.map((value, t) => (t < from ? value : 1e9))),
    })),
    { models, windows: 1 },
  );
  for (const column of clean.columns.keys())
    for (const at of [0, 1]) assert.deepEqual(poisoned.valuesOf(column, at), clean.valuesOf(column, at), column);
});

test('the table: each series counts once, coverage over all points', async () => {
  const frame = await monthly([40, 16]);
  const result = await run(frame, { models: ['seasonal-naive', 'drift'], windows: 3, season: 12 });
  assert.deepEqual([...result.leftOut], []);
  assert.equal(result.season, 12);
  const scoresOf = (model: string, series: number) => {
    const own = result.cuts.flatMap((cut, at) => (cut.series === series ? [{ cut, at }] : []));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      smape: mean(own.map(({ cut, at }) => smape(cut.actual, result.valuesOf(model, at)))),
      mase: mean(
        own.map(({ cut, at }) => mase(cut.actual, result.valuesOf(model, at), cut.history, 12)).filter(Number.isFinite),
      ),
      inside: mean(
        own.map(({ cut, at }) =>
          coverage(cut.actual, result.valuesOf(`${model}-lo-80`, at), result.valuesOf(`${model}-hi-80`, at)),
        ),
      ),
    };
  };
  for (const { model, smape: s, mase: m, coverage: c } of result.table) {
    const [first, second] = [scoresOf(model, 0), scoresOf(model, 1)];
    assert.ok(Math.abs(s - (first.smape + second.smape) / 2) < 1e-10);
    // The histories of the short series have at most a year: its MASE is not defined.
    assert.ok(Number.isNaN(second.mase));
    assert.ok(Math.abs(m - first.mase) < 1e-10);
    assert.ok(Math.abs(c['80'] - (first.inside + second.inside) / 2) < 1e-10);
  }
  const details = result.bySeries;
  assert.deepEqual(
    details.map(({ id, model, windows }) => [id, model, windows]),
    [
      ['s0', 'seasonal-naive', 3],
      ['s0', 'drift', 3],
      ['s1', 'seasonal-naive', 3],
      ['s1', 'drift', 3],
    ],
  );
  assert.ok(Math.abs(details[2].smape - scoresOf('seasonal-naive', 1).smape) < 1e-10);
});

test('the mean of the errors by step is MASE', async () => {
  const result = await run(await monthly([40, 44, 38]), { models: ['theta', 'naive'] });
  for (const { model, mase: score } of result.table) {
    const steps = result.byStep.get(model)!;
    assert.equal(steps.length, HORIZON);
    assert.ok(Math.abs(steps.reduce((sum, error) => sum + error / HORIZON, 0) - score) < 1e-10);
  }
});

test('few series: the Diebold-Mariano test over the steps of all windows', async () => {
  const result = await run(await monthly([60]), { models: ['theta', 'naive', 'drift'], windows: 10 });
  const errors = (model: string) =>
    result.cuts.flatMap(({ actual, history }, at) => {
      const unit = mase([1], [0], history, 12);
      return [...actual].map((y, k) => (y - result.valuesOf(model, at)[k]) * unit);
    });
  const expected = dieboldMariano(errors('theta'), errors('naive'), { horizon: HORIZON, power: 1 });
  assert.ok(Math.abs(result.test!.statistic - expected.statistic) < 1e-9);
  const { model, reference, n, over } = result.test!;
  assert.deepEqual([model, reference, n, over], ['theta', 'naive', 40, 'steps']);
  const said = expected.p < 0.05 ? 'is better than naive' : 'and naive may differ by chance';
  assert.match(
    result.verdict,
    new RegExp(`^theta ${said}: MASE [\\d.]+ against [\\d.]+ over 10 windows \\(p = 0\\.\\d{3},`),
  );
});

test('ten series: the test over series', async () => {
  const frame = await monthly([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
  const result = await run(frame, { models: ['theta', 'seasonal-naive'], windows: 2 });
  const losses = (model: string) =>
    result.cuts.map(({ actual, history }, at) => mase(actual, result.valuesOf(model, at), history, 12));
  const groups = result.cuts.map(({ id }) => id);
  const expected = compareLosses(losses('theta'), losses('seasonal-naive'), { groups });
  assert.ok(Math.abs(result.test!.statistic - expected.statistic) < 1e-9);
  assert.deepEqual([result.test!.n, result.test!.over], [10, 'series']);
  assert.match(
    result.verdict,
    /^theta is worse than seasonal-naive: .* \(p [<=] 0\.\d{3}, Diebold-Mariano test over 10 series\)\.$/,
  );
});

test('one window is too few to tell, one model has nothing to be told from', async () => {
  const frame = await monthly([40]);
  const one = await run(frame, { models: ['theta', 'naive'], windows: 1 });
  assert.match(one.verdict, /^theta and naive: MASE [\d.]+ against [\d.]+ over 1 window; too few forecasts/);
  const alone = await run(frame, { models: ['theta'] });
  assert.equal(alone.test, null);
  assert.match(alone.verdict, /^theta: MASE [\d.]+ over 3 windows\.$/);
});

test('the same bytes again, whatever ran first; classical models train nothing', async () => {
  const frame = await monthly([40, 44]);
  const options: BacktestOptions = { horizon: HORIZON, ...QUICK, models: ['auto', 'naive'], windows: 2 };
  const [forward, backward] = [inlineHost(), inlineHost(true)];
  const first = await runBacktest(frame, options, forward);
  assert.equal((await runBacktest(frame, options, backward)).toCSV(), first.toCSV());
  assert.ok(forward.runners.every(({ closed }) => closed));
  const classical = inlineHost();
  await runBacktest(frame, { ...options, models: ['theta', 'naive'] }, classical);
  assert.ok(classical.runners.every(({ tasks }) => tasks.every(({ kind }) => kind === 'classical')));
});

test('without refitting a model is trained once', async () => {
  const frame = await monthly([40, 44]);
  const trainings = async (refit: boolean) => {
    const host = inlineHost();
    await runBacktest(frame, { horizon: HORIZON, ...QUICK, models: ['lstm'], windows: 3, refit }, host);
    return host.runners.filter(({ tasks }) => tasks.some(({ kind }) => kind === 'train')).length;
  };
  assert.equal(await trainings(true), 3);
  assert.equal(await trainings(false), 1);
});

test('progress goes up to 1 and names model and window; a signal stops it', async () => {
  const frame = await monthly([40]);
  const heard: BacktestProgress[] = [];
  await run(frame, { models: ['lstm', 'naive'], windows: 2, onProgress: (progress) => heard.push(progress) });
  const fractions = heard.map(({ fraction }) => fraction);
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
  assert.ok(Math.abs(fractions[fractions.length - 1] - 1) < 1e-9);
  assert.deepEqual(
    [...new Set(heard.map(({ model, window }) => `${model} ${window}`))],
    ['lstm 0', 'lstm 1', 'naive 0', 'naive 1'],
  );
  const controller = new AbortController();
  const stopped = run(frame, { signal: controller.signal, onProgress: () => controller.abort() });
  await assert.rejects(stopped, { code: 'interrupted' });
});

test('options out of range are refused before any work', async () => {
  const frame = await monthly([40]);
  const wrong: [Partial<BacktestOptions>, string][] = [
    [{ horizon: 0 }, 'bad_horizon'],
    [{ windows: 0 }, 'bad_windows'],
    [{ windows: 1.5 }, 'bad_windows'],
    [{ step: 0 }, 'bad_step'],
    [{ models: [] }, 'bad_models'],
    [{ models: ['naive', 'naive'] }, 'bad_models'],
    [{ models: ['oracle' as 'naive'] }, 'unknown_model'],
    [{ levels: [0] }, 'bad_levels'],
    [{ horizon: 30 }, 'series_too_short'],
  ];
  for (const [options, code] of wrong) await assert.rejects(run(frame, options), { code });
});
