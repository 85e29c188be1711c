import { ESN } from '../../nn/esn.js';
import type { ESNOptions } from '../../nn/esn-options.js';
import { Random } from '../../random.js';
import { type Driven, linearFilter } from './linear-filter.js';
import { nrmse } from './nrmse.js';
import type { SeriesRun } from './series-task.js';

/**
 * NARMA of order 10: u uniform in [0, 0.5),
 *   y_{t+1} = 0.3·y_t + 0.05·y_t·Σ_{i=0..9} y_{t−i} + 1.5·u_{t−9}·u_t + 0.1
 * `u[t]` goes with `y[t]` = y_{t+1}, the first value that u_t has a part in. Source: Atiya & Parlos 2000; Jaeger 2003.
 */
export function narma10(length: number, random: Random): Driven {
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

export const NARMA10_OPTIONS = {
  inputSize: 1,
  spectralRadius: 0.9,
  leak: 1,
  inputScaling: 0.1,
  biasScaling: 0.3,
  ridge: 1e-9,
  washout: 200,
} as const;

/** Steps that a run shows. */
const SHOWN = 200;

/** NRMSE on 2000 steps of NARMA10 after learning from 2000: the network's, and that of a linear filter of 20 taps. */
export function narma10Error(reservoirSize: number, seed: number, options: Partial<ESNOptions> = {}): SeriesRun {
  const began = performance.now();
  const network = new ESN({ ...NARMA10_OPTIONS, reservoirSize, seed, ...options });
  const { washout } = network.options;
  const train = narma10(washout + 2000, new Random(`narma train ${seed}`));
  const test = narma10(washout + 2000, new Random(`narma test ${seed}`));
  network.fit(train.u, train.y);
  network.resetState();
  const targets = test.y.subarray(washout);
  const output = network.run(test.u).output.subarray(washout);
  return {
    ...{ task: 'narma10', what: 'one step', seed, reservoirSize },
    nrmse: nrmse(output, targets),
    simple: { name: 'linear filter, 20 taps', nrmse: nrmse(linearFilter(train, test.u, washout, 20), targets) },
    seconds: (performance.now() - began) / 1000,
    shown: { truth: [...targets.subarray(0, SHOWN)], output: [...output.subarray(0, SHOWN)] },
  };
}
