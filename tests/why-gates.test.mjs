/** The commands that docs/why-gates.md and its Chinese version show are those that made the pictures, and they run. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../tools/why-gates.mjs';
import { newFolder, root, succeed } from './support/run.mjs';

const made = Object.values(COMMANDS).flat();
/** The last of an option that comes twice counts: the same commands, in a moment. */
const QUICK = [
  [/^lab gradient --plot/, '--hidden 4 --lag 10 --seeds 1'],
  [/^lab gradient --train/, '--hidden 4 --lag 10 --updates 4'],
  [/^lab task (adding|temporal-order) .*--length/, '--hidden 4 --length 10,12 --updates 4 --seeds 1'],
  [/^lab task adding/, '--hidden 4 --length 10 --updates 4'],
  [/^lab task temporal-order/, '--hidden 4 --updates 4'],
  [/^lab task mackey-glass/, '--size 40'],
  [/^fit/, '--budget 1s'],
];

for (const name of ['why-gates.md', 'why-gates.zh.md']) {
  const text = readFileSync(join(root, 'docs', name), 'utf8');

  test(`${name} shows the commands that made the pictures, each of them`, () => {
    const shown = [...text.matchAll(/^npx tidegate (.+)$/gm)].map(([, line]) => line.trim());
    assert.deepEqual([...new Set(shown)].sort(), [...made].sort());
  });

  test(`${name} shows pictures that are there, all of them`, () => {
    const pictures = [...text.matchAll(/!\[[^\]]+\]\((why-gates\/[^)]+)\)/g)].map(([, file]) => file);
    assert.ok(pictures.length >= 9, `${pictures}`);
    for (const file of pictures) assert.ok(existsSync(join(root, 'docs', file)), file);
    assert.doesNotMatch(text, /!\[\]/, 'a picture without words');
  });
}

test('the commands run', async () => {
  const folder = newFolder();
  for (const line of made) {
    const [, quick = ''] = QUICK.find(([pattern]) => pattern.test(line)) ?? [];
    const args = `${line} ${quick}`
      .trim()
      .split(/\s+/)
      .map((part) => {
        if (part.startsWith('docs/why-gates/')) return join(folder, part.slice('docs/why-gates/'.length));
        return part === 'airline.safetensors' ? join(folder, part) : part;
      });
    await succeed(args);
  }
});
