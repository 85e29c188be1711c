/** A training stopped after any step and resumed, by way of the bytes of a checkpoint file, ends in the same bits. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { smallTraining } from './nn/small-training.test.support.js';
import {
  AdamW,
  decodeCheckpoint,
  type EngineKind,
  encodeCheckpoint,
  loadCheckpoint,
  SGD,
  saveCheckpoint,
  type Trainer,
  type TrainerOptions,
} from './nn-entry.js';

const bytesOf = (trainer: Trainer<never>) => Buffer.from(encodeCheckpoint(trainer.checkpoint()));

for (const engine of ['reference', 'wasm'] as EngineKind[])
  suite(`resume on ${engine}`, () => {
    const optimisers: Record<string, TrainerOptions<never>['optimiser'] | undefined> = {
      Adam: undefined,
      AdamW: (parameters) => new AdamW(parameters, { learningRate: 0.01 }),
      'SGD with momentum': (parameters) => new SGD(parameters, { learningRate: 0.01, momentum: 0.9, nesterov: true }),
    };
    for (const [name, optimiser] of Object.entries(optimisers))
      test(`${name}: after every step and every epoch`, async () => {
        const build = (seed: number) => smallTraining({ engine, seed, ...(optimiser && { optimiser }) });
        const whole = build(1);
        let moments = 0;
        const report = await whole.trainer.run({
          onProgress: () => {
            moments++;
          },
        });
        assert.ok(moments >= 4 * 4 && report.steps >= 12, `${moments} moments`);
        for (let k = 1; k <= moments; k++) {
          const first = build(1);
          let seen = 0;
          let saved: Uint8Array | undefined;
          const kill = new Error('killed');
          const killed = first.trainer.run({
            onProgress: () => {
              if (++seen < k) return;
              saved = encodeCheckpoint(first.trainer.checkpoint());
              throw kill;
            },
          });
          await assert.rejects(killed, kill);
          // Other start values and another seed: everything must come from the checkpoint.
          const second = build(2);
          second.trainer.resume(decodeCheckpoint(saved as Uint8Array));
          assert.deepEqual(bytesOf(second.trainer as never), Buffer.from(saved as Uint8Array), `kept, moment ${k}`);
          assert.deepEqual(await second.trainer.run(), report, `report, moment ${k}`);
          assert.deepEqual(second.lstm.stateDict(), whole.lstm.stateDict(), `lstm, moment ${k}`);
          assert.deepEqual(second.head.stateDict(), whole.head.stateDict(), `head, moment ${k}`);
          assert.deepEqual(bytesOf(second.trainer as never), bytesOf(whole.trainer as never), `bytes, moment ${k}`);
        }
      });

    test('what is resumed matters: another seed, or a lost stream, ends elsewhere', async () => {
      const whole = smallTraining({ engine });
      const other = smallTraining({ engine, seed: 2 });
      await whole.trainer.run();
      await other.trainer.run();
      assert.notDeepEqual(other.lstm.stateDict(), whole.lstm.stateDict());
      for (const stream of ['random.modules.lstm', 'random.training', 'optimiser.moment1.lstm.weight_ih_l0']) {
        const changed = smallTraining({ engine });
        const checkpoint = changed.trainer.checkpoint();
        for (const [name, { data }] of checkpoint.tensors) if (name === stream) data.fill(5);
        changed.trainer.resume(checkpoint);
        await changed.trainer.run();
        assert.notDeepEqual(changed.lstm.stateDict(), whole.lstm.stateDict(), stream);
      }
    });
  });

suite('checkpoint files', () => {
  test('saved and loaded, over an older one', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-checkpoint-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'run.safetensors');
    const { trainer } = smallTraining({ engine: 'reference' });
    await saveCheckpoint(path, trainer.checkpoint());
    await trainer.run();
    await saveCheckpoint(path, trainer.checkpoint());
    const again = smallTraining({ engine: 'reference', seed: 3 });
    again.trainer.resume(await loadCheckpoint(path));
    assert.deepEqual(bytesOf(again.trainer as never), bytesOf(trainer as never));
  });

  test('what is no checkpoint is refused by name', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-checkpoint-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'not.safetensors');
    writeFileSync(path, 'hello');
    await assert.rejects(loadCheckpoint(path), { code: 'bad_model_file', message: /not\.safetensors/ });
    await assert.rejects(loadCheckpoint(join(folder, 'none')), { code: 'file_not_found' });
  });
});
