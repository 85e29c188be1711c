/** Fit once, forecast later: `fit --save` and `predict`. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import {
  airline,
  airlineText,
  assertNested,
  monthStarts,
  newFolder,
  pairwise,
  parseTable,
  succeed,
} from './support/run.mjs';

let folder = '';
const at = (name) => join(folder, name);
const read = (name) => readFileSync(at(name), 'utf8');
before(async () => {
  folder = newFolder();
  await succeed(['fit', airline, '--horizon', '12', '--save', at('m.safetensors')]);
});

test('predict gives what forecast gives, to the byte: table and picture', async () => {
  await succeed(['forecast', airline, '--horizon', '12', '--out', at('a.csv'), '--plot', at('a.svg')]);
  await succeed(['predict', at('m.safetensors'), '--out', at('b.csv'), '--plot', at('b.svg')]);
  assert.equal(read('b.csv'), read('a.csv'));
  assert.equal(read('b.svg'), read('a.svg'));
  const again = await succeed(['predict', at('m.safetensors'), airline]);
  assert.equal(again.stdout, read('a.csv'), 'the history of the fit, given again');
});

test('fit tells what it did and leaves one file', async () => {
  const own = newFolder();
  const { stdout, stderr } = await succeed(['fit', airline, '--horizon', '3', '--save', 'm.safetensors', '--json'], {
    cwd: own,
  });
  assert.equal(stderr, 'Wrote m.safetensors\n');
  const { command, forecast, model, verdict } = JSON.parse(stdout);
  assert.deepEqual([command, forecast.rows, model.name], ['fit', [], 'auto']);
  assert.match(verdict, /seasonal-naive/);
  assert.deepEqual(readdirSync(own), ['m.safetensors']);
  const quiet = await succeed(['fit', airline, '--horizon', '3', '--save', 'q.safetensors', '-q'], { cwd: own });
  assert.deepEqual([quiet.stdout, quiet.stderr], ['', '']);
  assert.deepEqual(readFileSync(join(own, 'q.safetensors')), readFileSync(join(own, 'm.safetensors')));
});

test('predict after a new history goes on from its end, in its level', async () => {
  const rows = airlineText.trim().split('\n');
  writeFileSync(at('early.csv'), rows.slice(0, 97).join('\n'));
  const early = parseTable((await succeed(['predict', at('m.safetensors'), at('early.csv')])).stdout).rows;
  assert.deepEqual(
    early.map(({ ds }) => ds),
    monthStarts(1957, 12),
  );
  assertNested(early, 'auto', [80, 95]);
  early.forEach(({ ds, auto }) => {
    const actual = Number(rows.find((row) => row.startsWith(ds)).split(',')[1]);
    assert.ok(Math.abs(auto / actual - 1) < 0.2, `${ds}: ${auto} against ${actual}`);
  });
  // Ten times the passengers under another name: a series that the model has never seen.
  const tenfold = rows.map((row, i) => (i === 0 ? 'unique_id,ds,y' : `other,${row}0`)).join('\n');
  const other = parseTable((await succeed(['predict', at('m.safetensors'), '-'], { input: tenfold })).stdout).rows;
  assert.equal(other[0].unique_id, 'other');
  for (const { ds, auto } of other) assert.ok(auto > 3500 && auto < 8000, `${ds}: ${auto}`);
});

test('predict --json names the command and holds the rows; a model file replaced is a model file whole', async () => {
  const { stdout } = await succeed(['predict', at('m.safetensors'), '--json']);
  const { command, data, forecast } = JSON.parse(stdout);
  assert.deepEqual([command, data.freq, forecast.rows.length, forecast.file], ['predict', 'MS', 12, null]);
  const own = newFolder();
  const path = join(own, 'm.safetensors');
  writeFileSync(path, 'an old and much longer file '.repeat(50_000));
  await succeed(['fit', airline, '--horizon', '12', '--save', path]);
  assert.deepEqual(readFileSync(path), readFileSync(at('m.safetensors')));
});

test('every model can be saved, several series with it', async () => {
  const rows = ['a', 'b'].flatMap((id) =>
    Array.from({ length: 40 }, (_, t) => `${id},${t},${(t * 7 + id.length) % 12}`),
  );
  writeFileSync(at('two.csv'), `unique_id,ds,y\n${rows.join('\n')}\n`);
  await pairwise(['lstm', 'naive', 'theta'], async (model) => {
    const args = [at('two.csv'), '--horizon', '4', '--model', model, '--levels', '60', '--season', '12'];
    await succeed(['fit', ...args, '--save', at(`${model}.safetensors`)]);
    const { stdout } = await succeed(['predict', at(`${model}.safetensors`)]);
    assert.equal(stdout, (await succeed(['forecast', ...args])).stdout, model);
  });
});

test('a verdict with escape codes in a model file is shown harmless', async () => {
  // The recipe is JSON in JSON: seven characters of the verdict make room for \\u001b, so that no length changes.
  const bytes = readFileSync(at('m.safetensors')).toString('latin1');
  const hostile = bytes.replace(/(\\"verdict\\":\\").{7}/, '$1\\\\u001b');
  assert.notEqual(hostile, bytes);
  writeFileSync(at('hostile.safetensors'), Buffer.from(hostile, 'latin1'));
  const { stderr } = await succeed(['predict', at('hostile.safetensors')]);
  assert.ok(stderr.includes('\ufffd') && !stderr.includes('\u001b'), JSON.stringify(stderr));
});
