import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, escapeText, fitText, round, textWidth } from './svg.js';

test('attributes are escaped, rounded, and left out when undefined', () => {
  assert.equal(
    element('a', { x: 1.23456, y: -0.001, t: 'a"b<c&d', none: undefined }),
    '<a x="1.23" y="0" t="a&quot;b&lt;c&amp;d"/>',
  );
  assert.equal(element('g', {}, element('b', {}), ''), '<g><b/></g>');
});

test('text means itself; what XML cannot hold is replaced', () => {
  assert.equal(escapeText(`<script>'&'</script>`), '&lt;script&gt;&#39;&amp;&#39;&lt;/script&gt;');
  assert.equal(escapeText('a\u0000\u001b\u0007b\ud800c\ufffe\uffff'), 'a���b�c��');
  assert.equal(escapeText('Größe\t日本 🌊\n'), 'Größe\t日本 🌊\n');
});

test('rounding never gives a negative zero', () => {
  assert.ok(Object.is(round(-0.0001), 0));
  assert.equal(round(-1.005), -1);
  assert.equal(round(12.346), 12.35);
});

test('fitText keeps what fits and cuts between characters', () => {
  assert.equal(fitText('short', 12, 500), 'short');
  const long = 'region / shop / product 🌊🌊🌊🌊🌊🌊';
  for (let width = 20; width < textWidth(long, 12); width += 7) {
    const fitted = fitText(long, 12, width);
    assert.ok(fitted.endsWith('…') && textWidth(fitted, 12) <= width && !/\p{Surrogate}/u.test(fitted), fitted);
    assert.ok(long.startsWith(fitted.slice(0, -1)));
  }
  assert.ok(textWidth('日本', 10) === 20 && textWidth('', 10) === 0);
});
