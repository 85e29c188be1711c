/**
 * A training in a process of its own, for training-kill.test.mjs: resumes from the checkpoint file if there is one, writes it
 * after every step, and at the end writes the trained tensors to another.
 *
 * Usage: node training-process.mjs ENGINE CHECKPOINT-FILE RESULT-FILE
 */
import { existsSync } from 'node:fs';
import { Adam, arrayData, GRU, Linear, loadCheckpoint, mse, saveCheckpoint, Trainer } from 'tidegate/nn';

const [engine, checkpointFile, resultFile] = process.argv.slice(2);
const [steps, hiddenSize] = [6, 5];
const array = engine === 'wasm' ? Float32Array : Float64Array;
// Start values that differ from process to process: what counts must come from the file.
const seed = existsSync(checkpointFile) ? process.pid : 1;
const gru = new GRU({ inputSize: 1, hiddenSize, numLayers: 2, dropout: 0.2, seed, engine });
const head = new Linear({ inputSize: hiddenSize, outputSize: 1, seed, engine });
const items = Array.from({ length: 9 }, (_, n) => Array.from({ length: steps }, (_, t) => ((n * 7 + t * 3) % 10) / 10));

const trainer = new Trainer({
  modules: { gru, head },
  data: arrayData(items, { batchSize: 2 }),
  step(batch, { random }) {
    const size = { steps, batch: batch.length };
    const x = new array(steps * batch.length).map(
      (_, k) => batch[k % batch.length][Math.floor(k / batch.length)] + random.normal(0, 0.01),
    );
    const { loss, dOutput } = mse(
      head.forward(gru.forward(x, size).output).output,
      x.map((value) => 1 - value),
    );
    const back = head.backward({ dOutput });
    return { loss, grads: { head: back.grads, gru: gru.backward({ dOutput: back.dInput }).grads } };
  },
  optimiser: (parameters) => new Adam(parameters, { learningRate: 0.02 }),
  epochs: 8,
  clipNorm: 1,
  seed,
});
if (existsSync(checkpointFile)) trainer.resume(await loadCheckpoint(checkpointFile));
await trainer.run({
  async onProgress({ kind, step }) {
    await saveCheckpoint(checkpointFile, trainer.checkpoint());
    if (kind === 'step') process.stdout.write(`${step}\n`);
  },
});
await saveCheckpoint(resultFile, trainer.checkpoint());
