/**
 * Text out of somebody's data, made safe to show: control characters (a terminal would obey them), line and paragraph
 * separators and direction overrides become `�`, halves of surrogate pairs too. Longer than `maxLength` characters it
 * is cut, with `…` in the last place.
 */
export function printable(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const safe = text.replace(UNSAFE, '�');
  if (safe.length <= maxLength) return safe;
  const characters = [...safe];
  return characters.length <= maxLength ? safe : `${characters.slice(0, maxLength - 1).join('')}…`;
}

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/gu;
