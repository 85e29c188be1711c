/** The whole series in a strip, and a frame around what the chart shows of it: to move the frame is to move the chart. */
import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { envelope } from '../../chart/envelope.js';
import type { Range } from '../../chart/window.js';
import { dark } from '../../theme.js';
import type { SeriesView } from '../../work/views.js';

export function Overview(props: {
  readonly view: SeriesView;
  /** What the chart shows; null before it is drawn. */
  readonly seen: Signal<Range | null>;
  /** The middle of what is to be seen. */
  readonly onCentre: (time: number) => void;
}) {
  const { view, seen, onCentre } = props;
  const [from, to] = seen.value ?? wholeOf(view);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [first, last] = wholeOf(view);

  useEffect(() => {
    const strip = canvas.current;
    if (!strip) return;
    const draw = () => paint(strip, view);
    const watcher = new ResizeObserver(draw);
    watcher.observe(strip);
    return () => watcher.disconnect();
  }, [view, dark.value]);

  const share = (time: number) => `${(100 * (time - first)) / (last - first || 1)}%`;
  const centre = (event: PointerEvent) => {
    const { left, width } = canvas.current!.getBoundingClientRect();
    onCentre(first + ((event.clientX - left) / width) * (last - first));
  };
  return (
    // The chart itself has the keys: this is for the mouse and for fingers.
    <div
      class="overview"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        centre(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && centre(event)}
    >
      <canvas ref={canvas} />
      <div class="frame" style={{ left: `min(${share(from)}, 100% - 6px)`, right: `calc(100% - ${share(to)})` }} />
    </div>
  );
}

function wholeOf({ time, forecast }: SeriesView): Range {
  return [time[0], forecast ? forecast.time[forecast.time.length - 1] : time[time.length - 1]];
}

function paint(canvas: HTMLCanvasElement, view: SeriesView): void {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  const whole = wholeOf(view);
  const lines = [{ time: view.time, y: view.y, color: '--muted' }];
  if (view.forecast) lines.push({ time: view.forecast.time, y: view.forecast.median, color: '--forecast' });
  const drawn = lines.map((line) => ({ ...line, ...envelope(line, whole, width) }));
  const low = Math.min(...drawn.map((line) => leastOf(line.low)));
  const high = -Math.min(...drawn.map((line) => leastOf(line.high.map((value) => -value))));
  const y = (value: number) => 2 + (1 - (value - low) / (high - low || 1)) * (height - 4);
  for (const line of drawn) {
    context.strokeStyle = style.getPropertyValue(line.color);
    context.lineWidth = devicePixelRatio;
    context.beginPath();
    for (let x = 0; x < width; x++) {
      if (Number.isNaN(line.low[x])) continue;
      context.lineTo(x, y(line.low[x]));
      context.lineTo(x, y(line.high[x]));
    }
    context.stroke();
  }
}

function leastOf(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) if (value < least) least = value;
  return least;
}
