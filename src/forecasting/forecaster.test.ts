import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { Random } from '../random.js';
import type { SeriesFrame } from '../series/frame.js';
import { readFrame } from '../series/read.js';
import { interpolate } from '../series/scaling.js';
import { BASELINES, type BaselineName } from './baselines/index.js';
import type { FitProgress } from './fit.js';
import type { ForecastFrame } from './forecast-frame.js';
import { GlobalForecaster } from './forecaster.js';
import { inlineHost } from './inline-runner.test.support.js';
import { smape } from './metrics.js';
import { type ForecasterOptions, MODEL_NAMES } from './options.js';
import { gatherBatch, type WindowSet } from './recurrent/window-set.js';
import type { Task } from './tasks.js';

const NaNs = Number.NaN;
/** So little time that the plan is the smallest: these tests ask for properties, not for accuracy. */
const QUICK = { budget: 0.01 };

/** A frame with monthly stamps from 2000 on; NaN is written as an empty field. */
function monthly(series: Record<string, ArrayLike<number>>): Promise<SeriesFrame> {
  const rows = Object.entries(series).flatMap(([unique_id, y]) =>
    Array.from(y, (value, t) => ({
      unique_id,
      ds: `${2000 + Math.floor(t / 12)}-${`${1 + (t % 12)}`.padStart(2, '0')}-01`,
      y: Number.isNaN(value) ? null : value,
    })),
  );
  return readFrame(rows);
}

/** One series with integer steps. */
const stepped = (y: ArrayLike<number>) =>
  readFrame(Array.from(y, (value, t) => ({ ds: t, y: Number.isNaN(value) ? null : value })));

async function fitted(frame: SeriesFrame, options: ForecasterOptions, host = inlineHost()) {
  const forecaster = new GlobalForecaster(options, host);
  const report = await forecaster.fit(frame);
  return { forecaster, report, forecast: await forecaster.predict() };
}

const PATTERN = [0.9, 0.85, 1, 0.97, 1.02, 1.1, 1.22, 1.2, 1.05, 0.92, 0.8, 0.97];
/** Growth with a yearly season, without noise unless asked for. */
function growing(n: number, level = 100, noise = 0): Float64Array {
  const random = new Random(`growing ${level}`);
  return Float64Array.from(
    { length: n },
    (_, t) => level * (1 + 0.01 * t) * PATTERN[t % 12] * (1 + noise * random.normal()),
  );
}

/** Fails where a row's median lies outside an interval, or a wider interval inside a narrower one. */
function assertNested(forecast: ForecastFrame): void {
  for (const row of forecast.toRows()) {
    const names = [...forecast.levels].reverse().map((level) => `${forecast.model}-lo-${level}`);
    const chain = [
      ...names.map((name) => row[name]),
      row[forecast.model],
      ...names.reverse().map((name) => row[name.replace('-lo-', '-hi-')]),
    ] as number[];
    chain.forEach((value, i) => {
      assert.ok(Number.isFinite(value));
      if (i > 0) assert.ok(value >= chain[i - 1], `${chain}`);
    });
  }
}

const isError = (code: string, kind: string, message?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof TidegateError, `${error}`);
  assert.deepEqual([error.code, error.kind], [code, kind]);
  if (message) assert.match(error.message, message);
  return true;
};

test('growth with a season is continued far better than by the naive methods', async () => {
  const whole = { small: growing(96, 3), large: growing(96, 5000) };
  const frame = await monthly({ small: whole.small.subarray(0, 84), large: whole.large.subarray(0, 84) });
  for (const model of ['lstm', 'auto'] as const) {
    const { forecast, report } = await fitted(frame, { horizon: 12, model, budget: 1 });
    assertNested(forecast);
    [whole.small, whole.large].forEach((y, s) => {
      const actual = y.subarray(84);
      const error = smape(actual, forecast.valuesOf(model, s));
      const naive = smape(actual, BASELINES['seasonal-naive'](y.subarray(0, 84), 12, 12).mean);
      assert.ok(naive > 6, 'the growth of a year');
      assert.ok(error < naive / 3, `${model}: sMAPE ${error}, seasonal naive ${naive}`);
    });
    assert.match(report.verdict, /beats seasonal-naive/);
  }
});

