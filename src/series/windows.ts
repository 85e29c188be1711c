/**
 * Moving windows over one series: at every step the network sees the last `inputSteps` values and answers with
 * the whole horizon. Each window is normalised by its own level, its last value, which is subtracted from input
 * and target alike. Source: Hewamalage, Bergmeir & Bandara 2021, section 4.2.
 */

/** One run of consecutive windows of one series: a sequence for the recurrent network. */
export interface WindowRun {
  /** [steps][inputSteps] normalised values, the oldest first; before the series begins its first value stands in. */
  readonly input: Float32Array;
  /** [steps][horizon] normalised targets; NaN where unknown (past the end, or missing). */
  readonly target: Float32Array;
  /** [steps] the subtracted level of each window. */
  readonly level: Float64Array;
  readonly steps: number;
}

/**
 * The windows that end at positions `from` … `to − 1` of `z`.
 * @param z complete values (inputs)
 * @param observed the same with NaN where the value was not observed: those are no targets
 */
export function windowRun(
  z: Float64Array,
  observed: ArrayLike<number>,
  from: number,
  to: number,
  inputSteps: number,
  horizon: number,
): WindowRun {
  const steps = to - from;
  const input = new Float32Array(steps * inputSteps);
  const target = new Float32Array(steps * horizon).fill(Number.NaN);
  const level = new Float64Array(steps);
  for (let s = 0; s < steps; s++) {
    const end = from + s;
    const base = z[end];
    level[s] = base;
    for (let k = 0; k < inputSteps; k++) {
      input[s * inputSteps + k] = z[Math.max(0, end - inputSteps + 1 + k)] - base;
    }
    // A window that ends in a gap ends on the way to the next observed value: it may not be asked for that.
    if (Number.isNaN(observed[end])) continue;
    for (let k = 0; k < horizon && end + 1 + k < z.length; k++) {
      if (!Number.isNaN(observed[end + 1 + k])) target[s * horizon + k] = z[end + 1 + k] - base;
    }
  }
  return { input, target, level, steps };
}
