import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearNames } from './near-names.js';

test('typing slips are near: a letter missing, added, changed, or two swapped', () => {
  for (const slip of ['sale.csv', 'saless.csv', 'sakes.csv', 'slaes.csv', 'SALES.csv', 'sales.cvs', 'sales.parquet']) {
    assert.deepEqual(nearNames(slip, ['other.md', 'sales.csv', 'LICENSE']), ['sales.csv'], slip);
  }
});

test('what is far is not offered', () => {
  assert.deepEqual(nearNames('sales.csv', ['photos', 'README.md', 'x', 'prices-of-2024.csv']), []);
  assert.deepEqual(nearNames('a', ['b', 'xyz']), ['b']);
  assert.deepEqual(nearNames('a', []), []);
  assert.deepEqual(nearNames('.env', ['.git']), []);
});

test('the nearest comes first, equal ones by name, at most three', () => {
  const names = ['data4.csv', 'data3.csv', 'data2.csv', 'Data1.csv', 'datum1.csv'];
  assert.deepEqual(nearNames('data1.csv', names), ['Data1.csv', 'data2.csv', 'data3.csv']);
});
