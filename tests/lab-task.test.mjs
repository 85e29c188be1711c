/** tidegate lab task: the tasks that ask for memory, from the command line. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { newFolder, run, start, succeed } from './support/run.mjs';

const task = (...args) => ['lab', 'task', ...args];
const withoutTimes = (text) => JSON.parse(text, (key, value) => (key === 'seconds' ? undefined : value));

test('a gated cell solves what a plain one does not; the same whatever the number of threads', async () => {
  const args = task('temporal-order', '--length', '50', '--cell', 'lstm,rnn', '--updates', '400', '--json');
  const [one, two] = [await succeed([...args, '--threads', '1']), await succeed([...args, '--threads', '2'])];
  const [first, second] = [withoutTimes(one.stdout), withoutTimes(two.stdout)];
  assert.deepEqual({ ...first, engine: 0 }, { ...second, engine: 0 });
  assert.equal(first.command, 'lab task');
  const [lstm, rnn] = first.summary;
  assert.deepEqual([lstm.cell, lstm.solved, lstm.sequences], ['lstm', 1, lstm.updates * 64]);
  assert.deepEqual([rnn.cell, rnn.solved, rnn.updates], ['rnn', 0, null]);
  const { curve, solved } = first.runs[0];
  assert.deepEqual(Object.keys(curve[1]), ['updates', 'sequences', 'loss', 'score']);
  assert.equal(curve.at(-1).updates, solved.updates);
  assert.equal(one.stderr, '');
});

test('for people: what was asked, a table, what was published', async () => {
  const { stdout, stderr } = await succeed(task('adding', '--length', '10', '--updates', '50', '--seeds', '2'));
  assert.match(stdout, /^task +cell +solved/);
  assert.match(stdout, /\nadding 10 +lstm +\d of 2/);
  assert.match(stderr, /Without memory: 0\.167/);
  assert.match(stderr, /Published: always to say 1: MSE 0\.1767/);
});

test('series, with one of a file', async () => {
  const { stdout } = await succeed(task('narma10', '--size', '50', '--json'));
  const [{ nrmse, simple }] = JSON.parse(stdout).summary;
  assert.ok(nrmse < simple.nrmse);
  const cwd = newFolder();
  const rows = Array.from({ length: 1100 }, (_, t) => `A,${t + 1},${Math.round(128 + 90 * Math.sin(t / 4))}`);
  writeFileSync(join(cwd, 'laser.csv'), `unique_id,ds,y\n${rows.join('\n')}\n`);
  const laser = await succeed(task('santa-fe-laser', '--data', 'laser.csv', '--size', '50', '--json'), { cwd });
  assert.deepEqual(
    JSON.parse(laser.stdout).summary.map(({ what }) => what),
    ['one step', 'free run'],
  );
});

test('wrong use: one line and status 2; a wrong file: status 3', async () => {
  const cwd = newFolder();
  writeFileSync(join(cwd, 'short.csv'), 'y\n1\n2\n');
  for (const [args, status, message] of [
    [['addition'], 2, /^unknown_task: there is no task "addition"; use one of adding, .*mackey-glass/],
    [['adding', '--cell', 'lstn'], 2, /^unknown_cell: .*use one of rnn/],
    [['adding', '--length', '1'], 2, /^bad_option: length is 1/],
    [['adding', '--rate', '-1'], 2, /^usage: .*above 0/],
    [['adding', '--size', '5'], 2, /^unused_option: --size is for series/],
    [['mackey-glass', '--cell', 'lstm'], 2, /^unused_option: --cell is for cells that are trained/],
    [['santa-fe-laser'], 2, /^data_needed: /],
    [['santa-fe-laser', '--data', 'short.csv'], 3, /^series_too_short: .* has 2 numbers; 1100 are needed/],
    [['santa-fe-laser', '--data', 'none.csv'], 3, /none\.csv/],
  ]) {
    const result = await run(task(...args), { cwd });
    assert.equal(result.status, status, `${args}: ${result.stderr}`);
    assert.match(result.stderr, message);
    assert.equal(result.stderr.trim().split('\n').length, 1);
    assert.equal(result.stdout, '');
  }
});

test('Ctrl-C in the middle of training: status 130, soon', { skip: process.platform === 'win32' }, async () => {
  const cwd = newFolder();
  // As long as the command takes to start on this machine, now, and as much again.
  const before = performance.now();
  await succeed(task('--help'));
  const { child, ended } = start(task('adding', '--length', '1000', '--updates', '100000'), { cwd });
  child.stdin.end();
  await wait(1000 + 2 * (performance.now() - before));
  assert.equal(child.exitCode, null);
  const began = performance.now();
  child.kill('SIGINT');
  const { status, stdout, stderr } = await ended;
  assert.deepEqual([status, stdout], [130, '']);
  assert.match(stderr, /^interrupted: /);
  assert.ok(performance.now() - began < 5000);
  assert.deepEqual(readdirSync(cwd), []);
});
