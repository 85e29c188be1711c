/** A function of several numbers. `gradient` is asked for at the point of the last `value` only. */
export interface Objective {
  value(z: Float64Array): number;
  gradient(z: Float64Array, dz: Float64Array): void;
}

export interface SearchLimits {
  readonly iterations: number;
  /** Stops when two iterations together gain less. */
  readonly gain: number;
  /** Farthest that one coordinate goes in an iteration. */
  readonly step: number;
}

/**
 * Quasi-Newton descent (BFGS with backtracking): moves z to a local minimum. At an infinite value steps are shortened.
 * Source: Nocedal & Wright 2006, algorithm 6.1.
 * @param curvature guesses of the second derivatives [d]
 * @returns the value at z; Infinity if it was that at the start
 */
export function minimise(
  objective: Objective,
  z: Float64Array,
  curvature: ArrayLike<number>,
  { iterations, gain, step }: SearchLimits,
): number {
  const d = z.length;
  let value = objective.value(z);
  if (!Number.isFinite(value)) return value;
  const inverse = new InverseHessian(curvature);
  const dz = new Float64Array(d);
  const next = new Float64Array(d);
  const dNext = new Float64Array(d);
  const move = new Float64Array(d);
  const change = new Float64Array(d);
  objective.gradient(z, dz);
  let lastGain = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < iterations; iteration++) {
    inverse.times(dz, move);
    let slope = 0;
    let longest = 0;
    for (let i = 0; i < d; i++) {
      move[i] = -move[i];
      slope += move[i] * dz[i];
      longest = Math.max(longest, Math.abs(move[i]));
    }
    if (!(slope < 0)) break;
    let length = Math.min(1, step / longest);
    let nextValue = Number.POSITIVE_INFINITY;
    for (let trial = 0; ; trial++) {
      for (let i = 0; i < d; i++) next[i] = z[i] + length * move[i];
      nextValue = objective.value(next);
      if (nextValue <= value + 1e-4 * length * slope) break;
      if (trial === MOST_TRIALS) return value;
      length *= shortening(nextValue - value, length * slope);
    }
    objective.gradient(next, dNext);
    for (let i = 0; i < d; i++) {
      move[i] = next[i] - z[i];
      change[i] = dNext[i] - dz[i];
    }
    inverse.learn(move, change);
    const thisGain = value - nextValue;
    z.set(next);
    dz.set(dNext);
    value = nextValue;
    if (thisGain + lastGain < gain) break;
    lastGain = thisGain;
  }
  return value;
}

const MOST_TRIALS = 12;

/** To the lowest point of the parabola with this slope at 0 and this rise at 1, within limits. */
function shortening(rise: number, slope: number): number {
  return Number.isFinite(rise) ? Math.min(0.5, Math.max(0.1, -slope / (2 * (rise - slope)))) : 0.3;
}

/** Estimate of the inverse matrix of second derivatives. */
class InverseHessian {
  readonly #d: number;
  readonly #h: Float64Array;
  readonly #image: Float64Array;

  constructor(curvature: ArrayLike<number>) {
    const d = curvature.length;
    this.#d = d;
    this.#h = new Float64Array(d * d);
    this.#image = new Float64Array(d);
    for (let i = 0; i < d; i++) this.#h[i * d + i] = 1 / curvature[i];
  }

  /** out ← H·v */
  times(v: Float64Array, out: Float64Array): void {
    const [d, h] = [this.#d, this.#h];
    for (let i = 0; i < d; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += h[i * d + j] * v[j];
      out[i] = sum;
    }
  }

  /** H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ for a move s and the gradient's change y, ρ = 1/yᵀs; nothing where yᵀs is not above zero. */
  learn(s: Float64Array, y: Float64Array): void {
    const [d, h, image] = [this.#d, this.#h, this.#image];
    let product = 0;
    for (let i = 0; i < d; i++) product += s[i] * y[i];
    if (!(product > 1e-12)) return;
    this.times(y, image);
    let quadratic = 0;
    for (let i = 0; i < d; i++) quadratic += y[i] * image[i];
    const outer = (1 + quadratic / product) / product;
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) h[i * d + j] += outer * s[i] * s[j] - (image[i] * s[j] + s[i] * image[j]) / product;
  }
}
