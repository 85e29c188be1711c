import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { GRU, LeakyRNN, Linear, LSTM, RNN } from './index.js';
import { type QuantileCell, QuantileNetwork, type QuantileNetworkSpec, type Tensors } from './quantile-network.js';

const CELLS: readonly QuantileCell[] = ['lstm', 'gru', 'rnn', 'leaky', 'esn'];
const STEPS = 7;
const BATCH = 5;
const H = 6;
const specOf = (cell: QuantileCell, layers = 2): QuantileNetworkSpec => ({
  cell,
  inputSize: 3,
  hiddenSize: H,
  layers,
  horizon: 2,
  levels: [0.1, 0.5, 0.9],
});
const CAPACITY = { steps: STEPS, batch: BATCH, training: true };
const ADAM = { learningRate: 0.02, weightDecay: 0, clipNorm: 1 };

function networkOf(spec: QuantileNetworkSpec, seed = 'seed'): QuantileNetwork {
  const network = new QuantileNetwork(spec, CAPACITY);
  network.initialise(new Random(seed));
  return network;
}

/** Inputs, and targets that depend on the last two of them; some unknown. */
function batchOf(seed = 'batch') {
  const random = new Random(seed);
  const x = Float32Array.from({ length: STEPS * BATCH * 3 }, () => random.normal());
  const target = Float32Array.from({ length: STEPS * BATCH * 2 }, (_, i) => {
    const at = Math.floor(i / 2);
    const before = at >= BATCH ? x[(at - BATCH) * 3] : 0;
    return i % 7 === 3 ? Number.NaN : 0.5 * x[at * 3 + 1] - before + (i % 2);
  });
  return { x, target, steps: STEPS, batch: BATCH };
}

const entries = (tensors: Tensors) => [...tensors].map(([name, { shape, data }]) => [name, shape, [...data]]);
/** Tensors filled with numbers of their own, those of PyTorch's second biases too. */
function drawn(network: QuantileNetwork, seed: string): Map<string, { shape: readonly number[]; data: Float32Array }> {
  const random = new Random(seed);
  return new Map(
    [...network.stateDict()].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map(() => (name.includes('.leak_') ? random.uniform(0.1, 1) : 0.4 * random.normal())) },
    ]),
  );
}

/** What the layers of `nn` answer in float64 with the same tensors: recurrent stack and head. */
function textbook(spec: QuantileNetworkSpec, tensors: Tensors, x: Float32Array): Float64Array {
  const { inputSize, hiddenSize, layers: numLayers, horizon, levels } = spec;
  const options = { inputSize, hiddenSize, numLayers, engine: 'reference' } as const;
  const layer = {
    lstm: () => new LSTM(options),
    gru: () => new GRU(options),
    rnn: () => new RNN(options),
    leaky: () => new LeakyRNN({ ...options, leak: new Array<number>(hiddenSize).fill(0.5) }),
    esn: () => new LeakyRNN({ ...options, leak: new Array<number>(hiddenSize).fill(0.5) }),
  }[spec.cell]();
  const part = (prefix: string) =>
    Object.fromEntries(
      [...tensors]
        .filter(([name]) => name.startsWith(`${prefix}.`))
        .map(([name, { shape, data }]) => [
          name.slice(prefix.length + 1),
          { shape: [...shape], data: Float64Array.from(data) },
        ]),
    );
  const own = part(spec.cell);
  // Leaky cells keep one bias.
  for (const name of Object.keys(own))
    own[name.replace('bias_ih', 'bias_hh')] ??= { shape: [hiddenSize], data: new Float64Array(hiddenSize) };
  layer.loadStateDict(own);
  const head = new Linear({ inputSize: hiddenSize, outputSize: horizon * levels.length, engine: 'reference' });
  head.loadStateDict(part('head'));
  const { output } = layer.forward(Float64Array.from(x), { steps: STEPS, batch: BATCH });
  return head.forward(output).output;
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(Math.abs(actual[i] - expected[i]) < tolerance, `${what}[${i}]: ${actual[i]}, not ${expected[i]}`);
}

