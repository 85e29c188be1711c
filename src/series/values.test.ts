import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNumber } from './values.js';

test('reads finite decimal numbers', () => {
  const cases: [unknown, number][] = [
    ['0', 0],
    ['7', 7],
    ['-1.5', -1.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-2.5E-3', -0.0025],
    ['  12 ', 12],
    ['007', 7],
    [3.25, 3.25],
    [12n, 12],
  ];
  for (const [cell, value] of cases) assert.equal(readNumber(cell, false), value, String(cell));
});

test('missing values are NaN', () => {
  for (const cell of ['', ' ', '\t', 'NaN', 'nan', 'NULL', 'null', 'NA', 'na', ' NA ', null, undefined, Number.NaN])
    assert.equal(readNumber(cell, false), Number.NaN, String(cell));
});

test('anything else is no number', () => {
  const bad = [
    'x',
    '1,5',
    '1,234.5',
    '1 000',
    'Infinity',
    '-inf',
    '1e999',
    '0x10',
    ' 0x10',
    '0b1',
    '--1',
    '1.2.3',
    '$5',
    '5%',
    'N/A',
  ];
  for (const cell of [...bad, Number.POSITIVE_INFINITY, true, new Date(0)])
    assert.equal(readNumber(cell, false), null, String(cell));
});

test('a decimal comma only where it cannot be a delimiter', () => {
  assert.equal(readNumber('1,5', true), 1.5);
  assert.equal(readNumber('-,5e1', true), -5);
  assert.equal(readNumber('1.5', true), 1.5);
  assert.equal(readNumber('1.234,5', true), null);
  assert.equal(readNumber('1,234,5', true), null);
});
