/** A model that goes on with new rows: `update`, and what is in a model: `inspect`. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import {
  airline,
  airlineText,
  assertNested,
  monthStarts,
  newFolder,
  parseTable,
  run,
  succeed,
} from './support/run.mjs';

const rows = airlineText.trim().split('\n');
/** Rows from one month to before another, counted from January 1949. */
const part = (from, to) => `${[rows[0], ...rows.slice(1 + from, 1 + to)].join('\n')}\n`;
let folder = '';
const at = (name) => join(folder, name);
const fresh = (name) => {
  copyFileSync(at('m.safetensors'), at(name));
  return at(name);
};
before(async () => {
  folder = newFolder();
  writeFileSync(at('early.csv'), part(0, 132));
  writeFileSync(at('late.csv'), part(132, 144));
  await succeed(['fit', at('early.csv'), '--horizon', '6', '--budget', '5s', '--save', at('m.safetensors')]);
});

test('update moves the model on in its file: forecasts begin after the new rows', async () => {
  const model = fresh('one.safetensors');
  const { stdout, stderr } = await succeed(['update', model, at('late.csv')]);
  assert.equal(stdout, '');
  assert.equal(stderr, `${model}: moved on by 12 values of 1 series; now up to 1960-12-01\n`);
  const forecast = parseTable((await succeed(['predict', model])).stdout).rows;
  assert.deepEqual(
    forecast.map(({ ds }) => ds),
    monthStarts(1961, 6),
  );
  assertNested(forecast, 'auto', [80, 95]);
  // Near what the same networks say that read the whole history anew, and not what they said before.
  const anew = parseTable((await succeed(['predict', at('m.safetensors'), airline])).stdout).rows;
  forecast.forEach(({ auto }, k) => {
    assert.ok(Math.abs(auto / anew[k].auto - 1) < 0.03, `${auto} ${anew[k].auto}`);
  });
});

test('rows one at a time, from standard input, are the same bytes as all at once', async () => {
  const [whole, single] = [fresh('whole.safetensors'), fresh('single.safetensors')];
  await succeed(['update', whole, at('late.csv'), '-q']);
  for (const [from, to] of [
    [132, 133],
    [133, 134],
    [134, 141],
    [141, 144],
  ])
    await succeed(['update', single, '-'], { input: part(from, to) });
  assert.deepEqual(readFileSync(single), readFileSync(whole));
});

test('--save leaves the model as it was; --json tells what was done', async () => {
  const model = fresh('kept.safetensors');
  const { stdout, stderr } = await succeed([
    'update',
    model,
    at('late.csv'),
    '--save',
    at('next.safetensors'),
    '--json',
  ]);
  const { command, data, update, file } = JSON.parse(stdout);
  assert.equal(stderr, '');
  assert.deepEqual([command, file, data.rows, data.end], ['update', at('next.safetensors'), 144, '1960-12-01']);
  const { seconds, ...done } = update;
  assert.ok(seconds > 0);
  assert.deepEqual(done, {
    rows: 12,
    series: 1,
    values: 12,
    missing: 0,
    added: [],
    reread: [],
    end: '1960-12-01',
  });
  assert.deepEqual(readFileSync(model), readFileSync(at('m.safetensors')));
  assert.ok(existsSync(at('next.safetensors')));
});

