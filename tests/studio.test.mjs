/** `tidegate studio` in a real browser: the whole job in the page, with the bytes of the command. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import sirv from 'sirv';
import { withoutBrowser } from './support/browser.mjs';
import { airline, airlineText, newFolder, root, run, succeed } from './support/run.mjs';
import {
  chartShown,
  choose,
  corner,
  download,
  drop,
  forecast,
  longestTask,
  openStudio,
  seriousFaults,
  shoot,
  site,
  startStudio,
} from './support/studio.mjs';

const shops = join(root, 'examples', 'shops.csv');
const MEGABYTE = 2 ** 20;
/** Longer, and the page would feel stuck. */
const LONGEST_TASK_MS = 100;

suite('the studio', { skip: withoutBrowser }, () => {
  let origin;
  let stop;
  const folder = newFolder();
  before(async () => {
    ({ origin, stop } = await startStudio());
  });
  after(() => stop?.());

  test('airline passengers, from drop to forecast: in time, the page responsive, the bytes of the command', async () => {
    const [table, plot] = ['airline.csv', 'airline.svg'].map((name) => join(folder, name));
    await succeed(['forecast', airline, '--horizon', '12', '--out', table, '--plot', plot]);
    const expected = readFileSync(table, 'utf8');
    const { page, problems, close } = await openStudio(origin);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    const wholeJob = async () => {
      const began = performance.now();
      await drop(page, 'airline-passengers.csv', airlineText);
      await chartShown(page);
      await page.click('button.primary.wide');
      await page.waitForSelector('.loss polyline');
      assert.ok(await page.isVisible('.progress button'), 'it can be stopped');
      await page.waitForSelector('.verdict');
      const seconds = (performance.now() - began) / 1000;
      assert.ok(seconds < 10, `${seconds.toFixed(1)} s`);
    };
    const longest = await longestTask(page, wholeJob, LONGEST_TASK_MS);
    assert.ok(longest <= LONGEST_TASK_MS, `a task of ${longest} ms`);

    const csv = await download(page, 'Forecast (CSV)');
    assert.equal(csv.name, 'airline-passengers.forecast.csv');
    assert.equal(csv.bytes.toString(), expected);
    const svg = await download(page, 'Picture (SVG)');
    assert.equal(svg.bytes.toString(), readFileSync(plot, 'utf8'));
    await page.emulateMedia({ colorScheme: 'dark' });
    const png = await download(page, 'Picture (PNG)');
    assert.deepEqual(await corner(page, png.bytes), [255, 255, 255], 'light, wherever it is made');
    assert.deepEqual([...png.bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
    const model = await download(page, 'Model (safetensors)');
    writeFileSync(join(folder, model.name), model.bytes);
    const predicted = await succeed(['predict', join(folder, model.name)]);
    assert.equal(predicted.stdout, expected, 'the command opens the model of the page');
    const { stdout: json } = await succeed(['forecast', airline, '--horizon', '12', '--json']);
    assert.equal(await page.textContent('.verdict .words'), JSON.parse(json).verdict);
    await close();
    assert.deepEqual(problems, []);
  });

  test('several series: one is chosen, columns are recognised and can be changed', async () => {
    const roles = ['--target', 'units', '--id', 'shop', '--past', 'visitors', '--static', 'region'];
    const expected = await succeed(['forecast', shops, '--horizon', '14', ...roles]);
    const { page, problems, close } = await openStudio(origin);
    await page.click('text=Three shops');
    await chartShown(page);
    assert.match(await page.textContent('.facts'), /3 series · 630 rows/);
    await forecast(page);
    assert.equal((await download(page, 'Forecast (CSV)')).bytes.toString(), expected.stdout);
    await page.selectOption('.picker select', { label: 'station' });
    await page.waitForSelector('.surface[aria-label^=station]');
    await page.click('.columns summary');
    await page.selectOption('.columns .choice:nth-of-type(2) select', 'visitors');
    await page.waitForSelector('.verdict', { state: 'detached' });
    await chartShown(page);
    assert.equal(await page.inputValue('.columns .choice:nth-of-type(2) select'), 'visitors');
    await close();
    assert.deepEqual(problems, []);
  });

  test('what the file does not tell is asked for, and the answer goes on', async () => {
    const { page, close } = await openStudio(origin);
    await drop(page, 'two.csv', 'ds,a,b\n2024-01-01,1,2\n2024-01-02,3,5\n2024-01-03,3,5\n2024-01-04,4,6\n');
    await page.waitForSelector('.problem');
    assert.match(await page.textContent('.problem'), /Which column.*ambiguous_target: two\.csv/s);
    await page.selectOption('.columns .choice:nth-of-type(2) select', 'b');
    await chartShown(page);
    assert.equal(await page.locator('.problem').count(), 0);
    await close();
  });

  test('training is stopped, nothing is kept, and it can begin again', async () => {
    const { page, problems, close } = await openStudio(origin);
    await choose(page, airline);
    await chartShown(page);
    await page.click('.more summary');
    await page.fill('.more label:nth-of-type(2) input', '900');
    await page.click('button.primary.wide');
    await page.waitForSelector('.loss polyline');
    await page.click('.progress button');
    await page.waitForSelector('.side .note');
    assert.match(await page.textContent('.side .note'), /Stopped/);
    assert.equal(await page.locator('.verdict').count(), 0);
    await page.fill('.more label:nth-of-type(2) input', '10');
    await forecast(page);
    await close();
    assert.deepEqual(problems, []);
  });

  test('a back-test: a row for each model, the verdict, the picture', async () => {
    const args = ['--models', 'ets,seasonal-naive', '--windows', '2', '--horizon', '12', '--json'];
    const { verdict } = JSON.parse((await succeed(['backtest', airline, ...args])).stdout);
    const { page, problems, close } = await openStudio(origin);
    await choose(page, airline);
    await chartShown(page);
    await page.uncheck('.chip:has-text("auto") input', { force: true });
    await page.fill('.backtest input[type=number]', '2');
    await page.click('.backtest .row button');
    await page.waitForSelector('.scores table', { timeout: 60_000 });
    assert.deepEqual(await page.locator('.scores tbody th').allTextContents(), ['ets', 'seasonal-naive']);
    assert.equal(await page.textContent('.scores .words'), verdict);
    const picture = page.locator('.picture');
    const width = () => picture.evaluate((image) => image.decode().then(() => image.naturalWidth));
    await picture.waitFor();
    assert.ok((await width()) > 0);
    const english = await picture.getAttribute('src');
    await page.click('text=中文');
    await page.waitForSelector(`.picture:not([src="${english}"])`);
    assert.ok((await width()) > 0);
    await shoot(page, 'backtest-zh');
    await close();
    assert.deepEqual(problems, []);
  });

  test('a model of the command is opened, without its data', async () => {
    const path = join(folder, 'theta.safetensors');
    await succeed(['fit', airline, '--horizon', '6', '--model', 'theta', '--save', path]);
    const expected = await succeed(['predict', path]);
    const { page, problems, close } = await openStudio(origin);
    await choose(page, path);
    await page.waitForSelector('.verdict');
    assert.equal((await download(page, 'Forecast (CSV)')).bytes.toString(), expected.stdout);
    await close();
    assert.deepEqual(problems, []);
  });

  test('wrong files get the message of the command, and the page is ready for the next', async () => {
    const big = openSync(join(folder, 'big.bin'), 'w');
    for (let i = 0; i < 200; i++) writeSync(big, Buffer.alloc(MEGABYTE, i + 128));
    closeSync(big);
    writeFileSync(
      join(folder, 'binary.csv'),
      Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919 + 128) & 255),
    );
    writeFileSync(join(folder, 'words.csv'), 'ds,name\n2024-01-01,a\n2024-01-02,b\n');
    writeFileSync(join(folder, 'twice.csv'), 'ds,y\n2024-01-01,1\n2024-01-01,2\n2024-01-03,3\n');
    writeFileSync(join(folder, 'empty.csv'), '');
    const { page, problems, close } = await openStudio(origin);
    for (const name of ['big.bin', 'binary.csv', 'words.csv', 'twice.csv', 'empty.csv']) {
      const { stderr, status } = await run(['forecast', name, '--horizon', '2'], { cwd: folder });
      assert.equal(status, 3);
      await choose(page, join(folder, name));
      const message = page.locator('.problem .message', { hasText: name });
      await message.waitFor();
      assert.equal(await message.textContent(), stderr.trimEnd());
      if (name === 'words.csv') await shoot(page, 'wrong-file');
      if (await page.isVisible('text=Open another file')) await page.click('text=Open another file');
    }
    await choose(page, airline);
    await chartShown(page);
    await close();
    assert.deepEqual(problems, []);
  });

  test('200 MB of text are read as a stream, with progress, and can be stopped', async () => {
    const path = join(folder, 'long.csv');
    const file = openSync(path, 'w');
    writeSync(file, 'ds,y\n');
    const rows = Buffer.from('2024-01-01T00:00:00,1\n'.repeat(50_000));
    for (let size = 0; size < 200 * MEGABYTE; size += rows.length) writeSync(file, rows);
    closeSync(file);
    const { page, problems, close } = await openStudio(origin);
    await choose(page, path);
    await page.waitForFunction(() => Number(document.querySelector('progress')?.value) > 0.05, null, {
      timeout: 60_000,
    });
    await page.click('.progress button');
    await page.waitForSelector('.note');
    await close();
    assert.deepEqual(problems, []);
  });

  test('a hundred thousand points: zoomed and moved by wheel, mouse and keys', async () => {
    const start = Date.UTC(2010, 0, 1);
    const lines = Array.from({ length: 100_000 }, (_, k) => {
      const stamp = new Date(start + k * 3_600_000).toISOString().slice(0, 16);
      return `${stamp},${(100 + 30 * Math.sin((k / 12) * Math.PI) + (k % 97) / 10).toFixed(2)}`;
    });
    writeFileSync(join(folder, 'hourly.csv'), `ds,y\n${lines.join('\n')}\n`);
    const { page, problems, close } = await openStudio(origin);
    await choose(page, join(folder, 'hourly.csv'));
    await chartShown(page);
    const surface = page.locator('.surface');
    const seen = () => surface.evaluate(({ dataset }) => [Number(dataset.from), Number(dataset.to)]);
    const width = ([from, to]) => to - from;
    const whole = await seen();
    const box = await surface.boundingBox();
    const moveAbout = async () => {
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -100);
      const near = await seen();
      assert.ok(width(near) < width(whole) / 10);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 20 });
      await page.mouse.up();
      const moved = await seen();
      assert.ok(moved[0] > near[0] && Math.abs(width(moved) - width(near)) < 1);
      await surface.focus();
      await page.keyboard.press('ArrowLeft');
      assert.ok((await seen())[0] < moved[0]);
      await page.keyboard.press('+');
      assert.ok(width(await seen()) < width(moved));
      await page.keyboard.press('0');
      assert.deepEqual(await seen(), whole);
    };
    const longest = await longestTask(page, moveAbout, LONGEST_TASK_MS);
    assert.ok(longest <= LONGEST_TASK_MS, `a task of ${longest} ms`);
    await close();
    assert.deepEqual(problems, []);
  });

  test('Chinese for those who read it, its pictures too, English for those who choose it, kept for the next visit', async () => {
    const { page, problems, close } = await openStudio(origin, { locale: 'zh-CN' });
    assert.equal(await page.textContent('h1'), '看见接下来会发生什么');
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-Hans');
    await choose(page, airline);
    await chartShown(page);
    await page.selectOption('.field select', 'theta');
    await forecast(page);
    const svg = (await download(page, '图（SVG）')).bytes.toString();
    assert.match(svg, /未来 12 个月/);
    assert.match(svg, />历史</);
    assert.match(svg, />80% 区间</);
    assert.match(svg, />\d{4}年</);
    assert.doesNotMatch(svg, /interval|forecast \(|history</);
    await page.reload();
    await page.click('text=English');
    assert.equal(await page.textContent('h1'), 'See what comes next');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await page.reload();
    assert.equal(await page.textContent('h1'), 'See what comes next');
    await close();
    assert.deepEqual(problems, []);
  });

  const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };
  for (const colorScheme of ['light', 'dark'])
    test(`${colorScheme}, at a desk and on a phone, in both languages: nothing sticks out, no serious fault of accessibility`, async () => {
      const { page, problems, close } = await openStudio(origin, { colorScheme });
      const look = async (what) => {
        for (const language of ['English', '中文'])
          for (const [size, viewport] of Object.entries(SIZES)) {
            await page.setViewportSize(viewport);
            await page.click(`.switch button:has-text("${language}")`);
            await page.waitForTimeout(200);
            await shoot(page, `${what}-${size}-${colorScheme}-${language === 'English' ? 'en' : 'zh'}`);
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(width <= viewport.width, `${what}, ${size}, ${language}: ${width} pixels wide`);
            assert.deepEqual(await seriousFaults(page), [], `${what}, ${size}, ${language}`);
          }
      };
      await look('start');
      await choose(page, airline);
      await chartShown(page);
      await page.fill('.backtest input[type=number]', '2');
      await page.uncheck('.chip:has-text("auto") input', { force: true });
      await page.click('.backtest .row button');
      await page.waitForSelector('.scores table', { timeout: 60_000 });
      await forecast(page);
      await page.click('.columns summary');
      await page.click('.numbers summary');
      await look('forecast');
      await close();
      assert.deepEqual(problems, []);
    });

  test('the first load is small', async () => {
    const { page, close } = await openStudio(origin, { serviceWorkers: 'block' });
    const paths = new Set();
    page.context().on('request', (request) => paths.add(new URL(request.url()).pathname));
    await page.reload();
    await page.waitForLoadState('networkidle');
    const sizes = [...paths].map((path) => {
      const file = readFileSync(join(site, path === '/' ? 'index.html' : path));
      return [path, gzipSync(file, { level: 9 }).length];
    });
    await close();
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    assert.ok(paths.size >= 4, 'page, style, script and worker');
    assert.ok(total <= 250_000, `${total} bytes: ${JSON.stringify(sizes)}`);
  });

  test('after one visit it works without its server', async () => {
    const own = await startStudio();
    const { page, problems, close } = await openStudio(own.origin);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(
      async () => (await caches.keys()).length > 0 && navigator.serviceWorker.controller !== null,
    );
    assert.equal(await own.stop(), 130);
    await page.reload();
    await page.click('text=Airline passengers');
    await chartShown(page);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    await page.selectOption('.field select', 'theta');
    await forecast(page);
    await close();
    assert.deepEqual(problems, []);
  });

  test('any static host will do: without its headers one thread each, the same bytes, in a folder of the site', async () => {
    const serve = sirv(site);
    const server = createServer((request, response) => {
      request.url = request.url.replace(/^\/deep\/folder/, '');
      serve(request, response);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const expected = await succeed(['forecast', airline, '--horizon', '12', '--model', 'gru', '--budget', '10s']);
    const { page, problems, close } = await openStudio(
      `http://127.0.0.1:${server.address().port}`,
      {},
      '/deep/folder/',
    );
    assert.equal(await page.evaluate(() => crossOriginIsolated), false);
    await choose(page, airline);
    await chartShown(page);
    await page.selectOption('.field select', 'gru');
    await page.click('.more summary');
    await page.fill('.more label:nth-of-type(2) input', '10');
    await forecast(page);
    assert.equal((await download(page, 'Forecast (CSV)')).bytes.toString(), expected.stdout);
    await close();
    server.close();
    server.closeAllConnections();
    assert.deepEqual(problems, []);
  });
});

