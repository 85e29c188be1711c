/**
 * The LSTM as textbooks draw it: C on a line along the top, the gates on a bus of h and x below, products and the sum where they
 * meet. What flows is as thick as it is large; gates are filled as far as they are open.
 *   C = f ⊙ C₋ + i ⊙ C̃ ;  h = o ⊙ tanh C
 */
import type { ComponentChildren } from 'preact';
import { isOpen, isShut, type Moment } from './moment.js';
import { two } from './numbers.js';
import { say } from './words.js';

/** Places in the drawing. */
const SIZE = { width: 600, height: 408 };
const TOP = 78;
const BUS = 338;
const GATE = { y: 212, width: 72, height: 84 };
const X = { f: 142, i: 232, g: 316, o: 400, out: 484 };
const FORGET = { x: X.f, y: TOP };
const SUM = { x: X.g, y: TOP };
const WRITE = { x: X.g, y: 156 };
const SHOW = { x: X.out, y: 254 };
const TANH = { x: X.out, y: 166 };
const RADIUS = 15;

/** Of flows, in units of the drawing. */
const THINNEST = 1.5;
const THICKEST = 15;

export function CellDrawing({ now, most, signed }: { now: Moment; most: number; signed: boolean }) {
  const { cell } = say.value;
  const label = [
    `${cell.forget} f ${two(now.f)}`,
    `${cell.input} i ${two(now.i)}`,
    `${cell.candidate} ${two(now.g)}`,
    `${cell.output} o ${two(now.o)}`,
    `C ${two(now.before)} → ${two(now.c)}`,
    `h ${two(now.h)}`,
  ].join(', ');
  const c = (value: number) => ({ amount: value / most, negative: value < 0 });
  const h = (value: number) => ({ amount: value, negative: value < 0 });
  const tanhC = now.o > 0 ? now.h / now.o : 0;
  return (
    <svg class="cell" viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={label}>
      <rect class="body" x="78" y="34" width="444" height="332" rx="26" />

      <Flow d={`M8,${BUS}H${X.o}`} {...h(now.hBefore)} />
      <path class="wire" d={`M100,${SIZE.height}V${BUS}`} />
      {[X.f, X.i, X.g, X.o].map((x) => (
        <path key={x} class="wire" d={`M${x},${BUS}V${GATE.y + GATE.height}`} />
      ))}
      <path class="wire" d={`M${X.f},${GATE.y}V${TOP + RADIUS}`} />
      <path class="wire" d={`M${X.i},${GATE.y}V${WRITE.y}H${WRITE.x - RADIUS}`} />
      <path class="wire" d={`M${X.o},${GATE.y}V${GATE.y - 16}H${X.o + 48}V${SHOW.y}H${SHOW.x - RADIUS}`} />

      <Flow d={`M8,${TOP}H${FORGET.x}`} {...c(now.before)} />
      <Flow d={`M${FORGET.x},${TOP}H${SUM.x}`} {...c(now.kept)} />
      <Flow d={`M${X.g},${GATE.y}V${WRITE.y}`} {...c(now.g)} />
      <Flow d={`M${WRITE.x},${WRITE.y}V${TOP}`} {...c(now.added)} />
      <Flow d={`M${SUM.x},${TOP}H${SIZE.width - 8}`} {...c(now.c)} arrow />
      <Flow d={`M${X.out},${TOP}V${TANH.y}`} {...c(now.c)} />
      <Flow d={`M${X.out},${TANH.y}V${SHOW.y}`} {...h(tanhC)} />
      <Flow d={`M${X.out},${SHOW.y}V${BUS}H${SIZE.width - 8}`} {...h(now.h)} arrow />

      <Join {...FORGET} open={now.f}>
        ×
      </Join>
      <Join {...WRITE} open={now.i}>
        ×
      </Join>
      <Join {...SUM}>+</Join>
      <Join {...SHOW} open={now.o}>
        ×
      </Join>
      <rect class="pill" x={TANH.x - 27} y={TANH.y - 14} width="54" height="28" rx="14" />
      <text class="sign" x={TANH.x} y={TANH.y + 5}>
        tanh
      </text>

      <Gate x={X.f} value={now.f} sign="σ" letter="f" name={cell.forget} gate />
      <Gate x={X.i} value={now.i} sign="σ" letter="i" name={cell.input} gate />
      <Gate x={X.g} value={now.g} sign="tanh" letter="C̃" name={cell.candidate} gate={false} />
      <Gate x={X.o} value={now.o} sign="σ" letter="o" name={cell.output} gate />

      <Name x={8} y={TOP - 22} sub="t−1" value={two(now.before)} absolute={!signed}>
        C
      </Name>
      <Name x={SIZE.width - 8} y={TOP - 22} sub="t" value={two(now.c)} absolute={!signed} end>
        C
      </Name>
      <Name x={8} y={BUS - 16} sub="t−1" value={two(now.hBefore)} absolute={!signed} below>
        h
      </Name>
      <Name x={SIZE.width - 8} y={BUS - 16} sub="t" value={two(now.h)} absolute={!signed} end below>
        h
      </Name>
      <text class="name" x={112} y={SIZE.height - 8}>
        x
        <tspan class="sub" dy="4">
          t
        </tspan>
      </text>
      <text class="amount middle" x={(FORGET.x + SUM.x) / 2} y={TOP - 16}>
        {cell.kept} {two(now.kept)}
      </text>
      <text class="amount" x={SUM.x + 18} y={TOP + 42}>
        {cell.added} {two(now.added, signed)}
      </text>
    </svg>
  );
}

