import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesFrame } from '../series/frame.js';
import { readFrame } from '../series/read.js';
import { type History, historiesOf } from './history.js';
import { inputRecipe, inputsOf, inputWidth } from './inputs.js';

const NaNs = Number.NaN;
const DAY = 86_400_000;

/** The inputs of one history, row by row. */
function rowsOf(frame: SeriesFrame, series = 0, length?: number, season = 1): number[][] {
  const histories = historiesOf(frame);
  return shownTo(frame, histories, histories[series], length ?? histories[series].y.length, season);
}
function shownTo(frame: SeriesFrame, histories: readonly History[], history: History, length: number, season = 1) {
  const recipe = inputRecipe(frame, histories, season);
  const width = inputWidth(recipe);
  const flat = inputsOf(recipe, history, length, frame.axis);
  assert.equal(flat.length, length * width);
  return Array.from({ length }, (_, t) => [...flat.slice(t * width, (t + 1) * width)]);
}
const close = (actual: readonly number[], expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i] - value) < 1e-6, `${actual}, not ${expected}`);
  });
};

test('without covariates there is nothing to show', async () => {
  const frame = await readFrame('ds,y\n1,5\n2,6\n3,8\n');
  assert.deepEqual(rowsOf(frame), [[], [], []]);
});

test('a static text has a place of its own for each of its values; an unknown one has none', async () => {
  const rows = ['b', 'a', 'b', ''].flatMap((region, s) =>
    [1, 2, 3].map((ds) => ({ unique_id: `s${s}`, ds, y: ds, region })),
  );
  const frame = await readFrame(rows, { static: ['region'] });
  const histories = historiesOf(frame);
  // The most frequent first.
  assert.deepEqual(
    histories.map((history) => shownTo(frame, histories, history, 2)),
    [
      [
        [1, 0],
        [1, 0],
      ],
      [
        [0, 1],
        [0, 1],
      ],
      [
        [1, 0],
        [1, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ],
  );
  assert.deepEqual(shownTo(frame, histories, { ...histories[0], static: ['c'] }, 1), [[0, 0]]);
});

test('of very many texts the most frequent have places', async () => {
  const names = Array.from({ length: 40 }, (_, s) => `r${s % 30}`);
  const frame = await readFrame(
    names.flatMap((region, s) => [1, 2].map((ds) => ({ unique_id: `s${s}`, ds, y: ds, region }))),
    { static: ['region'] },
  );
  const shown = names.map((_, s) => rowsOf(frame, s, 1)[0]);
  const places = shown[0].length;
  assert.ok(places >= 10 && places < 30);
  // r0 to r9 stand for two series each.
  for (let s = 0; s < 10; s++) {
    assert.equal(shown[s].filter((value) => value === 1).length, 1);
    assert.deepEqual(shown[s + 30], shown[s]);
  }
  assert.equal(new Set(shown.slice(0, 10).map((row) => row.indexOf(1))).size, 10);
  assert.ok(shown.some((row) => row.every((value) => value === 0)));
});

test('a static number is shown in standard units over the series; a missing one, and one that is all alike, as 0', async () => {
  const frameOf = (sizes: readonly (number | string)[]) =>
    readFrame(
      sizes.flatMap((size, s) => [1, 2].map((ds) => ({ unique_id: `s${s}`, ds, y: ds, size }))),
      { static: ['size'] },
    );
  const frame = await frameOf([10, 20, 10, 20, '']);
  [-1, 1, -1, 1, 0].forEach((expected, s) => {
    close(rowsOf(frame, s, 1)[0], [expected]);
  });
  for (const s of [0, 1]) close(rowsOf(await frameOf([7, 7]), s, 1)[0], [0]);
});

test('a past covariate is shown in standard units, with its change over a season; a gap as the value before', async () => {
  // Mean 3 and variance 4 over the four values that are known.
  const values = ['', 1, 5, '', 1, 5];
  const frame = await readFrame(
    values.map((load, ds) => ({ ds, y: ds, load })),
    { past: ['load'] },
  );
  const expected = [
    [0, 0],
    [-1, 0],
    [1, 1],
    [1, 2],
    [-1, -2],
    [1, 0],
  ];
  rowsOf(frame, 0, 6, 2).forEach((row, t) => {
    close(row, expected[t]);
  });
});

test('what comes later reaches nothing that is shown before', async () => {
  const values = Array.from({ length: 30 }, (_, t) => 10 + ((t * 7) % 5));
  const rows = (poison: number | null) =>
    values.map((load, ds) => ({ ds, y: ds, load: ds < 20 || poison === null ? load : poison }));
  const clean = rowsOf(await readFrame(rows(null), { past: ['load'] }), 0, 20, 4);
  for (const poison of [1e9, -1e9])
    assert.deepEqual(rowsOf(await readFrame(rows(poison), { past: ['load'] }), 0, 20, 4), clean);
  const frame = await readFrame(rows(null), { past: ['load'] });
  const [history] = historiesOf(frame);
  const missing = { ...history, past: [history.past[0].map((value, t) => (t < 20 ? value : NaNs))] };
  assert.deepEqual(shownTo(frame, [history], missing, 20, 4), clean);
});

/** A daily frame of one series. */
const daily = (first: number, days: number) =>
  readFrame(
    Array.from({ length: days }, (_, t) => ({
      ds: new Date(first + t * DAY).toISOString().slice(0, 10),
      y: 1 + (t % 5),
    })),
  );

test('the time of year: a point on a circle, the same a year later and opposite half a year later', async () => {
  const first = Date.UTC(2021, 2, 3);
  const shown = rowsOf(await daily(first, 3 * 366));
  const days = 365.25;
  shown.forEach(([sine, cosine], t) => {
    assert.ok(Math.abs(sine * sine + cosine * cosine - 1) < 1e-6);
    const [year, half] = [shown[t + 365], shown[t + 183]];
    // A quarter of a day is 0.0043 of the circle's radius.
    if (year) assert.ok(Math.hypot(year[0] - sine, year[1] - cosine) < 0.006);
    if (half) assert.ok(Math.hypot(half[0] + sine, half[1] + cosine) < 0.012);
  });
  // 1 January 1970 is at angle 0; a day is 2π/365.25 further.
  const at = (year: number, month: number, day: number) => shown[(Date.UTC(year, month, day) - first) / DAY];
  const angle = (year: number, month: number, day: number) => (2 * Math.PI * (Date.UTC(year, month, day) / DAY)) / days;
  for (const [year, month, day] of [
    [2021, 11, 24],
    [2023, 5, 21],
  ]) {
    const turn = angle(year, month, day);
    close(at(year, month, day), [Math.sin(turn), Math.cos(turn)]);
  }
});

test('the time of year is shown where two years have been seen, and not for months or steps', async () => {
  const first = Date.UTC(2021, 0, 1);
  const width = async (frame: Promise<SeriesFrame>) =>
    inputWidth(inputRecipe(await frame, historiesOf(await frame), 1));
  assert.equal(await width(daily(first, 700)), 0);
  assert.equal(await width(daily(first, 740)), 2);
  const months = Array.from({ length: 60 }, (_, t) => ({
    ds: new Date(Date.UTC(2015, t, 1)).toISOString().slice(0, 10),
    y: t,
  }));
  assert.equal(await width(readFrame(months)), 0);
  assert.equal(await width(readFrame(Array.from({ length: 1000 }, (_, ds) => ({ ds, y: ds % 3 })))), 0);
});
