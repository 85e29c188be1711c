import { asin, sin } from '../../../math/index.js';
import { isAdmissible } from './admissible.js';
import {
  ALPHA,
  BETA,
  correctedAkaike,
  type EtsForm,
  GAMMA,
  LEVEL,
  PHI,
  parameterCount,
  periodOf,
  SEASONS,
  SLOPE,
} from './form.js';
import { minimise, type Objective } from './minimise.js';
import type { Recursion } from './recursion.js';
import type { Start } from './start.js';

/** A form with its parameters and initial states of (locally) maximum likelihood. */
export interface EtsFit {
  readonly form: EtsForm;
  /** The vector of form.ts. */
  readonly x: Float64Array;
  /** Variance of the errors, absolute or relative ones. */
  readonly variance: number;
  readonly aicc: number;
}

/** R's bounds: α in [LOW, HIGH], β in [LOW, α], γ in [LOW, 1 − α], φ in [MOST_DAMPED, LEAST_DAMPED]; and the admissible region. */
const LOW = 1e-4;
const HIGH = 0.9999;
const MOST_DAMPED = 0.8;
const LEAST_DAMPED = 0.98;

/** The likelihood's last thousandth does not change a forecast. */
const LIMITS = { iterations: 100, gain: 1e-3, step: 1 };

/**
 * Fits one form. R's ets searches by Nelder & Mead and often stops before the maximum where there are seasonal states;
 * with exact gradients some thirty runs over the series are enough. Null where no start has a likelihood.
 * @param y of the recursion, in units that make it about 1
 */
export function fitForm(recursion: Recursion, form: EtsForm, start: Start): EtsFit | null {
  const likelihood = new FreeLikelihood(recursion, form, start);
  const begin = likelihood.begin();
  if (!begin) return null;
  minimise(likelihood, begin.z, begin.curvature, LIMITS);
  const deviance = likelihood.value(begin.z);
  const n = recursion.y.length;
  const parameters = parameterCount(form, recursion.season);
  // All parameters but the variance itself cost a degree of freedom.
  const variance = recursion.squares / Math.max(1, n - parameters + 1);
  return { form, x: likelihood.x, variance, aicc: correctedAkaike(deviance, parameters, n) };
}

/**
 * The likelihood in coordinates without bounds: a bounded parameter is low + (high − low)·sin² z, a state its start plus
 * its unit times z. All seasonal states are free: to shift (scale) them all and the level back changes nothing.
 */
class FreeLikelihood implements Objective {
  readonly x: Float64Array;
  readonly #recursion: Recursion;
  readonly #form: EtsForm;
  readonly #period: number;
  /** Positions in x of the coordinates, ascending: α is the first. */
  readonly #free: readonly number[];
  readonly #origin: Float64Array;
  readonly #unit: Float64Array;
  readonly #dx: Float64Array;
  readonly #polynomial: Float64Array;

