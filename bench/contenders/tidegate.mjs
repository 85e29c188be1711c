/** Tidegate. Arguments: threads, and the kernel tier (left out: the best that this Node can run). */
import { TRAINING } from '../cases.mjs';
import { arraysOf, reservoirArrays, sum, sumAbs } from '../data.mjs';
import { serve } from '../serve.mjs';
import { ESN, engineInfo, forwardRun, gather, layerRun, networkOf, stepRun, streamRun } from './tidegate-engine.mjs';

const threads = Number(process.argv[2] ?? 1);
const tier = process.argv[3];
const { tier: best, tiers } = engineInfo();

/** Batches from which on the engine shares out its work. */
const SHARED_BATCH = 16;
const PREPARE = { layer, step, forward, stream, esn, fleet };

const name = tier === undefined ? 'Tidegate' : `Tidegate ${tier}`;
await serve({ versions: { [name]: `tier ${tier ?? best}` }, prepare });

function prepare(shape) {
  if (tier !== undefined && !tiers.includes(tier))
    return { unsupported: `tier ${tier} is not available; there are ${tiers}` };
  return PREPARE[shape.kind](shape);
}

/** What `use` makes of a network, once its threads have come. */
async function withNetwork(shape, arrays, capacity, use) {
  if (threads > 1 && shape.B < SHARED_BATCH) return { unsupported: 'a batch of fewer than 16 is not shared out' };
  const network = networkOf(shape, arrays, capacity, { tier, threads });
  const contest = use(network);
  await gather(network, contest.run);
  return contest;
}

function layer(shape) {
  const arrays = arraysOf(shape);
  return withNetwork(shape, arrays, { training: true }, (network) => {
    const { run, y, gradient, dX } = layerRun(network, arrays, shape);
    run();
    const checks = {
      sumY: sum(y),
      sumAbsDWx: sumAbs(gradient('0.weight_ih')),
      sumAbsDWh: sumAbs(gradient('0.weight_hh')),
      sumAbsDb: sumAbs(gradient('0.bias')),
      sumAbsDX: sumAbs(dX()),
    };
    return { run, checks };
  });
}

function step(shape) {
  const arrays = arraysOf(shape);
  return withNetwork(shape, arrays, { head: true, training: true }, (network) => {
    const run = stepRun(network, arrays, shape, TRAINING);
    return { run, checks: { loss1: run(), loss2: run(), loss3: run() } };
  });
}

function forward(shape) {
  const arrays = arraysOf(shape);
  return withNetwork(shape, arrays, {}, (network) => {
    const { run, y } = forwardRun(network, arrays, shape);
    run();
    return { run, checks: { sumY: sum(y) } };
  });
}

function stream(shape) {
  const { x } = arraysOf({ ...shape, T: 100 });
  return withNetwork(shape, arraysOf(shape), {}, (network) => {
    const run = streamRun(network, shape);
    const input = x.subarray(0, 1);
    let total = 0;
    for (let t = 0; t < 100; t++) total += sum(run(x.subarray(t, t + 1)));
    return { run: () => run(input), repeats: 1000, checks: { sumY: total } };
  });
}

function esn({ units, steps }) {
  if (threads > 1) return { unsupported: 'the echo state network has one thread' };
  const { perRow, columns, values, Wx, b, out, x } = reservoirArrays({ units, steps });
  const Wh = new Float64Array(units * units);
  columns.forEach((column, k) => {
    Wh[Math.floor(k / perRow) * units + column] += values[k];
  });
  const network = new ESN({ inputSize: 1, reservoirSize: units, density: perRow / units });
  const tensor = (data, ...shape) => ({ shape, data: Float64Array.from(data) });
  network.loadStateDict({
    weight_ih_l0: tensor(Wx, units, 1),
    weight_hh_l0: tensor(Wh, units, units),
    bias_ih_l0: tensor(b, units),
    weight_out: tensor(out, 1, 2 + units),
  });
  const input = Float64Array.from(x);
  const run = () => {
    network.resetState();
    return network.run(input).output;
  };
  return { run, checks: { sumY: sum(run()) } };
}

function fleet(shape) {
  const arrays = arraysOf(shape);
  return withNetwork(shape, arrays, {}, (network) => {
    const step = streamRun(network, shape);
    const input = arrays.x;
    return { run: () => step(input), checks: {} };
  });
}
