import { inputError } from '../../errors.js';
import { ESN } from '../../nn/esn.js';
import { nrmse } from './nrmse.js';
import type { SeriesRun } from './series-task.js';

/** Chosen on the last 300 of the first 1000 points; the 100 after them had no part in it. */
const LASER = {
  inputSize: 1,
  spectralRadius: 0.9,
  inputScaling: 0.25,
  biasScaling: 0.2,
  ridge: 1e-6,
  washout: 100,
} as const;

/** Points that are known, and the ones after them that are asked for, as in the competition of 1991. */
const [KNOWN, ASKED] = [1000, 100];

/**
 * The far-infrared laser of the Santa Fe competition (data set A; Weigend & Gershenfeld 1994), whose intensities 0 … 255 are not
 * part of this package: a network learns the first 1000 points one step ahead, then says each of the next 100 from those
 * before it (`one step`), or all of them from its own outputs (`free run`), which are kept within what the sensor has shown.
 *
 * @param intensities at least 1100 of them
 * @throws input error `series_too_short`, `bad_values`
 */
export function laserError(
  intensities: Float64Array,
  reservoirSize: number,
  seed: number,
  what: 'one step' | 'free run',
): SeriesRun {
  const needed = KNOWN + ASKED;
  if (intensities.length < needed)
    throw inputError(
      'series_too_short',
      `the laser's file has ${intensities.length} numbers; ${needed} are needed. Give the whole data set A.`,
    );
  const wrong = intensities.findIndex((value) => !(value >= 0 && value <= 255));
  if (wrong >= 0)
    throw inputError(
      'bad_values',
      `number ${wrong + 1} of the laser's file is ${intensities[wrong]}; intensities are from 0 to 255. Give the data set as published.`,
    );
  const began = performance.now();
  const series = intensities.map((value) => value / 128 - 0.5);
  const known = series.subarray(0, KNOWN);
  const network = new ESN({ ...LASER, reservoirSize, seed });
  network.fit(known.subarray(0, -1), known.subarray(1));
  const targets = series.subarray(KNOWN, needed);
  const output =
    what === 'one step' ? network.run(series.subarray(KNOWN - 1, needed - 1)).output : freeRun(network, known);
  const simple = targets.map((_, t) => series[what === 'one step' ? KNOWN - 1 + t : KNOWN - 1]);
  return {
    ...{ task: 'santa-fe-laser', what, seed, reservoirSize },
    nrmse: nrmse(output, targets),
    simple: { name: 'the last value', nrmse: nrmse(simple, targets) },
    seconds: (performance.now() - began) / 1000,
    shown: { truth: [...targets], output: [...output] },
  };
}

function freeRun(network: ESN, known: Float64Array): Float64Array {
  const [low, high] = [Math.min(...known), Math.max(...known)];
  let last = known[known.length - 1];
  return new Float64Array(ASKED).map(() => {
    last = Math.min(high, Math.max(low, network.run(Float64Array.of(last)).output[0]));
    return last;
  });
}
