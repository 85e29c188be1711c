/**
 * Series that echo state networks have been measured on since Jaeger 2001, and the measurements, as published.
 * For the tests beside it and for bench/esn.mjs.
 */
import { ridgeRegression } from '../cells/ridge.js';
import { Random } from '../random.js';
import { ESN } from './esn.js';
import type { ESNOptions } from './esn-options.js';

/** √(mean squared error / variance of the targets). */
export function nrmse(predicted: ArrayLike<number>, targets: Float64Array, variance = varianceOf(targets)): number {
  let sum = 0;
  for (let k = 0; k < targets.length; k++) sum += (predicted[k] - targets[k]) * (predicted[k] - targets[k]);
  return Math.sqrt(sum / targets.length / variance);
}

export function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
}

/**
 * The Mackey–Glass series, τ = 17, chaotic:
 *   dy/dt = 0.2·y(t−τ)/(1 + y(t−τ)¹⁰) − 0.1·y
 * by Euler steps of 0.1, one point per unit of time, squashed by tanh(y − 1). The history before t = 0 is random around
 * 1.2, and the first 1000 points are dropped. Source: Jaeger 2001, GMD report 148, section 5.3.
 */
export function mackeyGlass(length: number, random: Random): Float64Array {
  const [stepsPerPoint, dropped] = [10, 1000];
  const history = new Float64Array(17 * stepsPerPoint).map(() => 1.2 + random.uniform(-0.1, 0.1));
  const series = new Float64Array(length);
  let y = 1.2;
  for (let step = 0; step < (dropped + length) * stepsPerPoint; step++) {
    const slot = step % history.length;
    const past = history[slot];
    history[slot] = y;
    const past5 = past * past * past * past * past;
    y += (1 / stepsPerPoint) * ((0.2 * past) / (1 + past5 * past5) - 0.1 * y);
    const point = (step + 1) / stepsPerPoint - dropped - 1;
    if (Number.isInteger(point) && point >= 0) series[point] = Math.tanh(y - 1);
  }
  return series;
}

/**
 * NARMA of order 10: u uniform in [0, 0.5),
 *   y_{t+1} = 0.3·y_t + 0.05·y_t·Σ_{i=0..9} y_{t−i} + 1.5·u_{t−9}·u_t + 0.1
 * `u[t]` goes with `y[t]` = y_{t+1}, the first value that u_t has a part in. Source: Atiya & Parlos 2000; Jaeger 2003.
 */
export function narma10(length: number, random: Random): { u: Float64Array; y: Float64Array } {
  const u = new Float64Array(length).map(() => random.uniform(0, 0.5));
  const y = new Float64Array(length);
  const at = (values: Float64Array, t: number) => (t < 0 ? 0 : values[t]);
  for (let t = 0; t < length; t++) {
    let sum = 0;
    for (let i = 1; i <= 10; i++) sum += at(y, t - i);
    y[t] = 0.3 * at(y, t - 1) + 0.05 * at(y, t - 1) * sum + 1.5 * at(u, t - 9) * u[t] + 0.1;
  }
  return { u, y };
}

export const MACKEY_GLASS_OPTIONS = {
  inputSize: 1,
  spectralRadius: 0.8,
  leak: 0.5,
  density: 0.01,
  inputScaling: 1,
  biasScaling: 0.4,
  ridge: 1e-15,
  washout: 200,
} as const;

/**
 * The NRMSE 84 steps ahead on Mackey–Glass: a network learns 3000 points one step ahead with teacher forcing; then, on
 * another series, it is run on the truth up to each of `starts` points, 20 apart, and freely for 84 steps from there. The
 * error is over the 84th steps, relative to the variance of the series.
 */
export function mackeyGlass84(
  reservoirSize: number,
  seed: number,
  { starts = 100, ...options }: Partial<ESNOptions> & { starts?: number } = {},
): { nrmse: number; seconds: { build: number; fit: number } } {
  const began = performance.now();
  const network = new ESN({ ...MACKEY_GLASS_OPTIONS, reservoirSize, seed, ...options });
  const built = performance.now();
  const train = mackeyGlass(network.options.washout + 3001, new Random(`train ${seed}`));
  network.fit(train.subarray(0, -1), train.subarray(1));
  const fitted = performance.now();
  const [horizon, between, first] = [84, 20, 1000];
  const truth = mackeyGlass(first + starts * between + horizon, new Random(`test ${seed}`));
  const predicted = new Float64Array(starts);
  const targets = new Float64Array(starts);
  network.resetState();
  let { state } = network.run(truth.subarray(0, first));
  for (let k = 0; k < starts; k++) {
    const next = first + k * between;
    // The last output is the first step ahead; 83 more follow.
    predicted[k] = network.generate(horizon - 1).output[horizon - 2];
    targets[k] = truth[next + horizon - 1];
    ({ state } = network.run(truth.subarray(next, next + between), { state }));
  }
  return {
    nrmse: nrmse(predicted, targets, varianceOf(truth)),
    seconds: { build: (built - began) / 1000, fit: (fitted - built) / 1000 },
  };
}

export const NARMA10_OPTIONS = {
  inputSize: 1,
  spectralRadius: 0.9,
  leak: 1,
  inputScaling: 0.1,
  biasScaling: 0.3,
  ridge: 1e-9,
  washout: 200,
} as const;

/** NRMSE on 2000 steps of NARMA10 after learning from 2000: the network's, and that of a linear filter of 20 taps. */
export function narma10Error(
  reservoirSize: number,
  seed: number,
  options: Partial<ESNOptions> = {},
): { esn: number; linear: number } {
  const network = new ESN({ ...NARMA10_OPTIONS, reservoirSize, seed, ...options });
  const { washout } = network.options;
  const train = narma10(washout + 2000, new Random(`narma train ${seed}`));
  const test = narma10(washout + 2000, new Random(`narma test ${seed}`));
  network.fit(train.u, train.y);
  network.resetState();
  const targets = test.y.subarray(washout);
  return {
    esn: nrmse(network.run(test.u).output.subarray(washout), targets),
    linear: nrmse(linearFilter(train, test.u, washout, 20), targets),
  };
}

/** Least-squares filter on the last `taps` inputs, learned from `train` and run over u, both after `washout` steps. */
function linearFilter(
  train: { u: Float64Array; y: Float64Array },
  u: Float64Array,
  washout: number,
  taps: number,
): Float64Array {
  const sizes = { M: taps + 1, O: 1 };
  const rows = train.u.length - washout;
  const columns = new Float64Array((sizes.M + 1) * rows).fill(1, 0, rows);
  for (let tap = 0; tap < taps; tap++)
    columns.set(train.u.subarray(washout - tap, train.u.length - tap), (tap + 1) * rows);
  columns.set(train.y.subarray(washout), sizes.M * rows);
  const W = new Float64Array(sizes.M);
  ridgeRegression(W, new Float64Array(sizes.M * (sizes.M + 1)), columns, rows, 0, sizes);
  return new Float64Array(u.length - washout).map((_, t) => {
    let sum = W[0];
    for (let tap = 0; tap < taps; tap++) sum += W[tap + 1] * u[washout + t - tap];
    return sum;
  });
}
