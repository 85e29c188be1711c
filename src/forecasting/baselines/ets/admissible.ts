import { ALPHA, BETA, GAMMA, PHI } from './form.js';

/**
 * Whether the weights given to past values die out (the model is forecastable), for a seasonal form with α β γ φ in x:
 * all roots of
 *   z^(m+1) + (α+β−φ)z^m + (α+β−αφ)(z^(m−1) + … + z²) + (α+β−αφ+γ−1)z + φ(1−α−γ)
 * lie inside the unit circle. Without a trend (β = 0, φ = 1) the root 1 is divided out: level and season share a constant.
 * Forms without a season need no test within the bounds of fit.ts. Source: Hyndman et al. 2008, section 10.2.
 * @param polynomial scratch [m + 2]
 */
export function isAdmissible(x: Float64Array, season: number, polynomial: Float64Array): boolean {
  const [alpha, beta, gamma, phi] = [x[ALPHA], x[BETA], x[GAMMA], x[PHI]];
  let degree = season + 1;
  if (beta === 0 && phi === 1) {
    degree = season;
    polynomial.fill(alpha, 0, degree);
    polynomial[0] = alpha + gamma - 1;
  } else {
    polynomial.fill(alpha + beta - alpha * phi, 0, degree);
    polynomial[0] = phi * (1 - alpha - gamma);
    polynomial[1] += gamma - 1;
    polynomial[degree - 1] += alpha * phi - phi;
  }
  polynomial[degree] = 1;
  return isStable(polynomial, degree);
}

/**
 * Whether all roots of Σ a_i z^i lie inside the unit circle. Does not look for them but lowers the degree, O(degree²); this
 * overwrites a. Source: the Schur-Cohn (Jury) test.
 */
export function isStable(a: Float64Array, degree: number): boolean {
  for (let top = degree; top > 0; top--) {
    const k = a[0] / a[top];
    if (!(Math.abs(k) < 1)) return false;
    // a(z) ← (a(z) − k·z^top·a(1/z)) / z, from both ends at a time.
    for (let i = 0, j = top; i <= j; i++, j--) {
      const low = a[i];
      const high = a[j];
      a[i] = low - k * high;
      a[j] = high - k * low;
    }
    a.copyWithin(0, 1, top + 1);
  }
  return true;
}