test('rows that are known already, a gap, a series that is not known', async () => {
  const model = fresh('several.safetensors');
  const known = await run(['update', model, airline]);
  assert.equal(known.status, 3);
  assert.match(known.stderr, /^not_new: .*"passengers" has a value at 1949-01-01, but is known up to 1959-12-01/);
  assert.deepEqual(readFileSync(model), readFileSync(at('m.safetensors')));
  const gap = await succeed(['update', model, '-'], { input: part(134, 140) });
  assert.match(gap.stderr, /moved on by 6 values of 1 series, 2 steps without a value; now up to 1960-08-01/);
  const other = part(0, 60)
    .replace(/^(?!month)/gm, 'other,')
    .replace('month', 'shop,month')
    .replace(/\nother,$/, '\n');
  const added = await succeed(['update', model, '-'], { input: other });
  assert.match(added.stderr, /moved on by 60 values of 1 series, 1 of them new/);
  const forecast = parseTable((await succeed(['predict', model])).stdout).rows;
  assert.deepEqual(
    forecast.map(({ unique_id }) => unique_id),
    [...Array(6).fill('passengers'), ...Array(6).fill('other')],
  );
  assert.equal(forecast[6].ds, '1954-01-01');
  const daily = await run(['update', model, '-', '--freq', 'D'], { input: part(140, 141) });
  assert.deepEqual([daily.status, daily.stderr.split(':')[0]], [3, 'other_frequency']);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('several')),
    ['several.safetensors'],
    'nothing half-written is left',
  );
});

test('update --help shows an example; without data it says what is needed', async () => {
  assert.match((await succeed(['update', '--help'])).stdout, /tidegate update sales\.safetensors/);
  const none = await run(['update', at('m.safetensors')]);
  assert.deepEqual([none.status, none.stderr.split(':')[0]], [2, 'no_data']);
});

test('inspect tells what is in a model, as a table and as JSON', async () => {
  const { stdout, stderr } = await succeed(['inspect', at('m.safetensors')]);
  assert.equal(stderr, '');
  const size = readFileSync(at('m.safetensors')).length;
  const { command, file, bytes, data, horizon, model, views, training, validation, verdict, calibration } = JSON.parse(
    (await succeed(['inspect', at('m.safetensors'), '--json'])).stdout,
  );
  assert.deepEqual([command, file, bytes, horizon], ['inspect', at('m.safetensors'), size, 6]);
  assert.deepEqual([data.series, data.rows, data.freq, data.season], [1, 132, 'MS', 12]);
  assert.ok(['early', 'planned'].includes(training.stopped) && training.updates > 0 && calibration.points > 0);
  assert.ok(stdout.includes(verdict));
  for (const name of Object.keys(validation.scores)) assert.match(stdout, new RegExp(`^${name} .*\\d`, 'm'));
  assert.match(stdout, /^data +one series, 132 rows · 1949-01-01 … 1959-12-01/m);
  assert.match(stdout, /half-life of the forget gate/);
  assert.equal(
    views.reduce((sum, { members }) => sum + members, 0),
    model.members,
  );
  for (const { memory } of views) {
    assert.equal(memory.kind, 'forget-gate');
    assert.ok(memory.steps.fastest <= memory.steps.median && memory.steps.median <= memory.steps.slowest);
    assert.ok(Math.abs(memory.seasons.median - memory.steps.median / 12) < 1e-9);
  }
});

test('inspect of a baseline, of a file that is no model, and of a hostile verdict', async () => {
  await succeed(['fit', airline, '--horizon', '3', '--model', 'theta', '--save', at('theta.safetensors'), '-q']);
  const { stdout } = await succeed(['inspect', at('theta.safetensors')]);
  assert.match(stdout, /^model +theta: 100 % theta/m);
  assert.match(stdout, /^training +nothing to train/m);
  assert.ok(!stdout.includes('half-life'));
  const wrong = await run(['inspect', airline]);
  assert.equal(wrong.status, 3);
  const bytes = readFileSync(at('theta.safetensors')).toString('latin1');
  writeFileSync(
    at('hostile.safetensors'),
    Buffer.from(bytes.replace(/(\\"verdict\\":\\").{7}/, '$1\\\\u001b'), 'latin1'),
  );
  for (const extraEnv of [{}, { FORCE_COLOR: '1' }]) {
    const shown = await succeed(['inspect', at('hostile.safetensors')], { extraEnv });
    assert.ok(shown.stdout.includes('\ufffd'));
    assert.ok(!shown.stdout.trim().split('\n').at(-1).includes('\u001b'));
  }
});
