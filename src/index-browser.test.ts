/** What needs no browser of the browser's entry; tests/studio.test.mjs has the rest. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Forecaster, readSeries } from './index-browser.js';

suite('tidegate in browsers', () => {
  test('a File is read, and named in messages; a path is refused', async () => {
    const frame = await readSeries(new File(['ds,y\n2024-01-01,1\n2024-01-02,2\n'], 'days.csv'));
    assert.equal(frame.source, 'days.csv');
    await assert.rejects(readSeries(new File(['ds,y\n2024-01-01,x\n'], 'words.csv')), {
      code: 'bad_number',
      message: /words\.csv/,
    });
    await assert.rejects(readSeries('sales.csv'), { code: 'no_paths', kind: 'usage' });
  });

  test('what is no model is refused by its name', async () => {
    await assert.rejects(Forecaster.load(new File(['ds,y'], 'days.csv')), {
      code: 'bad_model_file',
      message: /days\.csv/,
    });
  });
});
