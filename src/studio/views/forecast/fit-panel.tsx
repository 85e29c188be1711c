/** How far and by which model; then the button, the progress, and stop. */
import { fit, stop } from '../../actions.js';
import { Choice } from '../../choice.js';
import { busy, job, options, source, table } from '../../store.js';
import { words } from '../../words/words.js';
import { ProblemNote } from './problem-note.js';
import { ProgressLine } from './progress-line.js';
import { unitOf } from './unit-of.js';

const MODELS = [
  'auto',
  'lstm',
  'gru',
  'rnn',
  'leaky',
  'esn',
  'ets',
  'theta',
  'ses',
  'drift',
  'seasonal-naive',
  'naive',
];
/** Further than this the slider would jump; the field takes more. */
const SLIDER = 200;

export function FitPanel() {
  const say = words.value.fit;
  const { horizon, model, seed, budget } = options.value;
  const longest = table.value!.series.reduce((most, { length }) => Math.max(most, length), 0);
  const most = Math.max(1, Math.min(SLIDER, Math.floor(longest / 2)));
  const set = (change: Partial<typeof options.value>) => {
    options.value = { ...options.value, ...change };
  };
  const whole = (text: string, least: number) => Math.max(least, Math.round(Number(text)) || least);
  return (
    <section class="card" aria-labelledby="fit-title">
      <h2 id="fit-title">{say.title}</h2>
      <label class="field">
        <span class="line">
          <span>{say.horizon}</span>
          <span class="number">{say.steps(horizon, words.value.units[unitOf(table.value!.data.freq)])}</span>
        </span>
        <span class="slider">
          <input
            type="range"
            min={1}
            max={most}
            value={Math.min(horizon, most)}
            aria-label={say.horizon}
            onInput={({ currentTarget }) => set({ horizon: whole(currentTarget.value, 1) })}
          />
          <input
            type="number"
            min={1}
            value={horizon}
            aria-label={say.horizon}
            onChange={({ currentTarget }) => set({ horizon: whole(currentTarget.value, 1) })}
          />
        </span>
      </label>
      <Choice
        label={say.model}
        value={model}
        names={MODELS}
        called={say.models}
        onChoose={(name) => set({ model: name })}
      />
      <details class="more">
        <summary>{say.more}</summary>
        <label class="choice">
          <span>{say.seed}</span>
          <input
            type="number"
            min={0}
            value={seed}
            onChange={({ currentTarget }) => set({ seed: whole(currentTarget.value, 0) })}
          />
        </label>
        <label class="choice">
          <span>{say.budget}</span>
          <input
            type="number"
            min={1}
            value={budget}
            onChange={({ currentTarget }) => set({ budget: whole(currentTarget.value, 1) })}
          />
        </label>
      </details>
      {job.value?.kind !== 'fit' && source.value && (
        <button type="button" class="primary wide" disabled={busy.value} onClick={() => void fit()}>
          {say.go}
        </button>
      )}
      <ProgressLine kinds={['fit']} onStop={stop} />
      <ProblemNote at={['fit']} />
    </section>
  );
}