suite('tidegate studio', () => {
  test('takes a free port where the usual one is taken, refuses one that was asked for, and ends by signals', async () => {
    const first = await startStudio();
    const second = await startStudio();
    assert.notEqual(first.origin, second.origin);
    const taken = await run(['studio', '--no-open', '--port', new URL(second.origin).port]);
    assert.equal(taken.status, 2);
    assert.match(taken.stderr, /^port_taken: port \d+ is taken; .* Leave --port out/);
    assert.equal(await first.stop('SIGTERM'), 0);
    assert.equal(await second.stop('SIGINT'), 130);
  });

  test('hands out the page only, with the headers that isolate it', async () => {
    const { origin, stop } = await startStudio();
    const page = await fetch(`${origin}/`);
    assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.equal(page.headers.get('cross-origin-embedder-policy'), 'require-corp');
    assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/none'])
      assert.equal((await fetch(`${origin}${path}`)).status, 404, path);
    assert.equal((await fetch(`${origin}/`, { method: 'POST' })).status, 405);
    await stop();
  });

  test('wrong options say what is needed', async () => {
    for (const [args, says] of [
      [['--port', 'x'], /^usage: .*--port.*from 1 to 65535/],
      [['--host', 'no.such.host.invalid'], /^bad_host: host "no\.such\.host\.invalid"/],
    ]) {
      const { status, stderr } = await run(['studio', '--no-open', ...args]);
      assert.equal(status, 2, stderr);
      assert.match(stderr, says);
    }
  });
});
