/** The engine in processes of its own: tiers by name, and threads that neither keep a process alive nor let its memory grow. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, run, start, succeed } from './support/run.mjs';

const worker = [process.execPath, '--expose-gc', join(root, 'tests', 'support', 'train-threads.mjs')];
const infoWith = async (tier) =>
  JSON.parse((await succeed(['info', '--json'], { extraEnv: { TIDEGATE_TIER: tier } })).stdout).engine;

test('info lists the optional packages that it finds', async () => {
  const { optional } = JSON.parse((await succeed(['info', '--json'])).stdout);
  assert.deepEqual(Object.keys(optional), ['@duckdb/node-api', 'date-holidays']);
  assert.ok(Object.values(optional).every((version) => /^\d+\./.test(version)));
});

test('info names the tier, the tiers that this host can run, and the threads', async () => {
  const engine = await infoWith('');
  assert.equal(engine.tier, engine.tiers[0]);
  assert.ok(engine.tiers.includes('fma') && engine.tiers.includes('simd'));
  assert.ok(engine.allWasmBytes <= 100_000 && engine.wasmBytes < engine.allWasmBytes);
  assert.ok(engine.threads >= 1 && engine.compileMs > 0);
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 24) assert.equal(engine.tier, 'fma');
});

test('TIDEGATE_TIER takes a tier, or the next one that the host can run; a name that is none is refused', async () => {
  for (const tier of ['simd', 'fma']) assert.equal((await infoWith(tier)).tier, tier);
  assert.ok(['fma256', 'fma'].includes((await infoWith('fma256')).tier));
  const { status, stderr } = await run(['info'], { extraEnv: { TIDEGATE_TIER: 'avx9' } });
  assert.equal(status, 2);
  assert.match(stderr, /bad_tier: TIDEGATE_TIER is "avx9"; use one of fma256, fma, simd/);
});

test('TIDEGATE_THREADS takes a number of threads; what is none is as if it were not there', async () => {
  const threads = async (text) =>
    JSON.parse((await succeed(['info', '--json'], { extraEnv: { TIDEGATE_THREADS: text } })).stdout).engine.threads;
  assert.equal(await threads('5'), 5);
  assert.equal(await threads('some'), await threads(''));
});

test('a process ends by itself while helpers wait, and at once when it is told to', async () => {
  const { status, stdout, stderr } = await run(['end'], { command: worker });
  assert.deepEqual([status, stderr], [0, '']);
  assert.equal(JSON.parse(stdout).helpers, 1);
  assert.equal((await run(['exit'], { command: worker })).status, 7);
});

test('a signal ends a process in the middle of training on two threads', async () => {
  const { child, ended } = start(['forever'], { command: worker });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGTERM');
  assert.equal((await ended).signal, 'SIGTERM');
});

test('memory does not grow over 10 000 training steps on two threads', async () => {
  const { status, stdout, stderr } = await run(['memory'], { command: worker });
  assert.deepEqual([status, stderr], [0, '']);
  const { helpers, grownBytes } = JSON.parse(stdout);
  assert.equal(helpers, 1);
  assert.ok(grownBytes < 1e5, `grew by ${grownBytes} bytes`);
});
