import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../random.js';
import { embeddedReber, embeddedReberString, reber, reberString } from './reber.js';

/** The language of the Reber grammar, written down as one expression from its diagram. */
const REBER = 'B(?:PT*VV|(?:TS*X|PT*VP)(?:XT*VP)*(?:S|XT*VV))E';
const member = new RegExp(`^${REBER}$`);

test('the expression knows the strings of the literature', () => {
  for (const word of ['BTXSE', 'BPVVE', 'BTSXSE', 'BTXXVVE', 'BPTVPXVVE', 'BTSSXXTVVE', 'BPVPXVPXVPXVVE', 'BTSXXVPSE'])
    assert.match(word, member);
  for (const word of ['BTSSPXSE', 'BPTVVB', 'BTXXVVSE', 'BPVPXVVSE', 'BTTVPXVVE', 'PTVVE'])
    assert.doesNotMatch(word, member);
});

test('strings belong to the grammar, with a half for each choice', () => {
  const random = new Random(1);
  const count = 20_000;
  const often = new Map<string, number>();
  for (let k = 0; k < count; k++) {
    const { symbols, legal } = reberString(random);
    assert.match(symbols, member);
    assert.equal(legal.length, symbols.length);
    assert.ok([...symbols].every((symbol, t) => legal[t].includes(symbol)));
    often.set(symbols, (often.get(symbols) ?? 0) + 1);
  }
  for (const [word, share] of [
    ['BTXSE', 1 / 8],
    ['BPVVE', 1 / 8],
    ['BTSXSE', 1 / 16],
    ['BPTVVE', 1 / 16],
  ] as const)
    assert.ok(Math.abs(often.get(word)! / count - share) < 0.01, word);
});

test('what is legal at a step is what members of the language have there', () => {
  const random = new Random(2);
  for (let k = 0; k < 200; k++) {
    const { symbols, legal } = reberString(random);
    for (let t = 0; t < symbols.length; t++)
      for (const symbol of 'BTPSXVE') {
        // A beginning can be continued exactly if some string that was drawn often enough begins so.
        const begins = beginnings.has(symbols.slice(0, t) + symbol);
        if (t < 6) assert.equal(legal[t].includes(symbol), begins, `${symbols.slice(0, t)}|${symbol}`);
      }
  }
});

const beginnings = new Set<string>();
{
  const random = new Random('beginnings');
  for (let k = 0; k < 20_000; k++) {
    const { symbols } = reberString(random);
    for (let t = 1; t <= symbols.length; t++) beginnings.add(symbols.slice(0, t));
  }
}

test('embedded: the second symbol comes again last but one, and only it is legal there', () => {
  const random = new Random(3);
  const embedded = new RegExp(`^B([TP])${REBER}\\1E$`);
  let [T, count] = [0, 5000];
  for (let k = 0; k < count; k++) {
    const { symbols, legal } = embeddedReberString(random);
    assert.match(symbols, embedded);
    assert.equal(legal.length, symbols.length);
    assert.equal(legal.at(-2), symbols[1]);
    assert.equal(legal[1], 'TP');
    T += Number(symbols[1] === 'T');
  }
  assert.ok(Math.abs(T / count - 0.5) < 0.03);
});

test('256 strings to learn from and 256 to test on; right is who ranks all legal symbols before all others', () => {
  for (const definition of [reber, embeddedReber]) {
    const task = definition.make(1, new Random(4));
    const test = task.test!(new Random(0));
    assert.equal(
      test.reduce((sum, { batch }) => sum + batch, 0),
      256,
    );
    const [part] = test as unknown as [(typeof test)[0] & { legal: Uint8Array }];
    const perfect = Float32Array.from(part.legal);
    assert.equal(task.score(perfect, part), 1);
    // One symbol wrong in one string.
    const wrong = perfect.slice();
    for (let k = 0; k < 7; k++) wrong[k] = 1 - wrong[k];
    assert.ok(Math.abs(task.score(wrong, part) - (1 - 1 / part.batch)) < 1e-12);
    assert.equal(task.score(new Float32Array(perfect.length), part), 0);
  }
});
