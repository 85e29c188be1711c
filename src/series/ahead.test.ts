import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingAhead } from './ahead.js';
import { readFrame } from './read.js';

test('names the first step of the horizon that lacks a future covariate', async () => {
  const text =
    'unique_id,ds,y,p,q\nA,2023-01-31,1,,1\nA,2023-02-28,2,5,\nA,2023-03-31,,5,1\nA,2023-04-30,,5,1\nB,2023-02-28,1,5,1\nB,2023-03-31,,5,\n';
  const frame = await readFrame(text, { future: ['p', 'q'] });
  assert.deepEqual(missingAhead(frame, 1), { id: 'B', column: 'q', stamp: '2023-03-31' });
  const [a, b] = frame.series;
  assert.equal(missingAhead({ ...frame, series: [a] }, 2), null, 'what is missing in the past does not matter');
  assert.deepEqual(missingAhead({ ...frame, series: [a] }, 3), { id: 'A', column: 'p', stamp: '2023-05-31' });
  assert.equal(missingAhead({ ...frame, series: [b] }, 0), null);
  assert.equal(missingAhead(await readFrame('ds,y\n1,1\n2,2\n'), 100), null, 'no future covariates');
});
