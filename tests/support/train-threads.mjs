/** Trains a small network on two threads, for tests/engine.test.mjs. Usage: train-threads.mjs end|exit|forever|memory */
import { setTimeout as wait } from 'node:timers/promises';
import '../../dist/nn-entry.js';
import { Network } from '../../dist/engine/index.js';

const [steps, batch] = [6, 32];
const network = new Network(
  [
    { kind: 'lstm', inputSize: 1, hiddenSize: 16 },
    { kind: 'linear', inputSize: 16, outputSize: 1 },
  ],
  { steps, batch, training: true },
  { threads: 2, leastShared: 0 },
);
const wave = Float32Array.from({ length: steps * batch }, (_, i) => Math.sin(i / 7));
network.setBatch(wave, wave, steps, batch);
let done = 0;
const train = (count) => {
  for (let k = 0; k < count; k++) network.trainStep({ levels: [0.5], learningRate: 1e-3, clipNorm: 1, step: ++done });
};

for (train(1); network.helpers() < 1; train(1)) await wait(5);
const [mode] = process.argv.slice(2);
if (mode === 'memory') {
  // Everything that is in use: WebAssembly's memory is external and would count. (What the process holds varies by the size of the heap.)
  const used = () => {
    globalThis.gc();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  train(2000);
  const before = used();
  train(10_000);
  console.log(JSON.stringify({ helpers: network.helpers(), grownBytes: used() - before }));
} else console.log(JSON.stringify({ helpers: network.helpers() }));
if (mode === 'exit') process.exit(7);
if (mode === 'forever') while (true) train(100);