test('the same seed gives the same bytes, another seed other numbers', async () => {
  const frame = await monthly({ A: growing(60, 100, 0.05), B: growing(50, 7, 0.05) });
  const csv = async (seed: number) => {
    const { forecast, report } = await fitted(frame, { horizon: 6, model: 'lstm', seed, ...QUICK });
    return { csv: forecast.toCSV(), report };
  };
  const first = await csv(1);
  assert.deepEqual(await csv(1), first);
  assert.notEqual((await csv(2)).csv, first.csv);
});

test('neither the number of threads nor the order of their work changes a byte', async () => {
  const frame = await monthly({ A: growing(60, 100, 0.05), B: growing(50, 7, 0.05) });
  const results = [];
  for (const { threads, backwards } of [
    { threads: 1, backwards: false },
    { threads: 8, backwards: true },
  ]) {
    const host = inlineHost(backwards);
    const { forecast, report } = await fitted(frame, { horizon: 6, threads, ...QUICK }, host);
    assert.ok(host.threads.every((given) => given === threads));
    results.push({ csv: forecast.toCSV(), report });
  }
  assert.deepEqual(results[0], results[1]);
});

test('a constant series is forecast constant', async () => {
  for (const level of [7, 0, -0.3]) {
    const { forecast } = await fitted(await monthly({ A: new Float64Array(40).fill(level) }), { horizon: 5, ...QUICK });
    for (const row of forecast.toRows())
      for (const name of forecast.columns.keys())
        assert.ok(Math.abs((row[name] as number) - level) <= 1e-9, `${name} of ${level}: ${row[name]}`);
  }
});

test('each baseline as the model is exactly that baseline; its intervals never narrow on few errors', async () => {
  const y = growing(64, 40, 0.1);
  const names = MODEL_NAMES.filter((name): name is BaselineName & typeof name => name in BASELINES);
  assert.equal(names.length, 6);
  for (const name of names) {
    const baseline = BASELINES[name];
    const { forecast, report, forecaster } = await fitted(await monthly({ A: y }), { horizon: 8, model: name });
    const { mean, deviation } = baseline(y, 8, 12);
    assert.deepEqual([...forecast.valuesOf(name, 0)], [...mean]);
    const hi = forecast.valuesOf(`${name}-hi-95`, 0);
    mean.forEach((value, k) => {
      assert.ok(hi[k] - value >= 1.95996 * deviation[k] - 1e-9);
    });
    assertNested(forecast);
    assert.deepEqual(report.model.blend, { [name]: 1 });
    assert.equal(report.model.cell, null);
    assert.equal(report.training.stopped, 'none');
    assert.equal(forecaster.state.ensemble, null);
  }
});

test('missing values inside a series are accepted, and bridged for the inputs only', async () => {
  const random = new Random('holes');
  const y = growing(72, 100, 0.02).map((value, t) => (t % 72 > 0 && random.uniform() < 0.2 ? NaNs : value));
  y[71] = NaNs;
  y[70] = NaNs;
  const { forecast, report } = await fitted(await monthly({ A: y }), { horizon: 6, ...QUICK });
  assertNested(forecast);
  // The two at the end come after the observed span, and are not missing in it.
  assert.equal(report.data.missing, y.filter((value) => Number.isNaN(value)).length - 2);
  // The forecast starts after the last value that was observed: step 69 is 2005-10.
  assert.equal(forecast.toRows()[0].ds, '2005-11-01');
  const naive = await fitted(await monthly({ A: y }), { horizon: 6, model: 'seasonal-naive' });
  assert.deepEqual(
    [...naive.forecast.valuesOf('seasonal-naive', 0)],
    [...interpolate(y.subarray(0, 70)).subarray(58, 64)],
  );
});

test('a gap just before an origin does not shift the comparison', async () => {
  // Exactly periodic, so the seasonal naive forecast is exact from every origin, whatever is missing.
  const y = Float64Array.from({ length: 72 }, (_, t) => 100 * PATTERN[t % 12]);
  for (const gap of [1, 2, 5]) {
    // The last origin is at 66: a horizon of 6 before the end.
    const holed = y.slice().fill(NaNs, 66 - gap, 66);
    const { report } = await fitted(await monthly({ A: holed }), { horizon: 6, model: 'seasonal-naive' });
    const { rmse } = report.validation.scores['seasonal-naive'];
    assert.ok(rmse < 1e-9, `gap of ${gap}: ${rmse}`);
  }
});

