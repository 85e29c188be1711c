/** The views that explain, in a real browser: inside the cell, and why gates. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { withoutBrowser } from './support/browser.mjs';
import { longestTask, openStudio, seriousFaults, shoot, startStudio } from './support/studio.mjs';

/** Longer, and the page would feel stuck. */
const LONGEST_TASK_MS = 100;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** log10 of an amount as the page writes it: `0.15`, `14,000`, `2.4 × 10⁻⁷`. */
function log10Of(text) {
  const [, mantissa, sign = '', power = ''] = text.trim().match(/^([\d.,]+)(?: × 10(⁻)?([⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/);
  const exponent = Number(Array.from(power, (digit) => SUPERSCRIPTS.indexOf(digit)).join(''));
  return Math.log10(Number(mantissa.replaceAll(',', ''))) + (sign ? -exponent : exponent);
}

suite('views of the studio', { skip: withoutBrowser }, () => {
  let origin;
  let stop;
  before(async () => {
    ({ origin, stop } = await startStudio());
  });
  after(() => stop?.());

  test('inside the cell: without a model the example is trained; then time moves, units are chosen, gates say numbers', async () => {
    const { page, problems, close } = await openStudio(origin);
    await page.click('a[href="#inside"]');
    await page.click('.nothing button.primary');
    const time = page.locator('.time-bar input[type=range]');
    await time.waitFor({ timeout: 60_000 });
    const gates = () => page.textContent('.cell-card');
    await time.focus();
    await page.keyboard.press('Home');
    const first = await gates();
    await page.keyboard.press('End');
    assert.notEqual(await gates(), first, 'the gates of the last step are not those of the first');
    const last = Number(await time.inputValue());
    assert.ok(last > 100, `${last} steps`);
    await page.keyboard.press('ArrowLeft');
    assert.equal(Number(await time.inputValue()), last - 1);
    assert.match(await page.textContent('main'), /[Hh]alf-life/);
    assert.ok((await page.locator('canvas').count()) >= 5, 'heat maps of f, i, o, C and h');
    assert.deepEqual(await seriousFaults(page), []);
    await shoot(page, 'inside');
    await close();
    assert.deepEqual(problems, []);
  });

  const left = async (page, row) => log10Of(await page.textContent(`.line-table .${row} .left-over`));
  const openWhy = async (settings) => {
    const opened = await openStudio(origin, settings, '/#why');
    await opened.page.waitForSelector('.line-table .kept-row');
    return opened;
  };

  test('why gates: the first picture tells the story; knobs move the line, the words follow; lines are kept', async () => {
    const { page, problems, close } = await openWhy();
    assert.equal(await page.locator('.gradient-card .curve').count(), 3, 'LSTM, its short form, and a plain RNN');
    const [complete, short, plain] = [
      await left(page, 'now-row'),
      await left(page, 'short-row'),
      await left(page, 'kept-row'),
    ];
    assert.ok(complete > -9 && complete < -4, `LSTM: ${complete}`);
    assert.ok(short < complete - 40, `short ${short}, complete ${complete}`);
    assert.ok(plain < complete - 10, `plain ${plain}, LSTM ${complete}`);
    await shoot(page, 'why');

    await page.hover('.gradient-card .field-of-lines');
    assert.match(await page.textContent('.line-table thead'), /Left 50 steps back/);
    assert.ok((await left(page, 'kept-row')) > plain + 10, 'the lines are read where they are pointed at');
    await page.hover('h1');

    const verdict = () => page.textContent('.gradient-card .verdict-line');
    const first = await verdict();
    assert.match(first, /LSTM, b_f = 1: .* is left 100 steps back/);
    const bias = page.getByLabel('Forget bias b_f', { exact: true });
    const moveSliders = async () => {
      await bias.focus();
      for (let k = 0; k < 8; k++) await page.keyboard.press('ArrowRight');
      await page.waitForFunction(() =>
        document.querySelector('.gradient-card .verdict-line').textContent.includes('b_f = 3:'),
      );
      await page.getByLabel('Length', { exact: true }).fill('300');
      await page.getByLabel('Units', { exact: true }).fill('128');
      await page.waitForFunction(() => document.querySelector('.now-row').textContent.includes('128 units'));
      await page.getByLabel('Length', { exact: true }).fill('100');
      await page.getByLabel('Units', { exact: true }).fill('64');
      await page.waitForFunction(() => document.querySelector('.now-row').textContent.includes('64 units'));
    };
    const longest = await longestTask(page, moveSliders, LONGEST_TASK_MS);
    assert.ok(longest <= LONGEST_TASK_MS, `a task of ${longest} ms`);
    await page.waitForFunction(() => document.querySelector('.verdict-line').textContent.includes(' 100 steps back'));
    assert.ok((await left(page, 'now-row')) > complete + 4, 'an open gate keeps more');
    assert.notEqual(await verdict(), first);

    await page.getByRole('button', { name: 'Keep this line' }).click();
    await page.getByRole('combobox', { name: 'Cell' }).selectOption('rnn');
    await page.getByRole('combobox', { name: 'Recurrent weights' }).selectOption('wide');
    await page.waitForFunction(() => document.querySelector('.now-row').textContent.includes('U(−1, 1)'));
    assert.equal(await page.locator('.line-table .kept-row').count(), 2);
    assert.equal(await page.locator('.gradient-card .curve').count(), 3, 'no short form of a plain RNN');
    assert.ok((await left(page, 'now-row')) > 10, 'it explodes');
    assert.match(await verdict(), /explodes/);
    await shoot(page, 'why-exploding');
    await page.getByRole('button', { name: /^Drop this line: LSTM/ }).click();
    assert.equal(await page.locator('.line-table .kept-row').count(), 1);
    await close();
    assert.deepEqual(problems, []);
  });

  test('why gates: cells learn beside each other, are stopped, and end with a sentence of their numbers', async () => {
    const { page, problems, close } = await openWhy();
    const verdict = () => page.textContent('.race-card .verdict-line');
    await page.getByRole('combobox', { name: 'Task' }).selectOption('temporal-order');
    await page.waitForSelector('.symbols');
    const spelled = await page.getAttribute('.symbols', 'aria-label');
    await page.getByRole('button', { name: 'Another sequence' }).click();
    await page.waitForFunction((old) => document.querySelector('.symbols').ariaLabel !== old, spelled);
    const learnAndStop = async () => {
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.waitForFunction(() => /update (?!0|50 )\d+ of/.test(document.querySelector('.lane').textContent));
      await page.getByLabel('Forget bias b_f', { exact: true }).fill('2');
      await page.waitForFunction(() =>
        document.querySelector('.gradient-card .verdict-line').textContent.includes('b_f = 2:'),
      );
      await page.getByRole('button', { name: 'Stop' }).click();
    };
    const longest = await longestTask(page, learnAndStop, LONGEST_TASK_MS);
    assert.ok(longest <= LONGEST_TASK_MS, `a task of ${longest} ms`);
    assert.match(await verdict(), /^Stopped early: the plain RNN /);
    assert.equal(await page.locator('.race-card .curve').count(), 3, 'what was learned stays in sight');
    const dots = await page.locator('.lane:first-child .dot').count();
    assert.equal(dots, 64);
    await shoot(page, 'why-stopped');

    await page.getByRole('combobox', { name: 'Task' }).selectOption('adding');
    await page.getByLabel('Length of the sequences').fill('20');
    assert.equal(await page.locator('.lane').count(), 0, 'another race');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: 'Start again' }).waitFor({ timeout: 120_000 });
    const said = await verdict();
    const lanes = await page.locator('.lane').allTextContents();
    assert.equal(lanes.length, 3);
    const solvers = lanes.filter((text) => text.includes('solved'));
    for (const text of solvers)
      assert.ok(said.includes(`solved it after ${text.match(/update (\d+) of/)[1]} updates`), said);
    assert.equal(said.match(/solved it after/g)?.length ?? 0, solvers.length);
    assert.equal(said.startsWith('None solved it'), solvers.length === 0);
    assert.ok(lanes[1].includes('solved'), `an LSTM adds over 20 steps: ${said}`);
    assert.equal(await page.locator('.lane:first-child .answer').count(), 64);
    await shoot(page, 'why-raced');

    await page.getByRole('button', { name: 'Start again' }).click();
    await page.click('a[href="#forecast"]');
    await page.click('a[href="#why"]');
    await page.locator('.race-card button.primary').waitFor();
    assert.match(await verdict(), /^Stopped early: |^Each network/, 'who leaves stops it');
    await close();
    assert.deepEqual(problems, []);
  });

  for (const colorScheme of ['light', 'dark'])
    test(`why gates, ${colorScheme}, at a desk and on a phone, in both languages: nothing sticks out, no serious fault`, async () => {
      const { page, problems, close } = await openWhy({ colorScheme });
      for (const task of ['adding', 'temporal-order']) {
        await page.locator('.race-card select').selectOption(task);
        await page.locator('.race-card button.primary').click();
        await page.waitForFunction(() => {
          const lanes = [...document.querySelectorAll('.lane')];
          return lanes.length > 1 && lanes.every(({ textContent }) => /(?:update|更新) [1-9]/.test(textContent));
        });
        await page.locator('.race-card .progress button').click();
        for (const [language, code] of [
          ['中文', 'zh'],
          ['English', 'en'],
        ])
          for (const [size, width] of [
            ['phone', 390],
            ['desktop', 1280],
          ]) {
            await page.setViewportSize({ width, height: 860 });
            await page.click(`.switch button:has-text("${language}")`);
            await page.waitForTimeout(100);
            await shoot(page, `why-${task}-${size}-${colorScheme}-${code}`);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(wide <= width, `${size}, ${language}: ${wide} pixels wide`);
            assert.deepEqual(await seriousFaults(page), [], `${task}, ${size}, ${language}`);
          }
      }
      await close();
      assert.deepEqual(problems, []);
    });
});
