/** A chaotic series against itself some steps ago: its attractor, and how near a network comes to it. */
import { line } from 'd3-shape';
import { element, text } from '../svg.js';
import type { Pixel } from '../thin-points.js';
import { drawAxes } from './axes.js';
import { drawPage, EDGE, headingHeight } from './page.js';

export interface AttractorPicture {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Steps between the two axes. */
  readonly delay: number;
  /** One panel each: the series itself first. */
  readonly panels: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  readonly width?: number | undefined;
}

const GAP = 40;

/** x: the value `delay` steps ago, y: the value now, joined in time. All panels have the same scales. */
export function attractorPlot(picture: AttractorPicture): string {
  const { title, subtitle, delay, panels, width = panels.length > 1 ? 960 : 560 } = picture;
  const size = Math.min(480, (width - 2 * EDGE - (panels.length - 1) * GAP) / panels.length);
  const top = headingHeight(picture) + 44;
  const [first] = panels;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < first.values.length; t++) {
    low = Math.min(low, first.values[t]);
    high = Math.max(high, first.values[t]);
  }
  const drawn = panels.map(({ name, values }, i) => {
    const left = EDGE + i * (size + GAP);
    const axis = { domain: [low, high] as const };
    const scales = drawAxes(
      { left, right: left + size, top, bottom: top + size - 40 },
      { ...axis, label: `value ${delay} steps ago` },
      { ...axis, label: 'value now' },
    );
    const points = Array.from(
      { length: Math.max(0, values.length - delay) },
      (_, t): Pixel => [scales.x(values[t]), scales.y(values[t + delay])],
    );
    const path = pathOf(points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))) ?? '';
    const heading = text('panel-title', left, top - 30, name);
    return heading + scales.markup + element('path', { class: `hollow thin hollow-${i === 0 ? 0 : 1}`, d: path });
  });
  const description = `Attractor of ${panels.map(({ name }) => name).join(' and ')}: each value against the one ${delay} steps before.`;
  return drawPage({ title, subtitle, description, width, height: top + size + 12 }, drawn.join(''));
}

const pathOf = line<Pixel>().digits(1);
