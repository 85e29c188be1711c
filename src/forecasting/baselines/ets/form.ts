/**
 * A state space form of exponential smoothing, ETS(error, trend, season) in the taxonomy of Hyndman et al. 2008, chapter 2.
 * Letters: N none, A additive, Ad additive and damped, M multiplicative. A multiplied season takes multiplicative errors:
 * with additive ones its forecasts are unstable.
 */
export interface EtsForm {
  readonly error: 'A' | 'M';
  readonly trend: 'N' | 'A' | 'Ad';
  readonly season: 'N' | 'A' | 'M';
}

/**
 * Parameters and initial states lie in one vector x: α β γ φ, then the level and the slope before the first value, then the
 * seasonal states s_0 … s_(m−1), s_i being that of the value at position i of a season, counted from the first value.
 * What a form does not have is neutral: β = γ = 0, φ = 1, slope 0, season 0.
 */
export const ALPHA = 0;
export const BETA = 1;
export const GAMMA = 2;
export const PHI = 3;
export const LEVEL = 4;
export const SLOPE = 5;
export const SEASONS = 6;

/** Season length that the form works with. */
export function periodOf(form: EtsForm, season: number): number {
  return form.season === 'N' ? 1 : season;
}

/** Estimated quantities: smoothing parameters, initial states (the seasonal ones sum to a constant), error variance. */
export function parameterCount(form: EtsForm, season: number): number {
  const trend = { N: 0, A: 2, Ad: 3 }[form.trend];
  return 3 + trend + (form.season === 'N' ? 0 : season);
}

/**
 * Akaike's criterion with the correction for small samples; Infinity where the sample is too small for it.
 * Source: Hurvich & Tsai 1989.
 * @param deviance −2 log L
 */
export function correctedAkaike(deviance: number, parameters: number, n: number): number {
  const freedom = n - parameters - 1;
  return freedom > 0
    ? deviance + 2 * parameters + (2 * parameters * (parameters + 1)) / freedom
    : Number.POSITIVE_INFINITY;
}
