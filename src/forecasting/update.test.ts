import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { QuantileNetwork } from '../nn/quantile-network.js';
import { Random } from '../random.js';
import type { ReadOptions } from '../series/read.js';
import { readFrame } from '../series/read.js';
import { interpolate, toLocal } from '../series/scaling.js';
import type { FittedState } from './fit.js';
import { GlobalForecaster } from './forecaster.js';
import { inlineHost } from './inline-runner.test.support.js';
import { decodeModel, encodeModel } from './model-file.js';
import type { ForecasterOptions } from './options.js';

/** So little training that a fit takes a moment: these tests ask how states move, not how good they are. */
const QUICK = { horizon: 6, budget: 0.01 };

class Restored extends GlobalForecaster {
  constructor(state: FittedState) {
    super(state.settings, inlineHost());
    this.restore(state);
  }
}

const month = (t: number) => `${2000 + Math.floor(t / 12)}-${`${1 + (t % 12)}`.padStart(2, '0')}-01`;
const PATTERN = [0.9, 0.85, 1, 0.97, 1.02, 1.1, 1.22, 1.2, 1.05, 0.92, 0.8, 0.97];

/** Growth with a yearly season and noise; the value at a time does not depend on what is asked for. */
function valueAt(id: string, t: number): number {
  const noise = new Random(`${id} ${t}`).normal();
  return (id === 'b' ? 40 : 900) * (1 + 0.01 * t) * PATTERN[t % 12] * (1 + 0.05 * noise);
}

type Row = Record<string, string | number | null>;
/** Rows of a series from one time to before another, some of them without a value. */
const rowsOf = (id: string, from: number, to: number, missing: readonly number[] = []): Row[] =>
  Array.from({ length: to - from }, (_, k) => ({
    unique_id: id,
    ds: month(from + k),
    y: missing.includes(from + k) ? null : valueAt(id, from + k),
  }));
const frameOf = (rows: readonly Row[], options: ReadOptions = {}) =>
  readFrame(rows as Row[], { freq: 'MS', ...options });

async function fitted(rows: readonly Row[], options: Partial<ForecasterOptions> = {}, reading: ReadOptions = {}) {
  const forecaster = new GlobalForecaster({ ...QUICK, ...options }, inlineHost());
  await forecaster.fit(await frameOf(rows, reading));
  return forecaster;
}

/** The same forecaster once more, as a file would give it back. */
const copyOf = (forecaster: GlobalForecaster) => new Restored(decodeModel(encodeModel(forecaster.state), 'm'));

const isError = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof TidegateError, `${error}`);
  assert.deepEqual([error.code, error.kind], [code, 'input']);
  assert.match(error.message, message);
  return true;
};

test('a forecast after a fit is what the networks say, and asks none of them', async () => {
  const host = inlineHost();
  const forecaster = new GlobalForecaster({ ...QUICK, model: 'lstm' }, host);
  const rows = [...rowsOf('a', 0, 60), ...rowsOf('b', 10, 50), ...rowsOf('c', 57, 60)];
  await forecaster.fit(await frameOf(rows));
  const forecast = await forecaster.predict();
  assert.deepEqual(
    host.runners[1].tasks.map(({ kind }) => kind),
    ['classical'],
    'only the short series, by the last value',
  );
  const again = await forecaster.predict({ history: await frameOf(rows) });
  assert.equal(again.toCSV(), forecast.toCSV());
});

