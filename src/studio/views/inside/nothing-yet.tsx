/** Where there is no LSTM to look into: why, and the one thing to do. */
import { fit, stop } from '../../actions.js';
import { busy, model, options, table } from '../../store.js';
import { words } from '../../words/words.js';
import { EXAMPLES, openExample } from '../forecast/examples.js';
import { ProblemNote } from '../forecast/problem-note.js';
import { ProgressLine } from '../forecast/progress-line.js';
import { hindrance } from './looking.js';
import { say } from './words.js';

/** Seconds of two cores: enough for a small network that has learned something. */
const EFFORT = 20;

export function NothingYet() {
  const { none, example, train } = say.value;
  const fitted = model.value;
  const text = fitted
    ? hindrance.value === 'too short'
      ? none.short
      : none.other(words.value.fit.models[fitted.name] ?? fitted.name)
    : table.value
      ? none.table(table.value.source)
      : none.model;
  return (
    <section class="card nothing">
      <Sketch />
      <p>{text}</p>
      {hindrance.value !== 'too short' && !busy.value && (
        <button type="button" class="primary" onClick={() => void trainLstm()}>
          {table.value ? train : example}
        </button>
      )}
      <ProgressLine kinds={['read', 'fit', 'open']} onStop={stop} />
      <ProblemNote at={['read', 'fit', 'open']} />
    </section>
  );
}

/** Opens the example where nothing is open, and fits a small LSTM. */
async function trainLstm(): Promise<void> {
  if (!table.value) await openExample(EXAMPLES[0]);
  if (!table.value) return;
  options.value = { ...options.value, model: 'lstm', budget: Math.min(options.value.budget, EFFORT) };
  await fit();
}

/** A line through time and three gates. */
function Sketch() {
  return (
    <svg class="sketch" viewBox="0 0 280 92" aria-hidden="true">
      <path class="river" d="M6 24H274" />
      {[70, 140, 210].map((x, k) => (
        <g key={x}>
          <path class="stem" d={`M${x} 34V56`} />
          <rect class="frame" x={x - 20} y="50" width="40" height="36" rx="8" />
          <rect class="level" x={x - 20} y={50 + [6, 24, 14][k]} width="40" height={36 - [6, 24, 14][k]} rx="8" />
          <circle class="join" cx={x} cy="24" r="9" />
        </g>
      ))}
    </svg>
  );
}