test('an origin with nothing observed after it scores nothing', async () => {
  const y = growing(60, 100, 0.05);
  for (const gap of [1, 3]) {
    // Before the last value, which is all that the last origin at most could see of a horizon of 1.
    const holed = y.slice().fill(NaNs, 59 - gap, 59);
    for (const model of ['naive', 'theta', 'auto'] as const) {
      const { report, forecast } = await fitted(await monthly({ A: holed }), { horizon: 1, model, ...QUICK });
      assert.doesNotMatch(report.verdict, /NaN/);
      for (const score of Object.values(report.validation.scores)) assert.ok(Number.isFinite(score.smape));
      assert.equal(report.validation.windows > 0, model in report.validation.scores);
      assertNested(forecast);
    }
  }
});

test('what has never been negative is not forecast to be, intervals included', async () => {
  const random = new Random('counts');
  const y = Float64Array.from({ length: 60 }, () => Math.max(0, Math.floor(4 * random.normal())));
  const { forecast } = await fitted(await stepped(y), { horizon: 6, levels: [50, 99], ...QUICK });
  for (const column of forecast.columns.values())
    assert.ok(
      column.every((value) => value >= 0),
      `${column}`,
    );
  const { forecast: signed } = await fitted(await stepped(y.map((value) => value - 2)), {
    horizon: 6,
    levels: [50, 99],
    ...QUICK,
  });
  assert.ok(
    signed.valuesOf('auto-lo-99', 0).some((value) => value < 0),
    'the other may be',
  );
});

test('a series too short for the network is forecast by its last value, and named', async () => {
  const frame = await monthly({ long: growing(60), short: [3, 5, 4] });
  const { forecast, report } = await fitted(frame, { horizon: 4, model: 'lstm', ...QUICK });
  assert.deepEqual([...forecast.valuesOf('lstm', 1)], [4, 4, 4, 4]);
  assert.deepEqual(report.training.fallback, ['short']);
  assertNested(forecast);
});

test('where every series is too short for the network all are named', async () => {
  const { forecast, report } = await fitted(await monthly({ A: [1, 2, 3], B: [5, 4] }), { horizon: 2, model: 'lstm' });
  assert.deepEqual([...forecast.columns.get('lstm')!], [3, 3, 4, 4]);
  assert.deepEqual(report.training.fallback, ['A', 'B']);
  assert.equal(report.validation.windows, 0);
  assert.match(report.verdict, /not been checked/);
});

test('a history too short to hold a horizon back is forecast without validation', async () => {
  const { forecast, report } = await fitted(await stepped([2, 4, 3, 5, 4, 6]), { horizon: 3, ...QUICK });
  assertNested(forecast);
  assert.equal(report.validation.windows, 0);
  assert.deepEqual(report.validation.scores, {});
});

test('a network that could not be rehearsed is no failure', async () => {
  // Before the first origin only three values are observed, before the second enough.
  const y = Float64Array.from({ length: 40 }, (_, t) => (t < 3 || t >= 34 ? 5 + (t % 3) : NaNs));
  const { forecast } = await fitted(await stepped(y), { horizon: 4, ...QUICK });
  assertNested(forecast);
});

/** Everything that the network is shown of a set. */
const shown = (set: WindowSet) =>
  gatherBatch(
    set,
    Array.from(set.steps, (_, row) => row),
  ).x;

/** What a task was given to learn from, and what to forecast from: without the targets of validation. */
function seen(task: Task): { training: unknown; input: unknown } {
  if (task.kind === 'predict' || task.kind === 'read') return { training: null, input: task.set };
  if (task.kind === 'classical') return { training: null, input: task.histories };
  const seed = task.kind === 'train' ? task.seed : null;
  return { training: { set: task.training, seed }, input: task.validation && shown(task.validation) };
}

