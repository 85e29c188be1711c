/** Numbers as they stand in sentences. */
import { scientific } from '../../../plots/scientific.js';

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
  const { digits, exponent } = scientific(log10);
  if (exponent < WRITTEN_OUT.from || exponent > WRITTEN_OUT.to) return `${digits} × ${tenTo(exponent)}`;
  return Number(`${digits}e${exponent}`).toLocaleString('en', { maximumFractionDigits: 1 - WRITTEN_OUT.from });
}

/** A score of a task, in few digits. */
export const scoreText = (score: number): string => (score < 0.01 ? score.toFixed(4) : score.toFixed(3));
