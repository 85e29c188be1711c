import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { Random } from '../random.js';
import type { TimeAxis } from '../series/frame.js';
import { parseFrequency } from '../series/frequency.js';
import { type ExplainedModel, fitExplained, takeExplained } from './explained.js';
import type { History } from './history.js';

const NaNs = Number.NaN;
const STEPPED: TimeAxis = { kind: 'integer', zone: '', freq: parseFrequency('1') };
const HOURLY: TimeAxis = { kind: 'datetime', zone: '', freq: parseFrequency('h') };
const AHEAD = 6;

/** A history whose covariates are known AHEAD steps further. */
function historyOf(
  n: number,
  x: readonly Float64Array[],
  y: (t: number) => number,
  given: Partial<History> = {},
): History {
  const values = Float64Array.from({ length: n }, (_, t) => y(t));
  return { id: 'shop', start: 0, offset: 0, y: values, past: [], future: x, static: [], ...given };
}
const column = (n: number, value: (t: number) => number) =>
  Float64Array.from({ length: n + AHEAD }, (_, t) => value(t));
const NAMES = ['price', 'promo', 'third'];
const fit = (histories: readonly History[], season = 1, axis = STEPPED) =>
  fitExplained(
    histories,
    histories.map(({ y }) => y.length),
    axis,
    NAMES.slice(0, histories[0].future.length),
    season,
  );
const take = (model: ExplainedModel, history: History, series: number | null = 0, axis = STEPPED) =>
  takeExplained(model, history, history.y.length, AHEAD, axis, series, 'sales.csv');

/** What the model adds where the covariate of the first step ahead is `to`, over where it is `from`. */
function effectOf(
  model: ExplainedModel,
  history: History,
  [from, to]: [number, number],
  value: number,
  series: number | null = 0,
) {
  const at = (x: number) => {
    const future = history.future.map((values) => values.slice());
    future[0][history.y.length] = x;
    return take(model, { ...history, future }, series).restore(value, 0);
  };
  return { added: at(to) - at(from), ratio: at(to) / at(from) };
}

test('one long series: the factor of a covariate of two values is found, beside a season and a walk', () => {
  const random = new Random('promo');
  const n = 1500;
  const promo = column(n, () => Number(random.uniform() < 0.3));
  let level = 4;
  const history = historyOf(n, [promo], (t) => {
    level += 0.02 * random.normal();
    return Math.exp(level + 0.5 * Math.sin((2 * Math.PI * t) / 7) + 0.3 * promo[t] + 0.02 * random.normal());
  });
  const { ratio } = effectOf(fit([history], 7), history, [0, 1], 10);
  // 20 rows' worth of doubt of 1500 take about 1.3 % of it away.
  assert.ok(Math.abs(Math.log(ratio) - 0.3) < 0.012, `${Math.log(ratio)}`);
});

test('a series that is not always positive: effects add up, in its own units', () => {
  const random = new Random('linear');
  const n = 1500;
  const price = column(n, () => random.normal(20, 5));
  for (const unit of [1e-6, 1, 1e6]) {
    const history = historyOf(n, [price], (t) => unit * (3 * (price[t] - 20) + random.normal()));
    const { added } = effectOf(fit([history]), history, [18, 24], unit * 7);
    assert.ok(Math.abs(added / unit - 18) < 1, `${added / unit}, not 18`);
  }
});

test('a bend in the middle is followed: heat and cold both raise demand', () => {
  const random = new Random('bend');
  // Doubt holds a bend back more than a slope: many rows.
  const n = 60_000;
  const heat = column(n, () => random.uniform(-10, 30));
  // Straight pieces between quintiles, the bend at one of them.
  const effect = (x: number) => 0.02 * Math.abs(x - 6);
  const history = historyOf(n, [heat], (t) => Math.exp(5 + effect(heat[t]) + 0.02 * random.normal()));
  const model = fit([history]);
  for (const [from, to] of [
    [6, 28],
    [6, -9],
    [-9, 28],
  ] as [number, number][]) {
    const { ratio } = effectOf(model, history, [from, to], 100);
    assert.ok(Math.abs(Math.log(ratio) - (effect(to) - effect(from))) < 0.02, `${from} to ${to}: ${Math.log(ratio)}`);
  }
});

