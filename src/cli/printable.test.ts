import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from './printable.js';

test('what a terminal would obey is replaced', () => {
  assert.equal(printable('a\u001b[31mb\r\n\tc\u0007\u009b2J'), 'a�[31mb���c��2J');
  assert.equal(printable('x\u202ey\u2066z\u2028\ud800'), 'x�y�z��');
});

test('ordinary text of any script stays', () => {
  for (const text of ['', 'sales "A" <b>', 'Größe', '日本', '🌊 wave', 'عدد']) assert.equal(printable(text), text);
});

test('long text is cut between characters', () => {
  assert.equal(printable('abcdef', 6), 'abcdef');
  assert.equal(printable('abcdefg', 6), 'abcde…');
  assert.equal(printable('🌊🌊🌊', 3), '🌊🌊🌊');
  assert.equal(printable('🌊🌊🌊🌊', 3), '🌊🌊…');
});
