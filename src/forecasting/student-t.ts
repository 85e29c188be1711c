import { exp, log, log1p } from '../math/index.js';
import { logGamma } from '../nn/log-gamma.js';

/**
 * Probability that Student's t with `freedom` degrees of freedom is farther from 0 than t, on either side:
 *   P(|T| > |t|) = I_x(ν/2, ½),  x = ν/(ν + t²)
 * to nine digits and more. Source: Abramowitz & Stegun 1964, 26.7.1 with 26.5.27.
 */
export function twoSidedT(t: number, freedom: number): number {
  if (Number.isNaN(t) || !(freedom > 0)) return Number.NaN;
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1, by its continued fraction: Abramowitz & Stegun 26.5.8. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean; the other one mirrors.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)) / a;
  return front * continuedFraction(x, a, b);
}

/** 1/(1 + d₁/(1 + d₂/(1 + …))), evaluated forward. Source: Lentz 1976. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / apart(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / apart(1 + even * d);
    c = apart(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / apart(1 + odd * d);
    c = apart(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

const MOST_TERMS = 10_000;

/** Away from 0, by which it is divided. */
function apart(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
