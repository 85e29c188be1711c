/**
 * A series over time on a canvas, by uPlot: history, forecast with its bands, the naive forecast beside it. Smooth with a hundred
 * thousand points: uPlot draws what a pixel can show, and redraws once a frame.
 */
import uPlot from 'uplot';
import type { TimeKind } from '../../index-browser.js';
import { numberTicks } from '../../plots/number-ticks.js';
import { timeTicks } from '../../plots/time-ticks.js';
import { language } from '../words/words.js';
import { BASELINE, FIRST_BAND, HISTORY, MEDIAN, type PlotData } from './plot-data.js';
import { TICK_FORMATS } from './tick-formats.js';
import { moved, type Range, zoomed } from './window.js';

/** The narrowest window, in steps. */
const LEAST_STEPS = 6;
const FONT = '12px system-ui, sans-serif';

export class TimeChart {
  readonly #plot: uPlot;
  readonly #whole: Range;
  readonly #least: number;
  #window: Range;
  #frame = 0;
  readonly #onWindow: (window: Range) => void;

  /**
   * @param window what is seen at first
   * @param onPoint the point under the cursor, or null
   * @param onWindow what is seen, whenever it changes
   */
  constructor(
    host: HTMLElement,
    data: PlotData,
    kind: TimeKind,
    window: Range,
    onPoint: (index: number | null) => void,
    onWindow: (window: Range) => void,
  ) {
    const [times] = data.columns;
    const last = times[times.length - 1];
    this.#whole = times.length > 1 ? [times[0], last] : [times[0] - 1, times[0] + 1];
    this.#least = (LEAST_STEPS * (this.#whole[1] - this.#whole[0])) / Math.max(1, times.length - 1);
    this.#window = window[1] > window[0] ? window : this.#whole;
    this.#onWindow = onWindow;
    const origin = data.columns.length > FIRST_BAND - 1 ? times[data.known - 1] : null;
    this.#plot = new uPlot(
      {
        ...sizeOf(host),
        legend: { show: false },
        padding: [12, 14, 0, 4],
        cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
        scales: { x: { time: false, min: this.#window[0], max: this.#window[1] }, y: { range: withMargin } },
        axes: axesOf(kind),
        series: seriesOf(data),
        bands: data.levels.map((_, i) => ({
          series: [FIRST_BAND + 2 * i + 1, FIRST_BAND + 2 * i],
          fill: () => color('--band'),
        })),
        hooks: {
          setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
          drawAxes: [(plot) => origin !== null && drawOrigin(plot, origin)],
        },
      },
      data.columns as uPlot.AlignedData,
      host,
    );
    onWindow(this.#window);
  }

  get whole(): boolean {
    return this.#window[1] - this.#window[0] >= this.#whole[1] - this.#whole[0];
  }

  /** @param at share of the width */
  zoom(at: number, factor: number): void {
    const [from, to] = this.#window;
    this.show(zoomed(this.#window, this.#whole, from + at * (to - from), factor, this.#least));
  }

  /** @param by share of the width */
  move(by: number): void {
    this.show(moved(this.#window, this.#whole, by * (this.#window[1] - this.#window[0])));
  }

  /** Moves so that a time is in the middle, as far as there is something to show. */
  centre(time: number): void {
    const [from, to] = this.#window;
    this.show(moved(this.#window, this.#whole, time - (from + to) / 2));
  }

  all(): void {
    this.show(this.#whole);
  }

  /** Shows a range of times, in the next frame. */
  show(window: Range): void {
    this.#window = window;
    this.#onWindow(window);
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const [min, max] = this.#window;
      this.#plot.setScale('x', { min, max });
    });
  }

  resize(host: HTMLElement): void {
    this.#plot.setSize(sizeOf(host));
  }

  /** Draws again, in other colours or another language. */
  redraw(): void {
    colors.clear();
    this.#plot.redraw(false, true);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#plot.destroy();
  }
}

const sizeOf = (host: HTMLElement) => ({
  width: Math.max(200, host.clientWidth),
  height: Math.max(160, host.clientHeight),
});

/** Colours of the style sheet by name, asked for once until they change. */
const colors = new Map<string, string>();

function color(name: string): string {
  let found = colors.get(name);
  if (found === undefined) {
    found = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    colors.set(name, found);
  }
  return found;
}

function seriesOf({ columns, levels }: PlotData): uPlot.Series[] {
  const line = (name: string, width: number, dash?: number[]): uPlot.Series => ({
    stroke: () => color(name),
    width,
    ...(dash && { dash }),
    points: { show: false },
  });
  const series: uPlot.Series[] = [{}];
  series[HISTORY] = line('--known', 1.5);
  if (columns.length > BASELINE) {
    series[BASELINE] = line('--muted', 1.5, [5, 4]);
    series[MEDIAN] = line('--forecast', 2.5);
    for (let i = 0; i < 2 * levels.length; i++) series[FIRST_BAND + i] = { width: 0, points: { show: false } };
  }
  return series;
}

/** A little air above and below what is seen. */
function withMargin(_plot: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  const margin = (max - min) * 0.06 || Math.abs(max) * 0.1 || 1;
  return [min - margin, max + margin];
}

function axesOf(kind: TimeKind): uPlot.Axis[] {
  const common: uPlot.Axis = {
    font: FONT,
    stroke: () => color('--muted'),
    grid: { stroke: () => color('--line'), width: 1 },
    ticks: { show: false },
  };
  const times = ({ width }: uPlot, min: number, max: number) =>
    timeTicks(kind, min, max, Math.max(3, Math.floor(width / 110)), TICK_FORMATS[language.peek()]);
  const values = ({ height }: uPlot, min: number, max: number) =>
    numberTicks(min, max, Math.max(2, Math.floor(height / 70))).ticks.filter(
      ({ value }) => value >= min && value <= max,
    );
  return [
    {
      ...common,
      grid: { show: false },
      size: 44,
      splits: (plot, _axis, min, max) => times(plot, min, max).map(({ time }) => time),
      values: (plot) =>
        times(plot, plot.scales.x.min!, plot.scales.x.max!).map(({ label, context }) =>
          context === undefined ? label : `${label}\n${context}`,
        ),
    },
    {
      ...common,
      size: (_plot, labels) => 14 + 7 * Math.max(2, ...(labels ?? []).map((label) => label.length)),
      splits: (plot, _axis, min, max) => values(plot, min, max).map(({ value }) => value),
      values: (plot) => values(plot, plot.scales.y.min!, plot.scales.y.max!).map(({ label }) => label),
    },
  ];
}

/** Where what is known ends. */
function drawOrigin(plot: uPlot, time: number): void {
  const { left, top, width, height } = plot.bbox;
  const x = plot.valToPos(time, 'x', true);
  if (x < left || x > left + width) return;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = color('--muted');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + height);
  ctx.stroke();
  ctx.restore();
}
