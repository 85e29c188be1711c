/** The view inside the cell, in a real browser: from nothing to gates that move over a series. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { withoutBrowser } from './support/browser.mjs';
import { openStudio, seriousFaults, shoot, startStudio } from './support/studio.mjs';

suite('inside the cell', { skip: withoutBrowser }, () => {
  let origin;
  let stop;
  before(async () => {
    ({ origin, stop } = await startStudio());
  });
  after(() => stop?.());

  test('without a model the example is trained; then time moves, units are chosen, gates say numbers', async () => {
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
});
