/** What a stranger sees first: what this is, and the one thing to do. */
import { useEffect, useRef } from 'preact/hooks';
import { openFile, stop, warmUp } from '../../actions.js';
import { job } from '../../store.js';
import { words } from '../../words/words.js';
import { dragging } from './drop-anywhere.js';
import { EXAMPLES, openExample } from './examples.js';
import { ProblemNote } from './problem-note.js';
import { ProgressLine } from './progress-line.js';

export function Start() {
  const input = useRef<HTMLInputElement>(null);
  const { start } = words.value;
  useEffect(warmUp, []);
  return (
    <div class="start">
      <h1>{start.title}</h1>
      <p class="lead">{start.lead}</p>
      <div class={dragging.value ? 'drop over' : 'drop'}>
        <Wave />
        <p class="call">{dragging.value ? start.release : start.drop}</p>
        <button type="button" class="primary" disabled={job.value !== null} onClick={() => input.current?.click()}>
          {start.choose}
        </button>
        <input
          ref={input}
          type="file"
          class="unseen"
          tabIndex={-1}
          aria-label={start.choose}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) void openFile(file);
            currentTarget.value = '';
          }}
        />
        <p class="quiet">{start.formats}</p>
        <ProgressLine kinds={['read', 'open']} onStop={stop} />
      </div>
      <ProblemNote at={['read', 'open']} />
      <h2 class="small">{start.examples}</h2>
      <div class="examples">
        {EXAMPLES.map((example) => (
          <button
            key={example.name}
            type="button"
            class="example"
            disabled={job.value !== null}
            onClick={() => void openExample(example)}
          >
            <strong>{start[example.name].name}</strong>
            <span>{start[example.name].what}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** A history, a gate, and what may come. */
function Wave() {
  return (
    <svg class="wave" viewBox="0 0 240 64" aria-hidden="true">
      <path class="fan wide" d="M140 34 C160 16 180 8 232 2 L232 60 C190 56 164 50 140 34Z" />
      <path class="fan" d="M140 34 C162 22 184 18 232 14 L232 46 C190 46 164 42 140 34Z" />
      <path class="past" d="M8 44 C24 10 40 10 56 36 S84 60 98 34 S124 12 140 34" />
      <path class="next" d="M140 34 C156 56 172 46 186 30 S212 18 232 30" />
      <path class="now" d="M140 2 V62" />
    </svg>
  );
}
