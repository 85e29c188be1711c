/** TensorFlow.js on its WebAssembly backend: a training step, the forward pass and one live step. It has one thread in Node. */
import { createRequire } from 'node:module';
import { TRAINING } from '../cases.mjs';
import { arraysOf, reordered, sum, transposed } from '../data.mjs';
import { serve, serveMissing } from '../serve.mjs';

const require = createRequire(import.meta.url);
/** Keras has i f c o, as we do, and z r h where we have r z n. */
const GATE_ORDERS = { lstm: [0, 1, 2, 3], 'gru-before': [1, 0, 2], rnn: [0] };
/** Above this a single step takes ten seconds. */
const MOST_OPERATIONS = 1.2e10;

const tf = await load();

async function load() {
  try {
    // The module that the require below gives registers the backend with the tfjs that is required first.
    const loaded = require('@tensorflow/tfjs');
    const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
    const binary = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
    setWasmPaths(binary.slice(0, binary.lastIndexOf('/') + 1));
    await loaded.setBackend('wasm');
    await loaded.ready();
    return loaded;
  } catch (error) {
    serveMissing(`@tensorflow/tfjs does not load (${error.message.split('\n')[0]}); npm ci in bench/`);
  }
}

function prepare(shape) {
  const build = { step, forward, stream }[shape.kind];
  const order = GATE_ORDERS[shape.cell];
  if (build === undefined || order === undefined)
    return { unsupported: 'only training steps, forward passes and live steps of LSTM, GRU (reset before) and RNN' };
  if (Number(process.argv[2] ?? 1) > 1) return { unsupported: 'one thread only in Node' };
  if (shape.B * shape.T * shape.H * shape.H * order.length * 6 > MOST_OPERATIONS)
    return { unsupported: 'a step takes longer than ten seconds' };
  return build(shape, layerOf(shape, arraysOf(shape)), arraysOf(shape));
}

function layerOf({ cell, I, H }, arrays) {
  const make = { lstm: tf.layers.lstm, 'gru-before': tf.layers.gru, rnn: tf.layers.simpleRNN }[cell];
  const layer = make({
    units: H,
    returnSequences: true,
    activation: 'tanh',
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
    ...(cell === 'rnn' ? {} : { recurrentActivation: 'sigmoid' }),
  });
  layer.apply(tf.input({ shape: [null, I] }));
  const rows = GATE_ORDERS[cell].length * H;
  const matrix = (values, columns) =>
    tf.tensor2d(transposed(reordered(values, GATE_ORDERS[cell]), rows, columns), [columns, rows]);
  layer.setWeights([matrix(arrays.Wx, I), matrix(arrays.Wh, H), tf.tensor1d(reordered(arrays.b, GATE_ORDERS[cell]))]);
  return layer;
}

/** Time-major [T,B,K] data as the batch-major tensor [B,T,K] that Keras wants. */
const batchMajor = (values, { T, B }, K) => tf.tidy(() => tf.tensor3d(values, [T, B, K]).transpose([1, 0, 2]));

function step(shape, layer, arrays) {
  const dense = tf.layers.dense({ units: 1 });
  dense.apply(tf.input({ shape: [null, shape.H] }));
  dense.setWeights([tf.tensor2d(arrays.headW, [shape.H, 1]), tf.tensor1d(arrays.headB)]);
  const [x, target] = [batchMajor(arrays.x, shape, shape.I), batchMajor(arrays.target, shape, 1)];
  const { learningRate, beta1, beta2, epsilon } = TRAINING;
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
  const lossOf = () => tf.mean(tf.abs(tf.sub(dense.apply(layer.apply(x)), target))).mul(0.5);
  const variables = [...layer.trainableWeights, ...dense.trainableWeights].map((weight) => weight.val);
  const run = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(lossOf, variables);
      optimizer.applyGradients(clipped(grads));
      return value.dataSync()[0];
    });
  return { run, checks: { loss1: run(), loss2: run(), loss3: run() } };
}

/** Scaled so that the joint norm is at most clipNorm. */
function clipped(gradients) {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const factor = tf.minimum(1, tf.div(TRAINING.clipNorm, tf.add(tf.sqrt(tf.addN(squares)), 1e-6)));
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

function forward(shape, layer, arrays) {
  const x = batchMajor(arrays.x, shape, shape.I);
  const run = () => tf.tidy(() => layer.apply(x).dataSync());
  return { run, checks: { sumY: sum(run()) } };
}

/** The state goes out to the caller and back in at every step. */
function stream(shape, layer) {
  if (shape.cell !== 'lstm') return { unsupported: 'live steps of LSTMs only' };
  const { x } = arraysOf({ ...shape, T: 100 });
  let [h, c] = [new Float32Array(shape.H), new Float32Array(shape.H)];
  const run = (value = x[0]) =>
    tf.tidy(() => {
      const state = [h, c].map((values) => tf.tensor2d(values, [1, shape.H]));
      const [, newH, newC] = layer.cell.call([tf.tensor2d([value], [1, 1]), ...state], {});
      [h, c] = [newH.dataSync(), newC.dataSync()];
      return h;
    });
  let total = 0;
  for (const value of x) total += sum(run(value));
  return { run: () => run(), repeats: 50, checks: { sumY: total } };
}

if (tf !== undefined) await serve({ versions: { 'tfjs-wasm': tf.version_core }, prepare });
