/** Runs the examples of this folder's public docstrings: a line `expression; // value` must have that value. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as nn from './index.js';

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

for (const file of [
  'nn/rnn.ts',
  'nn/leaky-rnn.ts',
  'nn/gru.ts',
  'nn/lstm.ts',
  'nn/esn.ts',
  'nn/linear.ts',
  'nn/losses.ts',
  'nn/likelihoods.ts',
  'nn/clipping.ts',
  'nn/optimisers.ts',
  'nn/schedules.ts',
  'nn/training-data.ts',
  'nn/training.ts',
  'cells/finite-difference.ts',
]) {
  test(file, async () => {
    const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
    const examples = [...source.matchAll(/@example\n((?: \* .*\n)+)/g)].map(([, lines]) =>
      lines.replace(/^ \* /gm, ''),
    );
    assert.ok(examples.length > 0, 'no example found');
    for (const example of examples) {
      const claim = /^(.*); \/\/ (.*)$/gm;
      assert.match(example, claim, 'the example claims nothing');
      const checked = example.replace(claim, 'equal($1, $2);');
      await new AsyncFunction('equal', ...Object.keys(nn), checked)(assert.deepEqual, ...Object.values(nn));
    }
  });
}
