import { log } from '../../../math/index.js';
import { ALPHA, BETA, type EtsForm, GAMMA, LEVEL, PHI, periodOf, SEASONS, SLOPE } from './form.js';

/**
 * The smoothing recursion of all forms over one series, its likelihood, and the gradient of that. With the trend's forecast
 * q = l + φb, the season s of the same position one season ago, and the forecast f:
 *   added season:       f = q + s ;  e = y − f ;      l ← q + αe ;  b ← φb + βe ;  s ← s + γe
 *   multiplied season:  f = q·s ;    d = y/s − q ;    l ← q + αd ;  b ← φb + βd ;  s ← s + γ(y/q − s)
 * A multiplicative error r = (y − f)/f leaves these as they are and changes the likelihood only:
 *   −2 log L + constant = n log Σr² + 2 Σ log f        (additive errors: n log Σe²)
 * It needs forecasts above zero. Buffers are allocated here, once. Source: Hyndman et al. 2008, tables 2.2 and 2.3, eq. 5.2.
 */
export class Recursion {
  readonly y: Float64Array;
  readonly season: number;
  /** Of the last run: Σe² or Σr², and the states after the last value, `seasons` by position as in the vector x. */
  squares = 0;
  level = 0;
  slope = 0;
  readonly seasons: Float64Array;
  // What each step began with, for the way back.
  readonly #q: Float64Array;
  readonly #b: Float64Array;
  readonly #s: Float64Array;
  readonly #dSeasons: Float64Array;

  constructor(y: Float64Array, season: number) {
    this.y = y;
    this.season = season;
    this.seasons = new Float64Array(season);
    this.#q = new Float64Array(y.length);
    this.#b = new Float64Array(y.length);
    this.#s = new Float64Array(y.length);
    this.#dSeasons = new Float64Array(season);
  }

  /** −2 log L, but for a constant, at the vector x of form.ts; Infinity where a multiplicative form does not stay above zero. */
  deviance(form: EtsForm, x: Float64Array): number {
    const n = this.y.length;
    const logs = form.season === 'M' ? this.#multiplied(x) : this.#added(form, x);
    return n * log(this.squares + n * LEAST_SQUARE) + 2 * logs;
  }

  /** dx ← gradient of the last `deviance`, which was of the same form at the same x. */
  gradient(form: EtsForm, x: Float64Array, dx: Float64Array): void {
    dx.fill(0);
    this.#dSeasons.fill(0);
    if (form.season === 'M') this.#multipliedBackward(x, dx);
    else this.#addedBackward(form, x, dx);
    const period = periodOf(form, this.season);
    for (let i = 0; i < period; i++) dx[SEASONS + i] = this.#dSeasons[i];
  }

  /** Runs over the series; returns Σ log f for multiplicative errors, else 0. */
  #added(form: EtsForm, x: Float64Array): number {
    const y = this.y;
    const [qs, bs, ss, ring] = [this.#q, this.#b, this.#s, this.seasons];
    const [alpha, beta, gamma, phi] = [x[ALPHA], x[BETA], x[GAMMA], x[PHI]];
    const period = periodOf(form, this.season);
    const relative = form.error === 'M';
    for (let i = 0; i < period; i++) ring[i] = x[SEASONS + i];
    let level = x[LEVEL];
    let slope = x[SLOPE];
    let squares = 0;
    let logs = 0;
    let product = 1;
    for (let t = 0, i = 0; t < y.length; t++) {
      const damped = phi * slope;
      const q = level + damped;
      const s = ring[i];
      const f = q + s;
      const e = y[t] - f;
      qs[t] = q;
      bs[t] = slope;
      ss[t] = s;
      level = q + alpha * e;
      slope = damped + beta * e;
      ring[i] = s + gamma * e;
      if (++i === period) i = 0;
      if (!relative) {
        squares += e * e;
        continue;
      }
      if (!(f > 0)) return this.#outside();
      squares += (e / f) * (e / f);
      // One logarithm for many factors.
      product *= f;
      if (product > 1e100 || product < 1e-100) {
        logs += log(product);
        product = 1;
      }
    }
    this.squares = squares;
    this.level = level;
    this.slope = slope;
    return logs + log(product);
  }

