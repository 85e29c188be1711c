/**
 * The natural logarithm, and that of 1 + x, to the same bit on every host (see exp.ts). Error below one unit in the last place.
 *   x = 2ᵏ·(1 + f), √½ < 1 + f < √2 ;  s = f / (2 + f) ;  log(1 + f) = f − s·(f − R(s²)), R a polynomial ;  log x = k·ln2 + log(1 + f)
 * Source: fdlibm, e_log.c and s_log1p.c, Sun Microsystems 1993 (freely granted use).
 */
import { highWord, withHighWord } from './words.js';

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605116586;

export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let scaled = x;
  if (x < 2 ** -1022) {
    k = -54;
    scaled = x * 2 ** 54;
  }
  const high = highWord(scaled);
  k += (high >> 20) - 1023;
  const mantissa = high & 0xfffff;
  const half = (mantissa + 0x95f64) & 0x100000;
  k += half >> 20;
  const f = withHighWord(scaled, mantissa | (half ^ 0x3ff00000)) - 1;
  if ((0xfffff & (2 + mantissa)) < 3) {
    if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
    const R = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - R : k * LN2_HIGH - (R - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const R = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
    const square = 0.5 * f * f;
    if (k === 0) return f - (square - s * (square + R));
    return k * LN2_HIGH - (square - (s * (square + R) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - R) : k * LN2_HIGH - (s * (f - R) - k * LN2_LOW - f);
}

/** log(1 + x), exact for small x too. */
export function log1p(x: number): number {
  if (x === -1) return Number.NEGATIVE_INFINITY;
  if (!(x > -1)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3c900000) return x;
  if (size < 0x3e200000) return x - x * x * 0.5;
  let k = 0;
  let f = x;
  let mantissa = 1;
  // What was lost when 1 was added.
  let lost = 0;
  // Outside √½ < 1 + x < √2
  if (highWord(x) >= 0x3fda827a || (x < 0 && size >= 0x3fd2bec4)) {
    const sum = x < 2 ** 53 ? 1 + x : x;
    const high = highWord(sum);
    k = (high >> 20) - 1023;
    if (x < 2 ** 53) lost = (k > 0 ? 1 - (sum - x) : x - (sum - 1)) / sum;
    mantissa = high & 0xfffff;
    if (mantissa < 0x6a09e) f = withHighWord(sum, mantissa | 0x3ff00000) - 1;
    else {
      k++;
      f = withHighWord(sum, mantissa | 0x3fe00000) - 1;
      mantissa = (0x100000 - mantissa) >> 2;
    }
  }
  const square = 0.5 * f * f;
  if (mantissa === 0) {
    if (f === 0) return k * LN2_HIGH + (lost + k * LN2_LOW);
    const R = square * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - R : k * LN2_HIGH - (R - (k * LN2_LOW + lost) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const R = z * (L1 + z * (L2 + z * (L3 + z * (L4 + z * (L5 + z * (L6 + z * L7))))));
  if (k === 0) return f - (square - s * (square + R));
  return k * LN2_HIGH - (square - (s * (square + R) + (k * LN2_LOW + lost)) - f);
}