for (const cell of CELLS) {
  test(`${cell}: the answer is that of the layers with PyTorch’s names and the same tensors, fresh, trained and drawn`, () => {
    for (const layers of [1, 2]) {
      const spec = specOf(cell, layers);
      const network = networkOf(spec);
      const batch = batchOf();
      const compare = (what: string, tensors: Tensors) =>
        assertClose(network.forward(batch.x, STEPS, BATCH), textbook(spec, tensors, batch.x), 2e-5, what);
      compare('fresh', network.stateDict());
      network.setBatch(batch);
      for (let step = 0; step < 20; step++) network.trainStep(ADAM);
      compare('trained', network.stateDict());
      // With both biases of PyTorch: what one bias cannot hold must not be lost.
      const tensors = drawn(network, 'drawn');
      network.loadStateDict(tensors);
      compare('drawn', tensors);
    }
  });

  test(`${cell}: tensors come back as they went: the same answers to the bit`, () => {
    const spec = specOf(cell);
    const network = networkOf(spec);
    network.setBatch(batchOf());
    for (let step = 0; step < 5; step++) network.trainStep(ADAM);
    const tensors = network.stateDict();
    const again = new QuantileNetwork(spec, { steps: STEPS, batch: BATCH, training: false });
    again.loadStateDict(tensors);
    const { x } = batchOf('other');
    assert.deepEqual(again.forward(x, STEPS, BATCH).slice(), network.forward(x, STEPS, BATCH).slice());
    assert.deepEqual(entries(again.stateDict()), entries(tensors));
  });

  test(`${cell}: the loss is the mean pinball loss over all known targets`, () => {
    const network = networkOf(specOf(cell));
    const batch = batchOf();
    const answers = network.forward(batch.x, STEPS, BATCH).slice();
    let sum = 0;
    let count = 0;
    for (let at = 0; at < STEPS * BATCH; at++)
      for (let k = 0; k < 2; k++) {
        const y = batch.target[at * 2 + k];
        if (Number.isNaN(y)) continue;
        [0.1, 0.5, 0.9].forEach((level, q) => {
          const error = y - answers[(at * 3 + q) * 2 + k];
          sum += error > 0 ? level * error : (level - 1) * error;
          count++;
        });
      }
    network.setBatch(batch);
    assert.ok(Math.abs(network.loss() - sum / count) < 1e-6);
    assert.ok(Math.abs(network.trainStep(ADAM) - sum / count) < 1e-6, 'the one before the step');
  });

  test(`${cell}: training lowers the loss, on what it has not seen too`, () => {
    const network = networkOf({ ...specOf(cell, 1), hiddenSize: 24 });
    const judge = batchOf('judge');
    const loss = () => {
      network.setBatch(judge);
      return network.loss();
    };
    const before = loss();
    for (let step = 0; step < 300; step++) {
      network.setBatch(batchOf(`batch ${step}`));
      network.trainStep(ADAM);
    }
    assert.ok(loss() < (cell === 'esn' ? 0.75 : 0.4) * before, `${loss()}, was ${before}`);
  });

  test(`${cell}: equal seeds give equal networks, other seeds others`, () => {
    const one = entries(networkOf(specOf(cell)).stateDict());
    assert.deepEqual(entries(networkOf(specOf(cell)).stateDict()), one);
    assert.notDeepEqual(entries(networkOf(specOf(cell), 'other').stateDict()), one);
  });

  test(`${cell}: fresh parameters are as described`, () => {
    const spec = { ...specOf(cell), hiddenSize: 32 };
    const tensors = networkOf(spec).stateDict();
    const bound = 1 / Math.sqrt(32);
    for (const [name, { data }] of tensors) {
      if (name === 'head.bias' || (name.includes('bias_hh') && cell !== 'gru'))
        assert.ok(
          data.every((value) => value === 0),
          name,
        );
      else if (name.includes('.leak_'))
        assert.deepEqual([data[0], data[31]], [Math.fround(1), Math.fround(1 / 32)], 'from quick to slow');
      else
        data.forEach((value, i) => {
          const forget = cell === 'lstm' && name.includes('bias_ih') && i >= 32 && i < 64 ? 1 : 0;
          const free = cell === 'esn' && name.includes('weight_hh');
          assert.ok(free || Math.abs(value - forget) <= bound, `${name}[${i}] ${value}`);
        });
    }
  });

  test(`${cell}: a stream answers as the whole sequence does`, () => {
    const network = networkOf(specOf(cell));
    const { x } = batchOf();
    const whole = network.forward(x, STEPS, BATCH).slice();
    network.startStream(BATCH);
    for (let t = 0; t < STEPS; t++) {
      const step = network.step(x.slice(t * BATCH * 3, (t + 1) * BATCH * 3));
      assertClose(step, whole.subarray(t * BATCH * 6, (t + 1) * BATCH * 6), 1e-6, `step ${t}`);
    }
  });

  test(`${cell}: a tensor that is missing or has another shape is an error that names it`, () => {
    const network = networkOf(specOf(cell));
    const tensors = new Map(network.stateDict());
    const name = `${cell}.weight_hh_l1`;
    const wrong = (change: (all: Map<string, unknown>) => void) => {
      const all = new Map(tensors);
      change(all);
      return () => network.loadStateDict(all);
    };
    const expected = { code: 'bad_state', kind: 'usage', message: new RegExp(`"${cell}\\.weight_hh_l1"`) };
    assert.throws(
      wrong((all) => all.delete(name)),
      expected,
    );
    assert.throws(
      wrong((all) => all.set(name, { shape: [1], data: new Float32Array(1) })),
      expected,
    );
  });
}