for (const model of ['lstm', 'gru', 'rnn', 'leaky', 'esn'] as const) {
  test(`${model}: two updates are one update, through a file or not, to the byte`, async () => {
    const rows = [...rowsOf('a', 0, 60), ...rowsOf('b', 5, 48)];
    const forecaster = await fitted(rows, { model });
    const once = copyOf(forecaster);
    const twice = copyOf(forecaster);
    // Gaps inside and between; b has a longer way to go.
    await once.update(await frameOf([...rowsOf('a', 60, 64, [61]), ...rowsOf('b', 50, 80, [60, 61])]));
    await twice.update(await frameOf([...rowsOf('b', 50, 56)]));
    await twice.update(await frameOf([...rowsOf('a', 60, 61), ...rowsOf('b', 56, 59), ...rowsOf('a', 62, 63)]));
    await twice.update(await frameOf([...rowsOf('b', 59, 80, [60, 61]), ...rowsOf('a', 63, 64)]));
    await forecaster.update(await frameOf([...rowsOf('a', 60, 64, [61]), ...rowsOf('b', 50, 80, [60, 61])]));
    const [expected, ...others] = await Promise.all([forecaster, once, twice].map((one) => one.predict()));
    for (const other of others) assert.equal(other.toCSV(), expected.toCSV());
    const bytes = encodeModel(forecaster.state);
    assert.deepEqual(encodeModel(once.state), bytes);
    const { report, ...state } = twice.state;
    assert.deepEqual({ ...report.data, rows: forecaster.state.report.data.rows }, forecaster.state.report.data);
    assert.deepEqual(state.live, forecaster.state.live);
    assert.equal(expected.toRows()[0].ds, '2005-05-01');
    assert.equal(expected.toRows()[6].ds, '2006-09-01');
  });
}

test('the answer after an update is that of a forward pass over the longer history, from the same state in the same units', async () => {
  const forecaster = await fitted([...rowsOf('a', 0, 60), ...rowsOf('b', 5, 48)], { model: 'lstm' });
  const before = forecaster.state;
  const gap = [62, 63];
  await forecaster.update(await frameOf(rowsOf('a', 60, 75, gap)));
  const { ensemble, live, histories } = forecaster.state;
  assert.ok(ensemble && live && before.live);
  const { plan, groups } = ensemble;
  const complete = interpolate(histories[0].y);
  assert.equal(complete.length, 75);
  groups.forEach(({ skip, members }, g) => {
    const [old, now] = [before.live![0]!.views[g], live[0]!.views[g]];
    assert.equal(now.scale, old.scale);
    const z = toLocal(now.scale, complete);
    const { inputSteps } = plan.views[g];
    // The windows that end at the new values, written down as the definition has them.
    const x = Float32Array.from({ length: 15 * inputSteps }, (_, i) => {
      const end = 60 + Math.floor(i / inputSteps);
      return z[Math.max(0, end - inputSteps + 1 + (i % inputSteps))] - z[end];
    });
    const outputs = plan.horizon * plan.levels.length;
    const mean = new Float64Array(outputs);
    members.forEach((member, n) => {
      const { cell, hiddenSize: H, layers, horizon, levels } = plan;
      const spec = { cell, inputSize: inputSteps, hiddenSize: H, layers, horizon, levels };
      const network = new QuantileNetwork(spec, { steps: 15, batch: 1, training: false });
      network.loadStateDict(member);
      const part = (all: Float32Array) => all.slice(n * H, (n + 1) * H);
      const output = network.forward(x, 15, 1, [{ h: part(old.states.h), c: part(old.states.c!) }]);
      for (let i = 0; i < outputs; i++) {
        const k = i % horizon;
        let line = skip.bias[k];
        for (let j = 0; j < inputSteps; j++) line += skip.weight[k * inputSteps + j] * x[14 * inputSteps + j];
        mean[i] += (output[14 * outputs + i] + line) / members.length;
      }
    });
    assert.ok(Math.abs(now.level - z[74]) < 1e-12);
    mean.forEach((value, i) => {
      assert.ok(Math.abs(value - now.answer[i]) < 1e-5, `${value} ${now.answer[i]}`);
    });
  });
});

test('a model that is moved on forecasts nearly as one that reads the longer history anew', async () => {
  const forecaster = await fitted([...rowsOf('a', 0, 72), ...rowsOf('b', 0, 72)], { model: 'lstm' });
  await forecaster.update(await frameOf([...rowsOf('a', 72, 84), ...rowsOf('b', 72, 84)]));
  const updated = await forecaster.predict();
  const whole = await frameOf([...rowsOf('a', 0, 84), ...rowsOf('b', 0, 84)]);
  const anew = await forecaster.predict({ history: whole });
  updated.columns.get('lstm')!.forEach((value, i) => {
    // The units of the longer history are a little different.
    assert.ok(Math.abs(value / anew.columns.get('lstm')![i] - 1) < 0.05);
  });
  assert.deepEqual(updated.times, anew.times);
});

