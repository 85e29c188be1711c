import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODEL_NAMES } from '../index.js';
import { MODELS_HELP } from './options.js';

test('the help has one line on every model, and on no other', () => {
  const described = [...MODELS_HELP.matchAll(/^ {2}([a-z0-9-]+) {2,}\S/gm)].map(([, name]) => name);
  assert.deepEqual(described.sort(), [...MODEL_NAMES].sort());
});