test('leaks stay leaks, however large the steps', () => {
  const network = networkOf(specOf('leaky'));
  const before = network.stateDict();
  network.setBatch(batchOf());
  for (let step = 0; step < 40; step++) network.trainStep({ ...ADAM, learningRate: 0.5 });
  const after = network.stateDict();
  const leaks = [0, 1].flatMap((layer) => [...after.get(`leaky.leak_l${layer}`)!.data]);
  assert.ok(
    leaks.every((leak) => leak >= Math.fround(0.001) && leak <= 1),
    `${leaks}`,
  );
  assert.ok(leaks.includes(1) || leaks.includes(Math.fround(0.001)), 'the bounds were met');
  assert.notDeepEqual(entries(after), entries(before));
});

/** Everything but the head, which is what must stay. */
const echo = (tensors: Tensors) => entries(tensors).filter(([name]) => !String(name).startsWith('head.'));

test('esn: only the head learns, from fresh and from loaded parameters', () => {
  const network = networkOf(specOf('esn'));
  const fresh = network.stateDict();
  network.setBatch(batchOf());
  for (let step = 0; step < 10; step++) network.trainStep({ ...ADAM, weightDecay: 0.1 });
  assert.deepEqual(echo(network.stateDict()), echo(fresh));
  assert.notDeepEqual([...network.stateDict().get('head.weight')!.data], [...fresh.get('head.weight')!.data]);
  for (const other of [networkOf(specOf('esn'), 'other'), new QuantileNetwork(specOf('esn'), CAPACITY)]) {
    other.loadStateDict(fresh);
    other.setBatch(batchOf());
    for (let step = 0; step < 10; step++) other.trainStep(ADAM);
    assert.deepEqual(echo(other.stateDict()), echo(fresh));
  }
});

test('esn: an echo fades: the recurrent weights have the spectral radius 0.9', () => {
  const size = 24;
  const { data } = networkOf({ ...specOf('esn'), hiddenSize: size })
    .stateDict()
    .get('esn.weight_hh_l0')!;
  // Gelfand: ‖Wᵏ‖^(1/k) → ρ. W is squared eight times over: k = 256.
  let power = Float64Array.from(data);
  let logSize = 0;
  for (let square = 0; square < 8; square++) {
    const next = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        for (let p = 0; p < size; p++) next[i * size + j] += power[i * size + p] * power[p * size + j];
    const norm = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    logSize = 2 * logSize + Math.log(norm);
    power = next.map((value) => value / norm);
  }
  const radius = Math.exp(logSize / 256);
  assert.ok(Math.abs(radius - 0.9) < 0.02, `${radius}`);
});
