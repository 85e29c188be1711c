/** Reading one value of a column. */

const MISSING = new Set(['', 'nan', 'null', 'na']);

/** Empty, `NaN`, `null` or `NA` in any case; and null, undefined and NaN of records. */
export function isMissing(cell: unknown): boolean {
  if (typeof cell === 'string') return cell.length < 16 ? MISSING.has(cell.trim().toLowerCase()) : cell.trim() === '';
  return cell === null || cell === undefined || Number.isNaN(cell);
}

/**
 * A finite number; NaN for a missing value; null for anything else, infinities included.
 * Text is read as JavaScript reads decimal numbers, without thousands separators; `1,5` only with `decimalComma`.
 */
export function readNumber(cell: unknown, decimalComma: boolean): number | null {
  if (typeof cell === 'string') {
    // Nearly always a plain number. Number() would also read blank text (no visible first character) and 0x10 (a letter second).
    const value = Number(cell);
    if (Number.isFinite(value) && cell.charCodeAt(0) > 32 && !(cell.charCodeAt(1) > 57)) return value;
    return readRareText(cell.trim(), decimalComma);
  }
  if (typeof cell === 'number' || typeof cell === 'bigint') {
    const value = Number(cell);
    return Number.isFinite(value) || Number.isNaN(value) ? value : null;
  }
  return isMissing(cell) ? Number.NaN : null;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?$/;

/** Missing values, decimal commas, exponents, padding, and what only looks like a number. */
function readRareText(text: string, decimalComma: boolean): number | null {
  if (isMissing(text)) return Number.NaN;
  let value = Number.NaN;
  if (DECIMAL.test(text)) value = Number(text);
  else if (decimalComma && DECIMAL_COMMA.test(text)) value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

const THOUSANDS = /^[+-]?\d{1,3}([.,'’\s]\d{3})+([.,]\d+)?$/;

/** What to do about a cell that is no number. */
export function numberAdvice(cell: unknown): string {
  const text = String(cell).trim();
  if (/^[+-]?inf(inity)?$/i.test(text)) return 'An infinite value cannot be used; leave the cell empty.';
  if (THOUSANDS.test(text)) return 'Take out the separators of thousands.';
  if (/^[+-]?\d+,\d+$/.test(text)) return 'Write a point for the decimal sign, or separate the columns by semicolons.';
  if (/^(n\/a|#n\/a|none|nil|nd|\.|\?|-+|missing|#value!|#div\/0!)$/i.test(text))
    return 'Leave the cell empty if the value is missing.';
  return 'Correct it.';
}

/**
 * Watches the decimal sign of a column: in a file that may have commas, the point of 1.234 could as well separate
 * thousands, and does where other numbers have commas.
 */
export class DecimalSign {
  #seen: ',' | '.' | undefined;
  /** No number so far could be read in another way. */
  #sure = false;

  /** Whether a number has another sign than those before, and one of them may have been misread. */
  changes(cell: unknown): boolean {
    if (typeof cell !== 'string') return false;
    const sign = cell.includes(',') ? ',' : cell.includes('.') ? '.' : undefined;
    if (sign === undefined) return false;
    const sure = !THOUSANDS.test(cell.trim());
    const changed = this.#seen !== undefined && this.#seen !== sign && !(sure && this.#sure);
    this.#sure = sure && (this.#sure || this.#seen === undefined);
    this.#seen ??= sign;
    return changed;
  }
}

/** A copy that does not keep the text it was cut from in memory. */
export function detached(text: string): string {
  return text.split('').join('');
}
