import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidegateError } from '../errors.js';
import { type ForecasterOptions, MODEL_NAMES, settle } from './options.js';

test('only the horizon is needed; the defaults are those of the contract', () => {
  assert.deepEqual(settle({ horizon: 24 }), {
    horizon: 24,
    levels: [80, 95],
    model: 'auto',
    season: undefined,
    seed: 1,
    budget: 60,
    threads: undefined,
  });
});

test('what is given is taken; levels come out in ascending order, the list of the caller stays', () => {
  const levels = [95, 50, 99.9];
  const settings = settle({ horizon: 1, levels, model: 'theta', season: 7, seed: 0, budget: 0.5, threads: 3 });
  assert.deepEqual(settings, {
    horizon: 1,
    levels: [50, 95, 99.9],
    model: 'theta',
    season: [7],
    seed: 0,
    budget: 0.5,
    threads: 3,
  });
  assert.deepEqual(levels, [95, 50, 99.9]);
});

test('several seasons are taken as they are', () => {
  const season = [24, 168, 8760];
  assert.deepEqual(settle({ horizon: 1, season }).season, season);
  assert.deepEqual(settle({ horizon: 1, season: [1] }).season, [1]);
});

test('every model name is taken', () => {
  for (const model of MODEL_NAMES) assert.equal(settle({ horizon: 1, model }).model, model);
  for (const model of [
    'auto',
    'lstm',
    'gru',
    'rnn',
    'leaky',
    'esn',
    'naive',
    'seasonal-naive',
    'drift',
    'ses',
    'ets',
    'theta',
  ])
    assert.ok((MODEL_NAMES as readonly string[]).includes(model), model);
});

/** Options of the wrong kind, as plain JavaScript may pass them: [code, options, what the message must name]. */
const WRONG: [string, Record<string, unknown>, RegExp][] = [
  ['bad_horizon', {}, /horizon is undefined/],
  ['bad_horizon', { horizon: 0 }, /horizon is 0; .* from 1 to/],
  ['bad_horizon', { horizon: -3 }, /-3/],
  ['bad_horizon', { horizon: 2.5 }, /2\.5/],
  ['bad_horizon', { horizon: Number.NaN }, /NaN/],
  ['bad_horizon', { horizon: Number.POSITIVE_INFINITY }, /Infinity/],
  ['bad_horizon', { horizon: '24' }, /24/],
  ['bad_horizon', { horizon: 1e9 }, /1000000000/],
  ['bad_season', { horizon: 1, season: 0 }, /season is 0/],
  ['bad_season', { horizon: 1, season: 1.5 }, /1\.5/],
  ['bad_season', { horizon: 1, season: [] }, /one to 3 lengths/],
  ['bad_season', { horizon: 1, season: [24, 0] }, /season is 0/],
  ['bad_season', { horizon: 1, season: [168, 24] }, /168,24.*longer than the one before/],
  ['bad_season', { horizon: 1, season: [24, 24] }, /24,24/],
  ['bad_season', { horizon: 1, season: [2, 4, 8, 16] }, /one to 3 lengths/],
  ['bad_seed', { horizon: 1, seed: -1 }, /seed is -1/],
  ['bad_seed', { horizon: 1, seed: 0.1 }, /0\.1/],
  ['bad_threads', { horizon: 1, threads: 0 }, /threads is 0/],
  ['bad_budget', { horizon: 1, budget: 0 }, /budget is 0/],
  ['bad_budget', { horizon: 1, budget: Number.NaN }, /NaN/],
  ['bad_budget', { horizon: 1, budget: 1e6 }, /86400/],
  ['bad_levels', { horizon: 1, levels: [] }, /\[\]/],
  ['bad_levels', { horizon: 1, levels: 80 }, /80/],
  ['bad_levels', { horizon: 1, levels: [80, 100] }, /100/],
  ['bad_levels', { horizon: 1, levels: [0] }, /0/],
  ['bad_levels', { horizon: 1, levels: [Number.NaN] }, /levels/],
  ['bad_levels', { horizon: 1, levels: [99.999999] }, /99\.999999/],
  ['bad_levels', { horizon: 1, levels: [80, 80.001] }, /80\.001/],
  ['bad_levels', { horizon: 1, levels: [80, 95, 80] }, /80,95,80.*once/],
  ['bad_levels', { horizon: 1, levels: Array.from({ length: 21 }, (_, i) => 10 + i) }, /levels/],
  ['unknown_model', { horizon: 1, model: 'arima' }, /"arima".*auto, lstm.*seasonal-naive/],
  ['unknown_model', { horizon: 1, model: 'naive2' }, /"naive2"/],
  ['unknown_model', { horizon: 1, model: 'toString' }, /"toString"/],
];

for (const [code, options, message] of WRONG) {
  test(`${code}: ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => settle(options as unknown as ForecasterOptions),
      (error) => {
        assert.ok(error instanceof TidegateError);
        assert.equal(error.kind, 'usage');
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.ok(!error.message.includes('\n'));
        return true;
      },
    );
  });
}
