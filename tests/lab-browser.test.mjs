/** `tidegate/lab` in a real browser, as it is, without a bundler: the same numbers as in Node. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gradientInTraining, gradientStudy, memoryTraces, UNTRAINED_CELLS } from 'tidegate/lab';
import { open, withoutBrowser } from './support/browser.mjs';

/** A network of one LSTM unit on three steps. */
const UNIT = {
  spec: { cell: 'lstm', inputSize: 1, hiddenSize: 1, layers: 1, horizon: 1, levels: [0.5] },
  tensors: [
    ['lstm.weight_ih_l0', [0.5, 0.1, 0.9, -0.3]],
    ['lstm.weight_hh_l0', [0.2, -0.4, 0.3, 0.6]],
    ['lstm.bias_ih_l0', [0, 1, 0, 0]],
  ],
  x: [1, -0.5, 2],
};

/** Runs here and, as text, in the page. */
function look({ gradientInTraining, gradientStudy, memoryTraces, UNTRAINED_CELLS }, unit) {
  const { h, c, short, singular } = gradientStudy(UNTRAINED_CELLS.lstm, { hiddenSize: 6, lag: 12, seeds: 2 });
  const tensors = new Map(
    unit.tensors.map(([name, data]) => [name, { shape: [data.length], data: new Float32Array(data) }]),
  );
  const [traces] = memoryTraces({ spec: unit.spec, tensors }, Float64Array.from(unit.x));
  const { points } = gradientInTraining({
    task: 'adding',
    cell: 'gru',
    length: 8,
    hiddenSize: 4,
    updates: 4,
    every: 4,
  });
  return {
    study: [...h.median, ...c.median, ...short.median, singular[0].median],
    traces: [...traces.gates.f, ...traces.gates.i, ...traces.gates.o, ...traces.c, ...traces.h],
    kept: points.map(({ kept }) => [...kept]),
  };
}

suite('in Chromium', { skip: withoutBrowser }, () => {
  test('the gradient of untrained cells, traces of a network, and the gradient while a cell learns', async () => {
    const expected = look({ gradientInTraining, gradientStudy, memoryTraces, UNTRAINED_CELLS }, UNIT);
    assert.equal(expected.traces.length, 15);
    const { page, problems, close } = await open();
    const entry = '/node_modules/tidegate/dist/lab-entry-browser.js';
    const result = await page.evaluate(`import('${entry}').then((lab) => (${look})(lab, ${JSON.stringify(UNIT)}))`);
    assert.deepEqual(result.traces, expected.traces);
    const near = (a, b) => a.every((value, k) => Math.abs(value - b[k]) < 1e-9);
    assert.ok(near(result.study, expected.study));
    // The engine has another tier there: float32, near but not to the bit.
    result.kept.forEach((kept, at) => {
      assert.ok(kept.every((value, lag) => Math.abs(value - expected.kept[at][lag]) < 1e-3));
    });
    assert.deepEqual(problems, []);
    await close();
  });
});