  constructor(recursion: Recursion, form: EtsForm, start: Start) {
    const period = periodOf(form, recursion.season);
    const trended = form.trend !== 'N';
    const seasonal = form.season !== 'N';
    this.#recursion = recursion;
    this.#form = form;
    this.#period = period;
    this.#free = [
      ALPHA,
      ...(trended ? [BETA] : []),
      ...(seasonal ? [GAMMA] : []),
      ...(form.trend === 'Ad' ? [PHI] : []),
      LEVEL,
      ...(trended ? [SLOPE] : []),
      ...(seasonal ? Array.from({ length: period }, (_, i) => SEASONS + i) : []),
    ];
    this.x = new Float64Array(SEASONS + period);
    this.x[PHI] = 1;
    this.x[LEVEL] = trended ? start.intercept : start.mean;
    this.x[SLOPE] = trended ? start.slope : 0;
    if (seasonal) this.x.set(start.seasons, SEASONS);
    this.#origin = this.x.slice();
    this.#unit = new Float64Array(this.x.length);
    this.#dx = new Float64Array(this.x.length);
    this.#polynomial = new Float64Array(period + 2);
  }

  /** Where to start: the likeliest of a few smoothing parameters. Null if none has a likelihood. */
  begin(): { z: Float64Array; curvature: Float64Array } | null {
    const shares = { [BETA]: 0.1, [GAMMA]: 0.1, [PHI]: 0.9 } as Record<number, number>;
    const z = Float64Array.from(this.#free, (position) => angle(shares[position] ?? 0));
    let best = Number.POSITIVE_INFINITY;
    let alpha = 0;
    // An added season that takes forecasts below zero is made smaller.
    for (let shrinks = 0; best === Number.POSITIVE_INFINITY && shrinks < 4; shrinks++) {
      if (shrinks > 0 && this.#form.season !== 'A') return null;
      if (shrinks > 0) for (let i = SEASONS; i < this.#origin.length; i++) this.#origin[i] /= 2;
      for (const share of [0.05, 0.2, 0.5, 0.85]) {
        z[0] = angle(share);
        const value = this.value(z);
        if (value < best) {
          best = value;
          alpha = z[0];
        }
      }
    }
    if (best === Number.POSITIVE_INFINITY) return null;
    z[0] = alpha;
    this.value(z);
    return { z, curvature: this.#chooseUnits() };
  }

  /**
   * Units of the states, and rough second derivatives of the likelihood in all coordinates, by the errors of the last run
   * and by how long a state is remembered. They only make the search shorter.
   */
  #chooseUnits(): Float64Array {
    const { squares, y } = this.#recursion;
    const [alpha, gamma] = [this.x[ALPHA], this.x[GAMMA]];
    const level = Math.abs(this.#origin[LEVEL]);
    const spread = Math.sqrt(Math.max(squares, 1e-20) / y.length);
    const error = this.#form.error === 'M' ? spread * level : spread;
    this.#unit[LEVEL] = error;
    this.#unit[SLOPE] = error * alpha;
    this.#unit.fill(this.#form.season === 'M' ? error / level : error, SEASONS);
    // Σ (1 − rate)^2k over the steps
    const remembered = (rate: number, steps: number) => Math.min(steps, 1 / (1 - (1 - rate) * (1 - rate)));
    return Float64Array.from(this.#free, (position) => {
      if (position < LEVEL) return y.length;
      if (position === LEVEL) return 4 * remembered(alpha, y.length);
      if (position === SLOPE) return 20;
      return 4 * remembered(gamma, y.length / this.#period);
    });
  }

  /** Sets x from the coordinates. */
  toParameters(z: Float64Array): void {
    const x = this.x;
    for (let i = 0; i < z.length; i++) {
      const position = this.#free[i];
      x[position] =
        position < LEVEL
          ? this.#lowest(position) + this.#range(position) * squaredSine(z[i])
          : this.#origin[position] + this.#unit[position] * z[i];
    }
  }

  value(z: Float64Array): number {
    this.toParameters(z);
    if (this.#form.season !== 'N' && !isAdmissible(this.x, this.#period, this.#polynomial))
      return Number.POSITIVE_INFINITY;
    const value = this.#recursion.deviance(this.#form, this.x);
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  }

  gradient(z: Float64Array, dz: Float64Array): void {
    const [dx, free] = [this.#dx, this.#free];
    this.#recursion.gradient(this.#form, this.x, dx);
    // The ranges of β and γ depend on α, the first coordinate: from the last on, dx[ALPHA] is complete when it is due.
    for (let i = z.length - 1; i >= 0; i--) {
      const position = free[i];
      if (position >= LEVEL) {
        dz[i] = dx[position] * this.#unit[position];
        continue;
      }
      dz[i] = dx[position] * this.#range(position) * sin(2 * z[i]);
      if (position === BETA) dx[ALPHA] += dx[BETA] * squaredSine(z[i]);
      if (position === GAMMA) dx[ALPHA] -= dx[GAMMA] * squaredSine(z[i]);
    }
  }

  #lowest(position: number): number {
    return position === PHI ? MOST_DAMPED : LOW;
  }

  #range(position: number): number {
    if (position === ALPHA) return HIGH - LOW;
    if (position === PHI) return LEAST_DAMPED - MOST_DAMPED;
    return Math.max(0, (position === BETA ? this.x[ALPHA] : 1 - this.x[ALPHA]) - LOW);
  }
}

function squaredSine(z: number): number {
  const sine = sin(z);
  return sine * sine;
}

/** The z whose squared sine is this share. */
function angle(share: number): number {
  return asin(Math.sqrt(share));
}
