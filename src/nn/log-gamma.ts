/**
 * ln Γ(x) for x > 0, to about 1e-15, relative or absolute, whichever is weaker: Stirling's series
 *   ln Γ(x) = (x − ½)·ln x − x + ½·ln 2π + s(x)
 * from x = 10 on, and ln Γ(x) = ln Γ(x + n) − ln(x·(x + 1)·…·(x + n − 1)) below.
 * Source: Abramowitz & Stegun 1964, 6.1.41 and 6.1.15.
 */
import { log } from '../math/index.js';

export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  for (; shifted < STIRLING_FROM; shifted++) product *= shifted;
  return (shifted - 0.5) * log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingRest(shifted) - log(product);
}

/** From here on the series below are good to the last bit or two. */
export const STIRLING_FROM = 10;

/** ½·ln 2π */
export const HALF_LOG_TWO_PI = 0.9189385332046728;

/** s(x) = 1/12x − 1/360x³ + 1/1260x⁵ − …, the rest of Stirling's series; x ≥ 10. */
export function stirlingRest(x: number): number {
  return horner(REST, 1 / (x * x)) / x;
}

/** s′(x) = −1/12x² + 1/120x⁴ − 1/252x⁶ + …; x ≥ 10. Abramowitz & Stegun 6.3.18 without its first two terms. */
export function stirlingRestSlope(x: number): number {
  const y = 1 / (x * x);
  return -horner(REST_SLOPE, y) * y;
}

const REST = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
const REST_SLOPE = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];

function horner(coefficients: readonly number[], y: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * y + coefficients[k];
  return sum;
}
