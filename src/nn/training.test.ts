/** How the training loop behaves: that it learns, stops, tells, and refuses. Resuming to the bit is in nn-entry.test.ts. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../random.js';
import {
  Adam,
  arrayData,
  type Checkpoint,
  type EngineKind,
  Linear,
  LSTM,
  mse,
  type ReadCheckpoint,
  SGD,
  Trainer,
  type TrainerOptions,
  type TrainingProgress,
} from './index.js';
import { smallTraining } from './small-training.test.support.js';

/** One weight w, no bias, loss (w − target)²; plain descent by 0.25 halves the distance at every step. */
function oneWeight(options: Partial<TrainerOptions<number[]>> = {}) {
  const layer = new Linear({ inputSize: 1, outputSize: 1, bias: false, engine: 'reference' });
  layer.loadStateDict({ weight: { shape: [1, 1], data: [0] } });
  const weight = () => layer.stateDict().weight.data[0];
  const trainer = new Trainer<number[]>({
    modules: { layer },
    data: arrayData([8, 8], { batchSize: 1 }),
    step([target]) {
      const { loss, dOutput } = mse(layer.forward(Float64Array.of(1)).output, [target]);
      return { loss, grads: { layer: layer.backward({ dOutput }).grads } };
    },
    optimiser: (parameters) => new SGD(parameters, { learningRate: 0.25 }),
    epochs: 2,
    ...options,
  });
  return { trainer, layer, weight };
}

suite('training', () => {
  for (const engine of ['reference', 'wasm'] as EngineKind[])
    test(`an LSTM under a linear head learns to say what it read a step before, on ${engine}`, async () => {
      const [steps, batch] = [6, 16];
      const array = engine === 'wasm' ? Float32Array : Float64Array;
      const lstm = new LSTM<EngineKind>({ inputSize: 1, hiddenSize: 8, seed: 1, engine });
      const head = new Linear<EngineKind>({ inputSize: 8, outputSize: 1, seed: 1, engine });
      const lossOf = (x: Float64Array) => {
        const output = head.forward(lstm.forward(x as never, { steps, batch }).output).output;
        return mse(
          output,
          x.map((_, k) => (k < batch ? Number.NaN : x[k - batch])),
        );
      };
      const draw = (random: Random) => new array(steps * batch).map(() => random.uniform(-1, 1)) as Float64Array;
      const trainer = new Trainer<Float64Array>({
        modules: { lstm, head },
        data: { batches: 10, batch: (_, index, random) => draw(random.fork(index)) },
        step(x) {
          const { loss, dOutput } = lossOf(x);
          const back = head.backward({ dOutput: dOutput as never });
          return { loss, grads: { head: back.grads, lstm: lstm.backward({ dOutput: back.dInput }).grads } };
        },
        optimiser: (parameters) => new Adam(parameters, { learningRate: 0.02 }),
        epochs: 30,
        validate: () => lossOf(draw(new Random('unseen'))).loss,
      });
      const { best } = await trainer.run();
      // Saying 0 always has the variance of the inputs, 1/3.
      assert.ok((best?.validation as number) < 0.01, `${best?.validation}`);
    });

  test('what it does is what the formulas say, and what it tells is what it did', async () => {
    const told: TrainingProgress[] = [];
    const { trainer, weight } = oneWeight();
    const report = await trainer.run({ onProgress: (progress) => void told.push(progress) });
    assert.equal(weight(), 7.5);
    assert.deepEqual(report, {
      stopped: 'epochs',
      steps: 4,
      epochs: [
        { epoch: 0, loss: (64 + 16) / 2 },
        { epoch: 1, loss: (4 + 1) / 2 },
      ],
      best: null,
    });
    const of = { epochs: 2, batches: 2 };
    assert.deepEqual(told, [
      { ...of, kind: 'step', epoch: 0, batch: 1, step: 1, loss: 64, gradientNorm: 16 },
      { ...of, kind: 'step', epoch: 0, batch: 2, step: 2, loss: 16, gradientNorm: 8 },
      { ...of, kind: 'epoch', epoch: 0, batch: 2, step: 2, loss: 40 },
      { ...of, kind: 'step', epoch: 1, batch: 1, step: 3, loss: 4, gradientNorm: 4 },
      { ...of, kind: 'step', epoch: 1, batch: 2, step: 4, loss: 1, gradientNorm: 2 },
      { ...of, kind: 'epoch', epoch: 1, batch: 2, step: 4, loss: 2.5 },
    ]);
    assert.deepEqual(await trainer.run(), report, 'a training that has ended stays so');
  });

  test('schedule, clipping and projection act', async () => {
    const scheduled = oneWeight({ schedule: (step) => (step === 0 ? 0.5 : 0) });
    await scheduled.trainer.run();
    assert.equal(scheduled.weight(), 8);
    const byValue = oneWeight({ clipValue: 2 });
    await byValue.trainer.run();
    assert.equal(byValue.weight(), 2);
    const byNorm = oneWeight({ clipNorm: 2 });
    await byNorm.trainer.run();
    assert.ok(Math.abs(byNorm.weight() - 2) < 1e-6 && byNorm.weight() < 2);
    const bounded = oneWeight({
      project: (parameters) => {
        const { data } = parameters['layer.weight'];
        data[0] = Math.min(5, data[0]);
      },
    });
    await bounded.trainer.run();
    assert.equal(bounded.weight(), 5);
  });

  test('early stopping: patience, minDelta, and the best parameters at the end', async () => {
    const losses = [9, 5, 5.5, 4.9, 4.8, 1];
    const run = async (minDelta: number) => {
      let next = 0;
      const { trainer, weight } = oneWeight({ validate: () => losses[next++], patience: 2, minDelta, epochs: 6 });
      return { ...(await trainer.run()), weight: weight() };
    };
    // After epoch e the weight is 8·(1 − 4^−(e+1)).
    const patient = await run(0);
    assert.deepEqual([patient.stopped, patient.best?.epoch], ['epochs', 5]);
    const strict = await run(0.5);
    assert.deepEqual([strict.stopped, strict.epochs.length], ['patience', 4]);
    assert.deepEqual(strict.best, { epoch: 1, validation: 5 });
    assert.equal(strict.weight, 7.5);
  });

  test('parameters without a gradient stay as they are', async () => {
    const { trainer, weight } = oneWeight({ step: () => ({ loss: 1, grads: {} }) });
    await trainer.run();
    assert.equal(weight(), 0);
  });

  test('data, step and validation may be asynchronous', async () => {
    const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), 1));
    const layer = new Linear({ inputSize: 1, outputSize: 1, bias: false, engine: 'reference' });
    const { trainer, weight } = oneWeight({
      modules: { layer },
      data: { batches: 2, batch: () => later([8]) },
      step: ([target]) => {
        const { loss, dOutput } = mse(layer.forward(Float64Array.of(1)).output, [target]);
        return later({ loss, grads: { layer: layer.backward({ dOutput }).grads } });
      },
      validate: () => later(1),
      epochs: 3,
    });
    const { best } = await trainer.run();
    assert.deepEqual(best, { epoch: 0, validation: 1 });
    assert.equal(weight(), 0, 'the layer of this test is another');
    assert.ok(layer.stateDict().weight.data[0] > 5);
  });
});

