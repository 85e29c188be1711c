/** The times under a picture. */
import { crisp } from './strokes.js';
import { element, text, textWidth } from './svg.js';
import { SIZE } from './theme.js';
import type { TimeTick } from './time-ticks.js';

/** Ticks below `bottom`, with what they belong to (a year, a day) on a second line where there is room. */
export function drawTimeAxis(ticks: readonly TimeTick[], x: (time: number) => number, bottom: number): string {
  let nextContext = Number.POSITIVE_INFINITY;
  const drawn = ticks.toReversed().map(({ time, label, context }) => {
    const at = x(time);
    const mark = element('path', { class: 'zero', d: `M${crisp(at)},${bottom}v4` });
    const first = text('tick muted', at, bottom + 17, label, 'middle');
    // Seen from the right: a text further out that would run into the next one gives way.
    const width = textWidth(context ?? '', SIZE.tick);
    const fits = context !== undefined && at + width / 2 + 6 <= nextContext;
    if (fits) nextContext = at - width / 2;
    return `${mark}${first}${fits ? text('tick muted', at, bottom + 31, context, 'middle') : ''}`;
  });
  return element('g', { class: 'time-axis' }, ...drawn.toReversed());
}
