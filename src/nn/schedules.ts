/** Learning rates as functions of the number of update steps done so far. */

import { usageError } from '../errors.js';
import { power } from '../math/index.js';

/** `step` counts from 0. */
export type Schedule = (step: number) => number;

/** The same rate at every step. @throws TidegateError `invalid_option` */
export function constantRate(rate: number): Schedule {
  checkNumbers('constantRate', { rate });
  return () => rate;
}

/**
 * From `rate` down to `least` (default 0) along half a cosine over `steps` steps, and `least` from there on, after a linear
 * rise over the first `warmup` steps (default 0): step 0 of 4 has rate/4, step 3 the whole rate.
 *   least + (rate − least)·½·(1 + cos(π·(step − warmup)/(steps − warmup)))
 * Source: Loshchilov & Hutter 2017, eq. 5.
 *
 * @throws TidegateError `invalid_option`
 *
 * @example
 * const rate = cosineRate(0.1, { steps: 100 });
 * [rate(0), rate(50), rate(100)]; // [0.1, 0.05, 0]
 */
export function cosineRate(
  rate: number,
  options: { steps: number; least?: number | undefined; warmup?: number | undefined },
): Schedule {
  const { steps, least = 0, warmup = 0 } = options;
  checkNumbers('cosineRate', { rate, steps, least, warmup });
  if (!(warmup < steps))
    throw usageError('invalid_option', `cosineRate needs warmup below steps, got ${warmup} and ${steps}.`);
  return (step) => {
    if (step < warmup) return (rate * (step + 1)) / warmup;
    return least + (rate - least) * fallingHalfCosine(Math.min(1, (step - warmup) / (steps - warmup)));
  };
}

/** `rate` times `factor` for every `every` steps done. @throws TidegateError `invalid_option` */
export function stepRate(rate: number, { every, factor }: { every: number; factor: number }): Schedule {
  checkNumbers('stepRate', { rate, every, factor });
  if (!(every > 0)) throw usageError('invalid_option', `stepRate needs every > 0, got ${every}.`);
  return (step) => rate * power(factor, Math.floor(step / every));
}

/**
 * ½·(1 + cos πx) for x in [0, 1] = ½·(1 + sin(π·(½ − x))), by the Taylor series of the sine: Math.cos differs between engine
 * versions. The second half mirrors the first, so that the end is 0 to the bit.
 */
function fallingHalfCosine(x: number): number {
  if (x > 0.5) return 1 - fallingHalfCosine(1 - x);
  const angle = Math.PI * (0.5 - x);
  const square = angle * angle;
  let series = 1;
  for (let k = 22; k >= 2; k -= 2) series = 1 - (series * square) / (k * (k + 1));
  return 0.5 * (1 + angle * series);
}

function checkNumbers(what: string, numbers: Record<string, number>): void {
  for (const [name, value] of Object.entries(numbers))
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw usageError('invalid_option', `${what} needs a finite ${name} ≥ 0, got ${value}.`);
}