test('where a season is long an effect may differ over the day, by the clock and wherever a series begins', () => {
  const random = new Random('profile');
  const n = 24 * 500;
  const busy = column(n, () => random.normal());
  const effect = (t: number) => 0.1 * (1 + Math.sin((2 * Math.PI * t) / 24));
  const history = historyOf(n, [busy], (t) => Math.exp(5 + effect(t) * busy[t] + 0.01 * random.normal()));
  const model = fit([history], 24, HOURLY);
  const left = take(model, history, 0, HOURLY).y;
  const deviation = (y: Float64Array) => {
    const logs = y.map(Math.log);
    const mean = logs.reduce((sum, value) => sum + value / n, 0);
    return Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0));
  };
  assert.ok(deviation(left) < 0.12 * deviation(history.y), `${deviation(left)} of ${deviation(history.y)}`);
  // The same series from another hour on, by offset and by start.
  const cut = 41;
  const rest = { y: history.y.slice(cut), future: [busy.slice(cut)] };
  for (const shifted of [{ offset: cut }, { start: cut * 3_600_000 }]) {
    const whole = take(model, history, null, HOURLY);
    const part = take(model, { ...history, ...rest, ...shifted }, null, HOURLY);
    for (let k = 0; k < AHEAD; k++)
      assert.ok(Math.abs(part.restore(10, k) / whole.restore(10, k) - 1) < 1e-9, `step ${k}`);
  }
  const wrong = take(model, { ...history, ...rest }, null, HOURLY);
  assert.ok(Math.abs(wrong.restore(10, 0) / take(model, history, null, HOURLY).restore(10, 0) - 1) > 1e-6);
});

test('many short series find together what none can find alone; one that differs keeps its own', () => {
  const random = new Random('pool');
  const make = (n: number, effect: number, id: number) => {
    const promo = column(n, (t) => Number((t * 7 + id) % 3 === 0));
    const level = random.normal(5, 2);
    return historyOf(n, [promo], (t) => Math.exp(level + effect * promo[t] + 0.2 * random.normal()), { id: `${id}` });
  };
  const short = Array.from({ length: 200 }, (_, s) => make(14, 0.3, s));
  const found = (model: ExplainedModel, history: History, series: number | null) =>
    Math.log(effectOf(model, history, [0, 1], 10, series).ratio);
  const together = fit(short);
  for (const series of [null, 0, 1, 100])
    assert.ok(Math.abs(found(together, short[0], series) - 0.3) < 0.03, `${found(together, short[0], series)}`);
  // Alone, 13 differences with noise of 0.28, against 20 rows' worth of doubt, are far off.
  const alone = short.map((history) => Math.abs(found(fit([history]), history, 0) - 0.3));
  assert.ok(alone.reduce((sum, error) => sum + error / 200, 0) > 0.1);
  const other = make(2000, -0.4, 200);
  const own = found(fit([...short.slice(0, 20), other]), other, 20);
  assert.ok(Math.abs(own + 0.4) < 0.05, `${own}`);
});

test('a few wild values do not move it', () => {
  const random = new Random('wild');
  const n = 3000;
  const promo = column(n, () => Number(random.uniform() < 0.5));
  const clean = (t: number) => Math.exp(3 + 0.3 * promo[t]);
  const history = historyOf(n, [promo], (t) => clean(t) * (t % 50 === 7 ? 50 : Math.exp(0.02 * random.normal())));
  assert.ok(Math.abs(Math.log(effectOf(fit([history]), history, [0, 1], 10).ratio) - 0.3) < 0.02);
});

/** A history and model with everything: three covariates of different kinds, log or not. */
function mixed(positive: boolean, n = 200) {
  const random = new Random(`mixed ${positive}`);
  const x = [column(n, () => random.normal(5, 3)), column(n, (t) => Number(t % 5 === 0)), column(n, () => 7)];
  const history = historyOf(n, x, (t) => {
    const value = 0.1 * x[0][t] + 0.5 * x[1][t] + 0.1 * random.normal();
    return positive ? Math.exp(value) : value - 0.6;
  });
  return { history, model: fit([history], 5) };
}

