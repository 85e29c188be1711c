import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { renderPng } from './node-png.js';

const drawing = (content: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" viewBox="0 0 60 20"><rect width="60" height="20" fill="#fff"/>${content}</svg>`;
const word = (letters: string, weight = 400) =>
  drawing(
    `<text x="2" y="14" font-family="system-ui,sans-serif" font-size="12" font-weight="${weight}">${letters}</text>`,
  );

/** Width, height, and how many bytes of the pixels are not white. Source: PNG specification, sections 5 and 11. */
function decode(png: Uint8Array) {
  const bytes = Buffer.from(png);
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), pixels: inflateSync(Buffer.concat(data)) };
}

test('a picture has twice its pixels, and letters are drawn', async () => {
  const { width, height, pixels } = decode(await renderPng(word('y = 1')));
  assert.deepEqual([width, height], [120, 40]);
  const blank = decode(await renderPng(drawing(''))).pixels;
  assert.ok(!pixels.equals(blank));
  const texts = ['Größe', 'Ωμέγα', 'длина', 'עברית'];
  const drawn = await Promise.all(texts.map((text) => renderPng(word(text))));
  // A letter that is not in the font would be an empty box, the same for all.
  const places = await renderPng(word('中中中'));
  for (const [i, png] of drawn.entries()) assert.notDeepEqual(png, places, texts[i]);
});

test('bold letters are bolder; the same picture gives the same bytes', async () => {
  const [plain, bold, again] = [
    await renderPng(word('week')),
    await renderPng(word('week', 600)),
    await renderPng(word('week')),
  ];
  assert.notDeepEqual(plain, bold);
  assert.deepEqual(plain, again);
});
