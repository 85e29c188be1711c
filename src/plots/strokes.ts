/** Pixels → the paths of lines and areas. */
import { area, line } from 'd3-shape';
import type { Pixel } from './thin-points.js';

/** Where an area lies between two lines. */
export type Corner = readonly [x: number, low: number, high: number];

/** A line, broken where y is not finite; null where there is nothing to draw. */
export const pathOfLine = line<Pixel>()
  .defined(([, y]) => Number.isFinite(y))
  .digits(2);

export const pathOfArea = area<Corner>()
  .x(([x]) => x)
  .y0(([, low]) => low)
  .y1(([, , high]) => high)
  .digits(2);

/** Middle of a pixel row or column: a line of one pixel is then sharp. */
export function crisp(position: number): number {
  return Math.floor(position) + 0.5;
}
