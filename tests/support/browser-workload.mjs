/** What browser.test.mjs computes in Node, in browser workers and in the window: all must give the same bits. */

/** Numbers in [−½, ½), the same everywhere. */
function numbers(seed) {
  let state = seed;
  return (count) =>
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32 - 0.5;
    });
}

async function digest(...arrays) {
  const bytes = new Uint8Array(await new Blob(arrays).arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Layers of `tidegate/nn` in its training loop, with dropout; the whole state afterwards, by way of a checkpoint's bytes. */
async function trainLayers({ Adam, arrayData, decodeCheckpoint, encodeCheckpoint, LSTM, Linear, mse, Trainer }) {
  const [steps, batchSize, hiddenSize] = [16, 16, 48];
  const build = (seed) => {
    const lstm = new LSTM({ inputSize: 1, hiddenSize, numLayers: 2, dropout: 0.1, seed });
    const head = new Linear({ inputSize: hiddenSize, outputSize: 1, seed });
    const random = numbers(seed);
    const trainer = new Trainer({
      modules: { lstm, head },
      data: arrayData(
        Array.from({ length: 64 }, () => random(steps)),
        { batchSize },
      ),
      step(batch) {
        const x = Float32Array.from(
          { length: steps * batchSize },
          (_, i) => batch[i % batchSize][Math.floor(i / batchSize)],
        );
        const { loss, dOutput } = mse(
          head.forward(lstm.forward(x, { steps, batch: batchSize }).output).output,
          x.map((value) => value * value),
        );
        const back = head.backward({ dOutput });
        return { loss, grads: { head: back.grads, lstm: lstm.backward({ dOutput: back.dInput }).grads } };
      },
      optimiser: (parameters) => new Adam(parameters, { learningRate: 0.01 }),
      epochs: 3,
      clipNorm: 1,
      seed,
    });
    return trainer;
  };
  const first = build(1);
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const { epochs } = await first.run();
  clearInterval(timer);
  const bytes = encodeCheckpoint(first.checkpoint());
  const second = build(2);
  second.resume(decodeCheckpoint(bytes));
  const same = (await digest(encodeCheckpoint(second.checkpoint()))) === (await digest(bytes));
  return { bits: { losses: epochs.map(({ loss }) => loss), checkpoint: await digest(bytes), same }, turns };
}

/** A network of the engine, big enough for its tasks to be shared among threads. */
async function trainNetwork({ Network }, threads, waitMs) {
  const [steps, batch, inputs, targets] = [24, 32, 8, 3];
  const layers = [
    { kind: 'lstm', inputSize: inputs, hiddenSize: 80 },
    { kind: 'gru', inputSize: 80, hiddenSize: 64, resetAfter: true },
    { kind: 'linear', inputSize: 64, outputSize: targets },
  ];
  const network = new Network(layers, { steps, batch, training: true }, { tier: 'fma', ...(threads && { threads }) });
  const random = numbers(7);
  for (const [name, shape] of network.parameters)
    network.write(
      'value',
      name,
      random(shape.reduce((a, b) => a * b)).map((value) => value / 4),
    );
  network.setBatch(random(steps * batch * inputs), random(steps * batch * targets), steps, batch);

  // Threads come when they have started, and a nested worker of a browser starts only while this thread is at its event loop.
  let helpers = 0;
  const until = performance.now() + waitMs;
  while (network.threads > 1 && helpers !== network.threads - 1 && performance.now() < until) {
    network.evaluate({ loss: 'squared' });
    await pause(5);
    helpers = network.helpers();
  }
  const losses = [];
  for (let step = 1; step <= 8; step++)
    losses.push(network.trainStep({ loss: 'squared', learningRate: 0.01, clipNorm: 1, step }));
  const state = [...network.parameters.keys()].flatMap((name) =>
    ['value', 'gradient', 'moment1', 'moment2'].map((what) => network.read(what, name)),
  );
  network.rest();
  return { bits: { losses, state: await digest(...state) }, threads: network.threads, helpers };
}

/**
 * @param modules URLs of `tidegate/nn` and of the engine
 * @param threads of networks before the layers are trained, one after the other, and of networks `after`; 0 for what the host has
 * @param waitMs longest wait for all threads of a network
 */
export async function compute({ modules, threads, after = [], waitMs = 10_000 }) {
  const [nn, engine] = [await import(modules.nn), await import(modules.engine)];
  const networks = [];
  for (const count of threads) networks.push(await trainNetwork(engine, count, waitMs));
  const layers = await trainLayers(nn);
  for (const count of after) networks.push(await trainNetwork(engine, count, waitMs));
  const { crossOriginIsolated } = globalThis;
  return { names: Object.keys(nn).sort(), info: nn.engineInfo(), crossOriginIsolated, layers, networks };
}
