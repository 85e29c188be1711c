/** The package as others import it: by its name, through its exports. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tidegate from 'tidegate';
import * as nn from 'tidegate/nn';
import { airline, newFolder, passengers, root, succeed } from './support/run.mjs';

const {
  describeFrame,
  engineInfo,
  ForecastFrame,
  Forecaster,
  MODEL_NAMES,
  metrics,
  observedOf,
  readSeries,
  TidegateError,
} = tidegate;
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test('the entry points are the exports, with their types, and nothing else is reachable', async () => {
  for (const { types, default: file } of [entries['.'], entries['.'].browser, entries['./nn'], entries['./nn'].browser])
    for (const path of [types, file]) assert.ok(existsSync(join(root, path)), path);
  assert.equal(import.meta.resolve('tidegate/package.json'), new URL('../package.json', import.meta.url).href);
  const inner = 'tidegate/dist/forecasting/index.js';
  await assert.rejects(import(inner), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
  for (const named of [Forecaster, ForecastFrame, TidegateError, readSeries, engineInfo])
    assert.equal(typeof named, 'function');
  assert.deepEqual(MODEL_NAMES, [
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
  ]);
  assert.equal(typeof nn.LSTM, 'function');
});

test('the examples in the docstrings of the entry point run and say what they give', async () => {
  const source = readFileSync(join(root, 'src', 'index.ts'), 'utf8');
  const examples = [...source.matchAll(/@example\n((?: \* .*\n)+)/g)].map(([, lines]) => lines.replace(/^ \* /gm, ''));
  assert.ok(examples.length >= 2);
  const AsyncFunction = (async () => {}).constructor;
  for (const example of examples) {
    const claims = [];
    const code = example.replace(/^([^=\n]*); \/\/ (.*)$/gm, (_, expression, claim) => {
      claims.push(claim);
      return `seen.push(${expression});`;
    });
    assert.ok(claims.length > 0, example);
    const seen = [];
    const here = process.cwd();
    process.chdir(root);
    try {
      await new AsyncFunction('seen', ...Object.keys(tidegate), code)(seen, ...Object.values(tidegate));
    } finally {
      process.chdir(here);
    }
    claims.forEach((claim, i) => {
      if (/^['"[{\d-]/.test(claim)) assert.deepEqual(seen[i], new Function(`return ${claim}`)());
      else if (claim.startsWith('unique_id,')) assert.ok(seen[i].startsWith(`${claim}\n`), seen[i]);
      else assert.equal(typeof seen[i], 'string', claim);
    });
  }
});

test('the library and the command give the same bytes', async () => {
  const folder = newFolder();
  const forecaster = new Forecaster({ horizon: 6, levels: [90], seed: 7 });
  const heard = [];
  const frame = await readSeries(airline);
  const report = await forecaster.fit(frame, { onProgress: (progress) => heard.push(progress) });
  const forecast = await forecaster.predict();
  const args = [airline, '--horizon', '6', '--levels', '90', '--seed', '7'];
  const command = await succeed(['forecast', ...args]);
  assert.equal(forecast.toCSV(), command.stdout);
  assert.ok(command.stderr.includes(report.verdict));
  await forecaster.save(join(folder, 'a.safetensors'));
  await succeed(['fit', ...args, '--save', join(folder, 'b.safetensors')]);
  assert.deepEqual(readFileSync(join(folder, 'a.safetensors')), readFileSync(join(folder, 'b.safetensors')));
  const same = await Forecaster.load(join(folder, 'b.safetensors'));
  assert.equal((await same.predict()).toCSV(), command.stdout);
  assert.deepEqual(Buffer.from(forecaster.toBytes()), readFileSync(join(folder, 'a.safetensors')));
  const again = await Forecaster.load(forecaster.toBytes());
  assert.equal((await again.predict()).toCSV(), command.stdout);

  assert.deepEqual(describeFrame(frame), report.data);
  const { time, y } = observedOf(frame, 0);
  assert.deepEqual([...time], [...forecast.historyTimes(0)]);
  assert.deepEqual([...y], passengers);
  assert.deepEqual(forecast.columnNames, ['unique_id', 'ds', 'auto', 'auto-lo-90', 'auto-hi-90']);
  assert.ok([...forecast.columns.values()].every((column) => column instanceof Float64Array && column.length === 6));
  assert.equal(forecast.toRows()[5].ds, '1961-06-01');

  assert.ok(heard.length > 2);
  assert.deepEqual([...new Set(heard.map(({ phase }) => phase))], ['validate', 'train']);
  heard.forEach(({ fraction, loss }, i) => {
    assert.ok(fraction > 0 && fraction <= 1 && loss >= 0);
    if (i > 0 && heard[i].phase === heard[i - 1].phase) assert.ok(fraction >= heard[i - 1].fraction, 'never back');
  });
  assert.equal(heard.at(-1).fraction, 1);
});

test('series come from rows, text, bytes, a Blob or a stream', async () => {
  const rows = passengers.map((y, t) => ({ ds: new Date(Date.UTC(1949, t, 1)).toISOString().slice(0, 10), y }));
  const text = `ds,y\n${rows.map(({ ds, y }) => `${ds},${y}`).join('\n')}\n`;
  const bytes = new TextEncoder().encode(text);
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += 100) yield bytes.subarray(i, i + 100);
  }
  const sources = [rows, text, bytes, new Blob([text]), new Blob([text]).stream(), pieces()];
  for (const source of sources) {
    const { series, axis } = await readSeries(source);
    assert.deepEqual([series.length, axis.freq.alias, ...series[0].y], [1, 'MS', ...passengers]);
  }
});

test('an AbortSignal stops a fit; the forecaster can be used again', async () => {
  const frame = await readSeries(airline);
  const forecaster = new Forecaster({ horizon: 12, budget: 600 });
  await assert.rejects(forecaster.predict(), { code: 'not_fitted', kind: 'usage' });
  const stop = new AbortController();
  const fit = forecaster.fit(frame, { signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(fit, (error) => error instanceof TidegateError && error.kind === 'interrupted');
  await assert.rejects(forecaster.fit(frame, { signal: AbortSignal.abort() }), { kind: 'interrupted' });
  await assert.rejects(forecaster.predict(), { code: 'not_fitted' });
  await forecaster.fit(frame);
  assert.equal((await forecaster.predict()).length, 12);
});

test('errors are data', async () => {
  const folder = newFolder();
  for (const [make, kind, code] of [
    [() => new Forecaster({ horizon: 0 }), 'usage', 'bad_horizon'],
    [() => new Forecaster({ horizon: 1, model: 'prophet' }), 'usage', 'unknown_model'],
    [() => readSeries(join(folder, 'none.csv')), 'input', 'file_not_found'],
    [() => readSeries('ds,y\n2024-01-01,x1\n2024-01-02,2\n2024-01-03,2\n'), 'input', 'bad_number'],
    [() => Forecaster.load(airline), 'input', 'bad_model_file'],
  ])
    await assert.rejects(
      async () => make(),
      (error) => {
        assert.ok(error instanceof TidegateError);
        assert.deepEqual([error.kind, error.code], [kind, code]);
        assert.equal(`${error}`, `${code}: ${error.message}`);
        return true;
      },
    );
  assert.deepEqual(readdirSync(folder), []);
});

test('metrics by hand', () => {
  const { mae, mase, rmse, smape } = metrics;
  assert.equal(mae([1, 2, 3], [2, 2, 5]), 1);
  assert.ok(Math.abs(rmse([1, 2, 3], [2, 2, 5]) - Math.sqrt(5 / 3)) < 1e-15);
  assert.ok(Math.abs(smape([100, 0], [50, 0]) - (200 * 50) / 150 / 2) < 1e-12);
  assert.equal(mase([10, 10], [12, 14], [1, 2, 3, 4], 1), 3);
});

test('a script given by -e trains in workers and ends by itself', () => {
  const code = `import { Forecaster, readSeries } from 'tidegate';
    const forecaster = new Forecaster({ horizon: 2, threads: 2 });
    await forecaster.fit(await readSeries(${JSON.stringify(airline)}));
    process.stdout.write(String((await forecaster.predict()).length));`;
  const run = (args) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  const { status, stdout, stderr } = run(['--input-type=module', '-e', code]);
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '2', stderr: '' });
});

test('nn: the gradients of a layer are those of finite differences', () => {
  const layer = new nn.LSTM({ inputSize: 3, hiddenSize: 4, engine: 'reference', seed: 5 });
  const x = Float64Array.from({ length: 2 * 3 }, (_, i) => Math.sin(i + 1));
  const { output } = layer.forward(x, { steps: 2, batch: 1 });
  const { dInput } = layer.backward({ dOutput: output.map(() => 1) });
  const total = (input) => layer.forward(input, { steps: 2, batch: 1 }).output.reduce((sum, h) => sum + h, 0);
  x.forEach((value, i) => {
    const [up, down] = [1e-6, -1e-6].map((h) => total(Float64Array.from(x, (v, j) => (i === j ? value + h : v))));
    assert.ok(Math.abs((up - down) / 2e-6 - dInput[i]) < 1e-8, `input ${i}`);
  });
});
