import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { renderTable } from './table.js';

test('text to the left, numbers to the right with their points in line', () => {
  const text = renderTable(
    ['model', 'smape', 'windows'],
    [
      ['lstm', 9.87, 3],
      ['seasonal-naive', 12.5, 12],
      ['theta', null, undefined],
    ],
  );
  assert.equal(
    text,
    [
      'model            smape   windows',
      'lstm              9.87         3',
      'seasonal-naive   12.50        12',
      'theta                –         –',
    ].join('\n'),
  );
});

test('a column that mixes text and numbers is text', () => {
  assert.equal(
    renderTable(
      ['name', 'value'],
      [
        ['a', 1.5],
        ['bb', 'none'],
      ],
    ),
    ['name   value', 'a      1.5', 'bb     none'].join('\n'),
  );
});

test('the example of renderTable', () => {
  const rows = [
    ['lstm', 9.87],
    ['naive', 12.5],
  ];
  assert.equal(renderTable(['model', 'smape'], rows), 'model   smape\nlstm     9.87\nnaive   12.50');
});

test('no rows, missing cells, indent, no space at line ends', () => {
  assert.equal(renderTable(['a', 'b'], []), 'a   b');
  assert.equal(renderTable(['a', 'b'], [['x']], { indent: 2 }), '  a   b\n  x   –');
  for (const line of renderTable(['a', 'long head'], [['x', 'y']]).split('\n')) assert.equal(line, line.trimEnd());
});

test('wide characters count twice', () => {
  const lines = renderTable(
    ['id', 'n'],
    [
      ['日本', 1],
      ['abcd', 22],
    ],
  ).split('\n');
  assert.deepEqual(lines, ['id      n', '日本    1', 'abcd   22']);
});

test('colour adds codes only; the layout is the same', () => {
  const rows = [
    ['lstm', 9.87],
    ['naive', 12.5],
  ] as const;
  const plain = renderTable(['model', 'smape'], rows);
  const colored = renderTable(['model', 'smape'], rows, { color: true, highlightRow: 0 });
  assert.ok(!plain.includes('\u001b'));
  assert.ok(colored.includes('\u001b[1mmodel\u001b[22m'));
  assert.ok(colored.includes('\u001b[32mlstm\u001b[39m'));
  assert.ok(!colored.includes('\u001b[32mnaive'));
  assert.equal(stripVTControlCharacters(colored), plain);
});

test('names out of data can neither command the terminal nor break the lines', () => {
  const text = renderTable(['id\n'], [['a\u001b[2Jb'], ['two\nlines'], ['x'.repeat(100)]]);
  assert.ok(!text.includes('\u001b'));
  assert.equal(text.split('\n').length, 4);
  assert.equal(text.split('\n')[3], `${'x'.repeat(39)}…`);
});