  #addedBackward(form: EtsForm, x: Float64Array, dx: Float64Array): void {
    const y = this.y;
    const n = y.length;
    const [qs, bs, ss, dRing] = [this.#q, this.#b, this.#s, this.#dSeasons];
    const [alpha, beta, gamma, phi] = [x[ALPHA], x[BETA], x[GAMMA], x[PHI]];
    const period = periodOf(form, this.season);
    const relative = form.error === 'M';
    const c = (2 * n) / (this.squares + n * LEAST_SQUARE);
    let dLevel = 0;
    let dSlope = 0;
    let dAlpha = 0;
    let dBeta = 0;
    let dGamma = 0;
    let dPhi = 0;
    for (let t = n - 1, i = t % period; t >= 0; t--) {
      const f = qs[t] + ss[t];
      const e = y[t] - f;
      const dS = dRing[i];
      dAlpha += dLevel * e;
      dBeta += dSlope * e;
      dGamma += dS * e;
      const dE = alpha * dLevel + beta * dSlope + gamma * dS;
      // r = y/f − 1: ∂(c/2·r² + 2 log f)/∂f
      const dF = (relative ? (2 - (c * (e / f) * y[t]) / f) / f : -c * e) - dE;
      const dQ = dLevel + dF;
      const dDamped = dSlope + dQ;
      dRing[i] = dS + dF;
      dPhi += dDamped * bs[t];
      dLevel = dQ;
      dSlope = phi * dDamped;
      if (--i < 0) i = period - 1;
    }
    dx[ALPHA] = dAlpha;
    dx[BETA] = dBeta;
    dx[GAMMA] = dGamma;
    dx[PHI] = dPhi;
    dx[LEVEL] = dLevel;
    dx[SLOPE] = dSlope;
  }

  #multiplied(x: Float64Array): number {
    const y = this.y;
    const [qs, bs, ss, ring] = [this.#q, this.#b, this.#s, this.seasons];
    const [alpha, beta, gamma, phi] = [x[ALPHA], x[BETA], x[GAMMA], x[PHI]];
    const period = this.season;
    for (let i = 0; i < period; i++) ring[i] = x[SEASONS + i];
    let level = x[LEVEL];
    let slope = x[SLOPE];
    let squares = 0;
    let logs = 0;
    let product = 1;
    for (let t = 0, i = 0; t < y.length; t++) {
      const damped = phi * slope;
      const q = level + damped;
      const s = ring[i];
      if (!(q > 0 && s > 0)) return this.#outside();
      const d = y[t] / s - q;
      qs[t] = q;
      bs[t] = slope;
      ss[t] = s;
      level = q + alpha * d;
      slope = damped + beta * d;
      ring[i] = s + gamma * (y[t] / q - s);
      if (++i === period) i = 0;
      // r = (y − qs)/(qs) = d/q
      squares += (d / q) * (d / q);
      product *= q * s;
      if (product > 1e100 || product < 1e-100) {
        logs += log(product);
        product = 1;
      }
    }
    this.squares = squares;
    this.level = level;
    this.slope = slope;
    return logs + log(product);
  }

  #multipliedBackward(x: Float64Array, dx: Float64Array): void {
    const y = this.y;
    const n = y.length;
    const [qs, bs, ss, dRing] = [this.#q, this.#b, this.#s, this.#dSeasons];
    const [alpha, beta, gamma, phi] = [x[ALPHA], x[BETA], x[GAMMA], x[PHI]];
    const period = this.season;
    const c = (2 * n) / (this.squares + n * LEAST_SQUARE);
    let dLevel = 0;
    let dSlope = 0;
    let dAlpha = 0;
    let dBeta = 0;
    let dGamma = 0;
    let dPhi = 0;
    for (let t = n - 1, i = t % period; t >= 0; t--) {
      const q = qs[t];
      const s = ss[t];
      const overS = y[t] / s;
      const overQ = y[t] / q;
      const d = overS - q;
      const dS = dRing[i];
      dAlpha += dLevel * d;
      dBeta += dSlope * d;
      dGamma += dS * (overQ - s);
      const dD = alpha * dLevel + beta * dSlope;
      const f = q * s;
      const dF = (2 - (c * (d / q) * y[t]) / f) / f;
      const dQ = dLevel - dD + dF * s - (gamma * dS * overQ) / q;
      const dDamped = dSlope + dQ;
      dRing[i] = dS - gamma * dS + dF * q - (dD * overS) / s;
      dPhi += dDamped * bs[t];
      dLevel = dQ;
      dSlope = phi * dDamped;
      if (--i < 0) i = period - 1;
    }
    dx[ALPHA] = dAlpha;
    dx[BETA] = dBeta;
    dx[GAMMA] = dGamma;
    dx[PHI] = dPhi;
    dx[LEVEL] = dLevel;
    dx[SLOPE] = dSlope;
  }

  #outside(): number {
    this.squares = Number.POSITIVE_INFINITY;
    return 0;
  }
}

/** Smallest mean square, for values of about 1: a perfect fit has a likelihood, too. */
const LEAST_SQUARE = 1e-24;
