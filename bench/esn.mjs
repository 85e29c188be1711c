/**
 * Echo state networks on the series they are known for: Mackey–Glass 84 steps ahead, NARMA10, and the laser of the Santa
 * Fe competition. Medians over five seeds, beside the published figures.
 *
 * Usage: node bench/esn.mjs [santa-fe-laser.csv]      (after npm run build; the laser is skipped without its file)
 * The file: one number per line, the last of its comma-separated fields, with a header line; the competition trains on
 * the first 1000 and forecasts the next 100.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { mackeyGlass84, narma10Error, nrmse } from '../dist/nn/benchmark-series.test.support.js';
import { ESN } from '../dist/nn/esn.js';

const SEEDS = [1, 2, 3, 4, 5];
/** Chosen on the last 300 of the first 1000 points; the 100 after them had no part in it. */
const LASER = {
  inputSize: 1,
  reservoirSize: 500,
  spectralRadius: 0.9,
  inputScaling: 0.25,
  biasScaling: 0.2,
  ridge: 1e-6,
  washout: 100,
};
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const short = (value) => (value < 0.01 ? value.toExponential(1) : value.toFixed(3));
const row = (task, size, values, published, seconds = '') =>
  console.log(
    `${task.padEnd(44)}${String(size).padStart(5)}  ${short(median(values)).padEnd(8)}  ${values.map(short).join(' ').padEnd(40)}  ${published.padEnd(34)}${seconds}`,
  );

console.log(`${cpus()[0].model}, Node ${process.version}. NRMSE = √(mean squared error / variance)`);
console.log(`${'task'.padEnd(44)}${'N'.padStart(5)}  ${'median'.padEnd(8)}  ${`seeds ${SEEDS}`.padEnd(40)}  published`);

for (const [size, published] of [
  [400, '2.8e-4 (Jaeger 2001)'],
  [1000, '6.3e-5 (Jaeger & Haas 2004)'],
]) {
  const runs = SEEDS.map((seed) => mackeyGlass84(size, seed));
  const seconds = (part) => median(runs.map((run) => run.seconds[part])).toFixed(2);
  row(
    'Mackey-Glass, 84 steps ahead',
    size,
    runs.map((run) => run.nrmse),
    published,
    `build ${seconds('build')} s, fit ${seconds('fit')} s`,
  );
}

for (const size of [200, 400]) {
  const runs = SEEDS.map((seed) => narma10Error(size, seed));
  row(
    'NARMA10, one step',
    size,
    runs.map((run) => run.esn),
    `linear filter, 20 taps: ${short(median(runs.map((run) => run.linear)))}`,
  );
}

const file = process.argv[2];
if (file === undefined || !existsSync(file)) {
  console.log('Santa Fe laser: skipped, no file given');
} else {
  const intensities = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',').at(-1)));
  laser(Float64Array.from(intensities, (value) => value / 128 - 0.5));
}

/** One step ahead on the points after those known, and the 100 after the first 1000 in free run. */
function laser(series) {
  const oneStep = (seed, from, to) => {
    const network = new ESN({ ...LASER, seed });
    network.fit(series.subarray(0, from - 1), series.subarray(1, from));
    const { output } = network.run(series.subarray(from - 1, to - 1));
    return nrmse(output, series.subarray(from, to));
  };
  // Outputs are kept within what the sensor has shown so far, as any forecaster of a bounded signal would.
  const freeRun = (seed) => {
    const known = series.subarray(0, 1000);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const network = new ESN({ ...LASER, seed });
    network.fit(known.subarray(0, -1), known.subarray(1));
    const forecast = new Float64Array(100);
    let last = known[999];
    for (let t = 0; t < 100; t++) {
      last = Math.min(high, Math.max(low, network.run(Float64Array.of(last)).output[0]));
      forecast[t] = last;
    }
    return nrmse(forecast, series.subarray(1000, 1100));
  };
  const size = LASER.reservoirSize;
  row(
    'laser, one step, 1000 known, next 100',
    size,
    SEEDS.map((seed) => oneStep(seed, 1000, 1100)),
    '',
  );
  row(
    'laser, one step, 5000 known, all 5093 others',
    size,
    SEEDS.map((seed) => oneStep(seed, 5000, series.length)),
    '',
  );
  row('laser, 100 steps free, 1000 known', size, SEEDS.map(freeRun), '');
}
