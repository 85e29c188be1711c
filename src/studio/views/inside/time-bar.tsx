/** Play, and a slider over the steps. */
import { useEffect } from 'preact/hooks';
import { stampText } from '../../chart/stamp-text.js';
import { table } from '../../store.js';
import { moveTo, playing, reading, step, traces } from './looking.js';
import { say } from './words.js';

/** A whole series in so many seconds, but no faster than an eye can follow. */
const WHOLE_SECONDS = 30;
const MOST_STEPS_PER_SECOND = 12;
const FEWEST_STEPS_PER_SECOND = 5;

export function TimeBar() {
  const { play, pause, time, step: stepText } = say.value;
  const steps = traces.value?.steps ?? 1;
  usePlay(steps);
  const last = steps - 1;
  const stamp = stampText(table.value?.kind ?? 'date', reading.value?.times[step.value] ?? 0);
  return (
    <div class="card time-bar">
      <button type="button" class="play" aria-pressed={playing.value} onClick={() => toggle(last)}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={playing.value ? 'M3 2h3.5v12H3zM9.5 2H13v12H9.5z' : 'M3 1.5v13L14 8z'} />
        </svg>
        {playing.value ? pause : play}
      </button>
      <input
        type="range"
        min={0}
        max={last}
        value={step.value}
        aria-label={time}
        aria-valuetext={`${stamp}, ${stepText(step.value + 1, steps)}`}
        onInput={({ currentTarget }) => {
          playing.value = false;
          moveTo(Number(currentTarget.value));
        }}
      />
      <span class="now number">
        <strong>{stamp}</strong> <span class="quiet">{stepText(step.value + 1, steps)}</span>
      </span>
    </div>
  );
}

function toggle(last: number): void {
  if (!playing.value && step.value >= last) step.value = 0;
  playing.value = !playing.value;
}

/** Moves on at the pace of the series while it plays. */
function usePlay(steps: number): void {
  const on = playing.value;
  useEffect(() => {
    if (!on) return;
    const perSecond = Math.max(FEWEST_STEPS_PER_SECOND, Math.min(MOST_STEPS_PER_SECOND, steps / WHOLE_SECONDS));
    const timer = setInterval(() => {
      if (step.value >= steps - 1) playing.value = false;
      else step.value++;
    }, 1000 / perSecond);
    return () => clearInterval(timer);
  }, [on, steps]);
  // Who leaves the view does not want it to go on.
  useEffect(
    () => () => {
      playing.value = false;
    },
    [],
  );
}