/** Whether a task belongs to what is compared with the rolling origins: its data end at one. */
const isRehearsal = (task: Task) => task.kind !== 'read' && (!('validation' in task) || task.validation !== null);

test('nothing after an origin reaches what is learnt or forecast before it', async () => {
  const clean = growing(60, 100, 0.05);
  const tasksOf = async (y: Float64Array) => {
    const host = inlineHost();
    const forecaster = new GlobalForecaster({ horizon: 6, model: 'lstm', ...QUICK }, host);
    const report = await forecaster.fit(await monthly({ A: y }));
    const rehearsal = host.runners[0].tasks.filter(isRehearsal);
    return { tasks: rehearsal.map(seen), windows: report.validation.windows, rehearsal };
  };
  const { tasks, windows, rehearsal } = await tasksOf(clean);
  assert.ok(windows >= 2);
  for (const kind of ['skip', 'train', 'predict', 'classical']) assert.ok(rehearsal.some((task) => task.kind === kind));
  // Poison after the last origin: no input of the rehearsal, and none of its training, may change.
  for (const poison of [1e9, 1e-9]) {
    const poisoned = await tasksOf(clean.map((value, t) => (t >= 54 ? poison : value)));
    assert.deepEqual(poisoned.tasks, tasks);
  }
  // Poison after the first origin: the training before it may not change.
  const first = 54 - 6 * (windows - 1);
  const { rehearsal: poisoned } = await tasksOf(clean.map((value, t) => (t >= first ? 1e9 : value)));
  const trainings = (list: readonly Task[]) => list.flatMap((task) => ('training' in task ? [task.training] : []));
  assert.deepEqual(trainings(poisoned), trainings(rehearsal));
});

