/** How far the work is, and the button that stops it. */
import { type Job, job } from '../../store.js';
import { words } from '../../words/words.js';

export function ProgressLine({
  kinds,
  onStop,
}: {
  readonly kinds: readonly Job['kind'][];
  readonly onStop: () => void;
}) {
  const now = job.value;
  if (!now || !kinds.includes(now.kind)) return null;
  const { data, fit } = words.value;
  const label =
    now.kind === 'read' ? data.reading : now.kind === 'open' ? data.opening : (fit.phases[now.phase] ?? now.phase);
  return (
    <div class="progress">
      <div class="line">
        <span role="status">{label}</span>
        {now.fraction !== null && <span class="number">{fit.percent(now.fraction)}</span>}
      </div>
      <progress max={1} value={now.fraction ?? undefined} aria-label={label} />
      {now.losses.length > 1 && <Loss losses={now.losses} />}
      <button type="button" onClick={onStop}>
        {fit.stop}
      </button>
    </div>
  );
}

const WIDTH = 240;
const HEIGHT = 40;

/** The training loss so far, on a scale of its own. */
function Loss({ losses }: { readonly losses: readonly number[] }) {
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  const x = (i: number) => (i / (losses.length - 1)) * WIDTH;
  const y = (loss: number) => 2 + (1 - (loss - low) / (high - low || 1)) * (HEIGHT - 4);
  const points = losses.map((loss, i) => `${x(i).toFixed(1)},${y(loss).toFixed(1)}`).join(' ');
  return (
    <div class="loss">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points} />
      </svg>
      <span class="number">
        {words.value.fit.loss} {losses[losses.length - 1].toFixed(4)}
      </span>
    </div>
  );
}
