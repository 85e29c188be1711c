/**
 * eˣ, to the same bit on every host: ECMAScript leaves the last digits of Math.exp to the engine, and engines differ. Error below
 * one unit in the last place.
 *   x = k·ln2 + r, |r| ≤ ½·ln2 ;  eʳ by a rational approximation ;  eˣ = 2ᵏ·eʳ
 * Source: fdlibm, e_exp.c, Sun Microsystems 1993 and later (freely granted use).
 */
import { highWord, withHighWord } from './words.js';

const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019411;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 0.00006613756321437934;
const P4 = -0.0000016533902205465252;
const P5 = 4.1381367970572385e-8;

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > LARGEST) return Number.POSITIVE_INFINITY;
  if (x < SMALLEST) return 0;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e300000) return 1 + x;
  let k = 0;
  let high = x;
  let low = 0;
  if (size > 0x3fd62e42) {
    const sign = x < 0 ? -1 : 1;
    // Where the sum below would be one digit off.
    if (x === 1) return Math.E;
    // From ½·ln2 to 3/2·ln2 it is one.
    k = size < 0x3ff0a2b2 ? sign : Math.trunc(Math.LOG2E * x + 0.5 * sign);
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  }
  const r = high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k === 1024) return y * 2 * 2 ** 1023;
  if (k >= -1021) return y * withHighWord(0, 0x3ff00000 + (k << 20));
  return y * withHighWord(0, 0x3ff00000 + ((k + 1000) << 20)) * TINY;
}

/** 2⁻¹⁰⁰⁰ */
const TINY = withHighWord(0, 0x3ff00000 - (1000 << 20));
