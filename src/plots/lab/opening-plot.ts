/** How the story begins: doubling on a chessboard, and its opposite, a chain of factors below one. */
import { element, text } from '../svg.js';
import { ROOT_CLASS, SIZE } from '../theme.js';
import { powerOfTen } from './axes.js';
import { drawHeat } from './heat-map.js';
import { drawPage, EDGE, headingHeight } from './page.js';

const SQUARE = 44;

/** 1, 2, 4 … grains on the squares of a chessboard, and `factor`ⁿ beside it, as bars. */
export function openingPlot({
  factor,
  links = 8,
  title,
  subtitle,
}: {
  readonly factor: number;
  readonly links?: number;
  readonly title?: string;
  readonly subtitle?: string;
}): string {
  const page = {
    title: title ?? 'Every step multiplies',
    subtitle:
      subtitle ??
      `64 doublings make 18 446 744 073 709 551 615 grains; ${links} factors of ${factor} leave ${short(factor ** links)}`,
  };
  const top = headingHeight(page) + 16;
  const side = 8 * SQUARE;
  const board = drawHeat(
    { left: EDGE, right: EDGE + side, top: top + 18, bottom: top + 18 + side },
    8,
    8,
    // The logarithm of a power is even: what is seen is how fast it grows.
    (row, column) => (row * 8 + column) / 63,
    true,
  );
  const labels = Array.from({ length: 64 }, (_, n) => {
    const x = EDGE + (n % 8) * SQUARE + SQUARE / 2;
    const y = top + 18 + Math.floor(n / 8) * SQUARE + SQUARE / 2 + 4;
    const digits = n < 14 ? `${2 ** n}` : (2 ** n).toExponential(0).replace('+', '');
    return element(
      'text',
      { class: `text tick ${n < 34 ? 'on-dark' : 'on-light'}`, x, y, 'text-anchor': 'middle' },
      digits,
    );
  });
  const left = EDGE + side + 70;
  const bars = drawChain(factor, links, left, top + 18, side);
  const headings =
    text('panel-title', EDGE, top + 6, 'grains on a chessboard: twice as many on each square') +
    text('panel-title', left, top + 6, `a gradient on its way back: ${factor} of it left at each step`);
  const description = `A chessboard with 2 to the power of n grains, and a chain of ${links} factors of ${factor}, which ends at ${short(factor ** links)}.`;
  const rules = `.${ROOT_CLASS} .on-dark{fill:#fff}.${ROOT_CLASS} .on-light{fill:#111}.${ROOT_CLASS} .bar{fill:#3d8fdc}`;
  return drawPage(
    { ...page, description, width: 960, height: top + side + 44 },
    [board, ...labels, bars, headings].join(''),
    rules,
  );
}

/** Bars as long as what is left: after a few there is nothing to see, which is the point. */
function drawChain(factor: number, links: number, left: number, top: number, height: number): string {
  const row = height / links;
  const room = 960 - EDGE - left - 90;
  const bars = Array.from({ length: links }, (_, i) => {
    const value = factor ** (i + 1);
    const y = top + i * row;
    const bar = element('rect', {
      class: 'bar',
      x: left + 70,
      y: y + 6,
      width: Math.max(0.5, room * value),
      height: row - 14,
    });
    const name = text('label muted', left, y + row / 2 + 3, `step ${i + 1}`);
    return (
      name + bar + text('label', left + 78 + Math.max(0.5, room * value), y + row / 2 + SIZE.label * 0.3, short(value))
    );
  });
  return element('g', { class: 'chain' }, ...bars);
}

/** Six digits at the most: 0.00243, 6.6e−5. */
function short(value: number): string {
  if (value >= 1e-4) return `${Number(value.toPrecision(6))}`;
  const exponent = Math.floor(Math.log10(value));
  return `${Number((value / 10 ** exponent).toPrecision(3))}${powerOfTen(exponent).replace(/^1/, '')}`;
}
