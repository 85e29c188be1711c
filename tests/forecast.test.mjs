/** The main job: `tidegate forecast`, what it prints and what it writes. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  airline,
  airlineText,
  assertNested,
  monthStarts,
  newFolder,
  pairwise,
  parseTable,
  passengers,
  run,
  start,
  succeed,
} from './support/run.mjs';

const BANDS = ['auto-lo-80', 'auto-hi-80', 'auto-lo-95', 'auto-hi-95'];

test('two years of airline passengers, in a pipe: the table to stdout, the remarks to stderr', async () => {
  const { stdout, stderr } = await succeed(['forecast', airline, '--horizon', '24']);
  const { columns, rows } = parseTable(stdout);
  assert.deepEqual(columns, ['unique_id', 'ds', 'auto', ...BANDS]);
  assert.deepEqual(
    rows.map(({ ds }) => ds),
    monthStarts(1961, 24),
  );
  assert.ok(rows.every(({ unique_id }) => unique_id === 'passengers'));
  assertNested(rows, 'auto', [80, 95]);
  for (const control of ['\u001b', '\r', '\b'])
    assert.ok(!`${stdout}${stderr}`.includes(control), 'no colours and no progress in a pipe');
  const lines = stderr.trimEnd().split('\n');
  assert.equal(lines[0], 'one series, 144 rows · 1949-01-01 … 1960-12-01 · frequency MS · season 12');
  assert.match(lines[1], /^auto \(.*%.*\) beats seasonal-naive by \d+ %: MASE [\d.]+ against [\d.]+ over/);
  assert.equal(lines.length, 2);
});

test('--json: one object with the fields of the contract', async () => {
  const folder = newFolder();
  const out = join(folder, 'out.csv');
  const { stdout, stderr } = await succeed(['forecast', airline, '--horizon', '24', '--json', '--out', out]);
  assert.equal(stderr, '');
  assert.match(stdout, /^\{.*\}\n$/);
  const result = JSON.parse(stdout);
  const top = ['command', 'version', 'engine', 'data', 'model', 'training', 'validation', 'verdict', 'forecast'];
  assert.deepEqual(Object.keys(result), top);
  assert.equal(result.command, 'forecast');
  assert.match(result.version, /^\d+\.\d+\.\d+$/);
  assert.equal(typeof result.engine.tier, 'string');
  assert.ok(result.engine.threads >= 1);
  const { series, rows, start, end, freq, season, missing } = result.data;
  assert.deepEqual(
    [series, rows, start, end, freq, season, missing],
    [1, 144, '1949-01-01', '1960-12-01', 'MS', 12, 0],
  );
  const { name, cell, hiddenSize, layers, parameters, members } = result.model;
  assert.deepEqual([name, cell], ['auto', 'lstm']);
  assert.ok([hiddenSize, layers, parameters, members].every((size) => Number.isInteger(size) && size >= 1));
  assert.ok(result.training.epochs >= 1 && result.training.seconds > 0);
  assert.ok(['early', 'planned'].includes(result.training.stopped));
  assert.ok(result.validation.windows >= 1);
  for (const model of ['auto', 'lstm', 'ets', 'theta', 'seasonal-naive', 'naive']) {
    const scores = result.validation.scores[model];
    assert.ok(['smape', 'mase', 'rmse'].every((measure) => scores[measure] > 0, model));
  }
  assert.match(result.verdict, /seasonal-naive/);
  assert.equal(result.forecast.file, out);
  const asText = result.forecast.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, `${value}`])),
  );
  assert.deepEqual(asText, parseTable(readFileSync(out, 'utf8')).rows, 'the same rows in the object and in the file');
});

test('--out in every format holds the same rows; --plot draws them', async () => {
  const folder = newFolder();
  const at = (name) => join(folder, name);
  const args = ['forecast', airline, '--horizon', '6', '--model', 'theta'];
  const printed = (await succeed(args)).stdout;
  const names = [
    ['out.csv', 'out.svg'],
    ['out.json', 'out.html'],
    ['OUT.NDJSON', 'OUT.SVG'],
    ['out.parquet', 'out.png'],
  ];
  await pairwise(names, async ([out, plot]) => {
    const { stdout, stderr } = await succeed([...args, '--out', at(out), '--plot', at(plot)]);
    assert.equal(stdout, '', 'the file took the table');
    assert.ok(stderr.includes(`Wrote ${at(out)}\n`) && stderr.includes(`Wrote ${at(plot)}\n`));
  });
  assert.deepEqual(readdirSync(folder).sort(), names.flat().sort());
  assert.equal(readFileSync(at('out.png')).toString('latin1', 1, 4), 'PNG');
  assert.equal(readFileSync(at('out.csv'), 'utf8'), printed);
  const rows = JSON.parse(readFileSync(at('out.json'), 'utf8'));
  assert.deepEqual(
    rows.map((row) => Object.values(row).map(String)),
    parseTable(printed).rows.map((row) => Object.values(row)),
  );
  const lines = readFileSync(at('OUT.NDJSON'), 'utf8').split('\n');
  assert.equal(lines.pop(), '');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    rows,
  );

  const svg = readFileSync(at('out.svg'), 'utf8');
  assertWellFormed(svg);
  assert.match(svg, /^(<\?xml[^>]*>\s*)?<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  for (const word of ['passengers', 'theta', '80 %', '95 %', '1961']) assert.ok(svg.includes(word), word);
  const html = readFileSync(at('out.html'), 'utf8');
  assert.match(html, /^<!doctype html>\n<html lang="en">/);
  assert.ok(html.includes(svg.slice(svg.indexOf('<svg'), svg.lastIndexOf('</svg>'))), 'the same picture in the page');
  assert.doesNotMatch(html + svg, /<script|href="http/, 'nothing is run or fetched');
});

/** Tags are closed in order, attributes quoted, ampersands escaped. */
function assertWellFormed(xml) {
  const open = [];
  let position = 0;
  for (const { 0: tag, 1: close, 2: name, 3: attributes, 4: empty, index } of xml.matchAll(
    /<(?:\?[^>]*\?|(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?))>/g,
  )) {
    assert.doesNotMatch(xml.slice(position, index), /[<>]|&(?!(amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i);
    assert.doesNotMatch(attributes ?? '', /&(?!(amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i);
    position = index + tag.length;
    if (name === undefined) continue;
    if (close) assert.equal(open.pop(), name);
    else if (!empty) open.push(name);
  }
  assert.equal(xml.slice(position).trim(), '');
  assert.deepEqual(open, []);
  assert.ok(position > 1000);
}

test('--quiet leaves the result and nothing else', async () => {
  const args = ['forecast', airline, '--horizon', '3', '--model', 'drift'];
  const { stdout, stderr } = await succeed([...args, '--quiet']);
  assert.equal(stderr, '');
  assert.equal(stdout, (await succeed(args)).stdout);
});

test('--levels gives the columns, ascending whatever their order', async () => {
  const { stdout } = await succeed(['forecast', airline, '--horizon', '12', '--levels', '99,50,80.5']);
  const { columns, rows } = parseTable(stdout);
  const bands = [50, 80.5, 99].flatMap((level) => [`auto-lo-${level}`, `auto-hi-${level}`]);
  assert.deepEqual(columns, ['unique_id', 'ds', 'auto', ...bands]);
  assertNested(rows, 'auto', [50, 80.5, 99]);
});

test('--model: every one names its columns; the simple ones do what their names say', async () => {
  const last = passengers[143];
  const expected = {
    naive: () => last,
    'seasonal-naive': (k) => passengers[132 + (k % 12)],
    drift: (k) => last + ((k + 1) * (last - passengers[0])) / 143,
  };
  await pairwise(['auto', 'lstm', 'naive', 'seasonal-naive', 'drift', 'theta'], async (model) => {
    const { stdout, stderr } = await succeed(['forecast', airline, '--horizon', '18', '--model', model]);
    const { columns, rows } = parseTable(stdout);
    assert.deepEqual(columns.slice(2), [model, ...BANDS.map((name) => name.replace('auto', model))]);
    assert.equal(rows.length, 18);
    assertNested(rows, model, [80, 95]);
    assert.match(stderr, new RegExp(`\\b${model}\\b`), 'the verdict names the model');
    rows.forEach((row, k) => {
      const value = expected[model]?.(k);
      if (value !== undefined) assert.ok(Math.abs(row[model] - value) < 1e-9 * value, `${model} step ${k + 1}`);
    });
  });
});

test('accuracy: the last two years held out, MASE at most 2 and below seasonal naive', async () => {
  const folder = newFolder();
  const [history, future] = [passengers.slice(0, 120), passengers.slice(120)];
  writeFileSync(join(folder, 'train.csv'), airlineText.split('\n').slice(0, 121).join('\n'));
  // Hyndman & Koehler 2006: the mean error over the in-sample mean error of the seasonal naive forecast.
  let scale = 0;
  for (let t = 12; t < 120; t++) scale += Math.abs(history[t] - history[t - 12]) / 108;
  const mase = (forecast) => forecast.reduce((sum, f, k) => sum + Math.abs(future[k] - f) / 24, 0) / scale;
  const seasonalNaive = mase(future.map((_, k) => history[108 + (k % 12)]));
  assert.ok(seasonalNaive > 2, 'the series is not an easy one');
  await pairwise([1, 2, 3], async (seed) => {
    const args = ['forecast', 'train.csv', '--horizon', '24', '--seed', `${seed}`];
    const { rows } = parseTable((await succeed(args, { cwd: folder })).stdout);
    const score = mase(rows.map((row) => Number(row.auto)));
    assert.ok(score < seasonalNaive, `seed ${seed}: MASE ${score} against ${seasonalNaive}`);
    if (seed === 1) assert.ok(score <= 2, `MASE ${score}`);
  });
});

test('the same bytes for the same seed, whatever the threads; other numbers for another', async () => {
  const folder = newFolder();
  const runs = [[], ['--seed', '1', '--threads', '1'], ['--threads', '3'], ['--seed', '2']];
  const [first, one, three, other] = await pairwise(runs, async (options, run) => {
    const at = (extension) => join(folder, `${run}.${extension}`);
    await succeed(['forecast', airline, '--horizon', '12', '--out', at('csv'), '--plot', at('svg'), ...options]);
    // The model file holds everything that a forecast depends on.
    await succeed(['fit', airline, '--horizon', '12', '--save', at('safetensors'), ...options]);
    return ['csv', 'svg', 'safetensors'].map((extension) => readFileSync(at(extension)));
  });
  assert.deepEqual(one, first);
  assert.deepEqual(three, first);
  other.forEach((bytes, i) => {
    assert.ok(!bytes.equals(first[i]));
  });
});

test('as many steps as there is history, and one', async () => {
  const { stdout } = await succeed(['forecast', airline, '--horizon', '144']);
  assert.equal(parseTable(stdout).rows.at(-1).ds, '1972-12-01');
  assert.equal(parseTable((await succeed(['forecast', airline, '--horizon', '1'])).stdout).rows.length, 1);
});

test('very short series are forecast, and the verdict says that they were not checked', async () => {
  const input = 'ds,y\n2024-01-01,1\n2024-01-02,3\n2024-01-03,2\n';
  const { stdout, stderr } = await succeed(['forecast', '-', '--horizon', '2'], { input });
  assert.deepEqual(
    parseTable(stdout).rows.map(({ ds }) => ds),
    ['2024-01-04', '2024-01-05'],
  );
  assert.match(stderr, /has not been checked/);
});

test('a reader that stops early is no error', async () => {
  const ids = Array.from({ length: 400 }, (_, s) => `series ${s}`);
  const rows = ids.flatMap((id) => [1, 2, 3, 4, 5].map((t) => `${id},${t},${t * 2}`));
  const { child, ended } = start(['forecast', '-', '--horizon', '5', '--model', 'naive', '--quiet']);
  child.stdin.end(`unique_id,ds,y\n${rows.join('\n')}\n`);
  child.stdout.once('data', () => child.stdout.destroy());
  const { status, signal, stderr } = await ended;
  assert.deepEqual({ status, signal, stderr }, { status: 0, signal: null, stderr: '' });
});

test('help, version and info', async () => {
  const help = await succeed(['--help']);
  for (const command of ['forecast', 'fit', 'predict', 'info'])
    assert.match(help.stdout, new RegExp(`^  ${command} `, 'm'));
  assert.equal(help.stderr, '');
  const about = await succeed(['help', 'forecast']);
  for (const option of [
    '--horizon',
    '--levels',
    '--model',
    '--seed',
    '--budget',
    '--threads',
    '--out',
    '--plot',
    '--json',
  ])
    assert.ok(about.stdout.includes(option), option);
  assert.equal((await succeed(['forecast', '--help'])).stdout, about.stdout);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.equal((await succeed(['--version'])).stdout, `${version}\n`);
  const info = JSON.parse((await succeed(['info', '--json'])).stdout);
  assert.deepEqual([info.command, info.version, info.node], ['info', version, process.versions.node]);
  assert.ok(info.engine.tiers.includes(info.engine.tier) && info.engine.threads >= 1);
  const text = (await succeed(['info'])).stdout;
  assert.ok(text.includes(version) && text.includes(info.engine.tier) && text.includes(process.versions.node));
});

test('no command: the help, on stderr, as wrong usage', async () => {
  const { status, stdout, stderr } = await run([]);
  assert.deepEqual([status, stdout, stderr], [2, '', (await succeed(['--help'])).stdout]);
});
