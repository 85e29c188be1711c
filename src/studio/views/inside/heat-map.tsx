/**
 * One gate or state of all units as lightness. Drawn once, a pixel for each step and a few for each unit; the sheet stretches it,
 * and what moves lies above it.
 */
import { useEffect, useRef } from 'preact/hooks';
import { shadeTable } from '../../chart/shades.js';
import { Cursor, onArrows, pointing } from './cursor.js';
import { order, traces, unit } from './looking.js';
import { isOpen, isShut } from './moment.js';
import { say } from './words.js';

interface HeatMapProps {
  readonly name: string;
  readonly what: string;
  /** [T][H] */
  readonly values: Float64Array;
  /** Darkest and lightest. */
  readonly range: readonly [number, number];
  /** Whether steps at which a gate is saturated are marked. */
  readonly marked?: boolean;
  readonly note?: string;
}

/** Pixels of a row, and which of them is the mark. */
const ROW = 5;
const MARK = 2;
/** Marks on light ground and on dark ground. */
const OPEN_MARK = 0xff5a3a24;
const SHUT_MARK = 0xffc9b6d8;

export function HeatMap({ name, what, values, range, marked = false, note }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { steps, hiddenSize: H } = traces.value!;
  const rows = order.value;
  useEffect(() => {
    const surface = canvas.current?.getContext('2d');
    if (surface) paint(surface, values, rows, range, marked);
  }, [values, rows, marked]);
  const [low, high] = range.map((value) => (Number.isInteger(value) ? `${value}` : value.toPrecision(2)));
  return (
    <figure class="map">
      <figcaption>
        <strong>{name}</strong> <span>{what}</span> {note && <span class="quiet number note-right">{note}</span>}
      </figcaption>
      <div
        class="plot"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move in it, as its name says
        tabIndex={0}
        aria-label={say.value.maps.label(`${name}, ${what}`, H, steps)}
        onKeyDown={onArrows(true)}
        {...pointing((share) => {
          unit.value = rows[Math.floor(share * H)];
        })}
      >
        <canvas ref={canvas} width={steps} height={H * ROW} />
        <RowMark rows={rows} />
        <Cursor />
      </div>
      <div class="scale number" aria-hidden="true">
        <span>{low.replace('-', '\u2212')}</span>
        <Scale />
        <span>{high}</span>
      </div>
    </figure>
  );
}

/** Frames the row of the chosen unit. */
function RowMark({ rows }: { readonly rows: readonly number[] }) {
  if (unit.value === null) return null;
  const row = rows.indexOf(unit.value);
  return <div class="row-mark" style={{ top: `${(row / rows.length) * 100}%`, height: `${100 / rows.length}%` }} />;
}

/** The scale from little to much. */
function Scale() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const surface = canvas.current?.getContext('2d');
    if (!surface) return;
    const image = surface.createImageData(256, 1);
    new Uint32Array(image.data.buffer).set(shadeTable());
    surface.putImageData(image, 0, 0);
  }, []);
  return <canvas ref={canvas} width={256} height={1} />;
}

function paint(
  surface: CanvasRenderingContext2D,
  values: Float64Array,
  rows: readonly number[],
  [low, high]: readonly [number, number],
  marked: boolean,
): void {
  const H = rows.length;
  const T = values.length / H;
  const image = surface.createImageData(T, H * ROW);
  const pixels = new Uint32Array(image.data.buffer);
  const shades = shadeTable();
  rows.forEach((j, row) => {
    for (let t = 0; t < T; t++) {
      const value = values[t * H + j];
      const shade = shades[Math.max(0, Math.min(255, Math.round(((value - low) / (high - low)) * 255)))];
      const mark = !marked ? shade : isOpen(value) ? OPEN_MARK : isShut(value) ? SHUT_MARK : shade;
      for (let line = 0; line < ROW; line++) pixels[(row * ROW + line) * T + t] = line === MARK ? mark : shade;
    }
  });
  surface.putImageData(image, 0, 0);
}
