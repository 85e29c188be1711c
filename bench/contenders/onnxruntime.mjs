/** onnxruntime-node: the forward pass of an LSTM node, and one live step of it. Argument: threads. */
import { arraysOf, sum } from '../data.mjs';
import { lstmModel } from '../onnx/lstm-model.mjs';
import { serve, serveMissing } from '../serve.mjs';

const threads = Number(process.argv[2] ?? 1);
const ort = await import('onnxruntime-node').then(
  (module) => module.default,
  (error) => serveMissing(`onnxruntime-node does not load (${error.message.split('\n')[0]}); npm ci in bench/`),
);

async function prepare(shape) {
  if (shape.cell !== 'lstm' || !['forward', 'stream'].includes(shape.kind))
    return { unsupported: 'only the forward pass of LSTMs: it does not train' };
  const arrays = arraysOf(shape);
  const session = await ort.InferenceSession.create(lstmModel(shape, arrays), {
    intraOpNumThreads: threads,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  return shape.kind === 'forward' ? await forward(session, shape, arrays) : await stream(session, shape);
}

const tensor = (data, ...shape) => new ort.Tensor('float32', data, shape);
const zeroState = ({ B, H }) => tensor(new Float32Array(B * H), 1, B, H);

async function forward(session, shape, arrays) {
  const { T, B, I } = shape;
  const feeds = { X: tensor(arrays.x, T, B, I), h0: zeroState(shape), c0: zeroState(shape) };
  const run = () => session.run(feeds, ['Y']);
  const { Y } = await run();
  return { run, checks: { sumY: sum(Y.data) } };
}

/** The state goes out to the caller and back in at every step. */
async function stream(session, shape) {
  const { x } = arraysOf({ ...shape, T: 100 });
  let [h, c] = [zeroState(shape), zeroState(shape)];
  const step = async (value) => {
    const { hT, cT } = await session.run({ X: tensor(Float32Array.of(value), 1, 1, 1), h0: h, c0: c }, ['hT', 'cT']);
    h = hT;
    c = cT;
    return h.data;
  };
  let total = 0;
  for (const value of x) total += sum(await step(value));
  return { run: () => step(x[0]), repeats: 200, checks: { sumY: total } };
}

if (ort !== undefined) await serve({ versions: { 'onnxruntime-node': ort.env.versions.node }, prepare });