test('baselines forecast after an update what they forecast after the longer history', async () => {
  for (const model of ['naive', 'theta', 'ets'] as const) {
    const forecaster = await fitted(rowsOf('a', 0, 60), { model });
    await forecaster.update(await frameOf(rowsOf('a', 60, 70, [64])));
    const anew = await forecaster.predict({ history: await frameOf(rowsOf('a', 0, 70, [64])) });
    assert.equal((await forecaster.predict()).toCSV(), anew.toCSV(), model);
    assert.equal(forecaster.state.live, null);
  }
});

test('what an update says, and what the data are afterwards', async () => {
  const forecaster = await fitted([...rowsOf('a', 0, 60), ...rowsOf('b', 5, 48)]);
  const before = forecaster.state;
  const report = await forecaster.update(await frameOf([...rowsOf('a', 61, 64), ...rowsOf('new', 0, 30)]));
  assert.deepEqual(report, {
    rows: 33,
    series: 2,
    values: 33,
    missing: 1,
    added: ['new'],
    reread: [],
    end: '2005-04-01',
  });
  const { data } = forecaster.state.report;
  assert.deepEqual(
    [data.series, data.rows, data.missing, data.start, data.end],
    [3, 136, 1, '2000-01-01', '2005-04-01'],
  );
  // The state before is as it was: whoever holds it may go on with it.
  assert.equal(before.histories.length, 2);
  assert.equal(before.histories[0].y.length, 60);
  // A new series is forecast as its history alone would be.
  const forecast = await forecaster.predict();
  const alone = await forecaster.predict({ history: await frameOf(rowsOf('new', 0, 30)) });
  assert.deepEqual(forecast.toRows().slice(12), alone.toRows());
});

test('a series too short for the networks is read once it is long enough', async () => {
  const forecaster = await fitted([...rowsOf('a', 0, 60), ...rowsOf('c', 57, 60)], { model: 'lstm' });
  assert.equal(forecaster.state.live?.[1], null);
  await forecaster.update(await frameOf(rowsOf('c', 60, 61)));
  assert.equal(forecaster.state.live?.[1], null);
  await forecaster.update(await frameOf(rowsOf('c', 61, 90)));
  assert.ok(forecaster.state.live?.[1]);
  const alone = await forecaster.predict({ history: await frameOf(rowsOf('c', 57, 90)) });
  assert.deepEqual((await forecaster.predict()).toRows().slice(6), alone.toRows());
});

test('a value that has no logarithm makes the series be read anew, however the rows come', async () => {
  const zero = (rows: Row[]) => rows.map((row) => (row.ds === month(63) ? { ...row, y: 0 } : row));
  const forecaster = await fitted([...rowsOf('a', 0, 60), ...rowsOf('b', 5, 60)], { model: 'gru' });
  const other = copyOf(forecaster);
  assert.ok(forecaster.state.live![0]!.views[0].scale.log);
  const { reread } = await forecaster.update(
    await frameOf(
      zero(
        [...rowsOf('a', 60, 70), ...rowsOf('b', 60, 65)].filter(
          ({ unique_id, ds }) => unique_id === 'a' || ds !== month(63),
        ),
      ),
    ),
  );
  assert.deepEqual(reread, ['a']);
  assert.ok(!forecaster.state.live![0]!.views[0].scale.log);
  assert.ok(forecaster.state.live![1]!.views[0].scale.log);
  await other.update(await frameOf(zero(rowsOf('a', 60, 62))));
  await other.update(await frameOf(zero([...rowsOf('a', 62, 66)])));
  await other.update(
    await frameOf(zero([...rowsOf('a', 66, 70), ...rowsOf('b', 60, 65).filter(({ ds }) => ds !== month(63))])),
  );
  const csv = (await forecaster.predict()).toCSV();
  assert.ok(!/NaN|Infinity/.test(csv));
  assert.equal((await other.predict()).toCSV(), csv);
});

