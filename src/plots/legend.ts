/** A row of swatches with their names. */
import { element, text, textWidth } from './svg.js';
import { SIZE } from './theme.js';

/** `depth`: how many bands lie on each other there, the widest alone being 1. */
export type LegendEntry =
  | { readonly kind: 'known' | 'forecast' | 'actual'; readonly name: string }
  | { readonly kind: 'band'; readonly name: string; readonly depth: number };

/** Entries side by side from x on, around the text baseline y, in as many rows as the width asks for. */
export function drawLegend(
  entries: readonly LegendEntry[],
  x: number,
  y: number,
  width: number,
): { markup: string; height: number } {
  let left = x;
  let row = 0;
  const drawn = entries.map((entry) => {
    const needed = SWATCH + 7 + textWidth(entry.name, SIZE.label);
    if (left > x && left + needed > x + width) {
      left = x;
      row++;
    }
    const baseline = y + row * ROW;
    const markup =
      drawSwatch(entry, left, baseline - SIZE.label * 0.36) +
      text('label muted', left + SWATCH + 7, baseline, entry.name);
    left += needed + 22;
    return markup;
  });
  return { markup: element('g', { class: 'legend' }, ...drawn), height: row * ROW };
}

const ROW = 20;
const SWATCH = 20;

function drawSwatch(entry: LegendEntry, x: number, middle: number): string {
  if (entry.kind === 'band') {
    const layer = element('rect', { class: 'band', x, y: middle - 6, width: SWATCH, height: 12, rx: 2 });
    return layer.repeat(entry.depth);
  }
  const stroke = element('path', { class: entry.kind, d: `M${x},${middle}h${SWATCH}` });
  if (entry.kind !== 'actual') return stroke;
  return stroke + element('circle', { class: 'ring', cx: x + SWATCH / 2, cy: middle, r: 2.5 });
}
