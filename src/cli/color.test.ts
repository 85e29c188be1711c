import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paint, wantsColor } from './color.js';

const terminal = { isTTY: true };
const pipe = {};

test('colour on a terminal only, unless the environment says otherwise', () => {
  assert.equal(wantsColor(terminal, {}), true);
  assert.equal(wantsColor(pipe, {}), false);
  assert.equal(wantsColor(terminal, { TERM: 'dumb' }), false);
  assert.equal(wantsColor(terminal, { NO_COLOR: '1' }), false);
  assert.equal(wantsColor(terminal, { NO_COLOR: '' }), true, 'an empty NO_COLOR does not count');
  assert.equal(wantsColor(terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }), false);
  assert.equal(wantsColor(pipe, { FORCE_COLOR: '1' }), true);
  assert.equal(wantsColor(terminal, { FORCE_COLOR: '0' }), false);
});

test('paint adds the standard codes or nothing, whatever the stream of this process', () => {
  assert.equal(paint('red', 'x', true), '\u001b[31mx\u001b[39m');
  assert.equal(paint('bold', 'x', true), '\u001b[1mx\u001b[22m');
  assert.equal(paint('red', 'x', false), 'x');
});
