/** Numbers as they stand in the pictures. */
const MINUS = '\u2212';

/** `−0.31`, with a plus where what is added is told. */
export function two(value: number, plus = false): string {
  const text = Math.abs(value).toFixed(2);
  if (value < 0 && Number(text) !== 0) return `${MINUS}${text}`;
  return plus ? `+${text}` : text;
}

/** `87 %`, and less than a percent as what it is. */
export function percent(share: number, language: string): string {
  const gap = language === 'zh' ? '' : '\u202f';
  const value = share * 100;
  if (value > 0 && value < 0.1) return `< 0.1${gap}%`;
  return `${value < 10 && value > 0 ? value.toFixed(1) : Math.round(value)}${gap}%`;
}
