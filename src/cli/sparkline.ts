/**
 * A series as one line of text, its least value the lowest block and its greatest the highest:
 *   level = round(7 · (y − min) / (max − min)),  `▁▂▃▄▅▆▇█`[level]
 * A value that is not finite is a space; a constant series stands in the middle.
 *
 * @param width longest line; a longer series is averaged over equal stretches, in which missing values do not count
 * @example sparkline([1, 2, 3, 4, 5, 6, 7, 8]) // ▁▂▃▄▅▆▇█
 */
export function sparkline(values: ArrayLike<number>, width = 60): string {
  const points = averages(values, width);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const y of points) {
    if (!Number.isFinite(y)) continue;
    if (y < min) min = y;
    if (y > max) max = y;
  }
  // Halves: the range of two huge numbers of opposite sign must not overflow.
  const halfRange = max / 2 - min / 2;
  const block = (y: number) => {
    if (!Number.isFinite(y)) return ' ';
    return BLOCKS[halfRange > 0 ? Math.round(((y / 2 - min / 2) / halfRange) * 7) : MIDDLE];
  };
  return points.map(block).join('');
}

const BLOCKS = '▁▂▃▄▅▆▇█';
const MIDDLE = 3;

/** At most `width` means of consecutive stretches; NaN where a stretch has no finite value. */
function averages(values: ArrayLike<number>, width: number): number[] {
  if (values.length <= width) return Array.from(values);
  return Array.from({ length: width }, (_, i) => {
    const end = Math.floor(((i + 1) * values.length) / width);
    let mean = 0;
    let count = 0;
    for (let t = Math.floor((i * values.length) / width); t < end; t++) {
      if (!Number.isFinite(values[t])) continue;
      count++;
      mean += values[t] / count - mean / count;
    }
    return count > 0 ? mean : Number.NaN;
  });
}
