/** Runs the examples of this folder's public docstrings: a line `expression; // value` must have that value. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as nn from './index.js';

for (const file of ['nn/lstm.ts', 'cells/finite-difference.ts']) {
  test(file, () => {
    const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
    const examples = [...source.matchAll(/@example\n((?: \* .*\n)+)/g)].map(([, lines]) =>
      lines.replace(/^ \* /gm, ''),
    );
    assert.ok(examples.length > 0, 'no example found');
    for (const example of examples) {
      const claim = /^(.*); \/\/ (.*)$/gm;
      assert.match(example, claim, 'the example claims nothing');
      const checked = example.replace(claim, 'equal($1, $2);');
      new Function('equal', ...Object.keys(nn), checked)(assert.deepEqual, ...Object.values(nn));
    }
  });
}
