import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { roleOf, withoutRole, withRole } from './roles.js';

const roles = { time: 'day', target: 'units', id: 'shop', past: ['visitors'], future: [], static: ['region'] };

suite('the roles of columns', () => {
  test('a column that gets a role gives up the one that it had', () => {
    assert.deepEqual(withRole(roles, 'target', 'visitors'), { ...roles, target: 'visitors', past: [] });
    assert.deepEqual(withRole(roles, 'future', 'visitors'), { ...roles, past: [], future: ['visitors'] });
    assert.deepEqual(withRole(roles, 'id', 'units'), {
      time: 'day',
      id: 'units',
      past: ['visitors'],
      future: [],
      static: ['region'],
    });
  });

  test('a role may be left to nobody, a column to no role', () => {
    assert.deepEqual(withRole(roles, 'id', null), { ...roles, id: null });
    assert.deepEqual(withoutRole(roles, 'region'), { ...roles, static: [] });
    assert.equal(roleOf(roles, 'region'), 'static');
    assert.equal(roleOf(roles, 'price'), undefined);
  });
});
