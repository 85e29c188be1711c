/** The frame of a picture of lines, in percent of its width and height: where points are, and where lines leave it. */
import { line } from 'd3-shape';

export type Point = readonly [x: number, y: number];

export interface Frame {
  readonly x: readonly [from: number, to: number];
  /** From bottom to top. */
  readonly y: readonly [bottom: number, top: number];
}

/** What is infinitely far away is drawn so far outside. */
const FAR = 1e4;

/** 0, 0 is the upper left corner, as in pictures. */
export function placeIn({ x: [from, to], y: [bottom, top] }: Frame) {
  const bounded = (share: number) => Math.max(-FAR, Math.min(FAR, share));
  return {
    x: (x: number) => ((x - from) / (to - from || 1)) * 100,
    y: (y: number) => bounded(((top - y) / (top - bottom)) * 100),
  };
}

/** The line as a path; the picture cuts off what is outside. */
export function pathIn(frame: Frame, points: readonly Point[]): string {
  const place = placeIn(frame);
  const drawn = line<Point>()
    .x(([x]) => place.x(x))
    .y(([, y]) => place.y(y))
    .digits(2);
  return drawn([...points]) ?? '';
}

/** Where the name of a line belongs: beside its end, or where it has left the frame for good. */
export interface LineEnd {
  readonly x: number;
  readonly y: number;
  readonly side: 'inside' | 'below' | 'above';
}

export function endIn(frame: Frame, points: readonly Point[]): LineEnd {
  const place = placeIn(frame);
  const at = points.map(([x, y]) => [place.x(x), place.y(y)] as const);
  const isInside = ([, y]: Point) => y >= 0 && y <= 100;
  const last = at.findLastIndex(isInside);
  if (last < 0 || last === at.length - 1) {
    const [x, y] = at[Math.max(0, last)];
    return { x, y, side: 'inside' };
  }
  const [[x, y], [beyondX, beyondY]] = [at[last], at[last + 1]];
  const border = beyondY > 100 ? 100 : 0;
  return {
    x: x + ((beyondX - x) * (border - y)) / (beyondY - y),
    y: border,
    side: border === 100 ? 'below' : 'above',
  };
}
