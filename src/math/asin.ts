/**
 * The arc sine, to the same bit on every host (see exp.ts). Error below one unit in the last place.
 *   |x| < ½: asin x = x + x·R(x²), R a rational approximation ;  else asin x = π/2 − 2·asin √((1 − x)/2)
 * Source: fdlibm, e_asin.c, Sun Microsystems 1993 (freely granted use).
 */
import { withoutLowWord } from './words.js';

/** What π/2 is more than its float64. */
const HALF_PI_TAIL = 6.123233995736766e-17;

function R(t: number): number {
  const p =
    t *
    (0.16666666666666666 +
      t *
        (-0.3255658186224009 +
          t *
            (0.20121253213486293 +
              t * (-0.04005553450067941 + t * (0.0007915349942898145 + t * 3.479331075960212e-5)))));
  const q =
    1 + t * (-2.403394911734414 + t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194)));
  return p / q;
}

export function asin(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  if (size < 2 ** -26) return x;
  if (size < 0.5) return x + x * R(x * x);
  if (size === 1) return x * (Math.PI / 2) + x * HALF_PI_TAIL;
  const t = (1 - size) * 0.5;
  const s = Math.sqrt(t);
  const r = R(t);
  let angle: number;
  if (size >= 0.975) angle = Math.PI / 2 - (2 * (s + s * r) - HALF_PI_TAIL);
  else {
    // s in two parts, the first of which has an exact square.
    const w = withoutLowWord(s);
    const c = (t - w * w) / (s + w);
    angle = Math.PI / 4 - (2 * s * r - (HALF_PI_TAIL - 2 * c) - (Math.PI / 4 - 2 * w));
  }
  return x > 0 ? angle : -angle;
}
