/** Numbers that are known by their log10, such as gradients that no float64 could hold. */
import { scientific } from '../plots/scientific.js';

/** `4.2e-25` from −24.38; plain between 0.001 and 10 000. −∞ is 0. */
export function formatDecades(decades: number): string {
  if (decades === Number.NEGATIVE_INFINITY) return '0';
  if (!Number.isFinite(decades)) return '–';
  if (decades >= -3 && decades < 4) return `${Number((10 ** decades).toPrecision(2))}`;
  const { digits, exponent } = scientific(decades);
  return `${digits}e${exponent}`;
}
