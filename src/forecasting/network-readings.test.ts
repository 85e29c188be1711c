import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { QuantileNetwork } from '../nn/quantile-network.js';
import { readFrame } from '../series/read.js';
import { GlobalForecaster } from './forecaster.js';
import { inlineHost } from './inline-runner.test.support.js';

/** Two monthly series with a season; the second has a gap. */
const rows = ['a', 'b'].flatMap((id) =>
  Array.from({ length: 60 }, (_, t) => ({
    unique_id: id,
    ds: `${2000 + Math.floor(t / 12)}-${`${1 + (t % 12)}`.padStart(2, '0')}-01`,
    y: id === 'b' && t === 50 ? '' : 100 + t + 20 * Math.sin((2 * Math.PI * t) / 12) + ((t * 7919) % 13),
  })),
);
const forecaster = new GlobalForecaster({ horizon: 6, budget: 0.01, model: 'lstm' }, inlineHost());
before(async () => {
  await forecaster.fit(await readFrame(rows));
});

test('a network that reads them stands where the forecast begins', () => {
  const views = forecaster.networks();
  assert.equal(views.length, 3);
  views.forEach(({ spec, members, sequences }, v) => {
    assert.equal(sequences.length, 2);
    sequences.forEach(({ id, x }, s) => {
      assert.equal(id, ['a', 'b'][s]);
      const steps = x.length / spec.inputSize;
      members.forEach((tensors, m) => {
        const network = new QuantileNetwork(spec, { steps, batch: 1, training: false });
        network.loadStateDict(tensors);
        network.forward(Float32Array.from(x), steps, 1);
        const [{ h, c }] = network.finalState();
        const stands = forecaster.state.live?.[s]?.views[v].states;
        assert.ok(stands?.c && c);
        const own = (all: Float32Array) => [...all.subarray(m * h.length, (m + 1) * h.length)];
        assert.deepEqual([...h], own(stands.h));
        assert.deepEqual([...c], own(stands.c));
      });
    });
  });
});

test('times and values are those of the series, up to its end', () => {
  for (const { sequences, spec } of forecaster.networks()) {
    for (const { id, times, y, x } of sequences) {
      const own = rows.filter(({ unique_id }) => unique_id === id).slice(-y.length);
      assert.equal(x.length, y.length * spec.inputSize);
      assert.deepEqual(
        [...times],
        own.map(({ ds }) => Date.parse(ds)),
      );
      assert.deepEqual(
        [...y],
        own.map((row) => (row.y === '' ? Number.NaN : row.y)),
      );
    }
  }
});

test('of a new history, and of fewer series', async () => {
  const history = await readFrame(rows.filter(({ unique_id }) => unique_id === 'a').slice(0, 48));
  const [{ sequences }] = forecaster.networks({ history });
  assert.deepEqual(
    sequences.map(({ id }) => id),
    ['a'],
  );
  assert.equal(sequences[0].times.at(-1), Date.parse('2003-12-01'));
  assert.equal(forecaster.networks({ most: 1 })[0].sequences.length, 1);
});