test('rows that are not new, off the times, of another frequency or zone: errors that change nothing', async () => {
  const forecaster = await fitted([...rowsOf('a', 0, 60), ...rowsOf('b', 5, 48)], { model: 'lstm' });
  const bytes = encodeModel(forecaster.state);
  const fails = async (rows: readonly Row[], code: string, message: RegExp, options: ReadOptions = {}) =>
    assert.rejects(forecaster.update(await frameOf(rows, options)), isError(code, message));
  await fails(
    [...rowsOf('a', 60, 62), ...rowsOf('b', 47, 50)],
    'not_new',
    /"b" has a value at 2003-12-01.*up to 2003-12-01/,
  );
  await fails(rowsOf('a', 0, 61), 'not_new', /"a" has a value at 2000-01-01/);
  await fails([{ unique_id: 'a', ds: '2005-01-15', y: 3 }], 'off_grid', /"a".*2005-01-15/);
  await fails([{ unique_id: 'a', ds: '2005-01-01', y: 1e200 }], 'value_too_large', /1e\+200/);
  const daily = Array.from({ length: 9 }, (_, k) => ({ unique_id: 'a', ds: `2006-01-0${k + 1}`, y: k }));
  await fails(daily, 'other_frequency', /frequency D.*fitted on MS/, { freq: 'D' });
  assert.deepEqual(encodeModel(forecaster.state), bytes);
  // A missing value at a known time says nothing.
  await forecaster.update(await frameOf([...rowsOf('a', 58, 61, [58, 59])]));
  assert.equal(forecaster.state.histories[0].y.length, 61);
});

test('rows without a value at the end wait for one', async () => {
  const forecaster = await fitted(rowsOf('a', 0, 60), { model: 'lstm' });
  const other = copyOf(forecaster);
  const report = await forecaster.update(await frameOf(rowsOf('a', 60, 66, [64, 65])));
  assert.deepEqual([report.values, report.missing, report.end], [4, 0, '2005-04-01']);
  await forecaster.update(await frameOf(rowsOf('a', 66, 68)));
  await other.update(await frameOf(rowsOf('a', 60, 68, [64, 65])));
  assert.deepEqual(forecaster.state.live, other.state.live);
});

test('updates wait for each other, and a stopped one leaves everything as it was', async () => {
  const forecaster = await fitted(rowsOf('a', 0, 60), { model: 'lstm' });
  const other = copyOf(forecaster);
  await Promise.all([60, 62, 64].map(async (from) => forecaster.update(await frameOf(rowsOf('a', from, from + 2)))));
  await other.update(await frameOf(rowsOf('a', 60, 66)));
  assert.deepEqual(forecaster.state.live, other.state.live);
  const bytes = encodeModel(other.state);
  const stopped = other.update(await frameOf(rowsOf('a', 66, 70)), { signal: AbortSignal.abort() });
  await assert.rejects(stopped, { code: 'interrupted' });
  assert.deepEqual(encodeModel(other.state), bytes);
  await other.update(await frameOf(rowsOf('a', 66, 70)));
  await forecaster.update(await frameOf(rowsOf('a', 66, 70)));
  assert.equal((await other.predict()).toCSV(), (await forecaster.predict()).toCSV());
});

