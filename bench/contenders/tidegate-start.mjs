/** How long a fresh process takes from nothing to full speed: JSON of milliseconds by what was done. */
const began = performance.now();
await import('../../dist/nn-entry.js');
const loaded = performance.now();
const { compileMilliseconds } = await import('../../dist/engine/tier.js');
const { Network } = await import('../../dist/engine/index.js');
const { arraysOf } = await import('../data.mjs');

const [B, T, I, H] = [32, 48, 8, 64];
const { x, target } = arraysOf({ cell: 'lstm', B, T, I, H });
const layers = [
  { kind: 'lstm', inputSize: I, hiddenSize: H },
  { kind: 'linear', inputSize: H, outputSize: 1 },
];
const building = performance.now();
const network = new Network(layers, { steps: T, batch: B, training: true }, { threads: 1 });
network.setBatch(x, target, T, B);
const built = performance.now();
const steps = Array.from({ length: 40 }, (_, k) => {
  const begin = performance.now();
  network.trainStep({ levels: [0.5], learningRate: 1e-3, clipNorm: 1, step: k + 1 });
  return performance.now() - begin;
});
console.log(
  JSON.stringify({
    'load the modules': loaded - began,
    'build the first network': built - building,
    'of that, compile the tier': compileMilliseconds(network.tier),
    'first training step': steps[0],
    'second training step': steps[1],
    'fortieth training step': steps[39],
  }),
);
