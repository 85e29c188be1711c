/** Lines in a frame with an axis each way, as wide as there is room, each with its name at its end. */
import { spreadLabels } from '../../../plots/lab/end-labels.js';
import { endIn, type Frame, type Point, pathIn, placeIn } from './frame.js';

export interface ChartLine {
  readonly id: string;
  readonly name: string;
  /** Number of its hue in why.css. */
  readonly tone: number;
  readonly dashed?: boolean;
  readonly strong?: boolean;
  readonly points: readonly Point[];
  /** Around the line, from its low to its high side. */
  readonly band?: readonly [low: readonly Point[], high: readonly Point[]];
}

interface Tick {
  readonly value: number;
  readonly label: string;
}

interface LineChartProps extends Frame {
  /** What is seen, for those who do not see it. */
  readonly label: string;
  readonly xName: string;
  readonly yName: string;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Levels to compare with. */
  readonly levels?: readonly Tick[];
  readonly lines: readonly ChartLine[];
  /** Where along x the lines are read. */
  readonly reader?: number | null;
  /** Hears where along x is pointed at; null when no longer. */
  readonly onPoint?: (x: number | null) => void;
}

/** Between the middles of two names, in percent of the height. */
const NAME_GAP = 6.5;

export function LineChart(props: LineChartProps) {
  const { label, xName, yName, xTicks, yTicks, levels = [], lines, reader = null, onPoint, ...frame } = props;
  const place = placeIn(frame);
  return (
    <div class="line-chart" role="img" aria-label={label}>
      <p class="y-name">{yName}</p>
      <div class="field-of-lines" {...(onPoint && pointing(frame, onPoint))}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {yTicks.map(({ value }) => (
            <path key={value} class={value === 0 ? 'zero' : 'gridline'} d={`M0,${place.y(value)}H100`} />
          ))}
          {levels.map(({ value, label: name }) => (
            <path key={name} class="level-line" d={`M0,${place.y(value)}H100`} />
          ))}
          {lines.map(
            ({ id, tone, band }) => band && <path key={id} class={`spread tone-${tone}`} d={bandIn(frame, band)} />,
          )}
          {lines.map(({ id, tone, dashed, strong, points }) => (
            <path
              key={id}
              class={`curve tone-${tone}${dashed ? ' dashed' : ''}${strong ? ' strong' : ''}`}
              d={pathIn(frame, points)}
            />
          ))}
        </svg>
        {yTicks.map(({ value, label: text }) => (
          <span key={value} class="y-tick" style={{ top: `${place.y(value)}%` }}>
            {text}
          </span>
        ))}
        {xTicks.map(({ value, label: text }) => (
          <span key={value} class="x-tick" style={{ left: `${place.x(value)}%` }}>
            {text}
          </span>
        ))}
        {levels.map(({ value, label: text }) => (
          <span key={text} class="level-name" style={{ top: `${place.y(value)}%` }}>
            {text}
          </span>
        ))}
        {reader !== null && <div class="reader" style={{ left: `${place.x(reader)}%` }} />}
        <Names frame={frame} lines={lines} />
      </div>
      <p class="x-name">{xName}</p>
    </div>
  );
}

function pointing({ x: [from, to] }: Frame, onPoint: (x: number | null) => void) {
  const point = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = (currentTarget as HTMLElement).getBoundingClientRect();
    const share = (clientX - left) / width;
    onPoint(share >= 0 && share <= 1 ? from + share * (to - from) : null);
  };
  return { onPointerDown: point, onPointerMove: point, onPointerLeave: () => onPoint(null) };
}

function bandIn(frame: Frame, [low, high]: readonly [readonly Point[], readonly Point[]]): string {
  return `${pathIn(frame, low)}L${pathIn(frame, [...high].reverse()).slice(1)}Z`;
}

/** At the ends of lines, apart from each other; of lines that have left it, at the border that they crossed. */
function Names({ frame, lines }: { readonly frame: Frame; readonly lines: readonly ChartLine[] }) {
  const ends = lines.filter(({ points }) => points.length > 0).map((line) => ({ line, ...endIn(frame, line.points) }));
  const inside = ends.filter(({ side }) => side === 'inside');
  const heights = spreadLabels(
    inside.map(({ y }) => y),
    NAME_GAP,
    0,
    100,
  );
  const left = ends.filter(({ side }) => side !== 'inside').sort((a, b) => a.x - b.x);
  return (
    <>
      {inside.map(({ line, x }, k) => (
        <span
          key={line.id}
          class={`line-name tone-${line.tone}`}
          style={{ left: `calc(${x}% + 0.5rem)`, top: `${heights[k]}%` }}
        >
          {line.name}
        </span>
      ))}
      {left.map(({ line, x, side }, k) => (
        // One above the other, for they may leave beside each other.
        <span
          key={line.id}
          class={`line-name left ${side} row-${(left.length - 1 - k) % 4} tone-${line.tone}`}
          style={{ left: `${x}%` }}
        >
          {side === 'below' ? `${line.name} ↓` : `${line.name} ↑`}
        </span>
      ))}
    </>
  );
}