test('the report says what was read, learnt and blended', async () => {
  const frame = await monthly({ A: growing(60, 100, 0.05), B: growing(48, 7, 0.05) });
  const progress: FitProgress[] = [];
  const forecaster = new GlobalForecaster({ horizon: 6, ...QUICK }, inlineHost());
  const report = await forecaster.fit(frame, { onProgress: (step) => progress.push(step) });
  assert.deepEqual(report.data, {
    target: 'y',
    series: 2,
    rows: 108,
    start: '2000-01-01',
    end: '2004-12-01',
    freq: 'MS',
    season: 12,
    longerSeasons: [],
    seasonSource: 'frequency',
    missing: 0,
  });
  assert.equal(report.model.name, 'auto');
  assert.equal(report.model.cell, 'lstm');
  const members = forecaster.state.ensemble!.groups.map((group) => group.members.length);
  assert.equal(
    report.model.members,
    members.reduce((sum, count) => sum + count, 0),
  );
  const blend = Object.values(report.model.blend);
  assert.ok(Math.abs(blend.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
  for (const name of ['auto', 'lstm', 'theta', 'seasonal-naive', 'naive']) {
    const score = report.validation.scores[name];
    for (const value of Object.values(score)) assert.ok(value >= 0 && Number.isFinite(value), name);
  }
  assert.deepEqual(Object.keys(report.validation.coverage), ['80', '95']);
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report, 'plain data');
  // Progress: validation, then training, from 0 to 1 without going back.
  assert.deepEqual([...new Set(progress.map(({ phase }) => phase))], ['validate', 'train']);
  progress.forEach(({ fraction, loss }, i) => {
    assert.ok(fraction >= (progress[i - 1]?.fraction ?? 0) && fraction <= 1 + 1e-9 && loss > 0, `${fraction}`);
  });
  assert.ok(Math.abs(progress[progress.length - 1].fraction - 1) < 1e-9);
});

test('predict goes on from the history of the fit, or from a new one', async () => {
  const y = growing(72, 100, 0.02);
  const frame = await monthly({ A: y.subarray(0, 60) });
  const { forecaster, forecast } = await fitted(frame, { horizon: 6, ...QUICK });
  assert.equal((await forecaster.predict({ history: frame })).toCSV(), forecast.toCSV());
  // A year later, under a name that the model does not know: stamps and level move on.
  const later = await forecaster.predict({ history: await monthly({ new: y }) });
  assert.deepEqual([later.ids[0], later.toRows()[0].ds, forecast.toRows()[0].ds], ['new', '2006-01-01', '2005-01-01']);
  assertNested(later);
  assert.ok(later.valuesOf('auto', 0)[0] > forecast.valuesOf('auto', 0)[0]);
});

test('a network that was never trained is no failure when a long history comes later', async () => {
  const { forecaster } = await fitted(await monthly({ A: [1, 2, 3] }), { horizon: 2, model: 'lstm' });
  const forecast = await forecaster.predict({ history: await monthly({ A: growing(40) }) });
  assertNested(forecast);
});

test('AirPassengers: as promised in the README, better than seasonal naive on the last two years', async () => {
  const { y } = JSON.parse(
    readFileSync(new URL('../../src/forecasting/fixtures/r-references.json', import.meta.url), 'utf8'),
  ).AirPassengers as { y: number[] };
  const frame = await monthly({ A: y.slice(0, 120) });
  const { forecast, report } = await fitted(frame, { horizon: 24, budget: 0.2 });
  const actual = y.slice(120);
  const error = smape(actual, forecast.valuesOf('auto', 0));
  // R 8.20 on the same split has 15.5 for snaive and 14.5 for thetaf.
  assert.ok(error < 15, `${error}`);
  assert.equal(report.data.season, 12);
  assertNested(forecast);
});

test('errors: not fitted, too short, another frequency, interrupted; the workers are always sent home', async () => {
  const host = inlineHost();
  const forecaster = new GlobalForecaster({ horizon: 12, ...QUICK }, host);
  assert.throws(() => forecaster.state, isError('not_fitted', 'usage', /fit/));
  await assert.rejects(forecaster.predict(), isError('not_fitted', 'usage'));
  const short = await monthly({ shop: growing(9), other: growing(5) });
  await assert.rejects(
    forecaster.fit(short),
    isError('series_too_short', 'input', /"shop".* 9 values.* horizon of 12.*Shorten/),
  );
  await assert.rejects(
    forecaster.fit(await monthly({ A: [NaNs, 1] })),
    isError('series_too_short', 'input', / 1 value;/),
  );

  const long = await monthly({ A: growing(60, 100, 0.02) });
  const aborted = { signal: AbortSignal.abort() };
  await assert.rejects(forecaster.fit(long, aborted), isError('interrupted', 'interrupted'));
  assert.throws(() => forecaster.state, isError('not_fitted', 'usage'), 'an interrupted fit leaves nothing');
  await assert.rejects(
    new GlobalForecaster({ horizon: 12, model: 'theta' }, host).fit(long, aborted),
    isError('interrupted', 'interrupted'),
  );

  await forecaster.fit(long);
  await assert.rejects(forecaster.predict(aborted), isError('interrupted', 'interrupted'));
  const days = await readFrame('ds,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n');
  await assert.rejects(forecaster.predict({ history: days }), isError('other_frequency', 'input', /frequency D.*MS/));
  assert.ok(host.runners.length > 0 && host.runners.every(({ closed }) => closed));
});

test('abort in the middle of a fit ends it', async () => {
  const controller = new AbortController();
  const forecaster = new GlobalForecaster({ horizon: 6, ...QUICK }, inlineHost());
  const fit = forecaster.fit(await monthly({ A: growing(60, 100, 0.02) }), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(fit, isError('interrupted', 'interrupted'));
});

/** Days of two shops: promotions double the sales of the first and add half to the others; covariates of every kind. */
function shops({ promo = true, missing = -1, poison = 0 } = {}): Promise<SeriesFrame> {
  const rows = ['a', 'b', 'c'].flatMap((unique_id, s) => {
    const random = new Random(`shop ${unique_id}`);
    return Array.from({ length: 120 + 6 }, (_, t) => {
      const isPromo = Number((t * 5 + s) % 11 < 3);
      const sales = (20 + 10 * s) * (isPromo ? [2, 1.5, 1.5][s] : 1) * Math.exp(0.05 * random.normal());
      return {
        unique_id,
        ds: new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10),
        y: t < 120 ? sales : null,
        visitors: t < 120 ? sales * (1 + 0.1 * random.normal()) + (t > 117 ? poison : 0) : null,
        ...(promo && { promo: s === 1 && t === missing ? null : isPromo }),
        region: s === 2 ? 'west' : 'east',
        size: 10 * s,
      };
    });
  });
  return readFrame(rows, { past: ['visitors'], future: promo ? ['promo'] : [], static: ['region', 'size'] });
}

for (const model of MODEL_NAMES)
  test(`${model} takes covariates of every kind: nested, finite, the same bytes whatever ran first`, async () => {
    const frame = await shops();
    const options = { horizon: 6, model, ...QUICK };
    const { forecast, report } = await fitted(frame, options);
    assert.equal(forecast.toRows().length, 3 * 6);
    assertNested(forecast);
    assert.ok(model in report.validation.scores && !/NaN|undefined/.test(report.verdict), report.verdict);
    const again = await fitted(frame, { ...options, threads: 7 }, inlineHost(true));
    assert.equal(again.forecast.toCSV(), forecast.toCSV());
    assert.deepEqual(again.report, report);
  });

test('what is known ahead is followed, series by series; what it does not help is left alone', async () => {
  const options = { horizon: 6, model: 'theta', ...QUICK } as const;
  const { forecast, forecaster } = await fitted(await shops(), options);
  assert.ok(forecaster.state.explained);
  const [first, ...others] = [0, 1, 2].map((s) => {
    const values = [...forecast.valuesOf('theta', s)];
    const mean = (promo: boolean) => {
      const own = values.filter((_, k) => ((120 + k) * 5 + s) % 11 < 3 === promo);
      return own.reduce((sum, value) => sum + value / own.length, 0);
    };
    return mean(true) / mean(false);
  });
  // A series of a hundred days leans on all others together: 2 becomes less, and is still the most.
  for (const ratio of others) {
    assert.ok(Math.abs(ratio / 1.5 - 1) < 0.15, `${ratio}, not 1.5`);
    assert.ok(first > ratio + 0.05 && first < 2, `${first}, others ${others}`);
  }
  // Chance is not followed.
  const random = new Random('chance');
  const rows = Array.from({ length: 100 }, (_, ds) => ({ ds, y: 50 + 10 * random.normal(), x: random.normal() }));
  const noise = await readFrame(
    rows.map((row) => ({ ...row, y: row.ds < 94 ? row.y : null })),
    { future: ['x'] },
  );
  const plain = await readFrame(rows.slice(0, 94).map(({ ds, y }) => ({ ds, y })));
  const [withNoise, without] = [await fitted(noise, options), await fitted(plain, options)];
  if (withNoise.forecaster.state.explained === null)
    assert.equal(withNoise.forecast.toCSV(), without.forecast.toCSV(), 'left out is left out');
  withNoise.forecast.valuesOf('theta', 0).forEach((value, k) => {
    assert.ok(Math.abs(value - without.forecast.valuesOf('theta', 0)[k]) < 10, 'less than the noise itself');
  });
});

test('a known covariate that is missing in the horizon is an error; inside the history a gap is not', async () => {
  const options = { horizon: 6, model: 'theta', ...QUICK } as const;
  const forecaster = new GlobalForecaster(options, inlineHost());
  const expected = isError(
    'covariate_missing',
    'input',
    /series "b" has no "promo" at 2024-05-02; .*each of the 6 steps/,
  );
  const frame = await shops({ missing: 122 });
  assert.throws(() => forecaster.checkAhead(frame), expected, 'before any training, to whom it asks');
  forecaster.checkAhead(await shops({ missing: 60 }));
  await forecaster.fit(frame);
  await assert.rejects(forecaster.predict(), expected);
  for (const missing of [0, 60, 115, 119]) assertNested((await fitted(await shops({ missing }), options)).forecast);
});

test('past covariates of the last days reach the network, and only it', async () => {
  const options = { horizon: 6, ...QUICK } as const;
  const csv = async (model: 'lstm' | 'theta', poison: number) =>
    (await fitted(await shops({ promo: false, poison }), { ...options, model })).forecast.toCSV();
  assert.notEqual(await csv('lstm', 30), await csv('lstm', 0));
  assert.equal(await csv('theta', 30), await csv('theta', 0));
});
