/** Numbers as they stand in sentences. */
const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `10⁻⁷`; 1 is 1. */
export function tenTo(exponent: number): string {
  if (exponent === 0) return '1';
  const digits = Array.from(String(Math.abs(exponent)), (digit) => DIGITS[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** Between these powers of ten a number is written out. */
const WRITTEN_OUT = { from: -5, to: 5 };

/** An amount of which log10 is given, to two digits: `0.15`, `51`, `14,000`, `2.4 × 10⁻⁷`. Amounts may be too small or large for a number. */
export function amount(log10: number): string {
  if (log10 === Number.NEGATIVE_INFINITY) return '0';
  let exponent = Math.floor(log10);
  let mantissa = (10 ** (log10 - exponent)).toFixed(1);
  if (mantissa === '10.0') {
    mantissa = '1.0';
    exponent++;
  }
  if (exponent < WRITTEN_OUT.from || exponent > WRITTEN_OUT.to) return `${mantissa} × ${tenTo(exponent)}`;
  return Number(`${mantissa}e${exponent}`).toLocaleString('en', { maximumFractionDigits: 1 - WRITTEN_OUT.from });
}

/** A score of a task, in few digits. */
export const scoreText = (score: number): string => (score < 0.01 ? score.toFixed(4) : score.toFixed(3));