for (const positive of [true, false])
  test(`what is taken off is put back, at every step and for any value: ${positive ? 'factors' : 'sums'}`, () => {
    const { history, model } = mixed(positive);
    const { y, remove, restore } = take(model, history);
    assert.equal(y.length, history.y.length);
    assert.ok(
      y.some((value, t) => Math.abs(value - history.y[t]) > 0.01),
      'something was taken off',
    );
    for (let k = 0; k < AHEAD; k++)
      for (const value of [1e-3, 1, 17, ...(positive ? [] : [-5, 0])]) {
        assert.ok(Math.abs(restore(remove(value, k), k) - value) < 1e-12 * Math.max(1, Math.abs(value)));
        assert.ok(Math.abs(remove(restore(value, k), k) - value) < 1e-12 * Math.max(1, Math.abs(value)));
      }
    // From an earlier origin, the values after it are taken apart as its steps ahead are.
    const earlier = takeExplained(model, history, 150, 50, STEPPED, 0, 's');
    if (positive)
      for (let k = 0; k < 50; k++) assert.ok(Math.abs(earlier.remove(history.y[150 + k], k) / y[150 + k] - 1) < 1e-9);
    // Order is kept: quantiles stay quantiles.
    for (let k = 0; k < AHEAD; k++) assert.ok(restore(1, k) < restore(1.001, k));
  });

test('a covariate that says nothing, has one value, or none at all takes nothing off', () => {
  const random = new Random('nothing');
  const n = 1000;
  const noise = column(n, () => random.normal());
  for (const [what, x, most] of [
    ['chance', noise, 0.06],
    ['constant', column(n, () => 3), 1e-12],
    ['zero', column(n, () => 0), 1e-12],
  ] as const) {
    const history = historyOf(n, [x], () => Math.exp(1 + 0.1 * random.normal()));
    const { y } = take(fit([history]), history);
    y.forEach((value, t) => {
      assert.ok(Math.abs(Math.log(value / history.y[t])) <= most, `${what}: ${value}, was ${history.y[t]}`);
    });
  }
  const empty = historyOf(50, [column(50, (t) => (t < 50 ? NaNs : 1))], (t) => 1 + (t % 3));
  const { y } = take(fit([empty]), empty);
  y.forEach((value, t) => {
    assert.ok(Math.abs(value - empty.y[t]) < 1e-9);
  });
});

test('series too short to tell, and constant ones, stay finite', () => {
  for (const n of [1, 2, 3])
    for (const season of [1, 12]) {
      const short = historyOf(n, [column(n, (t) => t % 2)], (t) => 5 + t);
      const long = historyOf(40, [column(40, (t) => t % 3)], () => 2);
      const model = fit([short, long], season);
      for (const [s, history] of [short, long].entries()) {
        const { y, restore } = take(model, history, s);
        for (const value of [...y, restore(5, 0), restore(5, AHEAD - 1)]) assert.ok(Number.isFinite(value), `${value}`);
      }
    }
});

test('gaps of a covariate inside the history are bridged; the rest is found all the same', () => {
  const random = new Random('gaps');
  const n = 1500;
  const price = column(n, (t) => 10 + 3 * Math.sin(t / 9) + 0.1 * random.normal());
  const known = price.map((value, t) => (t > 0 && t < n && random.uniform() < 0.2 ? NaNs : value));
  known[0] = NaNs;
  const history = historyOf(n, [known], (t) =>
    t % 13 === 4 && t < n - 1 ? NaNs : Math.exp(3 - 0.1 * price[t] + 0.01 * random.normal()),
  );
  const model = fit([history]);
  const { y, restore } = take(model, history);
  y.forEach((value, t) => {
    assert.equal(Number.isNaN(value), Number.isNaN(history.y[t]), 'a missing value stays missing, no other becomes so');
  });
  assert.ok(Number.isFinite(restore(1, 0)));
  const { ratio } = effectOf(model, history, [9, 11], 10);
  assert.ok(Math.abs(Math.log(ratio) + 0.2) < 0.04, `${Math.log(ratio)}`);
  // Origins inside the history may have a gap behind them.
  for (const origin of [100, 101, 102, 103]) takeExplained(model, history, origin, 6, STEPPED, 0, 's');
});

