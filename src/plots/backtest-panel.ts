/** The panels of a back-test: a series with the forecasts of every origin, and the errors by step ahead. */
import { type Box, drawAxes, drawBand, drawLine } from './backtest-axes.js';
import type { BacktestPanel, BacktestPicture } from './backtest-picture.js';
import { lineClass } from './backtest-theme.js';
import type { TimeKind } from './forecast-picture.js';
import type { PictureWords } from './picture-words.js';
import { crisp } from './strokes.js';
import { element, escapeText, text } from './svg.js';

/** History before the first cutoff, the rest of it beside the forecasts, and a hairline at every cutoff. */
export function drawBacktestPanel(panel: BacktestPanel, kind: TimeKind, box: Box, words: PictureWords): string {
  const { time, y } = visibleHistory(panel);
  const { windows } = panel;
  const lists = [y, ...windows.flatMap(({ medians, band }) => [...medians, ...(band ? [band.lo, band.hi] : [])])];
  const values = extent(lists);
  const times = extent([time, ...windows.map((origin) => origin.time)]);
  if (!values || !times) return text('label muted', box.x, box.y + 40, words.noValues);
  const plot = drawAxes(box, kind, { start: times.min, end: times.max }, values, words.dates);
  const cutoffs = windows.map(({ cutoff }) =>
    element('path', { class: 'origin', d: `M${crisp(plot.x(cutoff))},${plot.top}V${plot.bottom}` }),
  );
  const bands = windows.map((origin) =>
    origin.band ? drawBand(plot, origin.time, origin.band.lo, origin.band.hi) : '',
  );
  // The first model last, so that it lies on top.
  const lines = windows.flatMap((origin) =>
    origin.medians.map((median, model) => drawLine(lineClass(model), plot, origin.time, median)).reverse(),
  );
  return element(
    'g',
    {},
    element('title', {}, escapeText(panel.id)),
    plot.markup,
    ...bands,
    ...cutoffs,
    drawLine('known', plot, time, y),
    ...lines,
  );
}

/** One line per model over the steps ahead. */
export function drawStepPanel(byStep: NonNullable<BacktestPicture['byStep']>, box: Box): string {
  const values = extent(byStep.errors);
  if (!values) return '';
  const steps = Array.from(byStep.errors[0], (_, k) => k + 1);
  const plot = drawAxes(box, 'integer', { start: 1, end: Math.max(2, steps.length) }, { min: 0, max: values.max });
  const lines = byStep.errors.map((errors, model) => drawLine(lineClass(model), plot, steps, errors)).reverse();
  return element('g', {}, plot.markup, ...lines);
}

/** From three horizons before the first cutoff on, at least 36 values. */
function visibleHistory({ history, windows }: BacktestPanel) {
  const [first] = windows;
  const time = Array.from(history.time);
  const steps = Math.max(36, 3 * (first?.time.length ?? 0));
  const origin = first ? time.findIndex((at) => at >= first.cutoff) : time.length;
  const from = Math.max(0, origin - steps);
  return { time: time.slice(from), y: Array.from(history.y).slice(from) };
}

function extent(lists: readonly ArrayLike<number>[]): { min: number; max: number } | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      if (!Number.isFinite(list[i])) continue;
      min = Math.min(min, list[i]);
      max = Math.max(max, list[i]);
    }
  }
  return min > max ? undefined : { min, max };
}