suite('stopping and failing', () => {
  test('a signal stops after the step at hand; run goes on to the same end', async () => {
    const { trainer, weight } = oneWeight();
    const controller = new AbortController();
    const stopped = trainer.run({
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step === 3) controller.abort();
      },
    });
    await assert.rejects(stopped, { kind: 'interrupted', code: 'interrupted', message: /after step 3/ });
    assert.equal(weight(), 7);
    await trainer.run();
    assert.equal(weight(), 7.5);
    await assert.rejects(oneWeight().trainer.run({ signal: AbortSignal.abort() }), { code: 'interrupted' });
  });

  test('a timer can stop a training whose steps never wait', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const endless = oneWeight({ epochs: 1e9 }).trainer.run({ signal: controller.signal });
    await assert.rejects(endless, { code: 'interrupted' });
  });

  test('a loss or gradient that is not finite ends the run before the update', async () => {
    for (const [loss, gradient] of [
      [Number.NaN, 1],
      [1, Number.NaN],
      [1, Number.POSITIVE_INFINITY],
    ]) {
      const grads = { layer: { weight: { shape: [1, 1], data: Float64Array.of(gradient) } } };
      const { trainer, weight } = oneWeight({ step: () => ({ loss, grads }), clipValue: 1 });
      await assert.rejects(trainer.run(), { code: 'diverged', message: /epoch 0, batch 0/ });
      assert.equal(weight(), 0);
    }
    await assert.rejects(oneWeight({ validate: () => Number.NaN }).trainer.run(), { code: 'diverged' });
  });

  test('a step that failed leaves no trace: tried again, it draws the same', async () => {
    const whole = smallTraining({ engine: 'reference' });
    await whole.trainer.run();
    const { trainer, lstm, head } = smallTraining({ engine: 'reference' });
    const backward = head.backward.bind(head);
    let calls = 0;
    head.backward = (errors) => {
      if (++calls === 6) throw new Error('once');
      return backward(errors);
    };
    // The layer's dropout has drawn when the head fails.
    await assert.rejects(trainer.run(), /once/);
    await trainer.run();
    assert.deepEqual(lstm.stateDict(), whole.lstm.stateDict());
  });

  test('run and resume during a run are refused', async () => {
    const { trainer } = oneWeight();
    const checkpoint = trainer.checkpoint();
    const running = trainer.run();
    await assert.rejects(trainer.run(), { code: 'already_running' });
    assert.throws(() => trainer.resume(checkpoint), { code: 'already_running' });
    await running;
  });

  test('wrong options are refused', () => {
    const { layer } = oneWeight();
    for (const options of [
      { epochs: 0 },
      { clipNorm: 0 },
      { patience: 1 },
      { data: { batches: 0, batch: () => [] } },
      { modules: {} },
      { modules: { 'a.b': layer } },
      { modules: { optimiser: layer } },
      { step: undefined as never },
    ])
      assert.throws(() => oneWeight(options), { code: 'invalid_option' }, JSON.stringify(options));
    assert.throws(() => oneWeight({ batchSize: 3 } as never), { code: 'unknown_option' });
    assert.throws(() => arrayData([], { batchSize: 2 }), { code: 'invalid_option' });
    assert.throws(() => arrayData([1], { batchSize: 2, dropLast: true }), { code: 'invalid_option' });
  });

  test('a schedule that gives no rate is refused before the update', async () => {
    const { trainer, weight } = oneWeight({ schedule: () => Number.NaN });
    await assert.rejects(trainer.run(), { code: 'invalid_option' });
    assert.equal(weight(), 0);
  });
});

