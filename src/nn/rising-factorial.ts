/**
 * The part of the negative binomial likelihood that is hard on digits, for r > 0 and y ≥ 0:
 *   A(r, y) = ln Γ(r + y) − ln Γ(r) − y·ln r = Σ_{j<y} ln(1 + j/r) for whole y
 * For large r the three terms are huge and A is about y·(y − 1)/2r. Stirling's series (log-gamma.ts) put in and simplified:
 *   A = (r + y − ½)·ln(1 + y/r) − y + s(r + y) − s(r)   for r ≥ 10
 *   A(r, y) = A(r + n, y) + y·ln(1 + n/r) − Σ_{j<n} ln(1 + y/(r + j))   below
 */
import { log1p } from '../math/index.js';
import { STIRLING_FROM, stirlingRest, stirlingRestSlope } from './log-gamma.js';

/** A(r, y). */
export function scaledRising(r: number, y: number): number {
  const n = Math.max(0, Math.ceil(STIRLING_FROM - r));
  let sum = 0;
  for (let j = 0; j < n; j++) sum -= log1p(y / (r + j));
  if (n > 0) sum += y * log1p(n / r);
  const x = r + n;
  // (x + y − ½)·ln(1 + y/x) − y without subtracting y from about y.
  const u = y / x;
  return sum + x * log1pMinus(u) + (y - 0.5) * log1p(u) + stirlingRest(x + y) - stirlingRest(x);
}

/** ∂A/∂α with r = 1/α: −r²·∂A/∂r. */
export function risingSlope(dispersion: number, y: number): number {
  const r = 1 / dispersion;
  const n = Math.max(0, Math.ceil(STIRLING_FROM - r));
  let slope = 0;
  for (let j = 0; j < n; j++) slope += y / ((r + j) * (r + j + y));
  const x = r + n;
  slope -= (y * n) / (r * x);
  const u = y / x;
  slope += log1pMinus(u) + y / (2 * x * (x + y)) + stirlingRestSlope(x + y) - stirlingRestSlope(x);
  return -r * r * slope;
}

/**
 * ln(1 + u) − u to the last digits for small u too, u ≥ 0. With s = u/(2 + u), ln(1 + u) = 2·(s + s³/3 + s⁵/5 + …) and
 * u − 2s = u·s, so it is −u·s + 2s³·(1/3 + s²/5 + …). Source: Abramowitz & Stegun 1964, 4.1.27.
 */
export function log1pMinus(u: number): number {
  if (u > 0.5) return log1p(u) - u;
  const s = u / (2 + u);
  const square = s * s;
  let series = 0;
  for (let k = 27; k >= 3; k -= 2) series = series * square + 1 / k;
  return -u * s + 2 * s * square * series;
}
