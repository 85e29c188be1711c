/** The picture of gradients by lag: medians with quartiles, on a log axis, complete and short. */
import type { QuartileLine } from '../../../lab-entry-browser.js';
import { numberTicks } from '../../../plots/number-ticks.js';
import type { Point } from './frame.js';
import { decadesFor, leftAfter } from './left-over.js';
import { type ChartLine, LineChart } from './line-chart.js';
import { type Line, lag, pointedAt, readAt, showShort } from './lines.js';
import { amount, tenTo } from './numbers.js';
import { say } from './words.js';

/** Powers of ten between two lines of the grid. */
const DECADES = 6;

export function GradientChart({ lines }: { readonly lines: readonly Line[] }) {
  const { gradient } = say.value;
  const [bottom, top] = decadesFor(lines.map(({ complete }) => complete));
  const decades = Array.from({ length: (top - bottom) / DECADES + 1 }, (_, k) => bottom + k * DECADES);
  const described = lines.map(({ form, complete, lag: steps }) =>
    gradient.described(gradient.name(form), amount(leftAfter(complete.median, steps))),
  );
  return (
    <LineChart
      label={`${gradient.picture(lag.value)} ${described.join(' ')}`}
      xName={gradient.xName}
      yName={gradient.yName}
      x={[0, lag.value]}
      y={[bottom, top]}
      xTicks={numberTicks(0, lag.value, 6).ticks.filter(({ value }) => value <= lag.value)}
      yTicks={decades.map((value) => ({ value, label: tenTo(value) }))}
      reader={pointedAt.value === null ? null : readAt.value}
      onPoint={(steps) => {
        pointedAt.value = steps === null ? null : Math.round(steps);
      }}
      // That of the knobs above the others.
      lines={lines.toReversed().flatMap(curvesOf)}
    />
  );
}

function curvesOf({ id, form, complete, short }: Line): ChartLine[] {
  const { gradient } = say.value;
  const line = {
    ...{ id: `${id}`, name: gradient.name(form), tone: id, strong: id === 0 },
    points: pointsOf(complete.median),
    band: bandOf(complete),
  };
  if (id !== 0 || !short || !showShort.value) return [line];
  return [
    {
      id: 'short',
      name: gradient.shortForm,
      tone: id,
      dashed: true,
      points: pointsOf(short.median),
      band: bandOf(short),
    },
    line,
  ];
}

/** As far as the axis goes: a line of another length is cut, or ends before. */
const pointsOf = (line: Float64Array): Point[] => Array.from(line.subarray(0, lag.value + 1), (y, x) => [x, y]);
const bandOf = ({ low, high }: QuartileLine) => [pointsOf(low), pointsOf(high)] as const;