suite('data', () => {
  const items = Array.from({ length: 10 }, (_, k) => k);
  const epochOf = (data: ReturnType<typeof arrayData<number>>, epoch: number) =>
    Array.from(
      { length: data.batches },
      (_, index) => data.batch(epoch, index, new Random(`epoch ${epoch}`)) as number[],
    );

  test('every epoch has every item once, each in an order of its own', () => {
    const data = arrayData(items, { batchSize: 3 });
    const [first, second] = [epochOf(data, 0), epochOf(data, 1)];
    assert.deepEqual(
      first.map((batch) => batch.length),
      [3, 3, 3, 1],
    );
    for (const epoch of [first, second])
      assert.deepEqual(
        epoch.flat().sort((a, b) => a - b),
        items,
      );
    assert.notDeepEqual(first, second);
    assert.notDeepEqual(first.flat(), items);
    // In any order of asking.
    assert.deepEqual(data.batch(1, 2, new Random('epoch 1')), second[2]);
    assert.deepEqual(data.batch(0, 1, new Random('epoch 0')), first[1]);
  });

  test('unshuffled, and without the smaller last batch', () => {
    assert.deepEqual(epochOf(arrayData(items, { batchSize: 4, shuffle: false }), 0), [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    assert.equal(epochOf(arrayData(items, { batchSize: 4, dropLast: true }), 0).flat().length, 8);
  });

  test('a function gets the same stream for the same epoch, and streams of a step are its own', async () => {
    const drawn: number[][] = [];
    const { trainer } = oneWeight({
      data: {
        batches: 2,
        batch(epoch, index, random) {
          drawn.push([epoch, index, random.nextUint32()]);
          return [8];
        },
      },
      step: (_, { random, epoch, step }) => {
        drawn.push([epoch, step, random.nextUint32()]);
        return { loss: 0, grads: {} };
      },
    });
    await trainer.run();
    const [data, steps] = [drawn.filter((_, k) => k % 2 === 0), drawn.filter((_, k) => k % 2 === 1)];
    assert.deepEqual(
      data.map(([epoch, index]) => [epoch, index]),
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    );
    assert.equal(data[0][2], data[1][2]);
    assert.notEqual(data[1][2], data[2][2]);
    assert.equal(new Set(steps.map(([, , bits]) => bits)).size, 4);
  });
});

suite('checkpoint', () => {
  const changed = (checkpoint: Checkpoint, change: (copy: { tensors: Map<string, never>; recipe: never }) => void) => {
    const tensors = new Map(checkpoint.tensors) as Map<string, never>;
    const recipe = JSON.parse(checkpoint.metadata.tidegate);
    change({ tensors, recipe: recipe as never });
    return { tensors, metadata: { ...checkpoint.metadata, tidegate: JSON.stringify(recipe) } } as ReadCheckpoint;
  };

  test('holds the tensors under PyTorch names, the moments, the streams and the cursor; and is a copy', async () => {
    const { trainer, lstm } = smallTraining({ engine: 'wasm' });
    const start = trainer.checkpoint();
    const kept = structuredClone(start);
    await trainer.run();
    assert.deepEqual(start, kept);
    const { tensors, metadata } = trainer.checkpoint();
    for (const [name, { shape, data }] of Object.entries(lstm.stateDict())) {
      assert.deepEqual(tensors.get(`lstm.${name}`), { dtype: 'F32', shape, data });
      for (const prefix of ['optimiser.moment1', 'optimiser.moment2', 'best'])
        assert.deepEqual(tensors.get(`${prefix}.lstm.${name}`)?.shape, shape);
    }
    assert.equal(tensors.get('random.training')?.data.length, 4);
    assert.deepEqual(tensors.get('random.modules.lstm')?.data, lstm.dropoutState());
    assert.equal(metadata.format, 'tidegate-checkpoint');
    assert.equal(JSON.parse(metadata.tidegate).cursor.epoch, 4);
  });

  test('one that does not fit is refused, and nothing is changed', async () => {
    const source = smallTraining({ engine: 'reference' });
    await source.trainer.run();
    const good = source.trainer.checkpoint();
    const changes: Record<string, (copy: { tensors: Map<string, never>; recipe: never }) => void> = {
      'a tensor is missing': ({ tensors }) => tensors.delete('lstm.weight_ih_l0'),
      'a moment is missing': ({ tensors }) => tensors.delete('optimiser.moment2.head.bias'),
      'the best are missing': ({ tensors }) => tensors.delete('best.head.bias'),
      'a stream is missing': ({ tensors }) => tensors.delete('random.modules.lstm'),
      'a stream is zero': ({ tensors }) =>
        tensors.set('random.training', { shape: [4], data: new Uint32Array(4) } as never),
      'a tensor too many': ({ tensors }) => tensors.set('tail.weight', tensors.get('head.weight') as never),
      'another shape': ({ tensors }) => tensors.set('head.bias', { shape: [1, 1], data: Float64Array.of(1) } as never),
      'another type': ({ tensors }) => tensors.set('head.bias', { shape: [1], data: Float32Array.of(1) } as never),
      'another version': ({ recipe }) => Object.assign(recipe, { version: 2 }),
      'another number of batches': ({ recipe }) => Object.assign(recipe, { batchesPerEpoch: 5 }),
      'a cursor past the epoch': ({ recipe }) => Object.assign((recipe as { cursor: object }).cursor, { batch: 5 }),
      'a broken cursor': ({ recipe }) => Object.assign(recipe, { cursor: { epoch: -1 } }),
      'another optimiser': ({ recipe }) => Object.assign((recipe as { optimiser: object }).optimiser, { kind: 'sgd' }),
      'no metadata': ({ recipe }) => Object.assign(recipe, { cursor: null }),
    };
    const { trainer } = smallTraining({ engine: 'reference', seed: 2 });
    const before = trainer.checkpoint();
    for (const [what, change] of Object.entries(changes)) {
      assert.throws(() => trainer.resume(changed(good, change)), { kind: 'input', code: 'bad_checkpoint' }, what);
      assert.deepEqual(trainer.checkpoint(), before, what);
    }
    const steps = changed(good, ({ recipe }) =>
      Object.assign((recipe as { optimiser: object }).optimiser, { steps: {} }),
    );
    assert.throws(() => trainer.resume(steps), { code: 'bad_optimiser_state' });
    assert.deepEqual(trainer.checkpoint(), before);
    for (const metadata of [{}, { format: 'tidegate' }, { format: 'tidegate-checkpoint', tidegate: '{' }])
      assert.throws(() => trainer.resume({ tensors: good.tensors, metadata }), { code: 'bad_checkpoint' });
    const other = smallTraining({ engine: 'wasm' });
    assert.throws(() => other.trainer.resume(good), { code: 'bad_checkpoint', message: /Float32Array/ });
    trainer.resume(good);
    assert.deepEqual(trainer.checkpoint(), good);
  });

  test('taken while a step is computed, it is of the last finished one', async () => {
    const whole = smallTraining({ engine: 'reference' });
    await whole.trainer.run();
    const { trainer, lstm, head } = smallTraining({ engine: 'reference' });
    const backward = head.backward.bind(head);
    const taken: Checkpoint[] = [];
    head.backward = (errors) => {
      taken.push(trainer.checkpoint());
      return backward(errors);
    };
    await trainer.run();
    assert.deepEqual(lstm.stateDict(), whole.lstm.stateDict());
    const second = smallTraining({ engine: 'reference', seed: 5 });
    second.trainer.resume(taken[5]);
    await second.trainer.run();
    assert.deepEqual(second.lstm.stateDict(), whole.lstm.stateDict());
  });

  test('Adam keeps its own learning rate where there is no schedule', () => {
    const { trainer } = oneWeight({ optimiser: (parameters) => new Adam(parameters, { learningRate: 0.5 }) });
    trainer.optimiser.learningRate = 0.125;
    const second = oneWeight({ optimiser: (parameters) => new Adam(parameters, { learningRate: 0.5 }) });
    second.trainer.resume(trainer.checkpoint());
    assert.equal(second.trainer.optimiser.learningRate, 0.125);
  });
});