test('covariates go on with the values: past, future and static', async () => {
  const random = new Random('covariates');
  const load = Array.from({ length: 130 }, () => random.normal());
  const price = Array.from({ length: 130 }, () => random.normal());
  const rows = (from: number, to: number, known: number): Row[] =>
    Array.from({ length: known - from }, (_, k) => {
      const t = from + k;
      const seen = t < to && t !== 105;
      return {
        unique_id: 'a',
        ds: month(t),
        y: seen ? valueAt('a', t) * Math.exp(0.5 * price[t] + (t > 0 ? 0.2 * load[t - 1] : 0)) : null,
        load: t < to ? load[t] : null,
        price: price[t],
        region: 'north',
      };
    });
  const reading = { past: ['load'], future: ['price'], static: ['region'] };
  const forecaster = await fitted(rows(0, 100, 106), { model: 'lstm' }, reading);
  assert.ok(forecaster.state.explained, 'the price is worth something');
  const twice = copyOf(forecaster);
  const units = forecaster.state.live![0]!;
  await forecaster.update(await frameOf(rows(100, 112, 118), reading));
  await twice.update(await frameOf(rows(100, 104, 110), { ...reading, past: ['load'] }));
  await twice.update(await frameOf(rows(104, 112, 118), reading));
  const live = forecaster.state.live![0]!;
  assert.deepEqual([live.unit, live.past], [units.unit, units.past]);
  const one = (await forecaster.predict()).columns.get('lstm')!;
  const two = (await twice.predict()).columns.get('lstm')!;
  one.forEach((value, k) => {
    assert.ok(Math.abs(two[k] / value - 1) < 1e-6, `${value} ${two[k]}`);
  });
  // Read anew from the longer history, in nearly the same units.
  const anew = (await forecaster.predict({ history: await frameOf(rows(0, 112, 118), reading) })).columns.get('lstm')!;
  one.forEach((value, k) => {
    assert.ok(Math.abs(anew[k] / value - 1) < 0.05, `${value} ${anew[k]}`);
  });
  const without = (column: string, options: ReadOptions) =>
    frameOf(
      rows(112, 115, 121).map(({ [column]: _, ...row }) => row),
      options,
    );
  await assert.rejects(
    async () => forecaster.update(await without('load', { ...reading, past: [] })),
    isError('missing_column', /no past covariate "load"/),
  );
  await assert.rejects(
    async () => forecaster.update(await without('price', { ...reading, future: [] })),
    isError('missing_column', /no future covariate "price"/),
  );
  await forecaster.update(await without('region', { ...reading, static: [] }));
  await forecaster.predict();
});

test('many series of many lengths: every order of work gives the same states', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `s${i}`);
  const forecaster = await fitted(
    ids.flatMap((id, i) => rowsOf(id, i % 3, 40 + (i % 7))),
    { model: 'lstm' },
  );
  const other = copyOf(forecaster);
  const rows = ids.map((id, i) => rowsOf(id, 40 + (i % 7), 60 + ((i * 11) % 17)));
  await forecaster.update(await frameOf(rows.flat()));
  for (const own of [...rows].reverse()) await other.update(await frameOf(own));
  assert.deepEqual(other.state.live, forecaster.state.live);
});

test('wall clocks of another zone are put right; times with and without a zone do not mix', async () => {
  const hour = (t: number, zone: string, ahead = 0) =>
    `2024-03-${`${1 + Math.floor((t + ahead) / 24)}`.padStart(2, '0')}T${`${(t + ahead) % 24}`.padStart(2, '0')}:00:00${zone}`;
  const rows = (from: number, to: number, zone: string, ahead = 0) =>
    Array.from({ length: to - from }, (_, k) => ({
      unique_id: 'a',
      ds: hour(from + k, zone, ahead),
      y: valueAt('a', from + k),
    }));
  const read = (list: Row[]) => readFrame(list, { freq: 'h' });
  const forecaster = new GlobalForecaster({ ...QUICK, model: 'lstm' }, inlineHost());
  await forecaster.fit(await read(rows(0, 120, '+01:00')));
  const other = copyOf(forecaster);
  await forecaster.update(await read(rows(120, 130, '+01:00')));
  await other.update(await read(rows(120, 130, '+02:00', 1)));
  assert.equal((await other.predict()).toCSV(), (await forecaster.predict()).toCSV());
  await assert.rejects(
    async () => other.update(await read(rows(130, 132, ''))),
    isError('other_zone', /without a zone/),
  );
});
