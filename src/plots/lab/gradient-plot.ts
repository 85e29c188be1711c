/** How much of a gradient is left after so many steps back, all cells in one picture: why gates remember. */
import type { QuartileLine } from '../../lab/index.js';
import { powerOfTen } from './axes.js';
import { type ChartLine, lineChart } from './line-chart.js';

export interface GradientPicture {
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
  /** log10 of norms by lag. `style`: number of the line's style, by default its place. */
  readonly cells: readonly {
    readonly name: string;
    readonly line: QuartileLine;
    readonly style?: number | undefined;
  }[];
  /** Decades to show; lines leave the frame beyond. */
  readonly decades?: readonly [number, number] | undefined;
}

/** log10‖∂L/∂·‖ by lag: medians, and quartiles as bands. */
export function gradientPlot({ title, subtitle, cells, decades }: GradientPicture): string {
  const lines = cells.map(({ name, line: { low, median, high }, style }): ChartLine => {
    const last = median[median.length - 1];
    return {
      name,
      note: Number.isFinite(last) ? powerOfTen(Math.round(last)) : '0',
      points: Array.from(median, (y, x) => ({ x, y })),
      spread: Array.from(median, (_, x) => ({ x, low: low[x], high: high[x] })),
      style,
    };
  });
  return lineChart({
    title: title ?? 'How much of the gradient is left',
    subtitle,
    xLabel: 'steps back',
    yLabel: 'size of the gradient by the state so many steps ago',
    yKind: 'decades',
    yDomain: decades,
    lines,
  });
}
