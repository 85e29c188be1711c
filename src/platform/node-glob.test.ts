import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expandGlob } from './node-glob.js';

const root = mkdtempSync(join(tmpdir(), 'tidegate-glob-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('a pattern gives files in the order of their names; what is no pattern gives nothing', async () => {
  mkdirSync(join(root, 'b.csv'));
  for (const name of ['10.csv', '9.csv', 'a.tsv', 'odd[1].csv']) writeFileSync(join(root, name), 'x');
  writeFileSync(join(root, 'b.csv', 'deep.csv'), 'x');
  const names = async (pattern: string) =>
    (await expandGlob(join(root, pattern)))?.map((path) => path.slice(root.length + 1));
  assert.deepEqual(await names('*.csv'), ['10.csv', '9.csv', 'odd[1].csv'], 'files, no folders');
  assert.deepEqual(await names('**/*.csv'), ['10.csv', '9.csv', 'b.csv/deep.csv', 'odd[1].csv']);
  assert.deepEqual(await names('{a,b}.*'), ['a.tsv']);
  assert.equal(await names('9.csv'), undefined);
  assert.equal(await names('odd[1].csv'), undefined, 'the name of a file');
  assert.equal(await expandGlob('-'), null);
  await assert.rejects(names('*.json'), { kind: 'input', code: 'file_not_found' });
});
