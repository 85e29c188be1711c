/** base^exponent for a whole exponent ≥ 0, by squaring: Math.pow and ** differ between hosts in the last digit. */
export function power(base: number, exponent: number): number {
  let result = 1;
  for (let factor = base, n = exponent; n > 0; n = Math.floor(n / 2), factor *= factor)
    if (n % 2 === 1) result *= factor;
  return result;
}