test('a covariate that is missing in the horizon is an error that names series, column and time', () => {
  const n = 20;
  const daily: TimeAxis = { kind: 'date', zone: '', freq: parseFrequency('D') };
  const x = [column(n, (t) => t % 3), column(n, (t) => t % 2)];
  const history = historyOf(n, x, (t) => 5 + (t % 3), { id: 'Größe "1"', start: Date.UTC(2024, 1, 10) });
  const model = fit([history], 1, daily);
  const refused = (future: readonly Float64Array[], column: string, day: string) =>
    assert.throws(
      () => take(model, { ...history, future }, 0, daily),
      (error) => {
        assert.ok(error instanceof TidegateError);
        assert.deepEqual([error.kind, error.code], ['input', 'covariate_missing']);
        assert.ok(
          error.message.startsWith(`sales.csv: series "Größe "1"" has no "${column}" at ${day};`),
          error.message,
        );
        assert.match(error.message, /each of the 6 steps of the horizon\. Add the rows/);
        return true;
      },
    );
  // The value of 2024-02-10 is the first; after the 20th comes 2024-03-01 in a leap year.
  refused([x[0].map((value, t) => (t === n ? NaNs : value)), x[1]], 'price', '2024-03-01');
  refused([x[0], x[1].map((value, t) => (t >= n + 3 ? NaNs : value))], 'promo', '2024-03-04');
  refused([x[0].slice(0, n + 5), x[1]], 'price', '2024-03-06');
  refused([x[0]], 'promo', '2024-03-01');
  // Further than the horizon nothing is needed.
  take(model, { ...history, future: x.map((values) => values.slice(0, n + AHEAD)) }, 0, daily);
});

test('nothing behind the end reaches the regression, and nothing behind the horizon a forecast', () => {
  const { history } = mixed(true);
  const others = mixed(false).history;
  const lengths = [150, 120];
  const model = fitExplained([history, others], lengths, STEPPED, NAMES, 5);
  for (const poison of [1e9, NaNs, -1, 0]) {
    const after = (from: number) => (value: number, t: number) => (t < from ? value : poison);
    const poisoned = [history, others].map((one, s) => ({
      ...one,
      y: one.y.map(after(lengths[s])),
      future: one.future.map((values) => values.map(after(lengths[s]))),
    }));
    assert.deepEqual(fitExplained(poisoned, lengths, STEPPED, NAMES, 5), model);
    const ahead = poisoned.map((one, s) => ({
      ...one,
      future: [history, others][s].future.map((values) => values.map(after(lengths[s] + 10))),
    }));
    [history, others].forEach((one, s) => {
      const clean = takeExplained(model, one, lengths[s], 10, STEPPED, s, 's');
      const other = takeExplained(model, ahead[s], lengths[s], 10, STEPPED, s, 's');
      assert.deepEqual(other.y, clean.y);
      for (let k = 0; k < 10; k++) assert.equal(other.restore(3, k), clean.restore(3, k));
    });
  }
});

test('one series: the normal equations by hand', () => {
  // Differences of the covariate are ±1 in turn, of the logarithms ±0.3: every row errs alike, δ is that error, so every row
  // counts a half. 40 rows count 20 against 20 rows' worth of doubt: 0.3·20/(20 + 20).
  const n = 41;
  const x = column(n, (t) => t % 2);
  const history = historyOf(n, [x], (t) => Math.exp(2 + 0.3 * x[t]));
  const { ratio } = effectOf(fit([history]), history, [0, 1], 10);
  assert.ok(Math.abs(Math.log(ratio) - 0.15) < 1e-5, `${Math.log(ratio)}`);
});
