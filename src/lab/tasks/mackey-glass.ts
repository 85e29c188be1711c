import { ESN } from '../../nn/esn.js';
import type { ESNOptions } from '../../nn/esn-options.js';
import { Random } from '../../random.js';
import { nrmse, varianceOf } from './nrmse.js';
import type { SeriesRun } from './series-task.js';

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

/** What suits the series; `ridge` almost none, since there is no noise. */
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

/** Steps ahead that are compared; free steps that a run shows. */
const [HORIZON, SHOWN] = [84, 600];

/**
 * The NRMSE 84 steps ahead on Mackey–Glass: a network learns 3000 points one step ahead with teacher forcing; then, on
 * another series, it is run on the truth up to each of `starts` points, 20 apart, and freely for 84 steps from there. The
 * error is over the 84th steps, relative to the variance of the series. Beside it the error of the last value.
 * Source: Jaeger 2001; Jaeger & Haas 2004.
 */
export function mackeyGlass84(
  reservoirSize: number,
  seed: number,
  { starts = 100, ...options }: Partial<ESNOptions> & { starts?: number } = {},
): SeriesRun {
  const began = performance.now();
  const network = new ESN({ ...MACKEY_GLASS_OPTIONS, reservoirSize, seed, ...options });
  const train = mackeyGlass(network.options.washout + 3001, new Random(`train ${seed}`));
  network.fit(train.subarray(0, -1), train.subarray(1));
  const [between, first] = [20, 1000];
  const truth = mackeyGlass(first + starts * between + Math.max(HORIZON, SHOWN), new Random(`test ${seed}`));
  const predicted = new Float64Array(starts);
  const last = new Float64Array(starts);
  const targets = new Float64Array(starts);
  network.resetState();
  let { state } = network.run(truth.subarray(0, first));
  const shown = [state.y[0], ...network.generate(SHOWN - 1).output];
  for (let k = 0; k < starts; k++) {
    const next = first + k * between;
    // The last output is the first step ahead; 83 more follow.
    predicted[k] = network.generate(HORIZON - 1, { state }).output[HORIZON - 2];
    last[k] = truth[next - 1];
    targets[k] = truth[next + HORIZON - 1];
    ({ state } = network.run(truth.subarray(next, next + between), { state }));
  }
  const variance = varianceOf(truth);
  return {
    ...{ task: 'mackey-glass', what: `${HORIZON} steps ahead`, seed, reservoirSize },
    nrmse: nrmse(predicted, targets, variance),
    simple: { name: 'the last value', nrmse: nrmse(last, targets, variance) },
    seconds: (performance.now() - began) / 1000,
    shown: { truth: [...truth.subarray(first, first + SHOWN)], output: shown },
  };
}
