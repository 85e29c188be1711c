/** The studio in a real browser: started by the command, one page for each test. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openAt } from './browser.mjs';
import { root, start } from './run.mjs';

/** Looked at by people, kept by nobody. */
const SHOTS = join(root, '.cache', 'studio');
export const site = join(root, 'dist', 'site');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Starts `tidegate studio`; `stop` ends it as Ctrl-C does and gives its status. */
export async function startStudio(...args) {
  const { child, output, ended } = start(['studio', '--no-open', ...args], { longestMs: 300_000 });
  while (!output.stdout.includes('\n')) {
    if (child.exitCode !== null) assert.fail(`the studio ended: ${output.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const origin = output.stdout.match(/http:\/\/\S+?(?=\/\n)/)[0];
  const stop = async (signal = 'SIGINT') => {
    child.kill(signal);
    return (await ended).status;
  };
  return { origin, stop };
}

/** In the page, before anything: long tasks of the window are noted. */
const noteLongTasks = () => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration });
  }).observe({ type: 'longtask' });
};

/** Opens the studio. English and light unless the settings of the context say otherwise. */
export async function openStudio(origin, settings = {}, path = '/') {
  const opened = await openAt(origin, {
    locale: 'en-US',
    colorScheme: 'light',
    viewport: { width: 1280, height: 860 },
    ...settings,
  });
  await opened.page.addInitScript(noteLongTasks);
  await opened.page.goto(path);
  await opened.page.waitForSelector('h1, h2');
  return opened;
}

/** Drops a file on the page. */
export async function drop(page, name, content) {
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      return data;
    },
    [name, content],
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

export const choose = (page, path) => page.setInputFiles('input[type=file]', path);
export const chartShown = (page) => page.waitForSelector('.surface canvas', { timeout: 60_000 });

/** Presses the button that forecasts, and waits for the verdict. */
export async function forecast(page) {
  await page.click('button.primary.wide');
  await page.waitForSelector('.verdict', { timeout: 120_000 });
}

/** What a button downloads. */
export async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/**
 * The longest task of the window while `work` is done, in milliseconds. By the clock, as PerformanceObserver tells it (tasks of less
 * than 50 ms are not told); where that is too long, by the processor's time: the clock also counts what other processes took.
 */
export async function longestTask(page, work, most) {
  const browser = page.context().browser();
  const from = await page.evaluate(() => performance.now());
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await work();
  const byClock = await page.evaluate(
    (since) => window.longTasks.filter(({ startTime }) => startTime >= since).map(({ duration }) => duration),
    from,
  );
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  if (Math.max(0, ...byClock) <= most) return Math.max(0, ...byClock);
  const windows = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const tasks = traceEvents.filter(
    ({ name, pid, tid, tdur }) =>
      name.endsWith('RunTask') && tdur !== undefined && windows.some((one) => one.pid === pid && one.tid === tid),
  );
  assert.ok(tasks.length > 10, `${tasks.length} tasks in the trace; by the clock ${byClock}`);
  return tasks.reduce((longest, { tdur }) => Math.max(longest, tdur / 1000), 0);
}

/** Red, green and blue of the first pixel of a picture. */
export const corner = (page, bytes) =>
  page.evaluate(async (base64) => {
    const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.drawImage(await createImageBitmap(blob), 0, 0);
    return [...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
  }, bytes.toString('base64'));

/** Serious faults of accessibility that axe finds. */
export async function seriousFaults(page) {
  // Past the policy of the page: tests may.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

export async function shoot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
