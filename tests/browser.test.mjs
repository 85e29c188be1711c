/** `tidegate/nn` in a real browser, as browsers load it, without a bundler: the same bits as in Node, with threads and without. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { ISOLATION, open, POLICY, withoutBrowser } from './support/browser.mjs';
import { compute } from './support/browser-workload.mjs';
import { root } from './support/run.mjs';

const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const PACKAGE = '/node_modules/tidegate';
const MODULES = {
  nn: new URL(entries['./nn'].browser.default, `http://localhost${PACKAGE}/`).pathname,
  engine: `${PACKAGE}/dist/engine/index.js`,
};
const THREAD_SCRIPT = `${PACKAGE}/dist/engine-thread-browser.js`;

/** In the page: a worker that computes. */
const inWorker = (order) =>
  new Promise((resolve, reject) => {
    const worker = new Worker('/support/browser-worker.mjs', { type: 'module' });
    worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (data.error) reject(new Error(data.error));
      else resolve(data.result);
    };
    worker.postMessage(order);
  });

/** In the page: the window itself computes. */
const inWindow = async (order) => (await import('/support/browser-workload.mjs')).compute(order);

suite('in Chromium', { skip: withoutBrowser }, () => {
  let expected;
  before(async () => {
    const { names, layers, networks } = await compute({
      modules: { nn: 'tidegate/nn', engine: new URL('../dist/engine/index.js', import.meta.url) },
      threads: [1],
    });
    const portable = names.filter((name) => !['loadCheckpoint', 'saveCheckpoint'].includes(name));
    expected = { names: portable, layers: layers.bits, network: networks[0].bits };
    const { losses, same } = expected.layers;
    assert.ok(same && losses.at(-1) < losses[0], 'the layers learn');
    assert.ok(expected.network.losses.at(-1) < expected.network.losses[0], 'the network learns');
  });

  const assertSameBits = ({ layers, networks }) => {
    assert.deepEqual(layers.bits, expected.layers);
    for (const { bits, threads } of networks) assert.deepEqual(bits, expected.network, `${threads} threads`);
  };
  const assertOneThread = ({ info, networks }) => {
    assert.deepEqual([info.tier, info.threads], ['fma', 1]);
    assert.deepEqual(
      networks.map(({ threads, helpers }) => [threads, helpers]),
      networks.map(() => [1, 0]),
    );
  };

  test('a worker of an isolated page: threads help, and the bits are those of one thread and of Node', async () => {
    const { page, problems, asked, close } = await open({ headers: ISOLATION });
    const result = await page.evaluate(inWorker, { modules: MODULES, threads: [0, 1, 2, 4] });
    assert.equal(result.crossOriginIsolated, true);
    assert.equal(result.info.tier, 'fma');
    assert.deepEqual(result.info.tiers, ['fma', 'simd']);
    const processors = await page.evaluate(() => navigator.hardwareConcurrency);
    assert.equal(result.info.threads, Math.min(processors, 16));
    if (availableParallelism() > 1) assert.ok(result.info.threads > 1);
    const wanted = [result.info.threads, 1, 2, 4];
    assert.deepEqual(
      result.networks.map(({ threads, helpers }) => [threads, helpers]),
      wanted.map((threads) => [threads, threads - 1]),
    );
    assertSameBits(result);
    assert.ok(asked.filter(({ path }) => path === THREAD_SCRIPT).length >= 1);
    await close();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      asked.filter(({ status }) => status !== 200),
      [],
    );
  });

  // A nested worker starts late: until then it is called to, and sent home from, one network after another.
  test('threads help a network after others have been used in turn', async () => {
    const { page, close } = await open({ headers: ISOLATION });
    const result = await page.evaluate(inWorker, { modules: MODULES, threads: [], after: [2] });
    await close();
    assertSameBits(result);
    assert.equal(result.networks[0].helpers, 1);
  });

  test('a worker of a page that is not isolated: one thread, the same bits', async () => {
    const { page, problems, asked, close } = await open();
    const result = await page.evaluate(inWorker, { modules: MODULES, threads: [0, 2] });
    assert.equal(result.crossOriginIsolated, false);
    assertOneThread(result);
    assertSameBits(result);
    assert.deepEqual(
      asked.filter(({ path, status }) => path === THREAD_SCRIPT || status !== 200),
      [],
    );
    await close();
    assert.deepEqual(problems, []);
  });

  for (const isolated of [true, false])
    test(`the window of a page that is ${isolated ? '' : 'not '}isolated: one thread that waits for nobody, the same bits`, async () => {
      const { page, problems, asked, close } = await open({ headers: isolated ? ISOLATION : {} });
      const result = await page.evaluate(inWindow, { modules: MODULES, threads: [0, 2] });
      assert.equal(result.crossOriginIsolated, isolated);
      assert.deepEqual(result.names, expected.names, 'the same package, but for files');
      assertOneThread(result);
      assertSameBits(result);
      assert.ok(result.layers.turns > 0, 'the page gets its turn while a Trainer runs');
      assert.ok(!asked.some(({ path }) => path === THREAD_SCRIPT));
      await close();
      assert.deepEqual(problems, []);
    });

  test('threads that do not start cost their help only', async () => {
    const { page, asked, close } = await open({ headers: ISOLATION, missing: THREAD_SCRIPT });
    const result = await page.evaluate(inWorker, { modules: MODULES, threads: [2], waitMs: 500 });
    assert.deepEqual([result.networks[0].threads, result.networks[0].helpers], [2, 0]);
    assertSameBits(result);
    assert.ok(asked.some(({ path, status }) => path === THREAD_SCRIPT && status === 404));
    await close();
  });

  test('the example of docs/nn/README.md', async () => {
    const text = readFileSync(join(root, 'docs', 'nn', 'README.md'), 'utf8');
    const block = (language) => text.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))[1];
    const headers = Object.fromEntries(
      [...block('http').matchAll(/^(.*?): (.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    // Its script is inside the page.
    headers['Content-Security-Policy'] = POLICY.replace('script-src', "script-src 'unsafe-inline'");
    const files = { '/index.html': block('html'), '/train.js': block('javascript') };
    const { page, problems, close } = await open({ headers, files });
    const [message] = await Promise.all([page.waitForEvent('console'), page.goto('/index.html')]);
    const { loss, tier, threads } = await message.args()[0].jsonValue();
    await close();
    assert.deepEqual(problems, []);
    assert.ok(loss < 0.1, `loss ${loss}`);
    assert.equal(tier, 'fma');
    if (availableParallelism() > 1) assert.ok(threads > 1);
  });
});
