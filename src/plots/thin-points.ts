/**
 * Fewer points that look the same: within every pixel column the first, least, greatest and last point stay, in
 * their order, so that no peak and no join between columns is lost (M4 aggregation, Jugel et al. 2014).
 */

/** A point in pixels; y is NaN at a gap. */
export type Pixel = readonly [x: number, y: number];

/**
 * Points in pixels, thinned if there are more than `limit`. x ascends. A column without any finite value breaks the
 * line; a gap within a column is narrower than a pixel and disappears.
 */
export function thinPoints(points: readonly Pixel[], limit = 2000): readonly Pixel[] {
  if (points.length <= limit) return points;
  const kept: Pixel[] = [];
  for (let start = 0; start < points.length; ) {
    const column = Math.floor(points[start][0]);
    let end = start + 1;
    while (end < points.length && Math.floor(points[end][0]) === column) end++;
    kept.push(...columnExtremes(points, start, end));
    start = end;
  }
  return kept;
}

/** The points of [start, end) that matter: one to four, or a single gap. */
function columnExtremes(points: readonly Pixel[], start: number, end: number): Pixel[] {
  let first = -1;
  let last = -1;
  let least = -1;
  let greatest = -1;
  for (let i = start; i < end; i++) {
    const y = points[i][1];
    if (!Number.isFinite(y)) continue;
    if (first < 0) first = least = greatest = i;
    if (y < points[least][1]) least = i;
    if (y > points[greatest][1]) greatest = i;
    last = i;
  }
  if (first < 0) return [points[start]];
  const order = [...new Set([first, least, greatest, last])].sort((a, b) => a - b);
  return order.map((i) => points[i]);
}
