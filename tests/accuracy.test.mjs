/** The accuracy benchmark (bench/accuracy), on a set made up here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { naive2 } from '../bench/accuracy/naive2.mjs';
import { newFolder, root } from './support/run.mjs';

const table = (rows) => `unique_id,ds,y\n${rows.map((row) => row.join()).join('\n')}\n`;
const years = (id, from, values) => values.map((y, t) => [id, `${from + t}-01-01`, y]);

/** A folder like that of the development sets, with two yearly series; without the test part unless asked for. */
function dataFolder({ withTest }) {
  const folder = newFolder();
  const set = join(folder, 'tourism_yearly');
  mkdirSync(set);
  const train = [
    ...years('a', 1990, [1, 2, 4, 3, 5, 4, 6, 8, 10, 20]),
    ...years('b', 1985, [9, 9, 8, 9, 9, 7, 9, 9, 9]),
  ];
  writeFileSync(join(set, 'train.csv'), table(train));
  const actual = [...years('a', 2000, [20, 30, 20, 10]), ...years('b', 1994, [9, 9, 9, 18])];
  if (withTest) writeFileSync(join(set, 'test.csv'), table(actual));
  const published = 'tourism_yearly,thetaf,smape,20.583,"measured on these files, R",measured,\n';
  writeFileSync(join(folder, 'published.csv'), `dataset,method,metric,value,source,status,note\n${published}`);
  return folder;
}

function bench(...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bench/accuracy/run.mjs'), '--sets', 'tourism_yearly', '--models', 'naive', ...args],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  return stdout;
}

const close = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`);

test('scores of the test part, each series once', () => {
  const data = dataFolder({ withTest: true });
  const [{ series, scores, naive2: second }] = JSON.parse(bench('--data', data, '--json'));
  assert.equal(series, 2);
  // a stays at 20: 0, 40, 0, 200/3 %; b at 9: 0, 0, 0, 200/3 %.
  close(scores.smape, ((0 + 40 + 0 + 200 / 3) / 4 + 200 / 3 / 4) / 2);
  // Mean changes 23/9 and 6/8.
  close(scores.mase, (5 / (23 / 9) + 9 / 4 / (6 / 8)) / 2);
  close(scores.owa, 1);
  assert.deepEqual(second, { smape: scores.smape, mase: scores.mase });
  assert.ok(scores.wql > 0 && scores.coverage80 >= 0);
  assert.match(bench('--data', data), /\| tourism_yearly \| 2, 1, 4 \|.*20\.58 \/ – \[\d\]/);
});

test('--inside needs no test part: the last horizon of the training part is held out', () => {
  const data = dataFolder({ withTest: false });
  const smape = (...args) => JSON.parse(bench('--data', data, '--inside', '--json', ...args))[0].scores.smape;
  // a stays at 4 before 6 8 10 20, b at 9 before 7 9 9 9: the fifth value of b is 9.
  close(smape(), ((200 * 2) / 10 + (200 * 4) / 12 + (200 * 6) / 14 + (200 * 16) / 24) / 4 / 2 + (200 * 2) / 16 / 4 / 2);
  // One horizon further back: a stays at 2 before 4 3 5 4; b would have one value left and is not scored.
  close(smape('--back', '1'), ((200 * 2) / 6 + 200 / 5 + (200 * 3) / 7 + (200 * 2) / 6) / 4);
});

test('without the data there is nothing to do', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bench/accuracy/run.mjs'), '--data', '/nowhere'],
    {
      encoding: 'utf8',
    },
  );
  assert.deepEqual([status, stdout], [0, '']);
  assert.match(stderr, /^skipped: there is no folder \/nowhere/);
});

test('the second naive forecast: season where it is significant and all values are positive', () => {
  const seasonal = Array.from({ length: 24 }, (_, t) => [10, 20, 30, 40][t % 4]);
  naive2(seasonal, 4, 4).forEach((value, k) => {
    close(value, [10, 20, 30, 40][k]);
  });
  assert.deepEqual([...naive2([0, ...seasonal.slice(1)], 2, 4)], [40, 40]);
  assert.deepEqual([...naive2(seasonal.slice(0, 11), 2, 4)], [30, 30], 'less than three seasons');
});
