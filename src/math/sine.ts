/**
 * Sine and cosine to the same bit on every host (see exp.ts). Error below one unit in the last place up to 10⁶; beyond, x is first
 * taken modulo 2π as it is rounded.
 *   x = n·π/2 + r, |r| ≤ π/4, r in two parts ;  sin r and cos r by polynomials
 * Source: fdlibm in FreeBSD's form, e_rem_pio2.c, k_sin.c and k_cos.c, Sun Microsystems 1993 (freely granted use).
 */

const TWO_OVER_PI = 2 / Math.PI;
/** π/2 in three parts of 33 bits, each with what follows it. */
const PARTS = [
  [1.5707963267341256, 6.077100506506192e-11],
  [6.077100506303966e-11, 2.0222662487959506e-21],
  [2.0222662487111665e-21, 8.4784276603689e-32],
] as const;
/** Up to here n has few enough bits that its products with the parts are exact. */
const FARTHEST = 2 ** 20;

/** r in two parts, and n modulo 4. */
let rest = 0;
let restTail = 0;

function reduce(angle: number): number {
  if (Math.abs(angle) <= Math.PI / 4) {
    rest = angle;
    restTail = 0;
    return 0;
  }
  const x = Math.abs(angle) < FARTHEST ? angle : angle % (2 * Math.PI);
  const n = Math.round(x * TWO_OVER_PI);
  let r = x - n * PARTS[0][0];
  let w = n * PARTS[0][1];
  rest = r - w;
  // Where nearly all digits went, the next part of π/2 has them.
  for (let part = 1; part < PARTS.length && Math.abs(rest) < Math.abs(x) * (part === 1 ? 2 ** -16 : 2 ** -49); part++) {
    const t = r;
    const product = n * PARTS[part][0];
    r = t - product;
    w = n * PARTS[part][1] - (t - r - product);
    rest = r - w;
  }
  restTail = r - rest - w;
  return ((n % 4) + 4) % 4;
}

function sinNear(x: number, tail: number): number {
  const z = x * x;
  const v = z * x;
  const r =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (0.0000027557313707070068 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return x - (z * (0.5 * tail - v * r) - tail - v * -0.16666666666666632);
}

function cosNear(x: number, tail: number): number {
  const z = x * x;
  const r =
    z * (0.0416666666666666 + z * (-0.001388888888887411 + z * 0.00002480158728947673)) +
    z * z * (z * z) * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * tail));
}

export function sin(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const quarter = reduce(x);
  const value = quarter % 2 === 0 ? sinNear(rest, restTail) : cosNear(rest, restTail);
  return quarter < 2 ? value : -value;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const quarter = reduce(x);
  const value = quarter % 2 === 0 ? cosNear(rest, restTail) : sinNear(rest, restTail);
  return quarter === 0 || quarter === 3 ? value : -value;
}
