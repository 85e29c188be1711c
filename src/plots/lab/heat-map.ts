/** Numbers on a grid as lightness: a scale that reads the same in grey, from dark (little) to light (much). */
import { scaleLinear } from 'd3-scale';
import { element, text } from '../svg.js';
import { SIZE } from '../theme.js';

/** From nothing to everything; lightness rises evenly, hues after viridis (van der Walt & Smith 2015). */
const SHADES = ['#1d0f33', '#3b2f72', '#2f5f8a', '#238a8d', '#43b57a', '#a5d64a', '#fdf0a6'];

/** `rgb(r, g, b)` of a share in [0, 1]. */
export const shadeOf = scaleLinear<string>()
  .domain(SHADES.map((_, i) => i / (SHADES.length - 1)))
  .range(SHADES)
  .clamp(true);

export interface HeatBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Rows of equal height, the first at the bottom (or the top), columns of equal width.
 * @param share 0…1 of the scale at a row and a column; NaN is left empty
 */
export function drawHeat(
  { left, right, top, bottom }: HeatBox,
  rows: number,
  columns: number,
  share: (row: number, column: number) => number,
  fromTop = false,
): string {
  const height = (bottom - top) / rows;
  const width = (right - left) / columns;
  const drawn: string[] = [];
  for (let row = 0; row < rows; row++) {
    const y = fromTop ? top + row * height : bottom - (row + 1) * height;
    // Neighbours of one shade are one rectangle.
    for (let column = 0; column < columns; ) {
      const fill = colorOf(share(row, column));
      let end = column + 1;
      while (end < columns && colorOf(share(row, end)) === fill) end++;
      if (fill !== '')
        drawn.push(
          element('rect', {
            x: left + column * width,
            y,
            width: (end - column) * width + 0.3,
            height: height + 0.3,
            fill,
          }),
        );
      column = end;
    }
  }
  return element('g', { class: 'heat', 'shape-rendering': 'crispEdges' }, ...drawn);
}

/** 64 shades are as many as an eye tells apart. */
function colorOf(share: number): string {
  return Number.isNaN(share) ? '' : shadeOf(Math.round(Math.min(1, Math.max(0, share)) * 63) / 63);
}

/** A bar with the scale's ends and middle. */
export function drawShades(x: number, y: number, width: number, labels: readonly string[]): string {
  const steps = 64;
  const bars = Array.from({ length: steps }, (_, i) =>
    element('rect', {
      x: x + (i * width) / steps,
      y,
      width: width / steps + 0.3,
      height: 10,
      fill: colorOf(i / (steps - 1)),
    }),
  );
  const names = labels.map((label, i) => {
    const share = labels.length === 1 ? 0 : i / (labels.length - 1);
    return text('tick muted', x + share * width, y + 12 + SIZE.tick, label, 'middle');
  });
  return element('g', { class: 'shades' }, ...bars, ...names);
}
