/** SVG as text, without a DOM: elements, escaping, rounding, and a guess at how wide a text will be. */

/** Attribute values; undefined leaves the attribute out. Numbers are rounded to two decimals. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `<name attributes>children</name>`. Children are markup already: pass text through `escapeText`. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeText(`${value}`)}"`)
    .join('');
  const content = children.join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** A line of text with its baseline's start (or middle, or end) at x, y. */
export function text(className: string, x: number, y: number, content: string, anchor?: 'middle' | 'end'): string {
  return element('text', { class: `text ${className}`, x, y, 'text-anchor': anchor }, escapeText(content));
}

/**
 * Text that means itself in XML content and attributes. Characters that XML 1.0 forbids (most control characters,
 * half surrogate pairs, U+FFFE, U+FFFF) have no escape at all and become `�`.
 */
export function escapeText(text: string): string {
  return text.replace(FORBIDDEN, '�').replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** To two decimals, never -0: the same bytes on every machine, and a hundredth of a pixel is invisible. */
export function round(x: number): number {
  return Math.round(x * 100) / 100 + 0;
}

/** Estimated width in pixels at a font size: no font can be asked here. Wide scripts count as one em per character. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) ems += emsOf(character);
  return ems * fontSize;
}

/** The text, or as much of its start as fits with an ellipsis. */
export function fitText(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let fitted = '';
  for (const character of text) {
    if (textWidth(`${fitted}${character}…`, fontSize) > width) break;
    fitted += character;
  }
  return `${fitted.trimEnd()}…`;
}

function emsOf(character: string): number {
  if (character >= '\u1100') return 1;
  if ("iljtf.,:;|!'()[] ".includes(character)) return 0.34;
  return 'mwMW%—…@'.includes(character) || (character >= 'A' && character <= 'Z') ? 0.72 : 0.6;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
