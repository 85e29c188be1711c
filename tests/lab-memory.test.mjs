/** `tidegate lab gradient` and `lab inspect-memory` from end to end. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { airline, newFolder, run, succeed } from './support/run.mjs';

let folder = '';
const at = (name) => join(folder, name);
const quick = ['--hidden', '8', '--lag', '20', '--seeds', '2'];
before(async () => {
  folder = newFolder();
  await succeed([
    'fit',
    airline,
    '--horizon',
    '6',
    '--model',
    'lstm',
    '--budget',
    '2s',
    '--save',
    at('lstm.safetensors'),
  ]);
  await succeed(['fit', airline, '--horizon', '6', '--model', 'ets', '--save', at('ets.safetensors')]);
});

test('untrained cells: a table, a picture, the same numbers again', async () => {
  const { stdout } = await succeed(['lab', 'gradient', ...quick, '--plot', at('gradient.svg')]);
  for (const name of ['tanh RNN, orthogonal', 'IRNN', 'GRU', 'LSTM of 1997', 'LSTM, chrono'])
    assert.ok(stdout.includes(name));
  assert.match(readFileSync(at('gradient.svg'), 'utf8'), /LSTM, b_f = 1, short BPTT/);
  const again = await succeed(['lab', 'gradient', ...quick]);
  assert.equal(again.stdout, stdout);
});

test('--json has the lines by lag', async () => {
  const { stdout, stderr } = await succeed(['lab', 'gradient', '--cells', 'rnn,lstm', ...quick, '--json']);
  assert.equal(stderr, '');
  const { command, rows } = JSON.parse(stdout);
  assert.equal(command, 'lab gradient');
  assert.deepEqual(
    rows.map(({ cell }) => cell),
    ['rnn', 'lstm'],
  );
  const [rnn, lstm] = rows;
  assert.equal(rnn.c, null);
  assert.equal(lstm.c.median.length, 21);
  assert.ok(Math.abs(rnn.h.median[0] - Math.log10(Math.sqrt(8))) < 1e-12, 'L is the sum of 8 units');
  assert.ok(lstm.c.median[20] > rnn.h.median[20]);
  assert.ok(lstm.short.median[20] < rnn.h.median[20]);
});

test('while cells learn', async () => {
  const args = ['--train', 'adding', '--cells', 'rnn,lstm-short', '--lag', '10', '--hidden', '4', '--updates', '8'];
  const { stdout } = await succeed(['lab', 'gradient', ...args, '--plot', at('learning.svg')]);
  assert.match(stdout, /rnn .*\n(.*\n)*lstm-short/);
  assert.match(readFileSync(at('learning.svg'), 'utf8'), /class="heat"/);
});

test('a model on data: its season, what it keeps, a plain RNN beside it, unit by unit', async () => {
  const args = ['--model', at('lstm.safetensors'), airline];
  const { stdout } = await succeed(['lab', 'gradient', ...args, '--plot', at('model.png')]);
  assert.match(stdout, /^Your season is 12 steps\.\n/);
  assert.match(stdout, /a plain RNN would keep \S+ % of its gradient over it, (this|these) LSTMs? keeps? \S+ %/);
  assert.match(stdout, /half-life +in 12 steps +gates keep/);
  const { views } = JSON.parse((await succeed(['lab', 'gradient', ...args, '--json'])).stdout);
  for (const { memory } of views) {
    assert.equal(memory.distance, 12);
    assert.equal(memory.kept.median[0], 0);
    assert.ok(memory.kept.median[12] > memory.plain.median[12]);
    assert.ok(memory.units.length >= 32);
  }
  const fitted = await succeed(['lab', 'gradient', '--model', at('lstm.safetensors')]);
  assert.equal(fitted.stdout, stdout, 'without data: those of the fit');
});

test('inspect-memory: traces of gates and states', async () => {
  const args = ['lab', 'inspect-memory', '--model', at('lstm.safetensors'), airline];
  const { stdout } = await succeed([...args, '--units', '1,5', '--plot', at('traces.svg')]);
  assert.match(stdout, /unit 1 [\s\S]*unit 5 [\s\S]*Saturation over all units/);
  assert.match(readFileSync(at('traces.svg'), 'utf8'), /forget gate f of all 32 units/);
  const { units, times, halfLives } = JSON.parse((await succeed([...args, '--units', '5', '--json'])).stdout);
  const [{ unit, f, i, g, o, C, h }] = units;
  assert.equal(unit, 5);
  assert.equal(f.length, times.length);
  assert.equal(halfLives.length, 32);
  for (let t = 1; t < f.length; t++) {
    assert.ok(Math.abs(C[t] - (f[t] * C[t - 1] + i[t] * g[t])) < 1e-9);
    assert.ok(Math.abs(h[t] - o[t] * Math.tanh(C[t])) < 1e-12);
  }
});

test('what cannot be is said, with what to do', async () => {
  const cases = [
    [['lab', 'gradient', '--cells', 'rnn,elman'], 2, /^unknown_cell: .*"elman"; use some of rnn, /],
    [['lab', 'gradient', '--lag', '0'], 2, /^invalid_option: .*"lag"/],
    [['lab', 'gradient', airline], 2, /^no_model: /],
    [['lab', 'gradient', '--model', at('ets.safetensors')], 2, /^no_network: .*"ets".*Fit with --model lstm/],
    [['lab', 'gradient', '--model', airline], 3, /^bad_model_file: /],
    [['lab', 'gradient', '--plot', 'a.gif'], 2, /^unknown_format: /],
    [['lab', 'inspect-memory', '--model', at('lstm.safetensors'), '--units', '99'], 2, /^no_such_part: .*unit 99/],
    [['lab', 'inspect-memory', '--model', at('lstm.safetensors'), '--series', 'x'], 3, /^unknown_series: /],
  ];
  for (const [args, status, message] of cases) {
    const result = await run(args);
    assert.equal(result.status, status, `${args}: ${result.stderr}`);
    assert.match(result.stderr, message);
  }
});
