/**
 * Numbers for people: about five significant digits, without an exponent where one can do without.
 *
 * Whole digits are never rounded away (1234567.8 → `1234568`), trailing zeros are (12.50 → `12.5`).
 * From 1e15 up and below 1e-5 an exponent is shorter than the zeros. NaN is a missing value: `–`.
 */
export function formatNumber(x: number): string {
  const special = formatSpecial(x);
  if (special !== undefined) return special;
  const exponent = decimalExponent(x);
  if (exponent >= 15 || exponent < -5) {
    const [digits, power] = x.toExponential(SIGNIFICANT - 1).split('e');
    return `${trimZeros(digits)}e${power.replace('+', '')}`;
  }
  return trimZeros(x.toFixed(Math.max(0, SIGNIFICANT - 1 - exponent)));
}

/**
 * The numbers of one table column, with as many decimals each, so that their points stand under each other. The
 * largest keeps about five significant digits and the smallest at least two; where that asks for more than eight
 * decimals, or an exponent, each number is written on its own.
 */
export function formatColumn(values: readonly number[]): string[] {
  const exponents = values.filter((x) => Number.isFinite(x) && x !== 0).map(decimalExponent);
  const largest = Math.max(...exponents, 0);
  const smallest = Math.min(...exponents, largest);
  const decimals = Math.max(0, SIGNIFICANT - 1 - largest, 1 - smallest);
  if (largest >= 15 || decimals > 8) return values.map(formatNumber);
  const fixed = values.map((x) => formatSpecial(x) ?? withoutNegativeZero(x.toFixed(decimals)));
  const used = Math.max(
    ...values.map((x, i) => (formatSpecial(x) === undefined ? decimalsOf(trimZeros(fixed[i])) : 0)),
    0,
  );
  return values.map((x) => formatSpecial(x) ?? withoutNegativeZero(x.toFixed(used)));
}

const SIGNIFICANT = 5;

/** e with 1 ≤ |x|/10ᵉ < 10 after rounding to five digits: 99999.6 has 5, not 4. */
function decimalExponent(x: number): number {
  return Number(x.toExponential(SIGNIFICANT - 1).split('e')[1]);
}

function formatSpecial(x: number): string | undefined {
  if (Number.isNaN(x)) return '–';
  if (x === 0) return '0';
  if (x === Number.POSITIVE_INFINITY) return '∞';
  return x === Number.NEGATIVE_INFINITY ? '-∞' : undefined;
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

function decimalsOf(digits: string): number {
  const point = digits.indexOf('.');
  return point < 0 ? 0 : digits.length - point - 1;
}

function withoutNegativeZero(digits: string): string {
  return /^-0(\.0*)?$/.test(digits) ? digits.slice(1) : digits;
}
