import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSafetensors } from '../interop/safetensors.js';
import { readFrame } from '../series/read.js';
import { GlobalForecaster } from './forecaster.js';
import { inlineHost } from './inline-runner.test.support.js';
import { encodeModel } from './model-file.js';
import type { ForecasterOptions } from './options.js';

/** Two monthly series with a season. */
const rows = ['a', 'b'].flatMap((id) =>
  Array.from({ length: 60 }, (_, t) => ({
    unique_id: id,
    ds: `${2000 + Math.floor(t / 12)}-${`${1 + (t % 12)}`.padStart(2, '0')}-01`,
    y: 100 + t + 20 * Math.sin((2 * Math.PI * t) / 12) + ((t * 7919) % 13),
    load: (t * 31) % 7,
  })),
);

async function inspected(options: Partial<ForecasterOptions>) {
  const forecaster = new GlobalForecaster({ horizon: 6, budget: 0.01, ...options }, inlineHost());
  const report = await forecaster.fit(await readFrame(rows, { past: ['load'] }));
  return { forecaster, report, summary: forecaster.inspect() };
}

test('an LSTM model: what the report says, its views, and half-lives in order', async () => {
  const { forecaster, report, summary } = await inspected({});
  for (const part of ['data', 'model', 'training', 'validation', 'verdict'] as const)
    assert.deepEqual(summary[part], report[part]);
  assert.deepEqual([summary.horizon, summary.levels, summary.seed, summary.formatVersion], [6, [80, 95], 1, 2]);
  assert.deepEqual(summary.covariates, { past: ['load'], future: [], static: [] });
  const { tensors } = decodeSafetensors(encodeModel(forecaster.state));
  assert.ok(Math.abs(summary.views.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
  summary.views.forEach((view, g) => {
    const values = [...tensors]
      .filter(([name]) => name.startsWith(`view.${g}.`) && /\.(?:weight|bias|weight_.h_l0|bias_ih_l0)$/.test(name))
      .reduce((sum, [, { data }]) => sum + data.length, 0);
    assert.equal(view.parameters, values);
    assert.equal(view.extra, 2, 'the covariate and its change');
    const { kind, count, steps, seasons } = view.memory;
    assert.equal(kind, 'forget-gate');
    assert.equal(count, view.members * 32);
    assert.ok(0 < steps.fastest && steps.fastest <= steps.median && steps.median <= steps.slowest);
    assert.ok(seasons && Math.abs(seasons.slowest * 12 - steps.slowest) < 1e-9 * steps.slowest);
  });
  assert.ok(Math.min(...summary.views.map(({ memory }) => memory.steps.median)) > 0.5, 'forget gates begin half open');
});

test('an echo state network: half-lives are those of its leaks, spread evenly from 1 to 1/32', async () => {
  const { summary } = await inspected({ model: 'esn' });
  const leaks = Array.from({ length: 32 }, (_, j) => 32 ** (-j / 31));
  const lives = leaks.map((leak) => Math.log(0.5) / Math.log(1 - leak)).sort((a, b) => a - b);
  for (const { memory } of summary.views) {
    assert.equal(memory.kind, 'leak');
    const { fastest, median, slowest } = memory.steps;
    assert.equal(fastest, 0);
    assert.ok(Math.abs(slowest / lives[31] - 1) < 1e-5, `${slowest} ${lives[31]}`);
    assert.ok(Math.abs(median / lives[16] - 1) < 1e-5, `${median} ${lives[16]}`);
  }
});

test('a plain RNN: one number for each network; a baseline: none', async () => {
  const { summary } = await inspected({ model: 'rnn' });
  for (const { memory, members } of summary.views)
    assert.deepEqual([memory.kind, memory.count], ['recurrent-weights', members]);
  const baseline = await inspected({ model: 'theta' });
  assert.deepEqual(baseline.summary.views, []);
  assert.equal(baseline.summary.model.cell, null);
});
