/**
 * brain.js: recurrent.LSTMTimeStep learns to predict the next number of a series. It has no batches: one training step on B
 * series is B updates of its own optimiser (RMSprop), so that no number of it can be compared with the others'.
 */
import { createRequire } from 'node:module';
import { sequence } from '../data.mjs';
import { serve, serveMissing } from '../serve.mjs';

const require = createRequire(import.meta.url);
const brain = load();

function load() {
  try {
    return require('brain.js');
  } catch (error) {
    serveMissing(`brain.js does not load (${error.message.split('\n')[0]}); npm ci in bench/`);
  }
}

function versionOf(name) {
  return require(`../node_modules/${name}/package.json`).version;
}

function prepare({ kind, cell, B, T, I, H }) {
  if (kind !== 'step' || cell !== 'lstm' || I !== 1)
    return { unsupported: 'only training steps of LSTMs with one input' };
  const network = new brain.recurrent.LSTMTimeStep({ inputSize: 1, hiddenLayers: [H], outputSize: 1 });
  network.initialize();
  const series = Array.from({ length: B }, (_, n) => [...sequence(T + 1, 100 + n)]);
  const patterns = network.formatData(series);
  const run = () => {
    for (const pattern of patterns) network.trainPattern(pattern);
  };
  run();
  return { run, checks: {} };
}

if (brain !== undefined) await serve({ versions: { 'brain.js': versionOf('brain.js') }, prepare });