function Flow({ d, amount, negative, arrow }: { d: string; amount: number; negative: boolean; arrow?: boolean }) {
  const width = THINNEST + (THICKEST - THINNEST) * Math.min(1, Math.abs(amount));
  return (
    <path
      class={`flow ${negative ? 'negative' : ''} ${arrow ? 'arrow' : ''}`}
      d={d}
      style={{ strokeWidth: `${width}px` }}
    />
  );
}

/** Where lines meet; of a product the ring is closed as far as the gate is open. */
function Join({ x, y, open, children }: { x: number; y: number; open?: number; children: ComponentChildren }) {
  const round = 2 * Math.PI * RADIUS;
  return (
    <g>
      <circle class="join" cx={x} cy={y} r={RADIUS} />
      {open !== undefined && (
        <circle
          class="ring"
          cx={x}
          cy={y}
          r={RADIUS}
          transform={`rotate(-90 ${x} ${y})`}
          style={{ strokeDasharray: `${open * round}px ${round}px` }}
        />
      )}
      <text class="sign large" x={x} y={y + 6.5}>
        {children}
      </text>
    </g>
  );
}

interface GateProps {
  readonly x: number;
  readonly value: number;
  readonly sign: string;
  readonly letter: string;
  readonly name: string;
  /** A gate in [0, 1], filled from below; else a value in [−1, 1], filled from the middle. */
  readonly gate: boolean;
}

function Gate({ x, value, sign, letter, name, gate }: GateProps) {
  const { cell } = say.value;
  const { y, width, height } = GATE;
  const left = x - width / 2;
  const state = gate ? (isOpen(value) ? 'open' : isShut(value) ? 'shut' : '') : '';
  const middle = y + height / 2;
  return (
    <g class={`gate ${state}`}>
      <clipPath id={`gate-${letter}`}>
        <rect x={left} y={y} width={width} height={height} rx="11" />
      </clipPath>
      <rect class="frame" x={left} y={y} width={width} height={height} rx="11" />
      <g clip-path={`url(#gate-${letter})`}>
        {gate ? (
          <rect
            class="level from-below"
            x={left}
            y={y}
            width={width}
            height={height}
            style={{ transform: `scaleY(${value})` }}
          />
        ) : (
          <rect
            class={`level from-above ${value < 0 ? 'negative' : ''}`}
            x={left}
            y={middle}
            width={width}
            height={height / 2}
            style={{ transform: `scaleY(${-value})` }}
          />
        )}
        {!gate && <path class="zero" d={`M${left},${middle}h${width}`} />}
      </g>
      <rect class="outline" x={left} y={y} width={width} height={height} rx="11" />
      <text class="sign" x={x} y={y + 20}>
        <tspan class="letter">{letter}</tspan> = {sign}
      </text>
      <text class="value" x={x} y={middle + 9}>
        {two(value)}
      </text>
      {state && (
        <text class="state" x={x} y={y + height - 10}>
          {cell[state]}
        </text>
      )}
      <text class="label" x={x} y={y + height + 22}>
        {name}
      </text>
    </g>
  );
}

interface NameProps {
  readonly x: number;
  readonly y: number;
  readonly sub: string;
  readonly value: string;
  readonly absolute: boolean;
  readonly end?: boolean;
  /** The value below the line, for there is no room beside the name. */
  readonly below?: boolean;
  readonly children: string;
}

/** A state and its value; between bars where it is a size. */
function Name({ x, y, sub, value, absolute, end, below, children }: NameProps) {
  const bar = absolute ? '|' : '';
  return (
    <g class={end ? 'end' : ''}>
      <text class="name" x={x} y={y}>
        {bar}
        {children}
        <tspan class="sub" dy="4">
          {sub}
        </tspan>
        <tspan dy="-4">{bar}</tspan>
      </text>
      <text class="amount" x={x} y={below ? y + 42 : y - 20}>
        {value}
      </text>
    </g>
  );
}
