/** The series that is read, the present step in it, and what the cell still holds of the steps before. */
import { numberTicks } from '../../../plots/number-ticks.js';
import { timeTicks } from '../../../plots/time-ticks.js';
import { TICK_FORMATS } from '../../chart/tick-formats.js';
import { table } from '../../store.js';
import { language } from '../../words/words.js';
import { Cursor, onArrows, pointing } from './cursor.js';
import { reading, step, traces, unit } from './looking.js';
import { heldOf } from './moment.js';
import { say } from './words.js';

/** Of the drawing; it is stretched to the width that there is. */
const HEIGHT = 130;
/** The part below the series, where the trail is. */
const TRAIL = 44;

export function SeriesStrip() {
  const seen = reading.value;
  if (!seen) return null;
  return (
    <div class="strip">
      <div
        class="plot"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move it, as its name says
        tabIndex={0}
        aria-label={say.value.strip(seen.id)}
        onKeyDown={onArrows(false)}
        {...pointing()}
      >
        <Line />
        <Trail />
        <Cursor />
        <p class="trail-name">{say.value.trail}</p>
      </div>
      <Times />
    </div>
  );
}

function Line() {
  const { y } = reading.value!;
  const values = Array.from(y).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const { ticks, domain } = numberTicks(low, high, 3);
  const place = (value: number) => 4 + (1 - (value - domain[0]) / (domain[1] - domain[0] || 1)) * (HEIGHT - TRAIL - 8);
  let pen = 'M';
  let path = '';
  y.forEach((value, t) => {
    if (Number.isNaN(value)) pen = 'M';
    else {
      path += `${pen}${(t + 0.5).toFixed(1)},${place(value).toFixed(2)}`;
      pen = 'L';
    }
  });
  return (
    <>
      <svg viewBox={`0 0 ${y.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {ticks.map(({ value }) => (
          <path key={value} class="grid" d={`M0,${place(value)}H${y.length}`} />
        ))}
        <path class="known" d={path} />
      </svg>
      {ticks.map(({ value, label }) => (
        <span key={value} class="value-tick" style={{ top: `${(place(value) / HEIGHT) * 100}%` }}>
          {label}
        </span>
      ))}
    </>
  );
}

/** What is left of each step, as high as the share. */
function Trail() {
  const seen = traces.value!;
  const held = heldOf(seen, step.value, unit.value);
  const from = step.value - held.length + 1;
  const top = (share: number) => HEIGHT - share * (TRAIL - 8);
  const outline = held.map((share, k) => `${from + k},${top(share).toFixed(2)}h1`).join('L');
  return (
    <svg class="trail" viewBox={`0 0 ${seen.steps} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="base" d={`M0,${HEIGHT - 0.5}H${seen.steps}`} />
      <path class="held" d={`M${from},${HEIGHT}L${outline}V${HEIGHT}Z`} />
    </svg>
  );
}

function Times() {
  const { times } = reading.value!;
  const kind = table.value?.kind ?? 'date';
  const count = innerWidth < 700 ? 4 : 9;
  const ticks = timeTicks(kind, times[0], times[times.length - 1], count, TICK_FORMATS[language.value]);
  const placeOf = (time: number) => {
    const at = times.findIndex((one) => one >= time);
    return (((at < 0 ? times.length - 1 : at) + 0.5) / times.length) * 100;
  };
  return (
    <div class="times" aria-hidden="true">
      {ticks.map(({ time, label, context }) => (
        <span key={time} style={{ left: `${placeOf(time)}%` }}>
          {label}
          {context && <small>{context}</small>}
        </span>
      ))}
    </div>
  );
}
