/** Real data, forecast: each kind of mess, and what is expected of it. What reading alone decides is in src/series/messy.test.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Forecaster, readSeries } from 'tidegate';

const HORIZON = 6;
const DAY_MS = 86_400_000;

/** Fits and forecasts; rows by series, checked for what must hold of every forecast. */
async function forecast(rows, { read = {}, ...options } = {}) {
  const forecaster = new Forecaster({ horizon: HORIZON, budget: 2, ...options });
  const report = await forecaster.fit(await readSeries(rows, read));
  const frame = await forecaster.predict();
  const bySeries = {};
  for (const row of frame.toRows()) {
    bySeries[row.unique_id] ??= [];
    bySeries[row.unique_id].push(row);
  }
  for (const own of Object.values(bySeries)) {
    assert.equal(own.length, forecaster.settings.horizon);
    for (const row of own) assertNested(row);
  }
  return { report, bySeries, frame };
}

/** Finite, and every interval inside the wider one. */
function assertNested({ unique_id, ds, auto, ...bands }) {
  const values = [bands['auto-lo-95'], bands['auto-lo-80'], auto, bands['auto-hi-80'], bands['auto-hi-95']];
  const shown = `${unique_id} ${ds}: ${values}`;
  assert.ok(values.every(Number.isFinite), shown);
  for (let i = 1; i < values.length; i++) assert.ok(values[i - 1] <= values[i], shown);
}

