/** Numbers of which log10 is known, for they may be too small or too large to be had themselves. */

/** Two digits and a power of ten: `4.2` and −25 of −24.38. Finite. */
export function scientific(log10: number): { readonly digits: string; readonly exponent: number } {
  const exponent = Math.floor(log10);
  const digits = (10 ** (log10 - exponent)).toFixed(1);
  return digits === '10.0' ? { digits: '1.0', exponent: exponent + 1 } : { digits, exponent };
}