/** Reproducible noise in [−1, 1). */
function noise(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Daily rows of one series: y(t) for t = 0, 1, … */
const daily = (id, length, y, start = 0) =>
  Array.from({ length }, (_, t) => ({
    unique_id: id,
    ds: new Date(Date.UTC(2023, 0, 1) + (start + t) * DAY_MS).toISOString().slice(0, 10),
    y: y(t),
  }));
/** A week, a trend and a little noise around 100. */
const lively = (seed = 1) => {
  const random = noise(seed);
  return (t) => 100 + 0.1 * t + 10 * Math.sin((2 * Math.PI * t) / 7) + 2 * random();
};
const within = (rows, low, high) => {
  for (const { ds, auto } of rows) assert.ok(auto >= low && auto <= high, `${ds}: ${auto}`);
};

describe('messy data', { concurrency: 2 }, () => {
  test('a constant series stays where it is, with no width', async () => {
    for (const value of [7, -3.5, 0.1]) {
      const { bySeries } = await forecast(daily('a', 60, () => value));
      for (const row of bySeries.a)
        for (const name of ['auto', 'auto-lo-95', 'auto-hi-95'])
          assert.ok(Math.abs(row[name] - value) <= 1e-6 * Math.abs(value), `${name} ${row[name]}`);
    }
  });

  test('zeros alone stay zeros; so they do beside lively series', async () => {
    const zeros = daily('zero', 60, () => 0);
    const alone = await forecast(zeros);
    const beside = await forecast([...zeros, ...daily('a', 60, lively()), ...daily('b', 60, lively(2))]);
    for (const { bySeries } of [alone, beside])
      for (const row of bySeries.zero) {
        assert.equal(row.auto, 0);
        assert.equal(row['auto-hi-95'], 0);
      }
    within(beside.bySeries.a, 85, 130);
  });

  test('intermittent demand: never negative, and the intervals reach up to what is sold', async () => {
    const rows = ['a', 'b', 'c'].flatMap((id, s) => {
      const random = noise(s + 5);
      return daily(id, 200, () => (random() > 0.7 ? Math.ceil(3 + 2 * random()) : 0));
    });
    const { bySeries } = await forecast(rows);
    for (const own of Object.values(bySeries)) {
      for (const row of own) assert.ok(row['auto-lo-95'] >= 0 && row.auto >= 0 && row.auto <= 3, `${row.auto}`);
      const highest = own.reduce((most, row) => Math.max(most, row['auto-hi-95']), 0);
      assert.ok(highest >= 1 && highest <= 20, `${highest}`);
    }
  });

  test('negative values, and values around zero', async () => {
    const { bySeries } = await forecast([
      ...daily('below', 90, (t) => -lively()(t)),
      ...daily('around', 90, (t) => lively(3)(t) - 105),
    ]);
    within(bySeries.below, -130, -85);
    within(bySeries.around, -30, 30);
    assert.ok(bySeries.around.some((row) => row['auto-lo-95'] < 0));
  });

  test('1e12 and 1e-12 side by side: each in its own units, as good as alone', async () => {
    const scales = { huge: 1e12, tiny: 1e-12, plain: 1 };
    const { bySeries } = await forecast(
      Object.entries(scales).flatMap(([id, scale]) => daily(id, 90, (t) => scale * lively(4)(t))),
    );
    for (const [id, scale] of Object.entries(scales)) {
      within(bySeries[id], 85 * scale, 130 * scale);
      bySeries[id].forEach((row, k) => {
        const { auto } = bySeries.plain[k];
        assert.ok(Math.abs(row.auto / scale - auto) < 1e-3 * auto, `${id}: ${row.auto / scale} against ${auto}`);
        assert.ok(row['auto-hi-95'] - row['auto-lo-95'] < 60 * scale);
      });
    }
  });

  test('series of very different length, and one too short for the network: it falls back and is named', async () => {
    const { report, bySeries } = await forecast([
      ...daily('long', 900, lively(5)),
      ...daily('short', 20, lively(6), 880),
      ...daily('new', 3, () => 50, 897),
    ]);
    within(bySeries.long, 160, 220);
    within(bySeries.short, 80, 130);
    for (const { auto } of bySeries.new) assert.ok(Math.abs(auto - 50) < 5, `${auto}`);
    assert.deepEqual(report.training.fallback, ['new']);
  });

  test('a series shorter than the horizon, beside long ones', async () => {
    const { bySeries } = await forecast(
      [...daily('long', 120, lively(7)), ...daily('short', 8, () => 20, 112), ...daily('one', 1, () => 5, 119)],
      { horizon: 14 },
    );
    within(bySeries.short, 15, 25);
    within(bySeries.one, 4, 6);
    // One value does not say how far the next may lie; the other series do.
    assert.ok(bySeries.one[13]['auto-hi-95'] > 5.02, `${bySeries.one[13]['auto-hi-95']}`);
  });

  test('values missing inside, in a long gap and at the end', async () => {
    const clean = daily('a', 140, lively(8));
    const holes = clean.map((row, t) => ({ ...row, y: t % 11 === 3 || (t > 50 && t < 75) ? null : row.y }));
    const { report, bySeries } = await forecast(holes);
    assert.equal(report.data.missing, holes.filter(({ y }) => y === null).length);
    within(bySeries.a, 90, 135);
    // The horizon begins after the last value, whatever rows follow it.
    const cut = await forecast(clean.map((row, t) => ({ ...row, y: t < 137 ? row.y : 'NA' })));
    assert.equal(cut.bySeries.a[0].ds, clean[137].ds);
    assert.deepEqual(cut.bySeries, (await forecast(clean.slice(0, 137))).bySeries);
  });

  test('rows that are not there are missing values, not zeros', async () => {
    const clean = daily('a', 140, lively(8));
    const some = clean.filter((_, t) => t % 9 !== 4);
    const { bySeries } = await forecast(some);
    within(bySeries.a, 90, 135);
  });

  test('one row twice is an error that names it', async () => {
    const rows = daily('a', 30, lively(9));
    await assert.rejects(forecast([...rows, rows[12]]), (error) => {
      assert.equal(error.code, 'duplicate_time');
      assert.match(error.message, /rows 13 and 31 both have 2023-01-13/);
      return true;
    });
  });

  test('hours across the change to summer time, with offsets: 24 hours a day, none lost and none twice', async () => {
    const start = Date.UTC(2023, 2, 20);
    const rows = Array.from({ length: 24 * 12 }, (_, t) => {
      const time = start + t * 3_600_000;
      // Berlin: an hour more from 2023-03-26 01:00 UTC on.
      const offset = time >= Date.UTC(2023, 2, 26, 1) ? 2 : 1;
      const ds = `${new Date(time + offset * 3_600_000).toISOString().slice(0, 16)}+0${offset}:00`;
      return { unique_id: 'a', ds, y: 50 + 20 * Math.sin((2 * Math.PI * t) / 24) };
    });
    const { report, bySeries } = await forecast(rows, { horizon: 24 });
    assert.equal(report.data.missing, 0);
    assert.equal(bySeries.a[0].ds, '2023-04-01T00:00Z');
    bySeries.a.forEach(({ auto }, k) => {
      const expected = 50 + 20 * Math.sin((2 * Math.PI * (rows.length + k)) / 24);
      assert.ok(Math.abs(auto - expected) < 5, `step ${k}: ${auto} against ${expected}`);
    });
  });

  test('a boolean covariate is used, and must be there for the horizon', async () => {
    const random = noise(10);
    const promo = (t) => Math.floor(t / 3) % 5 === 2;
    const rows = daily('a', 206, (t) => (t < 200 ? 100 + (promo(t) ? 60 : 0) + 3 * random() : null)).map((row, t) => ({
      ...row,
      promo: promo(t),
    }));
    const read = { future: ['promo'], target: 'y' };
    const { bySeries } = await forecast(rows, { read });
    bySeries.a.forEach(({ auto }, k) => {
      const expected = promo(200 + k) ? 160 : 100;
      assert.ok(Math.abs(auto - expected) < 15, `step ${k}: ${auto} against ${expected}`);
    });
    await assert.rejects(forecast(rows.slice(0, 204), { read }), (error) => {
      assert.equal(error.code, 'covariate_missing');
      assert.match(error.message, /"promo" at 2023-07-24/);
      return true;
    });
  });

  test('one value alone, and a history shorter than the horizon, are too short', async () => {
    const code = (expected) => (error) => assert.equal(error.code, expected) === undefined;
    await assert.rejects(
      forecast(
        daily('a', 1, () => 5),
        { read: { freq: 'D' } },
      ),
      code('series_too_short'),
    );
    await assert.rejects(forecast(daily('a', 5, lively())), code('series_too_short'));
  });

  test('two values are enough for one step', async () => {
    const { report } = await forecast(
      daily('a', 2, (t) => 5 + t),
      { horizon: 1 },
    );
    assert.match(report.verdict, /too short .* not been checked/);
  });
});
